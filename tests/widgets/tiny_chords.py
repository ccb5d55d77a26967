"""Small models that are conditioned on chords, whose random weights say something else over other chords."""

from __future__ import annotations

import torch

from latentpalette.models.config import ModelConfig
from latentpalette.models.musicvae import MusicVAE
from tests.evaluation.tiny_corpora import MELODY_OVER_CHORDS


def over_chords(config: ModelConfig = MELODY_OVER_CHORDS) -> MusicVAE:
    """Return a model, the same each time, whose music has notes, and other ones over other chords."""
    noise = torch.Generator().manual_seed(7)
    model = MusicVAE(config.replace(name="tiny-chords"))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.normal_(std=0.8 if name.startswith("decoder") else 0.1, generator=noise)
    return model.eval()
