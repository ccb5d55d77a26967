"""Errors of timing and velocity, on hits few enough to count."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.converters.groove import GrooveConverter
from latentpalette.errors import TrainingError
from latentpalette.evaluation.groove import (
    RidgeBaseline,
    evaluated_drums,
    expression_error,
    median_velocity,
    quantized,
)


def groove(*hits: tuple[int, float, float], steps: int = 16) -> np.ndarray:
    """Return frames of one window of one drum; a hit is (step, velocity, offset)."""
    frames = np.zeros((1, steps, 3))
    for step, velocity, offset in hits:
        frames[0, step] = 1.0, velocity, offset
    return frames


def test_timing_errors_are_milliseconds_at_a_tempo():
    targets, predictions = groove((0, 0.5, 0.4), (4, 0.5, -0.2)), groove((0, 0.5, 0.0), (4, 0.5, 0.0))
    # A step at 120 is 125 ms, an offset of 1 half of that: 25 and 12.5 ms off.
    assert expression_error(predictions, targets).timing_ms == pytest.approx((25 + 12.5) / 2)
    assert expression_error(predictions, targets, qpm=60).timing_ms == pytest.approx(25 + 12.5)


def test_every_target_hit_counts_and_no_other():
    error = expression_error(groove((1, 0.3, 0.9)), groove((0, 1.0, 0.0)))
    assert (error.timing_ms, error.velocity) == (0.0, 127.0)


def test_windows_without_a_hit_or_of_different_shapes_are_refused():
    with pytest.raises(TrainingError, match="no hit in 1 window,"):
        expression_error(groove(), groove())
    with pytest.raises(TrainingError, match="one shape"):
        expression_error(groove(), groove(steps=32))


def test_the_quantized_baseline_is_off_by_the_groove_itself():
    targets = groove((0, 0.4, 0.2), (4, 0.8, -0.6))
    error = expression_error(quantized(targets, velocity=median_velocity(targets)), targets)
    assert error.timing_ms == pytest.approx(0.4 * 62.5)
    assert error.velocity == pytest.approx(0.2 * 127)


def test_the_ridge_baseline_finds_linear_relations_and_no_more():
    rng = np.random.default_rng(0)
    hits = (rng.random((200, 16)) < 0.4).astype(float)
    # Timing depends on a hit at the step before, velocity on the beat; the noise cannot be predicted.
    previous = np.pad(hits, ((0, 0), (1, 0)))[:, :-1]
    noise = 0.1 * rng.standard_normal(hits.shape)
    offsets, velocities = hits * (0.3 * previous + noise), hits * (0.4 + 0.2 * (np.arange(16) % 4 == 0))
    targets = np.stack([hits, velocities, offsets], -1)
    inputs = np.stack([hits, 0 * hits, 0 * hits], -1)
    train, test = slice(150), slice(150, None)
    baseline = RidgeBaseline(inputs[train], targets[train])
    ridge = expression_error(baseline.predict(inputs[test], targets[test]), targets[test])
    assert ridge.velocity == pytest.approx(0.0, abs=0.5)
    assert ridge.timing_ms == pytest.approx(0.1 * np.sqrt(2 / np.pi) * 62.5, rel=0.1)
    constant = quantized(targets[test], velocity=median_velocity(targets[train]))
    error = expression_error(constant, targets[test])
    assert ridge.timing_ms < 0.7 * error.timing_ms
    assert ridge.velocity < error.velocity


def test_the_ridge_baseline_predicts_nothing_for_a_drum_without_hits():
    targets = np.zeros((3, 16, 6))
    targets[:, 0, [0, 2]] = 1.0, 0.5
    assert not RidgeBaseline(targets, targets).predict(targets, targets)[..., [1, 3, 5]].any()


def test_drums_that_are_not_evaluated_do_not_count():
    targets = np.repeat(groove((0, 0.5, 0.4)), 3, -1)  # three drums alike: hits, velocities, offsets
    predictions = targets.copy()
    predictions[0, 0, 5] = 1.0  # the velocity of the last drum
    assert expression_error(predictions, targets, drums=[0, 1]).velocity == 0
    assert expression_error(predictions, targets, drums=[2]).velocity == pytest.approx(63.5)
    assert evaluated_drums(GrooveConverter(add_instruments=(2,))) == [2]
    assert evaluated_drums(GrooveConverter(humanize=True)) == list(range(9))
