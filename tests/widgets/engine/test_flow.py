"""The learned prior in the page carries vectors to where Python carries them."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.models.conditions import CategoryCondition, NumberCondition
from latentpalette.models.flow import FlowPrior, VelocityField
from latentpalette.models.rng import standard_normal
from latentpalette.widgets.bundle import STATIC
from latentpalette.widgets.engine_prior import pack_prior
from tests.models.test_flow import random_weights

PRIORS = ("drums-2bar", "groove-4bar", "melody-2bar", "melody-16bar", "trio-16bar")
TIMES = (0.0075, 0.4, 1.0)
TOLERANCE = 1e-5  # of numbers of z, which are of the size of 1

SCRIPT = Path(__file__).with_name("flow.mjs")
KERNELS = (STATIC / "engine" / "kernels.wasm").read_bytes()


def carry(node, prior, z, calls, numbers="float16"):
    """Return what the engine's flow returns for some calls with z, or what it says."""
    results = node.call(SCRIPT, "carry", dataclasses.asdict(pack_prior(prior, numbers=numbers)), KERNELS, z, calls)
    return [each if isinstance(each, str) else each.reshape(len(z), -1) for each in results]


def assert_near(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        assert (abs(one - other) <= TOLERANCE * np.maximum(1, abs(one))).all()


def some_conditions(prior):
    """Return options of a sample: a condition alone, all together, and all with other weights."""
    values = {
        each.name: each.values[-1] if isinstance(each, CategoryCondition) else (each.low + 2 * each.high) / 3
        for each in prior.conditions
    }
    first = next(iter(values))
    options = [{"conditions": {first: values[first]}}, {"conditions": values}]
    return [*options, *(options[1] | {"guidance": guidance} for guidance in (1, 4))]


@pytest.mark.parametrize("name", PRIORS)
def test_samples_with_and_without_conditions_and_places_on_the_flow(node, name):
    prior = lp.load(name).prior
    noise = standard_normal(3, "z", (3, prior.z_size))
    asked = [{"conditions": {}}, *some_conditions(prior)]
    ours = [prior.sample(noise, **options) for options in asked]
    ours += [prior.to_time(noise, time) for time in TIMES] + [prior.from_time(noise, time) for time in TIMES]
    calls = [["sample", options] for options in asked]
    calls += [[call, time] for call in ("toTime", "fromTime") for time in TIMES]
    assert_near(ours, carry(node, prior, noise, calls))


def test_more_vectors_than_are_carried_at_once(node):
    prior = lp.load("drums-2bar").prior
    noise = standard_normal(5, "z", (70, prior.z_size))
    assert_near([prior.sample(noise)], carry(node, prior, noise, [["sample"]]))


def test_sizes_that_fill_no_panel(node):
    prior = FlowPrior(VelocityField(3, width=13, blocks=2))
    noise = standard_normal(6, "z", (5, 3))
    assert_near([prior.sample(noise)], carry(node, prior, noise, [["sample"]]))


@pytest.mark.parametrize("weight", [2, 1.5])
def test_a_weaker_field_guides_samples_alone(node, weight):
    style = CategoryCondition("style", ("funk", "rock"))
    field = random_weights(VelocityField(3, width=13, blocks=2, num_conditions=2))
    weaker = random_weights(VelocityField(3, width=7, blocks=1), seed=1)
    field, weaker = field.half().float(), weaker.half().float()  # as they are packed
    prior = FlowPrior(field, conditions=(style,), weaker=weaker, autoguidance=weight)
    noise = standard_normal(6, "z", (5, 3))
    asked = [{"conditions": {}}, *({"conditions": {"style": "rock"}, "guidance": guidance} for guidance in (1, 1.5))]
    ours = [prior.sample(noise, **options) for options in asked]
    ours += [prior.from_time(noise, 0.3), prior.to_time(noise, 0.3)]
    calls = [["sample", options] for options in asked]
    calls += [[call, 0.3] for call in ("fromTime", "toTime")]
    assert_near(ours, carry(node, prior, noise, calls))


def test_weights_of_int8_carry_to_nearby(node):
    prior = lp.load("drums-2bar").prior
    noise = standard_normal(5, "z", (40, prior.z_size))
    ours, (theirs,) = prior.sample(noise), carry(node, prior, noise, [["sample"]], numbers="int8")
    assert 0 < abs(ours - theirs).mean() < 0.05 * abs(ours).mean()


def test_what_cannot_be_asked_for_is_an_error(node):
    conditions = (CategoryCondition("style", ("funk", "rock")), NumberCondition("density", 0.5, 0.25, 0.1, 1.0))
    prior = FlowPrior(VelocityField(2, width=8, blocks=1, num_conditions=4), conditions=conditions)
    asked = ({"styl": "funk"}, {"style": "polka"}, {"density": 7}, {"style": None})
    messages = carry(
        node, prior, np.zeros((1, 2), np.float32), [["sample", {"conditions": values}] for values in asked]
    )
    assert messages[:3] == [
        "This model cannot be asked for styl.",
        "style is funk or rock; got polka.",
        "density is a number from 0.1 to 1; got 7.",
    ]
    assert messages[3].tolist() == [[0, 0]]
