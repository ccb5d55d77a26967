"""Danceability of many drum loops at once is that of the loops as they sound."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.audio.danceability import danceability
from latentpalette.audio.loop_danceability import drum_power, loop_danceability
from latentpalette.converters import make_converter
from latentpalette.errors import SoundError

ROCK = np.array([5, 0, 4, 0, 6, 0, 4, 0] * 4)
WALTZING = np.array(([1, 0, 0] * 11)[:32])
SPARSE = np.array([256] + [0] * 15 + [1] + [0] * 15)
BUSY = np.array([5, 4, 4, 1, 6, 4, 5, 4] * 4)


def test_loops_are_in_the_order_of_their_rendered_danceability():
    loops = np.stack([ROCK, WALTZING, SPARSE, BUSY])
    rendered = danceability([make_converter("drums", steps=32).from_tokens(loop) for loop in loops])
    estimated = loop_danceability(loops)
    assert np.argsort(estimated).tolist() == np.argsort(rendered).tolist()
    np.testing.assert_allclose(estimated, rendered, rtol=0.25)


def test_a_loop_is_the_same_among_others_and_from_any_beat():
    alone = loop_danceability(ROCK[None])[0]
    assert loop_danceability(np.stack([SPARSE, ROCK]))[1] == pytest.approx(alone)
    assert loop_danceability(np.roll(ROCK, 8)[None])[0] == pytest.approx(alone, rel=0.05)


def test_silence_has_no_danceability():
    assert loop_danceability(np.zeros((2, 32), int)).tolist() == [0, 0]
    assert loop_danceability(np.zeros((0, 32), int)).shape == (0,)


def test_every_drum_has_a_sound():
    assert (drum_power().max(1) > 0).all()


@pytest.mark.parametrize("tokens", [[1, 2], [[0.5] * 32], [[512] * 32], [[-1] * 32], "loop"])
def test_what_is_no_loop_is_refused(tokens):
    with pytest.raises(SoundError):
        loop_danceability(tokens)
