"""Packed segments: what is computed on the tokens in use is what the network computes on one-hot frames."""

from __future__ import annotations

import pytest
import torch

from latentpalette.data.batches.performance import PerformanceBatch
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.packed_segments import can_pack, packed_losses, packed_posterior
from latentpalette.music.performance_tokens import END_TOKEN


def network(*, chords: bool) -> MusicVAE:
    config = MAGENTA_CONFIGS[f"hier-multiperf_vel_1bar_med{'_chords' if chords else ''}"]
    return MusicVAE(config.replace(name="tiny", z_size=6, enc_rnn_size=(12,), dec_rnn_size=(16,)))


def batch(*, chords: bool) -> PerformanceBatch:
    """Three performances of tracks of 1 to 64 tokens, one of them full to the last."""
    generator = torch.Generator().manual_seed(1)
    tokens = torch.randint(0, END_TOKEN, (3, 8, 64), generator=generator)
    lengths = torch.randint(1, 64, (3, 8), generator=generator)
    lengths[0, 0], lengths[:, 5:] = 64, 1
    has_ended = torch.arange(64) >= lengths[..., None] - 1
    triads = torch.randint(0, 49, (3, 8, 64), generator=generator)
    return PerformanceBatch(torch.where(has_ended, END_TOKEN, tokens), triads if chords else None)


@pytest.mark.parametrize("chords", [False, True], ids=["without chords", "over chords"])
def test_the_posterior_is_that_of_the_frames(chords):
    model, windows = network(chords=chords), batch(chords=chords)
    expected = model.posterior_torch(windows.inputs, windows.lengths, windows.controls)
    for packed, dense in zip(
        packed_posterior(model, windows.tokens, windows.lengths, windows.triads), expected, strict=True
    ):
        assert torch.allclose(packed, dense, atol=1e-5)


@pytest.mark.parametrize("chords", [False, True], ids=["without chords", "over chords"])
def test_loss_and_gradients_are_those_of_the_frames(chords):
    model, windows = network(chords=chords), batch(chords=chords)
    z = torch.randn(3, 6, generator=torch.Generator().manual_seed(2))
    lengths = (windows.lengths + 1).clamp(max=64)  # a second end is learned, too
    packed = packed_losses(model, z, windows.tokens, lengths, windows.triads)
    params = model.teacher_forced(z, windows.previous, windows.controls)
    in_use = (torch.arange(64) < lengths[..., None]).flatten(1)
    dense = (model.head.loss(params, windows.targets) * in_use).sum(-1)
    assert torch.allclose(packed, dense, rtol=1e-5)
    weights = list(model.decoder.parameters())
    for ours, theirs in zip(
        torch.autograd.grad(packed.sum(), weights, allow_unused=True),
        torch.autograd.grad(dense.sum(), weights, allow_unused=True),
        strict=True,
    ):
        assert torch.allclose(ours, theirs, rtol=1e-3, atol=1e-4)


def test_the_gradient_of_the_encoder_is_that_of_the_frames():
    model, windows = network(chords=True), batch(chords=True)
    weights = list(model.encoder.parameters())
    packed, _ = packed_posterior(model, windows.tokens, windows.lengths, windows.triads)
    dense, _ = model.posterior_torch(windows.inputs, windows.lengths, windows.controls)
    for ours, theirs in zip(
        torch.autograd.grad(packed.square().sum(), weights),
        torch.autograd.grad(dense.square().sum(), weights),
        strict=True,
    ):
        assert torch.allclose(ours, theirs, rtol=1e-3, atol=1e-6)


def test_models_of_several_layers_are_not_packed():
    model = MusicVAE(network(chords=False).config.replace(dec_rnn_size=(8, 8)))
    assert not can_pack(model)
