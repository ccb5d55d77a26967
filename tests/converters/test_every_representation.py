"""Laws of every representation: decoding is the inverse of encoding, and no music raises anything but a reason."""

import dataclasses
import io

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latentpalette.converters import find_windows, make_converter
from latentpalette.converters.drum_pianoroll import DrumPianorollConverter
from latentpalette.converters.groove import GrooveConverter
from latentpalette.converters.performance import PerformanceConverter
from latentpalette.converters.trio import TrioConverter
from latentpalette.errors import ConverterError
from latentpalette.music import midi
from latentpalette.music.sequence import Note, NoteSequence

CONVERTERS = {
    "melody": make_converter("melody", programs=(0, 31)),
    "melody over chords": make_converter("melody", chords=True),
    "drums": make_converter("drums"),
    "drums, 2018's map": make_converter("drums", drum_map="reduced-2018"),
    "nine drums": make_converter("drum-pianoroll"),
    "all drums": make_converter("drum-pianoroll", drum_map="full"),
    "groove": make_converter("groove"),
    "groove, Roland's map": make_converter("groove", drum_map="roland", hits_as_controls=True),
    "taps": make_converter("groove", tapify=True, fixed_velocities=True),
    "trio": make_converter("trio", steps=64),
    "performance": make_converter("performance"),
    "performance over chords": make_converter("performance", chords=True),
}
# A performance's frames are events; the others' are steps.
FRAME_PER_STEP = {
    name: converter for name, converter in CONVERTERS.items() if not isinstance(converter, PerformanceConverter)
}

every_converter = pytest.mark.parametrize("converter", CONVERTERS.values(), ids=CONVERTERS)
every_converter_of_steps = pytest.mark.parametrize("converter", FRAME_PER_STEP.values(), ids=FRAME_PER_STEP)
tempos = st.floats(1, 1000)
few = settings(max_examples=20)


def bars_of(converter):
    return 1 if isinstance(converter, PerformanceConverter) else converter.steps // 16


@st.composite
def music_of(draw, bars):
    """Any notes at all, on any instrument, one over the other."""
    steps = 16 * bars
    note = st.tuples(st.integers(0, 127), st.integers(0, steps - 1), st.integers(1, 40), st.integers(1, 127))
    notes = draw(st.lists(st.tuples(note, st.integers(-50, 50), st.booleans(), st.integers(0, 127)), max_size=25))
    return NoteSequence([Note(*n, offset / 100, d, p) for n, offset, d, p in notes], steps, draw(tempos))


