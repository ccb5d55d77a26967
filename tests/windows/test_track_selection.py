"""A melody, or a band, is found among the tracks of a file: the chosen one, or the best by rules that are stated."""

import numpy as np
import pytest

from latentpalette.converters import find_windows, make_converter
from latentpalette.data.extract import extract_song, extract_windows
from latentpalette.data.options import ExtractOptions
from latentpalette.data.sources import Song
from latentpalette.errors import MidiError
from latentpalette.models.inputs import find_excerpts
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.music import midi
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.music.track_choice import TrackChoice
from latentpalette.music.track_list import list_tracks
from latentpalette.music.track_roles import find_bass, rank_melodies
from latentpalette.windows.excerpt import Excerpt
from latentpalette.windows.track_selection import choose_tracks
from tests.models.tiny_models import SIZES, model_of
from tests.music.midi_files import beat, meta, note_off, note_on, program, track, whole_file

MELODY = make_converter("melody")
PIANOS_ONLY = make_converter("melody", programs=(0, 31))
TRIO = make_converter("trio", steps=32, melody_programs=None)
MAGENTAS_TRIO = make_converter("trio", steps=32)


def part(name: str, number: int, *pitches: int, channel: int = 0, bars: int = 2, first_bar: int = 0) -> bytes:
    """Return a track that plays some pitches at once on every quarter note, a step higher each time."""
    events = [(0, meta(3, name.encode())), (0, program(number, channel=channel))]
    for quarter in range(4 * first_bar, 4 * (first_bar + bars)):
        for pitch in pitches:
            events += [(480 * quarter, note_on(pitch + quarter % 5, channel=channel))]
            events += [(480 * quarter + 470, note_off(pitch + quarter % 5, channel=channel))]
    return track(*events)


DRUMS = track(*beat(2))


def roles(data: bytes) -> list[int]:
    score = midi.read_score(data)
    return [role.track.number for role in rank_melodies(score, list_tracks(score))]


def bass_of(*tracks: bytes) -> tuple[int, str] | None:
    score = midi.read_score(whole_file(*tracks))
    role = find_bass(score, list_tracks(score))
    return role and (role.track.number, role.reason)


def excerpts(data, converter=MELODY, **choice):
    return find_excerpts(data, converter, TrackChoice(**choice))


# --- rules


@pytest.mark.parametrize(
    "name", ["Melody", "LEAD", "Lead Vocals", "vox", "Voice 1", "Singstimme", "solo", "GesangVoice"]
)
def test_a_track_that_is_named_as_the_melody_is_the_melody(name):
    assert roles(whole_file(part("Flute", 73, 84), part(name, 48, 50, 53), part("Piano", 0, 80)))[0] == 2


@pytest.mark.parametrize("name", ["Backing vocals", "harmony voice", "Lead bass", "Choir"])
def test_a_track_that_is_named_as_an_accompaniment_is_not(name):
    assert roles(whole_file(part(name, 0, 60, 64), part("Flute", 73, 72)))[0] == 2


def test_without_names_the_melody_plays_most_bars_one_note_at_a_time_and_high():
    assert roles(whole_file(part("", 0, 60, 64, 67), part("", 0, 72)))[0] == 2, "single notes"
    assert roles(whole_file(part("", 0, 50), part("", 0, 72)))[0] == 2, "high"
    assert roles(whole_file(part("", 0, 72, bars=1), part("", 0, 72, bars=4)))[0] == 2, "more bars"


def test_basses_and_sound_effects_come_last_and_drums_do_not_count():
    data = whole_file(part("", 33, 90), part("", 120, 90), DRUMS, part("", 48, 40, 44, 47))
    assert roles(data) == [4, 1, 2] or roles(data) == [4, 2, 1]


