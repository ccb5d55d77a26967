"""Replacing the drums of a file: everything else in it stays as it was, event by event."""

import io

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import FileError, MidiError, MusicError
from latentpalette.music import midi
from latentpalette.music.midi_rewrite import replace_drum_notes, replace_drums
from latentpalette.music.sequence import Note, NoteSequence
from tests.music.midi_files import chunk, meta, note_off, note_on, program, track, whole_file


def control(number, value, *, channel=0):
    return bytes([0xB0 | channel, number, value])


# A song with all that a sequencer writes.
CONDUCTOR = track(
    (0, meta(0x03, b"My song")),
    (0, meta(0x02, "© Flöte".encode("latin-1"))),
    (0, meta(0x58, bytes([3, 2, 24, 8]))),
    (0, meta(0x59, bytes([2, 0]))),
    (0, meta(0x51, (618_557).to_bytes(3, "big"))),
    (1440, meta(0x51, (500_000).to_bytes(3, "big"))),
    (2880, meta(0x58, bytes([4, 2, 24, 8]))),
    (2880, meta(0x06, "Chorus ♭".encode())),
    end=9600,
)
PIANO = track(
    (0, b"\xf0\x05\x7e\x7f\x09\x01\xf7"),
    (0, meta(0x03, b"Right hand")),
    (0, meta(0x7F, b"\x00\x00\x41private")),
    (0, control(0, 3) + b"\x00" + control(32, 1)),
    (0, program(4)),
    (0, control(7, 90)),
    (0, control(64, 127)),
    (0, b"\xe0\x12\x43"),
    (0, note_on(72)),
    (100, b"\xd0\x40"),
    (120, b"\xa0\x48\x20"),
    (240, meta(0x05, b"la ")),
    (480, note_off(72)),
    (480, note_on(72, 90)),
    (481, b"\xf7\x02\x13\x01"),
    (960, note_off(72)),
    (1200, control(64, 0)),
    end=2880,
)
DRUMS = track(
    (0, meta(0x03, b"Drums")),
    (0, program(8, channel=9)),
    (0, control(10, 50, channel=9)),
    (3, note_on(36, 100, channel=9)),
    (61, note_off(36, channel=9)),
    (240, note_on(42, 70, channel=9)),
    (240, note_off(42, channel=9)),
    (247, note_on(42, 30, channel=9)),
    (300, note_on(42, 0, channel=9)),
    (720, note_on(38, 90, channel=9)),
    (730, b"\xa9\x26\x10"),
    (790, note_off(38, channel=9)),
    (1000, note_on(75, 60, channel=9)),
    end=5000,
)
SONG = whole_file(CONDUCTOR, PIANO, DRUMS)


def events_of(data):
    """Return all events of a file, track by track: tick and message; and its type and resolution."""
    file = mido.MidiFile(file=io.BytesIO(data))
    tracks = []
    for mido_track in file.tracks:
        tick, events = 0, []
        for message in mido_track:
            tick += message.time
            events.append((tick, message.copy(time=0)))
        tracks.append(events)
    return file.type, file.ticks_per_beat, tracks


def is_drum_note(message):
    return message.type in ("note_on", "note_off") and message.channel == 9


def all_but_drum_notes(data):
    file_type, resolution, tracks = events_of(data)
    return file_type, resolution, [[event for event in events if not is_drum_note(event[1])] for events in tracks]


def drum_notes(data):
    return [event for events in events_of(data)[2] for event in events if is_drum_note(event[1])]


def drums_of(sequence):
    return [note for note in sequence.notes if note.is_drum]


def test_a_file_with_its_own_drums_has_the_same_events():
    assert events_of(replace_drum_notes(SONG, midi.read(SONG))) == events_of(SONG)


def test_without_drums_only_their_notes_are_gone():
    silent = replace_drum_notes(SONG, NoteSequence(steps=16))
    assert drum_notes(silent) == []
    assert all_but_drum_notes(silent) == all_but_drum_notes(SONG)


def test_a_hit_with_another_velocity_stays_on_its_tick_and_keeps_its_duration():
    sequence = midi.read(SONG)
    louder = sequence.replace(
        notes=[Note(n.pitch, n.step, n.length, 127, n.offset, n.is_drum, n.program) for n in sequence.notes]
    )
    was, now = (
        [(tick, m.type, m.note) for tick, m in drum_notes(data)] for data in (SONG, replace_drum_notes(SONG, louder))
    )
    assert now == was
    assert {
        m.velocity for _, m in drum_notes(replace_drum_notes(SONG, louder)) if m.type == "note_on" and m.velocity
    } == {127}


