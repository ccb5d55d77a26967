import io

import mido
import pretty_midi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import LatentPaletteError, MidiError
from latentpalette.music import midi
from latentpalette.music.midi_tempo import nominal_qpm
from latentpalette.music.sequence import Note, NoteSequence
from tests.music import midi_files
from tests.music.midi_files import meta, note_off, note_on, track, whole_file
from tests.work import count_lines


@st.composite
def sequences(draw):
    """Draw music that a MIDI file can hold: on its ticks, no pitch repeated while it sounds."""
    steps = draw(st.integers(1, 6)) * 16
    notes, ends = [], {}
    for step in sorted(draw(st.lists(st.integers(0, steps - 1), max_size=24))):
        is_drum = draw(st.booleans())
        pitch = draw(st.integers(0, 127))
        program = draw(st.sampled_from([0, 33, 127]) if is_drum else st.integers(0, 127))
        key = (is_drum, program, pitch)
        if step < ends.get(key, 0):
            continue
        length = draw(st.integers(1, min(16, steps - step)))
        offset = draw(st.integers(0 if step == 0 else -50, 50)) / 120
        ends[key] = step + length + 1
        notes.append(Note(pitch, step, length, draw(st.integers(1, 127)), offset, is_drum, program))
    return NoteSequence(notes, steps, qpm=draw(st.sampled_from([40.0, 60.0, 97.0, 120.0, 122.5, 173.0, 240.0])))


@given(sequences())
def test_writing_and_reading_gives_the_same_music(sequence):
    result = midi.read(midi.to_bytes(sequence))
    assert (result.steps, result.qpm) == (sequence.steps, sequence.qpm)
    assert [(n.pitch, n.step, n.length, n.velocity, n.is_drum, n.program) for n in result.notes] == [
        (n.pitch, n.step, n.length, n.velocity, n.is_drum, n.program) for n in sequence.notes
    ]
    assert [n.offset for n in result.notes] == pytest.approx([n.offset for n in sequence.notes], abs=1e-6)


@st.composite
def any_sequences(draw):
    """Draw any music: notes that overlap, are alike, are early on the first step, or last beyond the end."""
    steps = draw(st.integers(0, 70))
    pitches, programs = st.integers(58, 61) | st.integers(0, 127), st.integers(0, 1) | st.integers(0, 127)
    notes = st.builds(
        Note,
        pitches,
        st.integers(0, max(steps - 1, 0)),
        st.integers(1, 90),
        st.integers(1, 127),
        st.sampled_from([0.0, 0.5, -0.5]) | st.floats(-0.5, 0.5),
        st.booleans(),
        programs,
    )
    qpm = st.decimals(4, 1000, places=1) | st.decimals(4, 600, places=2) | st.decimals(4, 200, places=3)
    return NoteSequence(draw(st.lists(notes, max_size=12)) if steps else [], steps, float(draw(qpm)))


@given(any_sequences())
def test_writing_and_reading_gives_all_that_a_file_can_hold_of_any_sequence(sequence):
    result = midi.read(midi.to_bytes(sequence))
    assert (result.steps, result.qpm) == (sequence.steps, sequence.qpm)
    assert midi.read(midi.to_bytes(result)) == result
    alike = {}
    for note in sequence.notes:
        alike.setdefault((note.is_drum, note.program, note.pitch), []).append(note)
    for note in result.notes:
        candidates = alike[note.is_drum, note.program, note.pitch]
        assert any(
            (note.step, note.velocity) == (each.step, each.velocity)
            and note.length <= each.length
            and abs(note.offset - (each.offset if note.step else max(each.offset, 0))) < 1 / 100
            for each in candidates
        )
        if len(candidates) == 1:
            assert note.length == candidates[0].length
    assert {(n.is_drum, n.program, n.pitch, n.step) for n in result.notes} <= {
        (n.is_drum, n.program, n.pitch, n.step) for n in sequence.notes
    }
    assert {(n.is_drum, n.program, n.pitch) for n in result.notes} == set(alike)


@given(any_sequences())
def test_every_reader_reads_the_same_notes_and_every_track_ends_where_the_loop_does(sequence):
    data = midi.to_bytes(sequence)
    file, parsed, score = (
        mido.MidiFile(file=io.BytesIO(data)),
        pretty_midi.PrettyMIDI(io.BytesIO(data)),
        midi.read(data),
    )
    end = sequence.steps * 120
    ours = sorted((n.is_drum, n.program, n.pitch, n.velocity, round((n.step + n.offset) * 120)) for n in score.notes)
    pretty_midis = sorted(
        (instrument.is_drum, instrument.program, n.pitch, n.velocity, parsed.time_to_tick(n.start))
        for instrument in parsed.instruments
        for n in instrument.notes
    )
    midos = []
    for mido_track in file.tracks:
        tick, program = 0, 0
        for message in mido_track:
            tick += message.time
            if message.type == "program_change":
                program = message.program
            if message.type == "note_on" and message.velocity:
                midos.append((message.channel == 9, program, message.note, message.velocity, tick))
        last_note = max((n.step + n.offset + n.length for n in sequence.notes), default=0)
        assert tick == end or end < tick <= (last_note + 1) * 120
    assert ours == pretty_midis == sorted(midos)
    if all(note.step + note.offset + note.length <= sequence.steps for note in sequence.notes):
        assert {sum(message.time for message in each) for each in file.tracks} == {end}


