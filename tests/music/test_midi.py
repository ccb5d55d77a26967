import io
import time

import mido
import pretty_midi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import LatentPaletteError, MidiError
from latentpalette.music import midi
from latentpalette.music.sequence import Note, NoteSequence
from tests.music import midi_files


@st.composite
def sequences(draw):
    """Music that a MIDI file has room for: on its ticks, no pitch struck while it sounds."""
    steps = draw(st.integers(1, 6)) * 16
    notes, free_from = [], {}
    for step in sorted(draw(st.lists(st.integers(0, steps - 1), max_size=24))):
        is_drum = draw(st.booleans())
        pitch = draw(st.integers(0, 127))
        program = 0 if is_drum else draw(st.sampled_from([0, 33, 127]))
        key = (is_drum, program, pitch)
        if step < free_from.get(key, 0):
            continue
        length = draw(st.integers(1, min(16, steps - step)))
        offset = draw(st.integers(0 if step == 0 else -50, 50)) / 120
        free_from[key] = step + length + 1
        notes.append(Note(pitch, step, length, draw(st.integers(1, 127)), offset, is_drum, program))
    return NoteSequence(notes, steps, qpm=draw(st.sampled_from([40.0, 60.0, 96.0, 120.0, 173.0, 240.0])))


@given(sequences())
def test_what_is_written_is_what_is_read(sequence):
    again = midi.read(midi.to_bytes(sequence))
    assert again.steps == sequence.steps
    assert again.qpm == pytest.approx(sequence.qpm, rel=1e-4)
    assert [(n.pitch, n.step, n.length, n.velocity, n.is_drum, n.program) for n in again.notes] == [
        (n.pitch, n.step, n.length, n.velocity, n.is_drum, n.program) for n in sequence.notes
    ]
    assert [n.offset for n in again.notes] == pytest.approx([n.offset for n in sequence.notes], abs=0.01)


def test_a_tempo_too_slow_for_a_file_is_refused():
    with pytest.raises(MidiError, match=r"from 3\.6 quarter notes per minute; got 2"):
        midi.to_bytes(NoteSequence(steps=16, qpm=2))
    assert midi.read(midi.to_bytes(NoteSequence(steps=16, qpm=3.6))).qpm == pytest.approx(3.6)


@given(sequences(), st.data())
def test_a_damaged_file_gives_music_or_a_midi_error(sequence, data):
    raw = bytearray(midi.to_bytes(sequence))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    raw = bytes(raw[: data.draw(st.integers(0, len(raw)))])
    try:
        assert midi.read(raw).steps >= 0
    except MidiError as error:
        said = str(error)
    else:
        said = "MIDI data: music"
    assert said.startswith("MIDI data: ")


@given(st.binary(max_size=300))
def test_noise_gives_a_midi_error(noise):
    with pytest.raises(MidiError):
        midi.read(b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x01\xe0MTrk\x00\x00\x01\x00" + noise[:250])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b"RIFFxxxxWAVEfmt ", "not a MIDI file"),
        (midi_files.midi_file(b"", division=0xE728), "SMPTE"),
        (midi_files.midi_file(b"", division=0), "clock"),
        (midi_files.midi_file(midi_files.strokes([0, 480]))[:-9], "not a readable MIDI file"),
        (b"MThd" + bytes(midi.MAX_FILE_BYTES), "split it first"),
    ],
)
def test_what_is_no_midi_file_says_what_is_wrong(data, says):
    with pytest.raises(MidiError, match=says):
        midi.read(data)


def test_a_path_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MidiError, match=r"nothing\.mid: no such file"):
        midi.read(tmp_path / "nothing.mid")
    with pytest.raises(MidiError, match="a folder"):
        midi.read(tmp_path)