def test_a_moved_hit_takes_its_note_off_along():
    late = NoteSequence([Note(38, 6, velocity=90, offset=0.25, is_drum=True)], steps=16)
    moved = [(tick, m.type, m.note, m.velocity) for tick, m in drum_notes(replace_drum_notes(SONG, late))]
    assert moved == [(750, "note_on", 38, 90), (820, "note_off", 38, 64)]
    assert all_but_drum_notes(replace_drum_notes(SONG, late)) == all_but_drum_notes(SONG)


def test_a_loop_keeps_its_length_when_its_last_hits_move_or_are_added():
    hit = [(0, note_on(36, channel=9)), (60, note_off(36, channel=9)), (2640, note_on(38, channel=9))]
    loop = whole_file(track(*hit, (2880, note_off(38, channel=9)), end=2880))
    new = [Note(36, 0, is_drum=True), Note(38, 22, offset=0.4, is_drum=True), Note(42, 23, 4, offset=0.4, is_drum=True)]
    [(_, end_tick)] = [
        (number, events[-1][0])
        for number, events in enumerate(events_of(replace_drum_notes(loop, NoteSequence(new, steps=32)))[2])
    ]
    assert end_tick == 2880


def test_new_hits_go_where_the_drums_are():
    new = NoteSequence([Note(46, 20, velocity=77, is_drum=True), Note(60, 0)], steps=32)
    data = replace_drum_notes(SONG, new)
    assert [(tick, m.type, m.note) for tick, m in events_of(data)[2][2] if is_drum_note(m)] == [
        (2400, "note_on", 46),
        (2520, "note_off", 46),
    ]
    assert all_but_drum_notes(data) == all_but_drum_notes(SONG)


def test_each_drum_goes_to_the_track_that_has_it():
    kick = track((0, meta(3, b"Kick")), (0, note_on(36, channel=9)), (60, note_off(36, channel=9)))
    hats = [(480 * n, note_on(42, channel=9)) for n in range(4)] + [
        (480 * n + 60, note_off(42, channel=9)) for n in range(4)
    ]
    data = whole_file(kick, track((0, meta(3, b"Hats")), *hats))
    beat = NoteSequence.from_steps({36: [8], 42: [2], 51: [3]}, steps=16)
    tracks = events_of(replace_drum_notes(data, beat))[2]
    assert [[m.note for _, m in events if m.type == "note_on"] for events in tracks] == [[36], [42, 51]]


def test_a_file_without_drums_gets_a_track_of_them():
    data = whole_file(track((0, note_on(60)), (480, note_off(60)), end=1920), track((0, program(3))))
    beat = NoteSequence.from_steps({"kick": [0, 8]}, steps=16)
    _, _, tracks = events_of(replace_drum_notes(data, beat))
    assert tracks[:2] == events_of(data)[2]
    assert [m.name for _, m in tracks[2] if m.type == "track_name"] == ["Drums"]
    assert tracks[2][-1][0] == 1920
    assert drums_of(midi.read(replace_drum_notes(data, beat))) == drums_of(beat)


def test_a_file_of_one_track_stays_one():
    data = whole_file(track((0, note_on(60)), (480, note_off(60)), (0, note_on(36, channel=9))), file_type=0)
    file_type, _, tracks = events_of(replace_drum_notes(data, NoteSequence.from_steps({"snare": [4]}, steps=16)))
    assert (file_type, len(tracks)) == (0, 1)


def other_notes(sequence):
    return [note for note in sequence.notes if not note.is_drum]


def test_a_note_without_a_note_off_keeps_its_length_when_new_hits_make_its_track_longer():
    piano = track((0, note_on(60)), (0, note_on(36, channel=9)), (60, note_off(36, channel=9)), end=480)
    data = whole_file(piano, track((0, note_on(72, channel=1)), (1920, note_off(72, channel=1))))
    new = replace_drum_notes(data, NoteSequence.from_steps({"kick": [0, 12]}, steps=16))
    assert other_notes(midi.read(new)) == other_notes(midi.read(data))
    assert [(note.pitch, note.length) for note in other_notes(midi.read(new))] == [(60, 4), (72, 16)]
    assert drum_steps(midi.read(new)) == [(0, 36), (12, 36)]