@given(st.integers(60_000, 16_000_000))
def test_a_tempo_that_was_read_is_written_with_the_same_microseconds(microseconds):
    tempo_event = meta(0x51, microseconds.to_bytes(3, "big"))
    first = midi.read(whole_file(track((0, tempo_event), (0, note_on(60)), (480, note_off(60)))))
    assert abs(first.qpm - 60_000_000 / microseconds) <= 1.5 * 60_000_000 / microseconds**2
    assert midi.read(midi.to_bytes(first)).qpm == first.qpm


@pytest.mark.parametrize("qpm", [97, 173, 46, 122.5, 89.99, 140.03, 99.999, 333.3])
@pytest.mark.parametrize("convert", [int, round], ids=["cut off", "rounded"])
def test_a_tempo_comes_back_as_the_number_that_was_typed_whichever_way_its_microseconds_are_rounded(qpm, convert):
    tempo_event = meta(0x51, convert(60_000_000 / qpm).to_bytes(3, "big"))
    data = whole_file(track((0, tempo_event), (0, note_on(60)), (480, note_off(60))))
    assert midi.read(data).qpm == qpm
    assert NoteSequence.from_pretty_midi(pretty_midi.PrettyMIDI(io.BytesIO(data))).qpm == qpm


def test_tempos_without_a_short_number_stay_as_they_are():
    assert nominal_qpm(60_000_000 / 500_123) == 60_000_000 / 500_123
    assert nominal_qpm(97.00001) == 97.00001


def test_more_programs_than_channels_are_written_and_read():
    notes = [Note(60, step, 1 + step % 3, program=step, is_drum=step % 5 == 0) for step in range(128)]
    sequence = NoteSequence(notes, steps=144)
    assert midi.read(midi.to_bytes(sequence)) == sequence


def test_a_tempo_too_slow_for_a_file_is_refused():
    with pytest.raises(MidiError, match=r"from 3\.58 quarter notes per minute; got 2"):
        midi.to_bytes(NoteSequence(steps=16, qpm=2))


def test_the_slowest_tempo_that_a_file_can_have_is_read_and_written():
    data = midi.to_bytes(NoteSequence.from_steps({"kick": [0, 8]}, steps=16))
    at = data.index(b"\xff\x51\x03") + 3
    slowest = midi.read(data[:at] + b"\xff\xff\xff" + data[at + 3 :])
    assert slowest.qpm == pytest.approx(60_000_000 / 0xFFFFFF)
    assert midi.to_bytes(slowest)[at : at + 3] == b"\xff\xff\xff"
    assert midi.read(midi.to_bytes(slowest)) == slowest


@given(sequences(), st.data())
def test_a_damaged_file_gives_music_or_a_midi_error(sequence, data):
    raw = bytearray(midi.to_bytes(sequence))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    raw = bytes(raw[: data.draw(st.integers(0, len(raw)))])
    try:
        assert midi.read(raw).steps >= 0
    except MidiError as error:
        message = str(error)
    else:
        message = "MIDI data: music"
    assert message.startswith("MIDI data: ")


@given(st.binary(max_size=300))
def test_noise_gives_a_midi_error(noise):
    with pytest.raises(MidiError):
        midi.read(b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x01\xe0MTrk\x00\x00\x01\x00" + noise[:250])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"RIFFxxxxWAVEfmt ", "not a MIDI file"),
        (midi_files.midi_file(b"", division=0xD728), "film frames"),
        (midi_files.midi_file(b"", division=0), "clock"),
        (midi_files.midi_file(midi_files.drum_hits([0, 480]))[:-22], "not a readable MIDI file"),
        (b"MThd" + bytes(midi.MAX_FILE_BYTES), "split it first"),
    ],
)
def test_an_unreadable_file_gives_a_message_with_the_reason(data, message):
    with pytest.raises(MidiError, match=message):
        midi.read(data)


@pytest.mark.parametrize(
    ("beginning", "message"),
    [
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "it is audio. Notes are read here, not sound"),
        (b"ID3\x04", "it is audio"),
        (b"\xff\xfb\x90\x00", "it is audio"),
        (b"PK\x03\x04", "it is a zip archive, or a project of some program. Unpack it"),
        (b"<?xml version='1.0'?><score-partwise>", "it is XML, such as MusicXML. Export it as a MIDI file"),
        (b"<!DOCTYPE html><title>404</title>", "it is a web page; perhaps the download failed"),
        (b"kick, snare", "it begins with b'kick', not with b'MThd'. Export it as a MIDI file"),
    ],
)
def test_a_file_of_another_kind_is_named_with_what_to_do(beginning, message):
    with pytest.raises(MidiError, match=f"not a MIDI file; {message}"):
        midi.read(beginning + bytes(40))


