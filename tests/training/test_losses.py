"""The loss, against values computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from latentpalette.data.batches.drums import DrumBatches
from latentpalette.errors import TrainingError
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.network import kl_to_standard_normal
from latentpalette.training import losses


def make_rng(seed: int = 0) -> losses.ShardedRNG:
    return losses.ShardedRNG(torch.Generator().manual_seed(seed))


def with_gradient(*values: float) -> torch.Tensor:
    parameter = torch.zeros(len(values), requires_grad=True)
    parameter.grad = torch.tensor(values)
    return parameter


@pytest.fixture(scope="module")
def tiny() -> MusicVAE:
    config = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    return MusicVAE(config).eval()


@pytest.fixture
def batch():
    loops = DrumBatches(np.arange(3 * 32, dtype=np.uint16).reshape(3, 32))
    return loops.unpack(loops.windows)


def test_the_kl_is_summed_over_the_latent_vector():
    mu, sigma = torch.tensor([[1.0, -2.0]]), torch.tensor([[0.5, 2.0]])
    by_hand = 0.5 * (1 + 0.25 - 1) - math.log(0.5) + 0.5 * (4 + 4 - 1) - math.log(2.0)
    assert kl_to_standard_normal(mu, sigma).item() == pytest.approx(by_hand)


def test_the_kl_of_an_autoencoder_is_zero():
    assert kl_to_standard_normal(torch.tensor([[3.0, -2.0]]), torch.zeros(1, 2)).tolist() == [0.0]


def test_an_autoencoder_has_no_noise_and_no_kl(batch):
    config = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    autoencoder = MusicVAE(config.replace(deterministic=True)).eval()
    first, second = (losses.elbo_loss(autoencoder, batch, rng=make_rng(seed), beta=0.2) for seed in (0, 1))
    assert first.total.item() == second.total.item() == first.reconstruction.item()
    assert first.kl_bits.item() == 0.0
    assert autoencoder.posterior_arrays(batch.inputs.numpy()).sigma.tolist() == [[0.0] * 4] * 3


def test_the_dip_penalty_is_zero_for_the_prior_and_not_for_correlated_dimensions():
    normal = torch.randn(200_000, 3, generator=torch.Generator().manual_seed(0))
    half = math.sqrt(0.5)
    assert losses.dip_penalty(half * normal, torch.full((1, 3), half)).item() == pytest.approx(0.0, abs=1e-3)
    correlated = normal[:, [0, 0, 2]]  # covariance 1 between the first two, twice in the matrix
    assert losses.dip_penalty(correlated, torch.zeros(1, 3)).item() == pytest.approx(2.0, rel=0.02)
    assert losses.dip_penalty(normal + 2.0, torch.zeros(1, 3)).item() == pytest.approx(12.0, rel=0.02)


def test_48_free_bits_are_33_27_nats_of_each_whole_sequence():
    above = losses.above_free_bits(torch.tensor([0.0, 33.27, 34.27, 50.0]), 48.0)
    assert above.tolist() == pytest.approx([0.0, 0.0, 1.0, 50.0 - 48 * math.log(2)], abs=2e-3)


def test_below_the_free_bits_the_kl_has_no_gradient():
    nats = torch.tensor([10.0, 40.0], requires_grad=True)
    losses.above_free_bits(nats, 48.0).sum().backward()
    assert nats.grad.tolist() == [0.0, 1.0]


def test_the_total_is_reconstruction_plus_beta_times_the_kl_above_the_free_bits(tiny, batch):
    terms = losses.elbo_loss(tiny, batch, rng=make_rng(), beta=0.2, free_bits=1.0)
    assert terms.total.item() == pytest.approx(terms.reconstruction.item() + 0.2 * terms.kl.item(), rel=1e-6)


def test_reconstruction_is_summed_over_steps_and_averaged_over_the_batch(tiny, batch):
    terms = losses.elbo_loss(tiny, batch, rng=make_rng())
    # With initial weights all 512 tokens are about equally likely: ln 512 nats a step.
    assert terms.reconstruction.item() == pytest.approx(32 * math.log(512), rel=0.02)


def test_the_seed_decides_the_loss(tiny, batch):
    first, again, other = (
        losses.elbo_loss(tiny, batch, rng=make_rng(seed), word_dropout=0.5).total.item() for seed in (1, 1, 2)
    )
    assert first == again != other


def test_scheduled_sampling_does_not_change_the_kl(tiny, batch):
    forced = losses.elbo_loss(tiny, batch, rng=make_rng())
    sampled = losses.elbo_loss(tiny, batch, rng=make_rng(), sampling=1.0)
    assert sampled.kl_bits.item() == pytest.approx(forced.kl_bits.item(), rel=1e-6)
    assert math.isfinite(sampled.total.item())


def test_word_dropout_drops_whole_frames_at_about_the_given_rate():
    is_kept = losses.apply_word_dropout(torch.ones(200, 32, 5), 0.3, rng=make_rng()).mean(-1)
    assert set(is_kept.unique().tolist()) == {0.0, 1.0}
    assert is_kept.mean().item() == pytest.approx(0.7, abs=0.02)


def test_the_decoder_gets_the_targets_one_step_late(batch):
    assert not batch.previous[:, 0].any()
    assert torch.equal(batch.previous[:, 1:], batch.targets[:, :-1])


def test_gradients_are_shrunk_together_to_a_norm_of_one():
    parameter = with_gradient(3.0, 4.0)
    assert losses.clip_gradients([parameter]).item() == pytest.approx(5.0)
    assert parameter.grad.tolist() == pytest.approx([0.6, 0.8])


def test_small_gradients_are_not_changed():
    parameter = with_gradient(0.3, 0.4)
    losses.clip_gradients([parameter])
    assert parameter.grad.tolist() == pytest.approx([0.3, 0.4])


@pytest.mark.parametrize("bad", [math.nan, math.inf, 20_000.0])
def test_huge_gradients_become_zero(bad):
    parameters = [with_gradient(1.0, bad), with_gradient(2.0)]
    losses.clip_gradients(parameters)
    assert [parameter.grad.tolist() for parameter in parameters] == [[0.0, 0.0], [0.0]]


def test_clipping_by_value_clips_each_element():
    parameter = with_gradient(-3.0, 0.5)
    losses.clip_gradients([parameter], mode="value")
    assert parameter.grad.tolist() == [-1.0, 0.5]


def test_an_unknown_clip_mode_is_refused_by_name():
    with pytest.raises(TrainingError, match="'norm'"):
        losses.clip_gradients([with_gradient(1.0)], mode="norm")
