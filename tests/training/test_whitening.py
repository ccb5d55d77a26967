"""Whitening: the same music from the same means, and a cloud of z that is as the prior is."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from latentpalette.cli import app
from latentpalette.data.corpus import Corpus
from latentpalette.errors import ModelError, TrainingError
from latentpalette.evaluation.predict import in_batches
from latentpalette.models import store
from latentpalette.models.config import CONFIGS, ModelConfig
from latentpalette.models.musicvae import MusicVAE
from latentpalette.training.losses import mismatch
from latentpalette.training.whitening import spread, whitened
from tests.models.tiny_models import model_of

SIZES = {"z_size": 3, "enc_rnn_size": (8,), "dec_rnn_size": (8, 6)}
FLAT = CONFIGS["cat-drums_2bar_small"].replace(**SIZES)
CONFIGURATIONS = {
    "flat": FLAT,
    "autoencoder": FLAT.replace(deterministic=True),
    "gru": FLAT.replace(cell="gru"),
    "groove that is told the hits": CONFIGS["groovae_2bar_hits_control_tfds"].replace(**SIZES),
    "conductor and parts": CONFIGS["hierdec-trio_16bar"].replace(
        **SIZES, steps=32, decoder_levels=(2, 16), converter={"name": "trio", "steps": 32}
    ),
}


def windows(config: ModelConfig, n: int = 60) -> np.ndarray:
    dice = np.random.default_rng(0)
    kind = config.converter["name"]
    if kind == "drums":
        return dice.integers(512, size=(n, 32)).astype(np.uint16)
    if kind == "groove":
        return dice.integers(-127, 128, size=(n, 32, 18)).astype(np.int8)
    return dice.integers(2, 90, size=(n, 32, 3)).astype(np.uint16)


def uneven(config: ModelConfig) -> MusicVAE:
    """A model with its music to one side, far apart along one number and close together along another."""
    model = model_of(config)
    with torch.no_grad():
        model.mu.weight.mul_(torch.tensor([[9.0], [0.2], [2.0]]))
        model.mu.bias.add_(2.0)
    return model


def encoded(model: MusicVAE, rows: np.ndarray):
    (batch,) = in_batches(model.config, rows, device=model.device)
    with torch.inference_mode():
        mu, sigma = model.posterior_torch(batch.inputs, None, batch.controls)
        return mu, sigma, model.teacher_forced(mu, batch.previous, batch.controls)


@pytest.mark.parametrize("config", CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_what_comes_back_is_the_same_and_z_lies_as_the_prior_does(config):
    model, rows = uneven(config), windows(config)
    before = {name: each.clone() for name, each in model.state_dict().items()}
    made = whitened(model, rows)
    _, _, said = encoded(model, rows)
    mu, sigma, still_said = encoded(made, rows)
    assert torch.allclose(said, still_said, atol=2e-4)
    assert mismatch(mu, sigma) < 0.05
    assert spread(made, rows) == pytest.approx((1, 1), abs=0.15)
    assert spread(model, rows)[1] > 3
    assert all(torch.equal(each, before[name]) for name, each in model.state_dict().items())


def test_deviations_are_mapped_with_the_means():
    model, rows = uneven(FLAT), windows(FLAT)
    made = whitened(model, rows)
    old_mu, old_sigma, _ = (each.double() for each in encoded(model, rows))
    mu, sigma, _ = (each.double() for each in encoded(made, rows))
    # The map itself, from where it takes the means.
    there = torch.linalg.lstsq(old_mu - old_mu.mean(0), mu - mu.mean(0)).solution.T
    expected = (old_sigma.square() @ there.square().T).sqrt()
    assert (sigma - expected).abs().mean() < 0.1 * expected.mean()


def test_nothing_is_changed_where_nothing_is_to_be_changed():
    once = whitened(uneven(FLAT), windows(FLAT))
    twice = whitened(once, windows(FLAT))
    assert (once.mu.weight - twice.mu.weight).abs().max() < 0.05 * once.mu.weight.abs().max()


def test_a_direction_in_which_nothing_varies_stays_narrow_and_finite():
    model = uneven(FLAT.replace(deterministic=True))
    with torch.no_grad():
        model.mu.weight[1] = 0
    made = whitened(model, windows(FLAT))
    assert all(torch.isfinite(each).all() for each in made.state_dict().values())
    assert spread(made, windows(FLAT))[0] == pytest.approx(0, abs=1e-6)


def test_too_few_windows_and_models_that_cannot_read_are_refused():
    with pytest.raises(TrainingError, match="more windows than 3"):
        whitened(uneven(FLAT), windows(FLAT, 3))
    with pytest.raises(ModelError, match="no encoder"):
        whitened(MusicVAE(FLAT.replace(enc_rnn_size=())), windows(FLAT))


def test_the_command_writes_a_model_that_keeps_its_card_and_tells_how_z_is_spread(tmp_path):
    store.save(uneven(FLAT), tmp_path / "model", card="# Mine\n")
    rows = windows(FLAT)
    songs = tuple(f"song {n}" for n in range(len(rows)))
    corpus = Corpus(rows, np.arange(len(rows)), np.zeros(len(rows), np.uint8), songs, dict(FLAT.converter))
    corpus.save(tmp_path / "corpus.npz")
    words = ["whiten", "--model", tmp_path / "model", "--corpus", tmp_path / "corpus.npz", "--out", tmp_path / "new"]
    result = CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "before: all z together have variances from" in " ".join(result.output.split())
    assert store.load(tmp_path / "new").card == "# Mine\n"
    assert spread(store.load(tmp_path / "new"), rows) == pytest.approx((1, 1), abs=0.15)
