"""Tracks are chosen by number, name or channel, and drums are found wherever a file has them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import MidiError
from latentpalette.music import midi
from latentpalette.music.instruments import INSTRUMENT_NAMES
from latentpalette.music.score import Score
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.music.track_choice import TrackChoice, drum_onsets, find_tracks, select_tracks
from latentpalette.music.track_list import list_tracks
from tests.music.midi_files import beat, meta, note_off, note_on, program, track, whole_file


def part(name: str, channel: int, *, number: int = 0, pitch: int = 60, notes: int = 2) -> bytes:
    """Return a track of a few notes."""
    events = [(0, meta(3, name.encode())), (0, program(number, channel=channel))]
    for index in range(notes):
        events += [
            (480 * index, note_on(pitch, channel=channel)),
            (480 * index + 400, note_off(pitch, channel=channel)),
        ]
    return track(*events)


BAND = whole_file(
    track((0, meta(3, b"Conductor"))),
    part("Lead Flute", 0, number=73, pitch=72),
    part("Piano", 1, pitch=60, notes=3),
    part("Piano", 2, pitch=48, notes=4),
    part("Kick", 3, pitch=36),
    part("Snare", 3, pitch=38),
)


def drum_places(score: Score) -> set[tuple[int, int]]:
    return {(track, channel) for track, channel, _ in drum_onsets(score, 480)}


def pitches(score: Score) -> set[int]:
    return set(score.pitch.tolist())


def read(choice: TrackChoice, data: bytes = BAND) -> Score:
    return select_tracks(midi.read_score(data), choice)


def test_tracks_with_notes_are_numbered_from_one_in_the_order_of_the_file():
    assert [str(info) for info in list_tracks(midi.read_score(BAND))] == [
        "track 1, Lead Flute (Flute, channel 1, 2 notes)",
        "track 2, Piano (Acoustic Grand Piano, channel 2, 3 notes)",
        "track 3, Piano (Acoustic Grand Piano, channel 3, 4 notes)",
        "track 4, Kick (Acoustic Grand Piano, channel 4, 2 notes)",
        "track 5, Snare (Acoustic Grand Piano, channel 4, 2 notes)",
    ]


def test_a_track_that_changes_its_program_is_one_track():
    events = [(0, note_on(60)), (400, note_off(60)), (480, program(40)), (480, note_on(62)), (900, note_off(62))]
    (info,) = list_tracks(midi.read_score(whole_file(track(*events))))
    assert (info.programs, info.notes, info.instrument) == ((0, 40), 2, "Acoustic Grand Piano, Violin")


def test_the_channels_of_a_file_of_one_track_are_tracks():
    data = whole_file(track(*[(0, note_on(60 + c, channel=c)) for c in (0, 4)], *beat(1)), file_type=0)
    assert [(info.number, info.channel, info.is_drum) for info in list_tracks(midi.read_score(data))] == [
        (1, 1, False),
        (2, 5, False),
        (3, 10, True),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (1, {72}),
        ("1", {72}),
        ("Lead Flute", {72}),
        ("LEAD flute", {72}),
        (" lead ", {72}),
        ("flu", {72}),
        (3, {48}),
        ("snare", {38}),
        ("channel 4", {36, 38}),
        ("ch. 1", {72}),
        ("all", {72, 60, 48, 36, 38}),
        (None, {72, 60, 48, 36, 38}),
        (np.int64(2), {60}),
    ],
)
def test_a_track_is_chosen_by_number_name_part_of_a_name_or_channel(name, expected):
    assert pitches(read(TrackChoice(track=name))) == expected


@pytest.mark.parametrize(("written", "asked"), [("U\u0308ber", "über"), ("ÜBER", "u\u0308ber"), ("ドラム", "ドラム")])
def test_a_name_is_found_however_its_umlauts_are_encoded(written, asked):
    data = whole_file(track((0, meta(3, written.encode())), (0, note_on(60)), (60, note_off(60))))
    assert find_tracks(midi.read_score(data), asked)[0].number == 1


@pytest.mark.parametrize("name", [6, "6", "Oboe", "channel 9", "channel", "all of them"])
def test_an_unknown_track_is_refused_with_a_list_of_those_there_are(name):
    with pytest.raises(MidiError, match=r"no track .*There are: 1, Lead Flute \(Flute, channel 1, 2 notes\); 2, Piano"):
        read(TrackChoice(track=name))


def test_a_name_nearly_right_is_suggested():
    with pytest.raises(MidiError, match="Did you mean 'Snare'"):
        read(TrackChoice(track="snaer"))


@pytest.mark.parametrize("name", ["Piano", "i"])
def test_an_ambiguous_name_is_refused_with_the_tracks_that_have_it(name):
    with pytest.raises(MidiError, match=r"tracks are called .* Choose one by its number: .*3, Piano \("):
        read(TrackChoice(track=name))


@pytest.mark.parametrize("name", [0, -1, True, 1.5, "", " ", b"Lead", [1]])
def test_what_is_neither_a_number_nor_a_name_is_refused(name):
    with pytest.raises(MidiError, match="track is a whole number from 1, or a name; got"):
        TrackChoice(track=name)
    with pytest.raises(MidiError, match="drums is a whole number from 1, or a name; got"):
        TrackChoice(drums=[2, name])


def test_an_exact_name_comes_before_a_part_of_one_and_before_a_number():
    data = whole_file(part("2", 0, pitch=61), part("Lead", 1, pitch=62), part("Lead 2", 2, pitch=63))
    assert pitches(read(TrackChoice(track="lead"), data)) == {62}
    assert pitches(read(TrackChoice(track="2"), data)) == {61}
    assert pitches(read(TrackChoice(track=2), data)) == {62}


@pytest.mark.parametrize("drums", ["Kick", 4, "channel 4", ["kick", "snare"], [4, 5]])
def test_chosen_drums_are_drums_and_the_other_tracks_stay(drums):
    score = read(TrackChoice(drums=drums))
    expected = {36} if drums in ("Kick", 4) else {36, 38}
    assert pitches(score.select(score.is_drum)) == expected
    assert set(score.program[score.is_drum].tolist()) == {0}
    assert {60, 48, 72} <= pitches(score.select(~score.is_drum))
    assert drum_places(score) == ({(4, 3)} if expected == {36} else {(4, 3), (5, 3)})


def test_chosen_drums_replace_those_of_channel_10():
    score = read(TrackChoice(drums="Second"), whole_file(part("First", 9), part("Second", 0, pitch=38)))
    assert (pitches(score), score.is_drum.all()) == ({38}, True)


def test_a_track_and_drums_are_chosen_together():
    score = read(TrackChoice(track="lead", drums="channel 4"))
    assert (pitches(score), pitches(score.select(score.is_drum))) == ({72, 36, 38}, {36, 38})


def test_a_selection_keeps_the_numbers_of_its_tracks():
    assert [info.number for info in list_tracks(read(TrackChoice(track=3)))] == [3]
    assert find_tracks(read(TrackChoice(track=3)), 3)[0].notes == 4


@given(st.lists(st.tuples(st.integers(0, 127), st.integers(0, 15)), min_size=1, max_size=12))
def test_every_note_belongs_to_one_track_and_each_track_can_be_chosen_by_number(parts):
    tracks = [part(f"part {index}", channel, number=number) for index, (number, channel) in enumerate(parts)]
    score = midi.read_score(whole_file(*tracks))
    listed = list_tracks(score)
    assert [info.number for info in listed] == list(range(1, len(parts) + 1))
    assert sum(len(select_tracks(score, TrackChoice(track=info.number)).pitch) for info in listed) == len(score.pitch)


def test_the_programs_of_a_sequence_are_its_tracks():
    notes = [Note(60, 0, program=73), Note(36, 0), Note(38, 0, is_drum=True)]
    score = Score.from_sequence(NoteSequence(notes, steps=16))
    assert [str(info) for info in list_tracks(score)] == [
        "track 1, Acoustic Grand Piano (1 note)",
        "track 2, Flute (1 note)",
        "track 3, drums (1 note)",
    ]
    assert pitches(select_tracks(score, TrackChoice(track="flute"))) == {60}


def test_the_names_of_instruments_are_those_of_general_midi():
    pretty_midi = pytest.importorskip("pretty_midi")
    assert list(INSTRUMENT_NAMES) == [pretty_midi.program_to_instrument_name(number) for number in range(128)]


# --- drums that no one has chosen


def drums_on(*events: tuple[int, bytes], channel: int = 10, name: str = "") -> Score:
    named = [(0, meta(3, name.encode()))] if name else []
    return midi.read_score(whole_file(track(*named, *events, *beat(2, channel=channel))))


@pytest.mark.parametrize("bank", [120, 127])
def test_a_bank_of_drum_kits_makes_a_channel_drums(bank):
    score = drums_on((0, bytes([0xBA, 0, bank])), (0, program(0, channel=10)))
    assert score.is_drum.all()
    assert drum_places(score) == {(0, 10)}


@pytest.mark.parametrize("bank", [0, 1, 64, 121])
def test_other_banks_are_no_drums(bank):
    assert not drums_on((0, bytes([0xBA, 0, bank])), (0, program(0, channel=10))).is_drum.any()


def test_a_bank_holds_from_where_it_is_set_from_any_track():
    setup = track((1920, bytes([0xBA, 0, 127])), (3840, bytes([0xBA, 0, 0])))
    notes = [
        event
        for tick in (0, 1920, 3840)
        for event in ((tick, note_on(36, channel=10)), (tick + 60, note_off(36, channel=10)))
    ]
    for tracks in ((setup, track(*notes)), (track(*notes), setup)):
        score = midi.read_score(whole_file(*tracks))
        assert score.is_drum[np.argsort(score.start)].tolist() == [False, True, False]


def test_the_drum_channel_is_drums_in_every_bank():
    assert drums_on((0, bytes([0xB9, 0, 0])), channel=9).is_drum.all()


def test_magentas_reading_knows_channel_10_only():
    data = whole_file(track((0, bytes([0xBA, 0, 127])), *beat(2, channel=10)))
    assert not midi.read_score(data, magenta_compatible=True).is_drum.any()


@pytest.mark.parametrize("name", ["Drums", "DRUM KIT", "beat", "Percussion 1", "Schlagzeug", "Batería", "my kit"])
def test_where_channel_10_is_empty_a_track_named_as_drums_is_read_as_drums_with_a_warning(name):
    score = drums_on(channel=0, name=name)
    assert score.is_drum.all()
    assert score.warnings[0].startswith(f"channel 10 is empty; track 1, {name}, is read as drums (to choose others")


@pytest.mark.parametrize("name", ["Piano", "Drummond", "beatbox", "kite", ""])
def test_other_names_are_no_drums(name):
    score = drums_on(channel=0, name=name)
    assert not score.is_drum.any()
    assert score.warnings == ()


def test_a_pitched_instrument_or_a_pitch_that_no_drum_has_is_no_drum_whatever_its_name():
    assert not drums_on((0, program(114)), channel=0, name="Steel drums").is_drum.any()
    high = [(0, note_on(100)), (60, note_off(100))]
    assert not drums_on(*high, channel=0, name="Drums").is_drum.any()


def test_a_name_does_not_count_where_channel_10_has_drums():
    named = track((0, meta(3, b"Drums")), *beat(2, channel=0))
    score = midi.read_score(whole_file(named, track(*beat(1))))
    assert drum_places(score) == {(1, 9)}
    assert score.warnings == ()
