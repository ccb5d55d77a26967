"""The schedules, against values of Magenta's formulas computed by hand."""

from __future__ import annotations

import pytest

from latentpalette.errors import TrainingError
from latentpalette.training import schedules


@pytest.mark.parametrize(
    ("step", "max_beta", "rate", "expected"),
    [(0, 0.2, 0.0, 0.0), (1, 0.2, 0.0, 0.2), (69_315, 0.2, 0.99999, 0.1), (200_000, 1.0, 0.99999, 0.8647)],
)
def test_beta_is_magentas(step, max_beta, rate, expected):
    assert schedules.beta(step, max_beta=max_beta, beta_rate=rate) == pytest.approx(expected, rel=1e-4, abs=1e-9)


@pytest.mark.parametrize(("step", "expected"), [(0, 1e-3), (6_931, 0.505e-3), (76_000, 1.05e-5)])
def test_the_exponential_learning_rate_is_magentas(step, expected):
    assert schedules.exponential_rate(step) == pytest.approx(expected, rel=2e-3)


def test_the_cosine_rises_over_the_warm_up_and_ends_at_the_end_rate():
    rate = lambda step: schedules.cosine_rate(step, max_steps=1000, start=2e-3, end=1e-5, warmup_steps=100)
    assert rate(0) == pytest.approx(2e-5)
    assert rate(99) == pytest.approx(2e-3)
    assert rate(500) == pytest.approx((2e-3 + 1e-5) / 2)
    assert rate(1000) == rate(5000) == pytest.approx(1e-5)


def test_a_trapezoid_is_the_same_whatever_its_length_until_it_falls():
    rate = lambda step, max_steps: schedules.trapezoid_rate(
        step, max_steps=max_steps, start=2e-3, end=0.0, warmup_steps=100, decay_fraction=0.2
    )
    assert [rate(step, 1000) for step in (0, 99, 500, 800)] == pytest.approx([2e-5, 2e-3, 2e-3, 2e-3])
    assert rate(800, 1000) == pytest.approx(rate(800, 5000))
    assert rate(900, 1000) == pytest.approx(1e-3)
    assert rate(1000, 1000) == rate(2000, 1000) == 0.0


@pytest.mark.parametrize(("step", "expected"), [(0, 0.001), (6_908, 0.5), (14_000, 0.99917), (10**9, 1.0)])
def test_inverse_sigmoid_sampling_is_magentas(step, expected):
    probability = schedules.sampling_probability(step, schedule="inverse-sigmoid", rate=1000.0)
    assert probability == pytest.approx(expected, abs=1e-4)


def test_constant_and_exponential_sampling_are_magentas():
    assert schedules.sampling_probability(123, rate=0.25) == 0.25
    assert schedules.sampling_probability(3, schedule="exponential", rate=0.9) == pytest.approx(0.271)


def test_an_unknown_sampling_schedule_is_refused_by_name():
    with pytest.raises(TrainingError, match="'sigmoid'"):
        schedules.sampling_probability(0, schedule="sigmoid")
