"""A conditional prior learns from what is asked, and with any of its conditions dropped."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latentpalette.errors import TrainingError
from latentpalette.models.conditions import CategoryCondition, NumberCondition
from latentpalette.training.conditions import drop_conditions, make_conditions
from latentpalette.training.flow_matching import fit_prior

STYLE = CategoryCondition("style", ("funk", "rock"))
DENSITY = NumberCondition("density", mean=0.5, std=0.25, low=0.1, high=1.0)


def two_styles(n: int = 1200) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return z whose first dimension is the style, and whose second one is the density."""
    rng = np.random.default_rng(0)
    is_rock, density = rng.integers(2, size=n), rng.uniform(0, 1, n)
    z = np.stack([4.0 * is_rock, 10 * density], 1) + 0.1 * rng.normal(size=(n, 2))
    style = np.array(["funk", "rock"])[is_rock]
    style[::5], density[::7] = "", np.nan
    return z, {"style": style, "density": density}


def test_samples_are_what_is_asked_for():
    z, values = two_styles()
    prior = fit_prior(z, conditions=values, max_steps=1200, batch_size=256, width=64, blocks=2)
    noise = np.random.default_rng(1).normal(size=(200, 2))
    asked = prior.sample(noise, {"style": "rock", "density": 0.2})
    assert abs(asked[:, 0].mean() - 4) < 0.5
    assert abs(asked[:, 1].mean() - 2) < 0.7
    only_density = prior.sample(noise, {"density": 0.8})
    assert abs(only_density[:, 1].mean() - 8) < 0.7
    assert 1 < only_density[:, 0].mean() < 3
    free = prior.sample(noise)
    assert 1 < free[:, 0].mean() < 3
    assert free[:, 1].std() > 2


def test_the_description_is_that_of_the_values():
    style, density = make_conditions({"style": ["rock", "", "funk"], "density": [0.0, np.nan, 1.0]}, 3)[0]
    assert style == STYLE
    assert density == NumberCondition("density", mean=0.5, std=0.5, low=0.0, high=1.0)


def test_the_outermost_numbers_cannot_be_asked_for():
    ((density,), columns) = make_conditions({"density": np.r_[-1000.0, np.arange(998), 5000.0]}, 1000)
    assert (density.low, density.high) == (4, 993)
    assert np.abs(columns[:, 0]).max() < 4


def test_windows_without_a_value_have_columns_of_zeros():
    conditions, columns = make_conditions({"style": ["rock", "", "funk"], "density": [0.0, np.nan, 1.0]}, 3)
    assert columns.tolist() == [[0, 1, -1, 1], [0, 0, 0, 0], [1, 0, 1, 1]]
    assert [condition.num_columns for condition in conditions] == [2, 2]


def test_conditions_that_do_not_vary_are_left_out():
    values = {"style": ["rock", ""], "density": [0.5, 0.5], "range": [np.nan, np.nan], "key": ["", ""]}
    conditions, columns = make_conditions(values, 2)
    assert conditions == ()
    assert columns.shape == (2, 0)


@pytest.mark.parametrize("values", [[1.0], [[1.0], [2.0]], [None, None], [1j, 2j]])
def test_there_is_one_value_for_each_window(values):
    with pytest.raises(TrainingError, match="density has a text or a number for each of 2 windows"):
        make_conditions({"density": values}, 2)


def test_each_subset_of_the_conditions_occurs_and_a_condition_drops_as_a_whole():
    columns = torch.ones(20_000, 4)
    dropped = drop_conditions(columns, (STYLE, DENSITY), torch.Generator().manual_seed(0), p_unconditional=0.25)
    pairs = dropped.reshape(-1, 2, 2)
    assert bool((pairs[..., 0] == pairs[..., 1]).all())
    stays = pairs[..., 0].bool()
    none = (~stays).all(1).float().mean().item()
    both = stays.all(1).float().mean().item()
    assert abs(none - (0.25 + 0.75 / 3)) < 0.02
    assert abs(both - 0.75 / 3) < 0.02


def test_the_same_seed_fits_the_same_conditional_prior():
    z, values = two_styles(64)
    options = {"conditions": values, "max_steps": 5, "batch_size": 16, "width": 8, "blocks": 1, "seed": 3}
    fits = [fit_prior(z, **options) for _ in range(2)]
    assert np.array_equal(*(prior.sample(np.ones((2, 2)), {"style": "rock"}) for prior in fits))
