"""Output heads: losses against formulas written out, samples against probabilities."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.models.heads import Categorical, Groove, MultiOut, Nade

RANDOM = torch.Generator().manual_seed(0)


def even(count: int) -> torch.Tensor:
    """Return evenly spaced numbers from 0 to 1: sampling with them gives the probabilities themselves."""
    return ((torch.arange(count) + 0.5) / count)[:, None]


def test_the_frequency_of_a_class_is_its_probability():
    logits = torch.tensor([0.0, 1.0, -1.0, 2.0])
    for temperature in (0.5, 1.0, 2.0):
        sampled = Categorical(4).sample(logits.expand(10_000, 4), temperature, even(10_000))
        frequencies = torch.bincount(sampled, minlength=4) / 10_000
        np.testing.assert_allclose(frequencies, torch.softmax(logits / temperature, 0), atol=2e-4)


@given(st.lists(st.floats(-30, 30), min_size=2, max_size=6), st.floats(0, 1, exclude_max=True, width=32))
def test_an_impossible_class_is_never_sampled(logits, noise):
    params = torch.tensor([[-math.inf, *logits, -math.inf]])
    sampled = Categorical(len(logits) + 2).sample(params, 1.0, torch.tensor([[noise]]))
    assert 1 <= int(sampled) <= len(logits)


def test_the_lowest_temperature_is_arg_max():
    params = torch.randn(50, 9, generator=RANDOM)
    noise = torch.rand(50, 1, generator=RANDOM)
    assert torch.equal(Categorical(9).sample(params, 1e-6, noise), Categorical(9).sample(params, None, None))


def test_a_frame_without_a_class_has_no_loss():
    assert Categorical(5).loss(torch.randn(2, 5, generator=RANDOM), torch.zeros(2, 5)).tolist() == [0.0, 0.0]


def test_the_loss_of_several_streams_is_the_sum_of_theirs():
    params, target = torch.randn(3, 7, generator=RANDOM), torch.eye(7)[[1, 0, 2]] + torch.eye(7)[[4, 5, 6]]
    whole = MultiOut((3, 4)).loss(params, target)
    streams = Categorical(3).loss(params[:, :3], target[:, :3]) + Categorical(4).loss(params[:, 3:], target[:, 3:])
    assert torch.allclose(whole, streams)


def test_a_token_is_embedded_like_its_frame():
    weights = torch.randn(7, 8, generator=RANDOM)
    for head in (Categorical(7), MultiOut((3, 4)), Nade(7, 2).requires_grad_(False)):
        params = torch.randn(5, head.num_params, generator=RANDOM)
        tokens = head.sample(params, None, None)
        embedded = head.embed_into(tokens, weights, out=torch.empty(5, 8))
        assert torch.allclose(embedded, head.to_frames(tokens) @ weights, atol=1e-6)


def test_nade_probabilities_of_all_frames_add_up_to_one():
    head = Nade(3, 4)
    params = torch.randn(1, 7, generator=RANDOM).expand(8, 7)
    frames = torch.tensor([[(hits >> bit) & 1 for bit in range(3)] for hits in range(8)], dtype=torch.float32)
    assert torch.exp(-head.loss(params, frames)).sum().item() == pytest.approx(1.0, abs=1e-4)


def test_the_frequency_of_a_nade_frame_follows_from_its_loss():
    head = Nade(2, 3)
    params = torch.randn(1, 5, generator=RANDOM)
    grid = torch.cartesian_prod(even(100)[:, 0], even(100)[:, 0])
    sampled = head.sample(params.expand(10_000, 5), 1.0, grid)
    frequencies = torch.bincount((sampled @ torch.tensor([1.0, 2.0])).long(), minlength=4) / 10_000
    frames = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    np.testing.assert_allclose(frequencies, torch.exp(-head.loss(params.expand(4, 5), frames)).detach(), atol=0.02)


def test_a_groove_frame_is_hits_velocities_and_offsets():
    head = Groove(2)
    params = torch.tensor([[3.0, -3.0, 0.0, 2.0, 0.5, -0.5]])
    frame = head.sample(params, None, None)[0]
    expected = [1.0, 0.0, 0.5, 1 / (1 + math.exp(-2)), math.tanh(0.5), math.tanh(-0.5)]
    np.testing.assert_allclose(frame, expected, atol=1e-6)


def test_the_loss_of_a_correct_groove_is_almost_0():
    head = Groove(1)
    params = torch.tensor([[20.0, 1.0, 0.3]])
    target = torch.stack([torch.ones(1), torch.sigmoid(params[:, 1]), torch.tanh(params[:, 2])], -1)
    assert head.loss(params, target).item() == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize("weight", [1.0, 8.0])
def test_the_expression_of_a_likely_hit_is_learned_as_if_it_were_certain(weight):
    """Whatever the weight: at the minimum of the loss, `expression_given_hit` is the expression of the hits."""
    hit = torch.tensor([[1.0], [1.0], [0.0]])
    target = torch.cat([hit, 0.6 * hit, -0.2 * hit], -1)
    head = Groove(1, weight)
    params = torch.zeros(3, requires_grad=True)
    optimizer = torch.optim.LBFGS([params], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        total = head.loss(params.expand(3, 3), target).sum()
        total.backward()
        return total

    optimizer.step(loss)
    assert torch.sigmoid(params[0]).item() == pytest.approx(2 / 3, abs=1e-3)
    assert head.expression_given_hit(params[None])[0].tolist() == pytest.approx([0.6, -0.2], abs=1e-3)


def test_the_temperature_affects_the_hits_of_a_groove_alone():
    head, params, noise = Groove(1), torch.tensor([[0.5, 0.4, 0.3]]), torch.tensor([[0.7]])
    hot, cold = head.sample(params, 5.0, noise)[0], head.sample(params, 0.1, noise)[0]
    assert (hot[0].item(), cold[0].item()) == (0.0, 1.0)
    assert torch.equal(hot[1:], cold[1:])