def drum_steps(sequence):
    return [(note.step, note.pitch) for note in sequence.notes if note.is_drum]


GM_RESET = bytes.fromhex("f0 05 7e 7f 09 01 f7")
CHANNEL_10_IS_NO_DRUMS = bytes.fromhex("f0 0a 41 10 42 12 40 10 15 00 1b f7")


def test_new_hits_go_to_a_port_with_drums_where_channel_10_is_an_instrument():
    melody = track((0, CHANNEL_10_IS_NO_DRUMS), (0, note_on(60, channel=9)), (480, note_off(60, channel=9)))
    for data in (whole_file(melody), whole_file(melody, track((0, note_on(40)), (1920, note_off(40))))):
        new = replace_drum_notes(data, NoteSequence.from_steps({"kick": [0, 8]}, steps=16))
        assert other_notes(midi.read(new)) == other_notes(midi.read(data))
        assert drum_steps(midi.read(new)) == [(0, 36), (8, 36)]
        ports = [message.port for events in events_of(new)[2] for _, message in events if message.type == "midi_port"]
        assert ports == [1]


def test_where_a_channel_turns_from_drums_to_an_instrument_hits_leave_its_notes_alone():
    events = [(0, note_on(36, channel=9)), (60, note_off(36, channel=9)), (480, note_on(38, channel=9))]
    events += [(540, note_off(38, channel=9)), (960, CHANNEL_10_IS_NO_DRUMS), (960, note_on(38, channel=9))]
    data = whole_file(track(*events, (1440, note_off(38, channel=9)), end=1920))
    hits = [Note(36, 0, is_drum=True), Note(38, 4, offset=0.3, is_drum=True), Note(36, 12, is_drum=True)]
    new = replace_drum_notes(data, NoteSequence([*hits, Note(38, 7, 4, is_drum=True)], steps=16))
    assert other_notes(midi.read(new)) == other_notes(midi.read(data)) == [Note(38, 8, 4, 100)]
    assert drum_steps(midi.read(new)) == [(0, 36), (4, 38), (7, 38), (12, 36)]


def test_notes_keep_their_ends_where_a_hit_of_their_channel_and_pitch_goes():
    events = [(0, CHANNEL_10_IS_NO_DRUMS), (0, note_on(38, channel=9)), (480, GM_RESET), (480, note_on(38, channel=9))]
    events += [(540, note_off(38, channel=9)), (960, CHANNEL_10_IS_NO_DRUMS), (960, note_on(38, channel=9))]
    data = whole_file(track(*events, (1080, note_on(38, 0, channel=9)), end=1920))
    new = replace_drum_notes(data, NoteSequence(steps=16))
    assert other_notes(midi.read(new)) == other_notes(midi.read(data)) == [Note(38, 0, 4, 100), Note(38, 8, 1, 100)]
    assert drum_steps(midi.read(new)) == []


def test_other_chunks_stay_in_their_places():
    strange = chunk(b"XFIH", b"\x00lyrics")
    data = SONG.replace(b"MTrk", strange + b"MTrk", 1) + strange
    result = replace_drum_notes(data, midi.read(data))
    assert result.startswith(SONG[:14] + strange + b"MTrk")
    assert result.endswith(strange)
    assert result.count(b"XFIH") == 2


def test_a_hit_is_not_played_before_its_kit_is_chosen():
    data = whole_file(
        track((960, program(25, channel=9)), (960, note_on(36, channel=9)), (1000, note_off(36, channel=9)))
    )
    early = NoteSequence([Note(36, 8, offset=-0.4, is_drum=True)], steps=16)
    assert [tick for tick, _ in drum_notes(replace_drum_notes(data, early))] == [960, 1000]


def test_a_hit_that_is_moved_into_the_next_of_its_pitch_does_not_cut_it_off():
    long = [(0, note_on(42, channel=9)), (480, note_off(42, channel=9)), (480, note_on(42, channel=9))]
    data = whole_file(track(*long, (960, note_off(42, channel=9))))
    early = NoteSequence([Note(42, 0, 4, is_drum=True), Note(42, 4, 4, offset=-0.25, is_drum=True)], steps=16)
    assert [(tick, m.type) for tick, m in drum_notes(replace_drum_notes(data, early))] == [
        (0, "note_on"),
        (450, "note_off"),
        (450, "note_on"),
        (930, "note_off"),
    ]