def test_a_bass_is_found_by_its_instrument_then_its_name_then_its_pitch():
    lead, low, named = part("Lead", 0, 72), part("Cello", 42, 40), part("E-Bass", 0, 60)
    assert bass_of(lead, low, named, part("Slap", 36, 60)) == (4, "by its instrument")
    assert bass_of(lead, low, named) == (3, "by its name")
    assert bass_of(lead, low) == (2, "the lowest")
    assert bass_of(lead) is None
    assert bass_of(lead, part("Bassoon", 70, 50), part("Tuba", 58, 40)) == (3, "the lowest")


# --- melodies


@pytest.mark.parametrize("number", [0, 40, 52, 73, 80, 127])
def test_any_instrument_can_be_a_melody(number):
    assert len(excerpts(whole_file(part("", number, 60)))) == 1


def test_the_best_of_several_tracks_is_read_and_named():
    found = excerpts(whole_file(part("Piano", 0, 50, 54, 57), part("Flute", 73, 72)))
    assert [window.track for window in found] == ["Flute"]
    assert str(found.left_out[0]) == (
        "of 2 tracks the melody is track 2, Flute (by its bars, single notes and height); track=... in Python or "
        "--track on the command line chooses another"
    )


def test_the_only_pitched_track_needs_no_word():
    assert excerpts(whole_file(part("Flute", 73, 72), DRUMS)).left_out == ()


def test_where_the_best_track_has_no_window_the_next_one_is_read():
    found = excerpts(whole_file(part("Piano", 0, 50, bars=2), part("Melody", 73, 72, bars=1)))
    assert [window.track for window in found] == ["Piano"]
    assert "the melody is track 1, Piano" in str(found.left_out[0])


@pytest.mark.parametrize("name", ["piano", 1, "channel 1"])
def test_a_chosen_track_is_read_and_no_other(name):
    data = whole_file(part("Piano", 0, 50), part("Melody", 73, 72, channel=1))
    found = excerpts(data, track=name)
    assert ([window.track for window in found], found.left_out) == (["Piano"], ())


def test_all_tracks_are_read_where_all_are_chosen():
    data = whole_file(part("Piano", 0, 50), part("Melody", 73, 72))
    assert [window.track for window in excerpts(data, track="all")] == ["Piano", "Melody"]
    assert list(excerpts(data, track="all")) == list(find_windows(data, MELODY))


def test_a_model_of_some_instruments_reads_a_chosen_track_whatever_it_plays():
    data = whole_file(part("First Violin", 40, 72))
    refused = excerpts(data, PIANOS_ONLY)
    assert len(refused) == 0
    assert str(refused.left_out[0]) == (
        "First Violin is not among programs 0 to 31; to read it all the same: track='First Violin' in Python, "
        "--track 'First Violin' on the command line"
    )
    assert len(excerpts(data, PIANOS_ONLY, track="First Violin")) == 1


def test_a_model_of_some_instruments_chooses_among_those():
    data = whole_file(part("Melody", 40, 72), part("Piano", 0, 50), part("Organ", 19, 40))
    assert [window.track for window in excerpts(data, PIANOS_ONLY)] == ["Piano"]


def test_a_loop_with_a_silent_bar_is_the_chosen_tracks():
    data = midi.to_bytes(
        NoteSequence([Note(72, 20, 4, program=73), *(Note(50, step, 4) for step in range(0, 32, 4))], steps=32)
    )
    (window,) = excerpts(data, track="flute")
    assert [note.pitch for note in window.notes] == [72]


def test_an_unknown_track_is_refused_with_the_tracks_there_are():
    with pytest.raises(MidiError, match=r"no track 'oboe'.* There are: 1, Flute"):
        excerpts(whole_file(part("Flute", 73, 72)), track="oboe")


def test_the_programs_of_a_sequence_are_chosen_as_tracks():
    duet = NoteSequence([Note(60, step, 4, program=number) for step in range(0, 32, 4) for number in (0, 73)], steps=32)
    assert {note.program for note in excerpts(duet, track="flute")[0].notes} == {73}
    assert len(excerpts(duet)) == 1
    chosen = choose_tracks(Excerpt(duet, bar=3, source="song.mid"), TrackChoice(track=1))
    assert isinstance(chosen, Excerpt)
    assert (chosen.bar, {note.program for note in chosen.notes}) == (3, {0})


