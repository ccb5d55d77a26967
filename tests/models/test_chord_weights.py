"""Chords are added to a model, and taken out of one, without a change of what it does without them."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.models.chord_weights import change_chords
from latentpalette.models.config import ModelConfig
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE

SMALL = {"z_size": 4, "enc_rnn_size": (8,), "dec_rnn_size": (8,)}
BAND = MAGENTA_CONFIGS["hier-multiperf_vel_1bar_med"].replace(**SMALL)
BAND_OVER_CHORDS = MAGENTA_CONFIGS["hier-multiperf_vel_1bar_med_chords"].replace(**SMALL)
MELODY_OVER_CHORDS = MAGENTA_CONFIGS["cat-mel_2bar_med_chords"].replace(**SMALL)
MELODY = MELODY_OVER_CHORDS.replace(control_depth=0, converter={"name": "melody", "steps": 32})
PAIRS = pytest.mark.parametrize(
    ("without", "over_chords"), [(BAND, BAND_OVER_CHORDS), (MELODY, MELODY_OVER_CHORDS)], ids=["band", "melody"]
)


def outputs(model: MusicVAE, triad: int | None) -> list[np.ndarray]:
    """Posterior means of frames, and arg-max classes of z, over one chord."""
    rng = np.random.default_rng(0)
    steps, depth = model.config.steps, model.config.input_depth
    frames = np.eye(depth)[rng.integers(depth, size=(2, steps))]
    controls = None if triad is None else np.eye(49)[[triad] * steps]
    batched = None if controls is None else np.stack([controls] * 2)
    z = rng.standard_normal((2, model.config.z_size))
    return [model.posterior_arrays(frames, controls=batched).mu, model.step_probabilities(z, controls=controls)]


@PAIRS
def test_with_chords_added_a_model_does_the_same_over_any_chord(without: ModelConfig, over_chords: ModelConfig):
    model, changed = MusicVAE(without), MusicVAE(over_chords)
    changed.load_state_dict(change_chords(model.state_dict(), add=True))
    for before, after in zip(outputs(model, None), outputs(changed, 7), strict=True):
        assert np.allclose(before, after, atol=1e-5)


@PAIRS
def test_without_its_chords_a_model_does_what_it_did_over_no_chord(without: ModelConfig, over_chords: ModelConfig):
    model, changed = MusicVAE(over_chords), MusicVAE(without)
    changed.load_state_dict(change_chords(model.state_dict(), add=False))
    for before, after in zip(outputs(model, 0), outputs(changed, None), strict=True):
        assert np.allclose(before, after, atol=1e-5)
    assert not np.allclose(outputs(model, 7)[0], outputs(changed, None)[0], atol=1e-5)
