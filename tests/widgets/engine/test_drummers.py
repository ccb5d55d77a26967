"""The drummers of a page play what those of Python play, from the same seed, for beats of any length."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.music.presets.catalog import presets
from latentpalette.music.sequence import NoteSequence, concatenate
from latentpalette.widgets.bundle import STATIC
from latentpalette.widgets.clips import OFFSET_SCALE, Clip
from latentpalette.widgets.drummers import Drummers
from latentpalette.widgets.engine_converter import pack_converter
from latentpalette.widgets.engine_weights import pack_model
from latentpalette.widgets.model_clips import ModelClips
from tests.widgets.engine.node_process import ScriptError

SCRIPT = Path(__file__).with_name("drummers.mjs")
KERNELS = (STATIC / "engine" / "kernels.wasm").read_bytes()
LENGTHS = (1, 16, 32, 48, 150)  # steps: shorter than a window, one, one and a half, several


@pytest.fixture(scope="module")
def drummers():
    return Drummers(ModelClips.of(lp.load("groove-humanize")))


@pytest.fixture(scope="module")
def ask(node, drummers):
    for role, music in {"humanize": drummers.music, **drummers.others()}.items():
        packed = dataclasses.asdict(pack_model(music.model))
        node.call(SCRIPT, "open", role, KERNELS, packed, pack_converter(music))
    return lambda name, *arguments: node.call(SCRIPT, name, *arguments)


@pytest.fixture(scope="module")
def accents(drummers):
    return [drummers.music.accents(lane) for lane in drummers.music.lanes]


def beat(drummers: Drummers, steps: int) -> Clip:
    """A beat of some steps: presets one after the other."""
    loops = concatenate(list(presets("drums").values())[:5])
    return drummers.music.clip(loops.slice(0, steps))


def rows(clip):
    """Notes whose offsets are in 254ths of a step, in order."""
    notes = (clip.to_json() if isinstance(clip, Clip) else clip)["notes"]
    return np.array([(*note[:4], round(note[4] * OFFSET_SCALE), note[5]) for note in notes]).reshape(-1, 6)


def assert_same(found, expected):
    """The same hits; a velocity and an offset, which are rounded, may be the next ones."""
    one, other = rows(found), rows(expected)
    assert len(one) == len(other)
    assert (abs(one - other) <= [0, 0, 0, 1, 1, 0]).all()
    assert (one != other).sum() <= 0.01 * one.size
    assert found["steps"] == expected.steps


@pytest.mark.parametrize("steps", LENGTHS)
@pytest.mark.parametrize(("spread", "seed"), [(0, 1), (1.5, 3), (4, 987654)])
def test_another_drummer_plays_the_same_hits_as_in_python(ask, drummers, steps, spread, seed):
    written = beat(drummers, steps)
    assert_same(ask("played", written.to_json(), spread, seed), drummers.humanize(written, spread, seed))


def test_of_several_hits_of_a_drum_in_a_step_the_others_move_along(ask, drummers):
    notes = [(0, 38, 1, 100, 0.1, 0), (0, 38, 1, 60, -0.2, 0), (4, 36, 1, 90, 0, 0), (5, 42, 1, 127, 0.5, 0)]
    flam = Clip.of(notes, 16)
    assert_same(ask("played", flam.to_json(), 0, 1), drummers.humanize(flam, 0, 1))


def test_silence_is_played_as_silence(ask):
    assert ask("played", {"steps": 48, "notes": []}, 0, 1) == {"steps": 48, "notes": []}


@pytest.mark.parametrize("steps", LENGTHS)
@pytest.mark.parametrize(("temperature", "seed"), [(0.8, 1), (0.8, 2), (1.4, 77)])
def test_hats_are_those_of_python(ask, drummers, accents, steps, temperature, seed):
    written = beat(drummers, steps)
    found = ask("hats", written.to_json(), temperature, seed, accents)
    assert_same(found, drummers.add_hats(written, temperature, seed))


@pytest.mark.parametrize("steps", [16, 32, 64])
@pytest.mark.parametrize("seed", [1, 2, 41])
def test_drums_from_taps_are_those_of_python(ask, drummers, accents, steps, seed):
    rng = np.random.default_rng(seed)
    taps = [[int(step), round(float(rng.uniform(-0.5, 0.5)), 4)] for step in rng.permutation(steps)[:14]]
    for found, expected in zip(
        ask("tapped", taps, steps, 0.7, seed, accents), drummers.play_taps(taps, steps, 0.7, seed), strict=True
    ):
        assert_same(found, expected)


def test_without_taps_it_says_so_in_the_same_words(ask, drummers, accents):
    with pytest.raises(PaletteError) as in_python:
        drummers.play_taps([[20, 0]], 16, 0.7, 1)
    with pytest.raises(ScriptError, match=str(in_python.value)):
        ask("tapped", [[20, 0]], 16, 0.7, 1, accents)


def test_a_beat_is_not_changed_by_what_is_played(drummers):
    loop = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)
    written = drummers.music.clip(loop)
    drummers.humanize(written, 0, 1)
    assert drummers.music.sequence(written).notes == loop.notes