@pytest.mark.parametrize("source", [None, 60, 1.5, ["a.mid"], object(), NoteSequence(), io.BytesIO(b"MThd")])
def test_what_is_neither_a_path_nor_bytes_is_no_file(source):
    with pytest.raises(MidiError, match="path or bytes"):
        midi.read(source)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MidiError, match=r"nothing\.mid: no such file"):
        midi.read(tmp_path / "nothing.mid")
    with pytest.raises(MidiError, match="a folder"):
        midi.read(tmp_path)


def test_the_largest_file_read_takes_work_in_proportion_to_its_size():
    # The limit on the size exists so that no file blocks a notebook.
    num_notes = (midi.MAX_FILE_BYTES - 100) // 8
    data = midi_files.midi_file(midi_files.drum_hits([60 * index for index in range(num_notes)], duration_ticks=60))
    assert len(data) <= midi.MAX_FILE_BYTES
    sequence, lines = count_lines(midi.read, data)
    assert len(sequence) > 10_000
    assert lines < 100 * len(data)


def test_a_piece_of_days_is_refused():
    late_note = midi_files.drum_hits([0]) + midi_files.variable_length(9_000_000) + bytes([0x99, 36, 100, 60, 36, 0])
    with pytest.raises(MidiError, match=r"hours|corrupt|bars"):
        midi.read(midi_files.midi_file(midi_files.tempo(0, 10) + late_note))


def test_silence_at_the_end_survives(tmp_path):
    loop = NoteSequence.from_steps({"kick": [0]}, steps=64)
    assert NoteSequence.from_midi(loop.save(tmp_path / "loop.mid")) == loop


def test_a_tempo_change_moves_no_note_off_its_step():
    track = midi_files.tempo(0, 120) + midi_files.tempo(960, 77)
    score = midi.read(midi_files.midi_file(track, midi_files.drum_hits([0, 480, 1920, 2040])))
    assert [note.step for note in score.notes] == [0, 4, 16, 17]
    assert all(note.offset == pytest.approx(0, abs=1e-6) for note in score.notes)


def test_a_note_early_on_the_first_step_starts_at_0():
    early = NoteSequence([Note(36, 0, offset=-0.4, is_drum=True)], steps=16)
    assert early.to_pretty_midi().instruments[0].notes[0].start == 0


def test_drums_go_to_the_drum_channel_and_programs_to_their_own():
    sequence = NoteSequence([Note(36, 0, is_drum=True), Note(40, 0, program=33), Note(60, 0)], steps=16)
    instruments = {(instrument.is_drum, instrument.program) for instrument in sequence.to_pretty_midi().instruments}
    assert instruments == {(True, 0), (False, 33), (False, 0)}


def test_markers_are_at_their_steps():
    score = midi.to_pretty_midi(NoteSequence(steps=64, qpm=60), markers=[(0, "A"), (32, "B")])
    assert [(text.text, text.time) for text in score.text_events[:2]] == [("A", 0.0), ("B", 8.0)]


def test_a_file_has_marker_events_that_sequencers_show():
    data = midi.to_bytes(NoteSequence(steps=64), markers=[(0, "r1 c1 · A 1.00"), (32, "中")])
    events = mido.MidiFile(file=io.BytesIO(data), charset="utf-8").tracks[0]
    assert [event.text for event in events if event.type == "marker"] == ["r1 c1 - A 1.00", "中"]
    assert midi.read(data) == NoteSequence(steps=64)


def test_two_equal_notes_at_once_become_one():
    duplicates = NoteSequence([Note(36, 0, is_drum=True), Note(36, 0, velocity=50, is_drum=True)], steps=16)
    assert len(midi.read(midi.to_bytes(duplicates))) == 1


def test_an_impossible_key_signature_does_not_prevent_reading():
    track = b"\x00\xff\x59\x02\x01\xff" + midi_files.drum_hits([0, 480])
    assert len(midi.read(midi_files.midi_file(track))) == 2


def test_a_pretty_midi_object_made_by_hand_is_read():
    score = pretty_midi.PrettyMIDI(initial_tempo=100)
    instrument = pretty_midi.Instrument(0, is_drum=True)
    instrument.notes.append(pretty_midi.Note(90, 38, 0.61, 0.7))
    score.instruments.append(instrument)
    (note,) = NoteSequence.from_pretty_midi(score).notes
    assert (note.step, round(note.offset, 3)) == (4, round(0.61 / 0.15 - 4, 3))


def test_a_midi_error_is_a_latentpalette_error_and_a_value_error():
    assert issubclass(MidiError, LatentPaletteError)
    assert issubclass(LatentPaletteError, ValueError)
