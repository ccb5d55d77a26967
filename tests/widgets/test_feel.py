"""How much of a drummer's feel is played: the same in Python as in the browser."""

import json

import pytest

from latentpalette.widgets.clips import Clip
from latentpalette.widgets.feel import Feel
from tests.conftest import REPOSITORY

VECTORS = json.loads((REPOSITORY / "tests" / "vectors" / "feel.json").read_text(encoding="utf-8"))
WRITTEN, PLAYED = (Clip.from_json(VECTORS[name]) for name in ("written", "played"))


@pytest.mark.parametrize("case", VECTORS["cases"])
def test_hits_are_placed_as_the_browser_places_them(case):
    feel = Feel(case["timing"], case["velocity"], case["swing"], case["swing_of"])
    for (step, offset, velocity), expected in zip(feel.hits(WRITTEN, PLAYED), case["hits"], strict=True):
        assert (step, velocity) == (expected[0], expected[2])
        assert offset == pytest.approx(expected[1], abs=6e-5)


def test_nothing_of_the_drummer_is_the_loop_as_written():
    assert Feel(timing=0, velocity=0).apply(WRITTEN, PLAYED) == WRITTEN


def test_all_of_the_drummer_is_as_the_drummer_plays():
    played = {(note["step"], note["pitch"]): note for note in PLAYED.notes}
    for note in Feel().apply(WRITTEN, PLAYED).notes:
        as_played = played.get((note["step"], note["pitch"]), note)
        assert (note["velocity"], note["offset"]) == (as_played["velocity"], as_played["offset"])


@pytest.mark.parametrize(("swing", "late"), [(0, 0), (2 / 3, 1 / 3), (1, 0.5)])
def test_swing_delays_every_second_sixteenth_and_no_other(swing, late):
    feel = Feel(swing=swing)
    for step in range(32):
        place, offset = feel.place(step)
        assert place + offset == pytest.approx(step + (late if step % 2 else 0))


def test_swung_eighths_may_lie_in_the_next_step():
    step, offset = Feel(swing=2 / 3, swing_of="eighths").place(2)
    assert (step, offset) == (3, pytest.approx(-1 / 3))