def test_the_drums_of_a_file_may_be_chosen():
    on_channel_1 = whole_file(
        track((0, meta(3, b"Kit")), (0, note_on(36)), (60, note_off(36))),
        track((0, meta(3, b"Bass")), (0, note_on(36, channel=1)), (480, note_off(36, channel=1))),
    )
    beat = NoteSequence([Note(36, 0, velocity=33, is_drum=True)], steps=16)
    for tracks in ("Kit", 1, ["channel 1"]):
        _, _, (kit, bass) = events_of(replace_drum_notes(on_channel_1, beat, drums=tracks))
        assert [m.velocity for _, m in kit if m.type == "note_on"] == [33]
        assert bass == events_of(on_channel_1)[2][1]
    with pytest.raises(MidiError, match="no track 'Horn'"):
        replace_drum_notes(on_channel_1, beat, drums="Horn")


def test_damaged_files_are_mended_and_the_rest_stays():
    hits = [(0, note_on(36, channel=9)), (60, note_off(36, channel=9)), (480, note_on(38, channel=9))]
    data = bytearray(whole_file(track((0, note_on(60)), (480, note_off(60))), track(*hits)))
    data[10:12] = (7).to_bytes(2, "big")  # a wrong number of tracks
    data[18:22] = (999).to_bytes(4, "big")  # a wrong length
    result = replace_drum_notes(bytes(data), midi.read(bytes(data)))
    assert midi.read(result) == midi.read(bytes(data))
    assert len(events_of(result)[2]) == 2


def test_the_file_is_written_whole_or_not_at_all(tmp_path):
    song = tmp_path / "song.mid"
    song.write_bytes(SONG)
    replace_drums(song, midi.read(SONG), song)
    assert events_of(song.read_bytes()) == events_of(SONG)
    with pytest.raises(FileError):
        replace_drums(song, midi.read(SONG), tmp_path)
    with pytest.raises(MusicError, match="The new drums are a NoteSequence; got 'x'"):
        replace_drums(song, "x", song)
    assert events_of(song.read_bytes()) == events_of(SONG)


ticks = st.integers(0, 40).map(lambda n: 30 * n)
channels = st.sampled_from([0, 3, 9])
events = st.one_of(
    st.builds(lambda c, p, v: note_on(p, v, channel=c), channels, st.integers(35, 37), st.integers(0, 127)),
    st.builds(lambda c, p: note_off(p, channel=c), channels, st.integers(35, 37)),
    st.builds(lambda c, n, v: control(n, v, channel=c), channels, st.sampled_from([1, 7, 64]), st.integers(0, 127)),
    st.builds(lambda c, n: program(n, channel=c), channels, st.integers(0, 127)),
    st.sampled_from([b"\xf0\x02\x01\xf7", b"\xf7\x01\x05", b"\xe9\x00\x40", b"\xd3\x05", meta(1, b"text")]),
    st.builds(lambda n: meta(0x51, (300_000 + n).to_bytes(3, "big")), st.integers(0, 500_000)),
)
files = st.builds(
    lambda tracks, division: whole_file(*(track(*events, end=2000) for events in tracks), division=division),
    st.lists(st.lists(st.tuples(ticks, events), max_size=14), min_size=1, max_size=4),
    st.sampled_from([24, 96, 120, 480]),
)
hits = st.builds(
    Note,
    st.integers(35, 38),
    st.integers(0, 63),
    st.just(1),
    st.integers(1, 127),
    st.floats(-0.5, 0.5),
    st.just(True),
)


@given(files)
def test_the_drums_of_any_file_replaced_by_themselves_are_the_same_events(data):
    assert events_of(replace_drum_notes(data, midi.read(data))) == events_of(data)


@given(files, st.lists(hits, max_size=8, unique_by=lambda note: (note.step, note.pitch)))
def test_with_any_new_drums_all_other_events_of_any_file_stay(data, new):
    result = replace_drum_notes(data, NoteSequence(new, 64))
    before, after = all_but_drum_notes(data), all_but_drum_notes(result)
    assert after[1] == before[1]
    assert [[e for e in track if e[1].type != "end_of_track"] for track in after[2][: len(before[2])]] == [
        [e for e in track if e[1].type != "end_of_track"] for track in before[2]
    ]
    assert sorted((n.step, n.pitch, n.velocity) for n in drums_of(midi.read(result))) == sorted(
        (n.step, n.pitch, n.velocity) for n in new
    )
