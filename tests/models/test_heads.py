"""Output heads: losses against formulas written out, draws against probabilities."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.models.heads import Categorical, Groove, MultiOut, Nade

RANDOM = torch.Generator().manual_seed(0)


def spread(count: int) -> torch.Tensor:
    """Numbers spread evenly over 0 to 1: drawing with them gives the probabilities themselves."""
    return ((torch.arange(count) + 0.5) / count)[:, None]


def test_a_class_is_drawn_as_often_as_its_probability_says():
    logits = torch.tensor([0.0, 1.0, -1.0, 2.0])
    for temperature in (0.5, 1.0, 2.0):
        drawn = Categorical(4).choose(logits.expand(10_000, 4), temperature, spread(10_000))
        shares = torch.bincount(drawn, minlength=4) / 10_000
        np.testing.assert_allclose(shares, torch.softmax(logits / temperature, 0), atol=2e-4)


@given(st.lists(st.floats(-30, 30), min_size=2, max_size=6), st.floats(0, 1, exclude_max=True, width=32))
def test_an_impossible_class_is_never_drawn(logits, noise):
    params = torch.tensor([[-math.inf, *logits, -math.inf]])
    drawn = Categorical(len(logits) + 2).choose(params, 1.0, torch.tensor([[noise]]))
    assert 1 <= int(drawn) <= len(logits)


def test_the_coldest_temperature_is_arg_max():
    params = torch.randn(50, 9, generator=RANDOM)
    noise = torch.rand(50, 1, generator=RANDOM)
    assert torch.equal(Categorical(9).choose(params, 1e-6, noise), Categorical(9).choose(params, None, None))


def test_a_row_without_a_class_costs_nothing():
    assert Categorical(5).loss(torch.randn(2, 5, generator=RANDOM), torch.zeros(2, 5)).tolist() == [0.0, 0.0]


def test_parts_are_the_sum_of_their_costs():
    params, target = torch.randn(3, 7, generator=RANDOM), torch.eye(7)[[1, 0, 2]] + torch.eye(7)[[4, 5, 6]]
    whole = MultiOut((3, 4)).loss(params, target)
    parts = Categorical(3).loss(params[:, :3], target[:, :3]) + Categorical(4).loss(params[:, 3:], target[:, 3:])
    assert torch.allclose(whole, parts)


def test_a_token_feeds_what_its_row_would():
    table = torch.randn(7, 8, generator=RANDOM)
    for head in (Categorical(7), MultiOut((3, 4)), Nade(7, 2).requires_grad_(False)):
        params = torch.randn(5, head.num_params, generator=RANDOM)
        tokens = head.choose(params, None, None)
        fed = head.feed(tokens, table, out=torch.empty(5, 8))
        assert torch.allclose(fed, head.rows(tokens) @ table, atol=1e-6)


def test_nade_probabilities_of_all_rows_add_up_to_one():
    head = Nade(3, 4)
    params = torch.randn(1, 7, generator=RANDOM).expand(8, 7)
    rows = torch.tensor([[(row >> bit) & 1 for bit in range(3)] for row in range(8)], dtype=torch.float32)
    assert torch.exp(-head.loss(params, rows)).sum().item() == pytest.approx(1.0, abs=1e-4)


def test_nade_draws_rows_as_often_as_their_cost_says():
    head = Nade(2, 3)
    params = torch.randn(1, 5, generator=RANDOM)
    grid = torch.cartesian_prod(spread(100)[:, 0], spread(100)[:, 0])
    drawn = head.choose(params.expand(10_000, 5), 1.0, grid)
    shares = torch.bincount((drawn @ torch.tensor([1.0, 2.0])).long(), minlength=4) / 10_000
    rows = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    np.testing.assert_allclose(shares, torch.exp(-head.loss(params.expand(4, 5), rows)).detach(), atol=0.02)


def test_a_groove_row_is_hits_velocities_and_offsets():
    head = Groove(2)
    params = torch.tensor([[3.0, -3.0, 0.0, 2.0, 0.5, -0.5]])
    row = head.choose(params, None, None)[0]
    expected = [1.0, 0.0, 0.5, 1 / (1 + math.exp(-2)), math.tanh(0.5), math.tanh(-0.5)]
    np.testing.assert_allclose(row, expected, atol=1e-6)


def test_a_groove_that_is_right_costs_almost_nothing():
    head = Groove(1)
    params = torch.tensor([[20.0, 1.0, 0.3]])
    target = torch.stack([torch.ones(1), torch.sigmoid(params[:, 1]), torch.tanh(params[:, 2])], -1)
    assert head.loss(params, target).item() == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize("weight", [1.0, 8.0])
def test_the_touch_of_a_likely_stroke_is_learned_and_told_as_if_it_came_surely(weight):
    """Whatever the weight: the loss is least where `touch_of_strokes` says what was played whenever it was hit."""
    hit = torch.tensor([[1.0], [1.0], [0.0]])
    target = torch.cat([hit, 0.6 * hit, -0.2 * hit], -1)
    last = Groove(1, weight)
    params = torch.zeros(3, requires_grad=True)
    descent = torch.optim.LBFGS([params], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        descent.zero_grad()
        total = last.loss(params.expand(3, 3), target).sum()
        total.backward()
        return total

    descent.step(loss)
    assert torch.sigmoid(params[0]).item() == pytest.approx(2 / 3, abs=1e-3)
    assert last.expression_given_hit(params[None])[0].tolist() == pytest.approx([0.6, -0.2], abs=1e-3)


def test_temperature_moves_the_hits_of_a_groove_alone():
    head, params, noise = Groove(1), torch.tensor([[0.5, 0.4, 0.3]]), torch.tensor([[0.7]])
    hot, cold = head.choose(params, 5.0, noise)[0], head.choose(params, 0.1, noise)[0]
    assert (hot[0].item(), cold[0].item()) == (0.0, 1.0)
    assert torch.equal(hot[1:], cold[1:])
