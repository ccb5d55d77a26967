"""The objective, against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from latentpalette.data.batches.base import Drums
from latentpalette.errors import TrainingError
from latentpalette.models.config import CONFIGS
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.network import divergence
from latentpalette.training import losses


def dice(seed: int = 0) -> losses.Dice:
    return losses.Dice(torch.Generator().manual_seed(seed))


def with_gradient(*values: float) -> torch.Tensor:
    parameter = torch.zeros(len(values), requires_grad=True)
    parameter.grad = torch.tensor(values)
    return parameter


@pytest.fixture(scope="module")
def tiny() -> MusicVAE:
    config = CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    return MusicVAE(config).eval()


@pytest.fixture
def batch():
    loops = Drums(np.arange(3 * 32, dtype=np.uint16).reshape(3, 32))
    return loops.batch(loops.rows)


def test_the_divergence_is_summed_over_the_latent_vector():
    mu, sigma = torch.tensor([[1.0, -2.0]]), torch.tensor([[0.5, 2.0]])
    by_hand = 0.5 * (1 + 0.25 - 1) - math.log(0.5) + 0.5 * (4 + 4 - 1) - math.log(2.0)
    assert divergence(mu, sigma).item() == pytest.approx(by_hand)


def test_an_autoencoder_s_point_counts_as_nothing():
    assert divergence(torch.tensor([[3.0, -2.0]]), torch.zeros(1, 2)).tolist() == [0.0]


def test_an_autoencoder_draws_nothing_and_pays_nothing(batch):
    config = CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    twin = MusicVAE(config.replace(deterministic=True)).eval()
    first, second = (losses.losses(twin, batch, dice=dice(seed), beta=0.2) for seed in (0, 1))
    assert first.total.item() == second.total.item() == first.reconstruction.item()
    assert first.kl_bits.item() == 0.0
    assert twin.posterior_arrays(batch.inputs.numpy()).sigma.tolist() == [[0.0] * 4] * 3


def test_z_that_are_spread_as_the_prior_match_it_and_correlated_ones_do_not():
    free = torch.randn(200_000, 3, generator=torch.Generator().manual_seed(0))
    half = math.sqrt(0.5)
    assert losses.mismatch(half * free, torch.full((1, 3), half)).item() == pytest.approx(0.0, abs=1e-3)
    twins = free[:, [0, 0, 2]]  # covariance 1 between the first two, twice in the matrix
    assert losses.mismatch(twins, torch.zeros(1, 3)).item() == pytest.approx(2.0, rel=0.02)
    assert losses.mismatch(free + 2.0, torch.zeros(1, 3)).item() == pytest.approx(12.0, rel=0.02)


def test_48_free_bits_are_33_27_nats_of_each_whole_sequence():
    free = losses.above_free_bits(torch.tensor([0.0, 33.27, 34.27, 50.0]), 48.0)
    assert free.tolist() == pytest.approx([0.0, 0.0, 1.0, 50.0 - 48 * math.log(2)], abs=2e-3)


def test_below_the_free_bits_the_divergence_has_no_gradient():
    nats = torch.tensor([10.0, 40.0], requires_grad=True)
    losses.above_free_bits(nats, 48.0).sum().backward()
    assert nats.grad.tolist() == [0.0, 1.0]


def test_the_total_is_reconstruction_plus_beta_times_the_divergence_above_the_free_bits(tiny, batch):
    found = losses.losses(tiny, batch, dice=dice(), beta=0.2, free_bits=1.0)
    assert found.total.item() == pytest.approx(found.reconstruction.item() + 0.2 * found.kl.item(), rel=1e-6)


def test_reconstruction_is_summed_over_steps_and_averaged_over_the_batch(tiny, batch):
    found = losses.losses(tiny, batch, dice=dice())
    # Fresh weights say every one of 512 labels alike: ln 512 nats a step.
    assert found.reconstruction.item() == pytest.approx(32 * math.log(512), rel=0.02)


def test_the_same_dice_give_the_same_loss_and_others_another(tiny, batch):
    first, again, other = (
        losses.losses(tiny, batch, dice=dice(seed), word_dropout=0.5).total.item() for seed in (1, 1, 2)
    )
    assert first == again != other


def test_feeding_the_model_its_own_rows_leaves_the_divergence_alone(tiny, batch):
    forced = losses.losses(tiny, batch, dice=dice())
    own = losses.losses(tiny, batch, dice=dice(), sampling=1.0)
    assert own.kl_bits.item() == pytest.approx(forced.kl_bits.item(), rel=1e-6)
    assert math.isfinite(own.total.item())


def test_dropped_words_are_whole_rows_at_about_the_asked_rate():
    kept = losses.drop_words(torch.ones(200, 32, 5), 0.3, dice=dice()).mean(-1)
    assert set(kept.unique().tolist()) == {0.0, 1.0}
    assert kept.mean().item() == pytest.approx(0.7, abs=0.02)


def test_the_decoder_hears_the_targets_one_step_late(batch):
    assert not batch.previous[:, 0].any()
    assert torch.equal(batch.previous[:, 1:], batch.targets[:, :-1])


def test_gradients_are_shrunk_together_to_a_norm_of_one():
    parameter = with_gradient(3.0, 4.0)
    assert losses.clip([parameter]).item() == pytest.approx(5.0)
    assert parameter.grad.tolist() == pytest.approx([0.6, 0.8])


def test_small_gradients_are_left_alone():
    parameter = with_gradient(0.3, 0.4)
    losses.clip([parameter])
    assert parameter.grad.tolist() == pytest.approx([0.3, 0.4])


@pytest.mark.parametrize("bad", [math.nan, math.inf, 20_000.0])
def test_hopeless_gradients_become_zero(bad):
    parameters = [with_gradient(1.0, bad), with_gradient(2.0)]
    losses.clip(parameters)
    assert [each.grad.tolist() for each in parameters] == [[0.0, 0.0], [0.0]]


def test_clipping_by_value_takes_each_element_for_itself():
    parameter = with_gradient(-3.0, 0.5)
    losses.clip([parameter], mode="value")
    assert parameter.grad.tolist() == [-1.0, 0.5]


def test_an_unknown_way_to_clip_is_refused_by_name():
    with pytest.raises(TrainingError, match="'norm'"):
        losses.clip([with_gradient(1.0)], mode="norm")