# --- drums


@pytest.mark.parametrize("name", ["drums", "groove"])
def test_drums_on_another_channel_are_chosen(name):
    data = whole_file(track((0, meta(3, b"Groove Box")), *beat(2, channel=0)))
    assert len(excerpts(data, make_converter(name))) == 0
    for drums in ("channel 1", "groove box", 1):
        assert len(excerpts(data, make_converter(name), drums=drums)) == 1


# --- trios


def test_a_band_of_any_instruments_is_a_trio():
    data = whole_file(part("Violin", 40, 72), part("Cello", 42, 45), DRUMS)
    (window,) = excerpts(data, TRIO)
    assert {note.program for note in window.notes if not note.is_drum} == {40, 33}
    assert str(window.notes and excerpts(data, TRIO).left_out[0]) == (
        "the melody is track 1, Violin (by its bars, single notes and height), the bass track 2, Cello (the lowest); "
        "track=... in Python or --track on the command line chooses another melody"
    )
    tokens = TRIO.tokens(window)
    assert (tokens > 1).any(axis=0).all(), "melody, bass and drums play"


def test_magentas_trio_reads_its_programs_unless_another_is_chosen():
    drums, bass = track(*beat(3)), part("Bass", 33, 45, bars=3)
    violin, piano = part("Violin", 40, 72, bars=3), part("Piano", 0, 72, bars=3)
    assert len(excerpts(whole_file(violin, bass, drums), MAGENTAS_TRIO)) == 0
    assert len(excerpts(whole_file(piano, part("Cello", 42, 45, bars=3), drums), MAGENTAS_TRIO)) == 0
    assert len(excerpts(whole_file(piano, bass, drums), MAGENTAS_TRIO)) == 2
    assert len(excerpts(whole_file(violin, bass, drums), MAGENTAS_TRIO, track="violin")) == 2


def test_a_trio_has_one_melody_one_bass_and_all_drums():
    tracks = [part("Piano", 0, 50, 54), part("Lead", 80, 72), part("Low", 33, 30), part("Lower", 34, 28, bars=1)]
    data = whole_file(*tracks, track(*beat(2)), track(*[(t, e) for t, e in beat(2, length=20)]))
    (window,) = excerpts(data, TRIO)
    assert {note.program for note in window.notes if not note.is_drum} == {80, 33}
    assert "the melody is track 2, Lead (by its name), the bass track 3, Low (by its instrument)" in str(
        excerpts(data, TRIO).left_out[0]
    )


def test_the_melody_of_a_trio_is_chosen():
    data = whole_file(part("Piano", 0, 50, 54), part("Lead", 80, 72), part("Bass", 33, 30), DRUMS)
    found = excerpts(data, TRIO, track="piano")
    assert {note.program for note in found[0].notes if not note.is_drum} == {0, 33}
    assert found.left_out == ()


def test_a_bass_that_is_chosen_as_the_melody_is_one():
    data = whole_file(part("Piano", 0, 45), part("Fretless", 35, 60), part("Bass", 33, 30), DRUMS)
    (window,) = excerpts(data, TRIO, track="fretless")
    assert {note.program for note in window.notes if not note.is_drum} == {0, 33}


def test_the_drums_of_a_trio_are_chosen():
    tracks = [part("Lead", 80, 72, bars=3), part("Bass", 33, 30, channel=1, bars=3), track(*beat(3, channel=4))]
    refused = excerpts(whole_file(*tracks), TRIO)
    assert len(refused) == 0
    assert "bars 1 to 3 have no drums; drums=... in Python or --drums on the command line" in str(refused.left_out[-1])
    assert len(excerpts(whole_file(*tracks), TRIO, drums="channel 5")) == 2


def test_a_whole_piece_without_drums_is_a_window_and_what_it_lacks_is_a_reason():
    found = excerpts(whole_file(part("Lead", 80, 72), part("Bass", 33, 30, channel=1)), TRIO)
    assert len(found) == 1
    assert str(found.left_out[-1]).startswith("bars 1 and 2 have no drums; ")


