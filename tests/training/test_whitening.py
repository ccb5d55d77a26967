"""Whitening gives the same music from the same posterior means, and an aggregate posterior like the prior."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from latentpalette.cli import app
from latentpalette.converters.performance import NO_TOKEN
from latentpalette.data.corpus import Corpus
from latentpalette.errors import ModelError, TrainingError
from latentpalette.evaluation.predict import iter_batches
from latentpalette.models import store
from latentpalette.models.config import ModelConfig
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE
from latentpalette.music.performance_tokens import END_TOKEN
from latentpalette.training.losses import dip_penalty
from latentpalette.training.whitening import variance_range, whiten
from tests.models.tiny_models import model_of, prior_of

SIZES = {"z_size": 3, "enc_rnn_size": (8,), "dec_rnn_size": (8, 6)}
FLAT = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(**SIZES)
CONFIGURATIONS = {
    "flat": FLAT,
    "autoencoder": FLAT.replace(deterministic=True),
    "gru": FLAT.replace(cell="gru"),
    "groove with hits as controls": MAGENTA_CONFIGS["groovae_2bar_hits_control_tfds"].replace(**SIZES),
    "conductor and streams": MAGENTA_CONFIGS["hierdec-trio_16bar"].replace(
        **SIZES, steps=32, decoder_levels=(2, 16), converter={"name": "trio", "steps": 32}
    ),
    "tracks that end early": MAGENTA_CONFIGS["hier-multiperf_vel_1bar_med"].replace(**SIZES),
}


def windows(config: ModelConfig, n: int = 60) -> np.ndarray:
    rng = np.random.default_rng(0)
    kind = config.converter["name"]
    if kind == "drums":
        return rng.integers(512, size=(n, 32)).astype(np.uint16)
    if kind == "groove":
        return rng.integers(-127, 128, size=(n, 32, 18)).astype(np.int8)
    if kind == "performance":
        tracks = rng.integers(256, size=(n, 8, 64))
        length = rng.integers(1, 20, size=(n, 8, 1))
        place = np.arange(64)
        tracks = np.where(place < length, tracks, np.where(place == length, END_TOKEN, NO_TOKEN))
        return tracks.reshape(n, 512).astype(np.uint16)
    return rng.integers(2, 90, size=(n, 32, 3)).astype(np.uint16)


def model_with_uneven_z(config: ModelConfig) -> MusicVAE:
    """A model whose z has a mean of 2, a large variance along one dimension and a small one along another."""
    model = model_of(config)
    with torch.no_grad():
        model.mu.weight.mul_(torch.tensor([[9.0], [0.2], [2.0]]))
        model.mu.bias.add_(2.0)
    return model


def encode(model: MusicVAE, packed: np.ndarray):
    encoded = []
    with torch.inference_mode():
        for batch in iter_batches(model.config, packed, device=model.device):
            mu, sigma = model.posterior_torch(batch.inputs, batch.lengths, batch.controls)
            encoded.append((mu, sigma, model.teacher_forced(mu, batch.previous, batch.controls)))
    return [torch.cat(parts) for parts in zip(*encoded, strict=True)]


@pytest.mark.parametrize("config", CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_reconstructions_are_the_same_and_z_is_distributed_like_the_prior(config):
    model, packed = model_with_uneven_z(config), windows(config)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    white = whiten(model, packed)
    _, _, expected = encode(model, packed)
    mu, sigma, params = encode(white, packed)
    assert torch.allclose(params, expected, atol=2e-4)
    assert dip_penalty(mu, sigma) < 0.05
    assert variance_range(white, packed) == pytest.approx((1, 1), abs=0.15)
    assert variance_range(model, packed)[1] > 2
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_standard_deviations_are_mapped_with_the_means():
    model, packed = model_with_uneven_z(FLAT), windows(FLAT)
    white = whiten(model, packed)
    old_mu, old_sigma, _ = (array.double() for array in encode(model, packed))
    mu, sigma, _ = (array.double() for array in encode(white, packed))
    # The map itself, fitted to the means.
    matrix = torch.linalg.lstsq(old_mu - old_mu.mean(0), mu - mu.mean(0)).solution.T
    expected = (old_sigma.square() @ matrix.square().T).sqrt()
    assert (sigma - expected).abs().mean() < 0.1 * expected.mean()


def test_whitening_twice_changes_little():
    once = whiten(model_with_uneven_z(FLAT), windows(FLAT))
    twice = whiten(once, windows(FLAT))
    assert (once.mu.weight - twice.mu.weight).abs().max() < 0.05 * once.mu.weight.abs().max()


def test_a_direction_without_variance_is_not_scaled():
    model = model_with_uneven_z(FLAT.replace(deterministic=True))
    with torch.no_grad():
        model.mu.weight[1] = 0
    white = whiten(model, windows(FLAT))
    assert all(torch.isfinite(value).all() for value in white.state_dict().values())
    assert variance_range(white, windows(FLAT))[0] == pytest.approx(0, abs=1e-6)


def test_too_few_windows_and_models_without_an_encoder_are_refused():
    with pytest.raises(TrainingError, match="more windows than 3"):
        whiten(model_with_uneven_z(FLAT), windows(FLAT, 3))
    with pytest.raises(ModelError, match="no encoder"):
        whiten(MusicVAE(FLAT.replace(enc_rnn_size=())), windows(FLAT))


def test_the_command_writes_a_model_with_its_card_and_prints_the_variances(tmp_path):
    store.save(model_with_uneven_z(FLAT), tmp_path / "model", card="# Mine\n")
    packed = windows(FLAT)
    songs = tuple(f"song {n}" for n in range(len(packed)))
    corpus = Corpus(packed, np.arange(len(packed)), np.zeros(len(packed), np.uint8), songs, dict(FLAT.converter))
    corpus.save(tmp_path / "corpus.npz")
    words = ["whiten", "--model", tmp_path / "model", "--corpus", tmp_path / "corpus.npz", "--out", tmp_path / "new"]
    result = CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "before: z has variances from" in " ".join(result.output.split())
    assert store.load(tmp_path / "new").card == "# Mine\n"
    assert variance_range(store.load(tmp_path / "new"), packed) == pytest.approx((1, 1), abs=0.15)


def test_a_learned_prior_of_the_old_z_is_left_out():
    model = model_with_uneven_z(FLAT)
    model.prior = prior_of(3)
    assert whiten(model, windows(FLAT)).prior is None
    assert model.prior is not None
