"""The penalty for music that does not have what is asked for.

In training the decoder gets a z and the conditions of the same music, so it may read them from either; a decoder that
reads z alone does not do what is asked. So some of a batch is decoded with the conditions of others, and the encoder,
which learns to measure conditions, says what came out. Its weights are not taught here: the decoder is. Each step
follows the decoder's own frames, as it does when it is used; after frames of the music as it was, it would learn to
obey where it need not.
"""

from __future__ import annotations

import torch
from torch import Tensor

from latentpalette.data.batches.base import one_hot
from latentpalette.errors import TrainingError
from latentpalette.models.config import ModelConfig
from latentpalette.models.musicvae import MusicVAE

MAX_ROWS = 96  # of a batch that are asked for other conditions


def encoder_frames(config: ModelConfig) -> Tensor:
    """Return the encoder's frame of each output class [output depth, input depth].

    Raises
    ------
    TrainingError
        If a frame is not one of some classes.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> encoder_frames(MAGENTA_CONFIGS["cat-drums_2bar_small"])[[0, 5]].int().tolist()
    [[0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [1, 0, 1, 0, 0, 0, 0, 0, 0, 0]]
    """
    classes = torch.arange(config.output_depth)
    name = config.converter.get("name")
    if config.head == "categorical" and name == "drums":
        hits = classes[:, None].bitwise_right_shift(torch.arange(config.input_depth - 1)) & 1
        return torch.cat([hits, (classes == 0)[:, None]], 1).float()
    if config.head == "categorical" and config.output_depth == config.input_depth:
        return torch.eye(config.output_depth)
    raise TrainingError(f"{config.name}: asked_weight has an effect on melodies and on drums of classes alone; set 0.")


def asked_loss(model: MusicVAE, z: Tensor, asked: Tensor, controls: Tensor | None = None, *, std: float) -> Tensor:
    """Return how far music is from what was asked for, as a mean over the batch [nats].

    Parameters
    ----------
    model : MusicVAE
    z : Tensor [n, z]
        What is asked for is put into its last numbers.
    asked : Tensor [n, conditions]
        Standardized.
    controls : Tensor [n, t, c], optional
    std : float
        Of the measured conditions, see `latentpalette.training.losses`.
    """
    num_conditions = asked.shape[1]
    other = torch.cat([z[:, :-num_conditions], asked], 1)
    own = model.decoder.to_frames(model.decoder.decode(other.detach().float(), controls=controls))
    previous = torch.cat([torch.zeros_like(own[:, :1]), own[:, :-1]], 1)
    params = model.teacher_forced(other, previous, controls)
    probabilities = params.float().softmax(-1)
    # The most likely frames, with the gradient of the probabilities (straight-through).
    frames = one_hot(params.argmax(-1), params.shape[-1]) + probabilities - probabilities.detach()
    inputs = frames @ encoder_frames(model.config).to(frames)
    weights = [weight for part in (model.encoder, model.mu) for weight in part.parameters()]
    for weight in weights:
        weight.requires_grad_(False)
    measured = model.posterior_torch(inputs, None, controls)[0].float()[:, -num_conditions:]
    for weight in weights:
        weight.requires_grad_(True)
    return 0.5 * ((measured - asked) / std).square().sum(1).mean()
