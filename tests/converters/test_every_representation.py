"""What holds for every representation: nothing is lost that need not be, and nothing that comes along raises."""

import dataclasses
import io

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latentpalette.converters import find_windows, make_converter
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
# A performance's rows are events; the others' are steps.
OF_STEPS = {name: each for name, each in CONVERTERS.items() if not name.startswith("performance")}

every = pytest.mark.parametrize("each", CONVERTERS.values(), ids=CONVERTERS)
every_of_steps = pytest.mark.parametrize("each", OF_STEPS.values(), ids=OF_STEPS)
tempos = st.floats(1, 1000)
few = settings(max_examples=20)


def bars_of(each):
    return 1 if each not in OF_STEPS.values() else each.steps // 16


@st.composite
def anything(draw, bars):
    """Any notes at all, on any instrument, one over the other."""
    steps = 16 * bars
    place = st.tuples(st.integers(0, 127), st.integers(0, steps - 1), st.integers(1, 40), st.integers(1, 127))
    notes = draw(st.lists(st.tuples(place, st.integers(-50, 50), st.booleans(), st.integers(0, 127)), max_size=25))
    return NoteSequence([Note(*n, offset / 100, d, p) for n, offset, d, p in notes], steps, draw(tempos))


@st.composite
def said(draw, each):
    """Any rows that a model of this kind could say."""
    seed = draw(st.integers(0, 10_000))
    dice = np.random.default_rng(seed)
    busy = draw(st.sampled_from([0.02, 0.2, 0.9]))
    rows = np.zeros((each.steps, each.output_depth), np.float32)
    kind = type(each).__name__
    if kind == "DrumPianorollConverter":
        return (dice.random(rows.shape) < busy).astype(np.float32)
    if kind == "GrooveConverter":
        hits = (dice.random((each.steps, 9)) < busy).astype(np.float32)
        # The silent first and last bars that a model may well say.
        hits[: 16 * draw(st.integers(0, 1))] = 0
        return np.concatenate([hits, dice.random((each.steps, 9)), dice.uniform(-1, 1, (each.steps, 9))], 1)
    parts = each.depths if kind == "TrioConverter" else (each.output_depth,)
    first = 0
    for depth in parts:
        classes = np.where(dice.random(each.steps) < busy, dice.integers(0, depth, each.steps), 0)
        classes[: 16 * draw(st.integers(0, 1))] = 0
        rows[np.arange(each.steps), first + classes] = 1
        first += depth
    return rows


@every
@few
@given(data=st.data())
def test_any_music_is_encoded_or_refused_with_a_reason(each, data):
    music = data.draw(anything(bars_of(each)))
    try:
        example = each.encode(music)
    except ConverterError as error:
        said = str(error)
    else:
        said = ""
        assert example.inputs.shape == (each.steps, each.input_depth)
        assert example.targets.shape == (each.steps, each.output_depth)
        assert example.controls.shape == (each.steps, each.control_depth)
    assert said == "" or said.startswith("No ")


@every
@few
@given(data=st.data())
def test_the_windows_of_any_music_can_be_encoded_and_come_in_order(each, data):
    found = find_windows(data.draw(anything(8)), each)
    assert [window.bar for window in found] == sorted(window.bar for window in found)
    for window in found:
        assert each.encode(window).targets.shape == (each.steps, each.output_depth)
    assert found or found.left_out, "nothing is rejected in silence"


@every
@few
@given(data=st.data(), qpm=tempos)
def test_whatever_is_said_is_music_as_long_as_the_window_at_any_tempo_and_nothing_comes_too_early(each, data, qpm):
    music = each.decode(data.draw(said(each)), qpm=qpm)
    assert (music.steps, music.qpm) == (16 * bars_of(each), qpm)
    assert all(note.step + note.offset >= 0 and note.velocity >= 1 for note in music.notes)


@every_of_steps
@few
@given(data=st.data())
def test_whatever_is_said_can_be_read_again_with_silence_wherever_it_is(each, data):
    music = each.decode(data.draw(said(each)))
    again = each.decode(each.encode(music).targets)
    assert strokes(again) == strokes(music)
    assert [n.offset for n in again.notes] == pytest.approx([n.offset for n in music.notes], abs=1e-5)
    assert again.steps == music.steps


def strokes(music):
    return [(n.step, n.pitch, n.length, n.velocity, n.is_drum, n.program) for n in music.notes]


@every_of_steps
@few
@given(data=st.data(), qpm=st.floats(20, 400))
def test_a_file_of_what_is_said_can_be_read_again_at_any_tempo(each, data, qpm):
    music = each.decode(data.draw(said(each)), qpm=qpm)
    # Half a step off, a stroke is on the border of the next one, and a file's clock decides.
    music = music.replace(notes=[dataclasses.replace(note, offset=0.9 * note.offset) for note in music.notes])
    again = midi.read(midi.to_bytes(music))
    assert (again.steps, again.qpm) == (music.steps, pytest.approx(qpm, rel=1e-3))
    np.testing.assert_allclose(each.encode(again).targets, each.encode(music).targets, atol=0.03)


def busy_band(bars):
    """Something for everybody, in every bar."""
    notes = []
    for beat in range(4 * bars):
        notes += [
            Note(60 + beat % 11, 4 * beat, 3, velocity=65),
            Note(36 + beat % 7, 4 * beat, 2, velocity=65, program=33),
            Note((36, 38, 42, 45)[beat // 3 % 4], 4 * beat + 1, velocity=65, is_drum=True),
        ]
    return NoteSequence(notes, 16 * bars)


@every
def test_a_change_of_tempo_in_a_bar_throws_no_music_away(each):
    file = mido.MidiFile(file=io.BytesIO(midi.to_bytes(busy_band(8))))
    steady = find_windows(midi.to_bytes(busy_band(8)), each)
    changes = mido.MidiTrack()
    for ticks, qpm in ((0, 120), (6 * file.ticks_per_beat, 60), (7 * file.ticks_per_beat, 91)):
        changes.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(qpm), time=ticks))
    file.tracks[0] = mido.merge_tracks([changes, [each for each in file.tracks[0] if each.type != "set_tempo"]])
    moved = io.BytesIO()
    file.save(file=moved)
    found = find_windows(moved.getvalue(), each)
    assert len(found) == len(steady) > 0
    for one, other in zip(found, steady, strict=True):
        assert one.bar == other.bar
        np.testing.assert_allclose(each.encode(one).targets, each.encode(other).targets, atol=0.02)
    assert {round(window.qpm) for window in found} > {120}