@st.composite
def outputs_of(draw, converter):
    """Any frames that a model of this representation could output."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    density = draw(st.sampled_from([0.02, 0.2, 0.9]))
    frames = np.zeros((converter.steps, converter.output_depth), np.float32)
    if isinstance(converter, DrumPianorollConverter):
        return (rng.random(frames.shape) < density).astype(np.float32)
    if isinstance(converter, GrooveConverter):
        hits = (rng.random((converter.steps, 9)) < density).astype(np.float32)
        # A model may well output silent first and last bars.
        hits[: 16 * draw(st.integers(0, 1))] = 0
        shape = (converter.steps, 9)
        return np.concatenate([hits, rng.random(shape), rng.uniform(-1, 1, shape)], 1)
    depths = converter.depths if isinstance(converter, TrioConverter) else (converter.output_depth,)
    first = 0
    for depth in depths:
        tokens = np.where(rng.random(converter.steps) < density, rng.integers(0, depth, converter.steps), 0)
        tokens[: 16 * draw(st.integers(0, 1))] = 0
        frames[np.arange(converter.steps), first + tokens] = 1
        first += depth
    return frames


@every_converter
@few
@given(data=st.data())
def test_any_music_is_encoded_or_refused_with_a_reason(converter, data):
    music = data.draw(music_of(bars_of(converter)))
    try:
        example = converter.encode(music)
    except ConverterError as error:
        reason = str(error)
    else:
        reason = ""
        assert example.inputs.shape == (converter.steps, converter.input_depth)
        assert example.targets.shape == (converter.steps, converter.output_depth)
        assert example.controls.shape == (converter.steps, converter.control_depth)
    assert reason == "" or reason.startswith("No ")


@every_converter
@few
@given(data=st.data())
def test_the_windows_of_any_music_can_be_encoded_and_are_in_order(converter, data):
    windows = find_windows(data.draw(music_of(8)), converter)
    assert [window.bar for window in windows] == sorted(window.bar for window in windows)
    for window in windows:
        assert converter.encode(window).targets.shape == (converter.steps, converter.output_depth)
    assert windows or windows.left_out, "nothing is rejected in silence"


@every_converter
@few
@given(data=st.data(), qpm=tempos)
def test_any_output_is_music_as_long_as_the_window_at_any_tempo_and_nothing_begins_too_early(converter, data, qpm):
    music = converter.decode(data.draw(outputs_of(converter)), qpm=qpm)
    assert (music.steps, music.qpm) == (16 * bars_of(converter), qpm)
    assert all(note.step + note.offset >= 0 and note.velocity >= 1 for note in music.notes)


@every_converter_of_steps
@few
@given(data=st.data())
def test_any_decoded_music_can_be_encoded_again_with_silence_anywhere(converter, data):
    music = converter.decode(data.draw(outputs_of(converter)))
    again = converter.decode(converter.encode(music).targets)
    assert without_offsets(again) == without_offsets(music)
    assert [n.offset for n in again.notes] == pytest.approx([n.offset for n in music.notes], abs=1e-5)
    assert again.steps == music.steps


def without_offsets(music):
    return [(n.step, n.pitch, n.length, n.velocity, n.is_drum, n.program) for n in music.notes]


@every_converter_of_steps
@few
@given(data=st.data(), qpm=st.floats(20, 400))
def test_a_file_of_decoded_music_can_be_encoded_at_any_tempo(converter, data, qpm):
    music = converter.decode(data.draw(outputs_of(converter)), qpm=qpm)
    # Half a step off, a hit is on the border of the next step, and a file's clock decides.
    music = music.replace(notes=[dataclasses.replace(note, offset=0.9 * note.offset) for note in music.notes])
    again = midi.read(midi.to_bytes(music))
    assert (again.steps, again.qpm) == (music.steps, pytest.approx(qpm, rel=1e-3))
    np.testing.assert_allclose(converter.encode(again).targets, converter.encode(music).targets, atol=0.03)


def busy_band(bars):
    """Music for every representation, in every bar."""
    notes = []
    for beat in range(4 * bars):
        notes += [
            Note(60 + beat % 11, 4 * beat, 3, velocity=65),
            Note(36 + beat % 7, 4 * beat, 2, velocity=65, program=33),
            Note((36, 38, 42, 45)[beat // 3 % 4], 4 * beat + 1, velocity=65, is_drum=True),
        ]
    return NoteSequence(notes, 16 * bars)


@every_converter
def test_a_change_of_tempo_in_a_bar_loses_no_music(converter):
    file = mido.MidiFile(file=io.BytesIO(midi.to_bytes(busy_band(8))))
    expected = find_windows(midi.to_bytes(busy_band(8)), converter)
    changes = mido.MidiTrack()
    for ticks, qpm in ((0, 120), (6 * file.ticks_per_beat, 60), (7 * file.ticks_per_beat, 91)):
        changes.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(qpm), time=ticks))
    events = [event for event in file.tracks[0] if event.type != "set_tempo"]
    file.tracks[0] = mido.merge_tracks([changes, events])
    changed = io.BytesIO()
    file.save(file=changed)
    windows = find_windows(changed.getvalue(), converter)
    assert len(windows) == len(expected) > 0
    for window, expected_window in zip(windows, expected, strict=True):
        assert window.bar == expected_window.bar
        targets, expected_targets = converter.encode(window).targets, converter.encode(expected_window).targets
        np.testing.assert_allclose(targets, expected_targets, atol=0.02)
    assert {round(window.qpm) for window in windows} > {120}