def test_the_largest_file_read_is_read_within_two_seconds_of_work():
    # Not a benchmark: the limit exists to keep a stranger's file from hanging a notebook.
    most = (midi.MAX_FILE_BYTES - 100) // 8
    data = midi_files.midi_file(midi_files.strokes([60 * index for index in range(most)], long=60))
    assert len(data) <= midi.MAX_FILE_BYTES
    started = time.process_time()
    assert len(midi.read(data)) > 10_000
    assert time.process_time() - started < 2


def test_a_piece_of_days_is_refused():
    late = midi_files.strokes([0]) + midi_files.ticks(9_000_000) + bytes([0x99, 36, 100, 60, 36, 0])
    with pytest.raises(MidiError, match=r"hours|corrupt|bars"):
        midi.read(midi_files.midi_file(midi_files.tempo(0, 10) + late))


def test_silence_at_the_end_survives(tmp_path):
    loop = NoteSequence.from_steps({"kick": [0]}, steps=64)
    assert NoteSequence.from_midi(loop.save(tmp_path / "loop.mid")) == loop


def test_a_tempo_change_moves_no_note_off_its_step():
    track = midi_files.tempo(0, 120) + midi_files.tempo(960, 77)
    score = midi.read(midi_files.midi_file(track, midi_files.strokes([0, 480, 1920, 2040])))
    assert [note.step for note in score.notes] == [0, 4, 16, 17]
    assert all(note.offset == pytest.approx(0, abs=1e-6) for note in score.notes)


def test_a_note_that_would_begin_before_the_start_begins_there():
    early = NoteSequence([Note(36, 0, offset=-0.4, is_drum=True)], steps=16)
    assert early.to_pretty_midi().instruments[0].notes[0].start == 0


def test_drums_go_to_the_drum_channel_and_programs_to_their_own():
    mixed = NoteSequence([Note(36, 0, is_drum=True), Note(40, 0, program=33), Note(60, 0)], steps=16)
    found = {(part.is_drum, part.program) for part in mixed.to_pretty_midi().instruments}
    assert found == {(True, 0), (False, 33), (False, 0)}


def test_markers_stand_where_they_were_put():
    score = midi.to_pretty_midi(NoteSequence(steps=64, qpm=60), markers=[(0, "A"), (32, "B")])
    assert [(text.text, text.time) for text in score.text_events[:2]] == [("A", 0.0), ("B", 8.0)]


def test_a_file_has_real_markers_that_any_sequencer_shows():
    data = midi.to_bytes(NoteSequence(steps=64), markers=[(0, "r1 c1 · A 1.00"), (32, "中")])
    events = mido.MidiFile(file=io.BytesIO(data), charset="utf-8").tracks[0]
    assert [event.text for event in events if event.type == "marker"] == ["r1 c1 · A 1.00", "?"]
    assert midi.read(data) == NoteSequence(steps=64)


def test_two_equal_notes_at_once_become_one():
    twice = NoteSequence([Note(36, 0, is_drum=True), Note(36, 0, velocity=50, is_drum=True)], steps=16)
    assert len(midi.read(midi.to_bytes(twice))) == 1


def test_a_key_that_does_not_exist_keeps_nobody_from_the_notes():
    track = b"\x00\xff\x59\x02\x01\xff" + midi_files.strokes([0, 480])
    assert len(midi.read(midi_files.midi_file(track))) == 2


def test_a_pretty_midi_object_made_by_hand_is_read():
    score = pretty_midi.PrettyMIDI(initial_tempo=100)
    part = pretty_midi.Instrument(0, is_drum=True)
    part.notes.append(pretty_midi.Note(90, 38, 0.61, 0.7))
    score.instruments.append(part)
    (note,) = NoteSequence.from_pretty_midi(score).notes
    assert (note.step, round(note.offset, 3)) == (4, round(0.61 / 0.15 - 4, 3))


def test_every_midi_error_is_one_of_the_family():
    assert issubclass(MidiError, LatentPaletteError)
    assert issubclass(LatentPaletteError, ValueError)
