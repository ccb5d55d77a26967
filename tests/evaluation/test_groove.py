"""How a groove is played, on hits few enough to count."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.converters.groove import GrooveConverter
from latentpalette.errors import TrainingError
from latentpalette.evaluation.groove import Linear, asked, played, quantised, usual_velocity


def groove(*hits: tuple[int, float, float], steps: int = 16) -> np.ndarray:
    """One window of one drum: (step, velocity, offset) each."""
    rows = np.zeros((1, steps, 3))
    for step, velocity, offset in hits:
        rows[0, step] = 1.0, velocity, offset
    return rows


def test_timing_is_told_in_milliseconds_at_a_tempo():
    true, said = groove((0, 0.5, 0.4), (4, 0.5, -0.2)), groove((0, 0.5, 0.0), (4, 0.5, 0.0))
    # A step at 120 is 125 ms, an offset of 1 half of that: 25 and 12.5 ms off.
    assert played(said, true).timing_ms == pytest.approx((25 + 12.5) / 2)
    assert played(said, true, qpm=60).timing_ms == pytest.approx(25 + 12.5)


def test_only_true_hits_count_and_every_true_hit_does():
    true, said = groove((0, 1.0, 0.0)), groove((1, 0.3, 0.9))
    found = played(said, true)
    assert (found.timing_ms, found.velocity) == (0.0, 127.0)


def test_windows_without_a_hit_cannot_be_judged():
    with pytest.raises(TrainingError, match="no hit in 1 windows"):
        played(groove(), groove())
    with pytest.raises(TrainingError, match="one shape"):
        played(groove(), groove(steps=32))


def test_the_quantised_player_is_off_by_the_groove_itself():
    true = groove((0, 0.4, 0.2), (4, 0.8, -0.6))
    found = played(quantised(true, velocity=usual_velocity(true)), true)
    assert found.timing_ms == pytest.approx(0.4 * 62.5)
    assert found.velocity == pytest.approx(0.2 * 127)


def test_the_linear_player_finds_what_is_a_weighted_sum_and_no_more():
    dice = np.random.default_rng(0)
    hit = (dice.random((200, 16)) < 0.4).astype(float)
    # Pushed when the step before is struck, louder on the beat; and a part that nothing tells.
    before = np.pad(hit, ((0, 0), (1, 0)))[:, :-1]
    noise = 0.1 * dice.standard_normal(hit.shape)
    offset, velocity = hit * (0.3 * before + noise), hit * (0.4 + 0.2 * (np.arange(16) % 4 == 0))
    true = np.stack([hit, velocity, offset], -1)
    inputs = np.stack([hit, 0 * hit, 0 * hit], -1)
    found = played(Linear(inputs[:150], true[:150]).play(inputs[150:], true[150:]), true[150:])
    assert found.velocity == pytest.approx(0.0, abs=0.5)
    assert found.timing_ms == pytest.approx(0.1 * np.sqrt(2 / np.pi) * 62.5, rel=0.1)
    plain = played(quantised(true[150:], velocity=usual_velocity(true[:150])), true[150:])
    assert found.timing_ms < 0.7 * plain.timing_ms
    assert found.velocity < plain.velocity


def test_a_drum_that_nobody_plays_is_never_played():
    true = np.zeros((3, 16, 6))
    true[:, 0, [0, 2]] = 1.0, 0.5
    assert not Linear(true, true).play(true, true)[..., [1, 3, 5]].any()


def test_drums_that_a_model_was_not_asked_for_do_not_count():
    true = np.repeat(groove((0, 0.5, 0.4)), 3, -1)  # three drums alike: hits, velocities, offsets
    said = true.copy()
    said[0, 0, 5] = 1.0  # the velocity of the last drum
    assert played(said, true, drums=[0, 1]).velocity == 0
    assert played(said, true, drums=[2]).velocity == pytest.approx(63.5)
    assert asked(GrooveConverter(add_instruments=(2,))) == [2]
    assert asked(GrooveConverter(humanize=True)) == list(range(9))