def test_every_combination_of_tracks_is_a_trio_where_all_are_chosen():
    data = whole_file(part("Piano", 0, 72), part("Flute", 73, 80), part("Bass", 33, 30), DRUMS)
    assert len(excerpts(data, TRIO, track="all")) == 2
    assert len(excerpts(data, MAGENTAS_TRIO, track="all")) == 1


# --- every way in


def test_a_sequence_is_read_of_one_track_or_with_chosen_drums():
    data = whole_file(part("Piano", 0, 50), part("Flute", 73, 72), track(*beat(2, channel=5)))
    assert {note.program for note in NoteSequence.from_midi(data, track="flute").notes} == {73}
    assert sum(note.is_drum for note in NoteSequence.from_midi(data, drums="channel 6").notes) == 38
    assert {note.program for note in NoteSequence.from_midi(data).notes if not note.is_drum} == {0, 73}
    both = NoteSequence.from_midi(data, track=2, drums=3)
    assert {(note.is_drum, note.program) for note in both.notes} == {(False, 73), (True, 0)}


def test_a_model_encodes_a_chosen_track():
    converter = {"name": "melody", "steps": 32}
    model = model_of(MAGENTA_CONFIGS["cat-mel_2bar_small"].replace(**SIZES, converter=converter))
    data = whole_file(part("Piano", 0, 50), part("Flute", 73, 72))
    piano, flute = (NoteSequence.from_midi(data, track=number) for number in (1, 2))
    for choice, expected in (({}, flute), ({"track": "piano"}, piano), ({"track": "flute"}, flute)):
        np.testing.assert_array_equal(model.encode(data, **choice), model.encode(expected))
        np.testing.assert_array_equal(model.log_likelihood(data, **choice), model.log_likelihood(expected))
        z = model.encode(expected)[0]
        assert model.similar(data, 1, 1.0, **choice) == [loop.replace(qpm=120) for loop in model.decode(z[None])]
        assert model.interpolate(data, z, n=2, **choice) == model.interpolate(z, z, n=2)
    assert model.encode(data, track="all").shape[0] == 2


@pytest.mark.parametrize("track", [None, "piano", 2])
def test_a_corpus_holds_all_tracks_or_the_chosen_one(track):
    data = whole_file(part("Piano", 0, 50), part("Flute", 73, 72))
    windows = extract_windows(data, MELODY, ExtractOptions(track=track)).windows
    assert [window.track for window in windows] == {None: ["Piano", "Flute"], "piano": ["Piano"], 2: ["Flute"]}[track]


def test_a_corpus_of_trios_has_melodies_on_programs_to_31_unless_one_is_chosen():
    data = whole_file(part("Piano", 0, 50), part("Flute", 73, 72), part("Bass", 33, 40), track(*beat(2, channel=5)))
    for choice, programs in (({}, {0, 33}), ({"track": "flute"}, {73, 33})):
        (window,) = extract_windows(data, TRIO, ExtractOptions(drums="channel 6", **choice)).windows
        assert {note.program for note in window.notes if not note.is_drum} == programs


def test_a_track_that_a_song_of_a_corpus_lacks_is_a_reason():
    song = Song("song.mid", whole_file(part("Piano", 0, 50)))
    assert extract_song(song, {"name": "melody"}, ExtractOptions(track="oboe")).unreadable == "no track 'oboe'"


def test_where_no_track_has_a_window_the_reasons_are_those_of_the_best_melody():
    file = whole_file(part("Pad", 0, 48, 52, bars=1), part("Melody", 0, 72, bars=1, channel=1))
    excerpts = find_excerpts(file, MELODY)
    assert not excerpts
    assert [str(reason).split(";")[0] for reason in excerpts.left_out] == [
        "of 2 tracks the melody is track 2, Melody (by its name)",
        "bar 1 (Melody plays too briefly",
    ]
