"""What was asked for is compared with what is measured of the music."""

from __future__ import annotations

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.audio.loop_danceability import loop_danceability
from latentpalette.evaluation.asked import LEVELS, evaluate_asked, evaluate_conditions
from latentpalette.evaluation.rank_correlation import rank_correlation
from latentpalette.models.conditioned_z import ask_of_z
from latentpalette.models.conditions import NumberCondition
from tests.models.tiny_models import DRUMS, model_of

DENSITY = NumberCondition("density", mean=0.5, std=0.25, low=0.0, high=1.0)
MODEL = model_of(DRUMS.replace(conditions=(DENSITY,)))
LABELS = np.random.default_rng(0).integers(0, 3, size=(20, 32, 1))
Z = np.random.default_rng(1).normal(size=(20, 6)).astype(np.float32)


def test_equal_values_share_a_rank():
    assert rank_correlation([1, 1, 2, 3], [5, 5, 6, 7]) == pytest.approx(1)
    assert rank_correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)


def test_each_vector_is_asked_for_every_level():
    (asked,) = evaluate_asked(MODEL, Z, LABELS).values()
    assert asked.num_windows == 20
    assert len(asked.levels) == len(asked.medians) == LEVELS
    assert -1 <= asked.rank_correlation <= 1
    assert 0 <= asked.mean_absolute_error <= 1


def test_a_measure_that_is_what_was_asked_for_has_a_rank_correlation_of_one():
    asked_for = iter([np.linspace(0.1, 0.9, 20)] + [np.full(20, level) for level in range(LEVELS)])
    (asked,) = evaluate_asked(MODEL, Z, LABELS, measures={"density": lambda labels: next(asked_for)}).values()
    assert asked.rank_correlation == pytest.approx(1)
    assert asked.within == pytest.approx(1)


def test_a_condition_that_nothing_measures_is_left_out():
    unknown = NumberCondition("year", mean=2000, std=10, low=1950, high=2020)
    assert evaluate_asked(model_of(DRUMS.replace(conditions=(unknown,))), Z, LABELS) == {}


def test_a_model_without_conditions_has_nothing_to_be_asked_for():
    assert evaluate_conditions(model_of(DRUMS), LABELS[..., 0].astype(np.uint16)) == {}


def test_the_shipped_model_is_more_danceable_the_more_it_is_asked_for():
    model = lp.load("drums-2bar-dance")
    z = model.sample_z(96, seed=0)
    levels = (1.4, 2.0, 3.0, 4.5, 6.0)
    asked = [model.decode_classes(ask_of_z(z, model.config.conditions, {"danceability": level})) for level in levels]
    got = np.stack([loop_danceability(tokens) for tokens in asked])  # [levels, n]
    assert (np.diff(np.median(got, 1)) > 0).all()
    assert rank_correlation(np.repeat(levels, 96), got) > 0.7
