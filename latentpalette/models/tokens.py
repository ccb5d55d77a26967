"""Tokens and labels: from target frames to an integer for each step and stream (`latentpalette.converters.streams`).

A *token* is the compact form of an output frame: a class number where the frame is one-hot, the frame itself where it
is not. A *label* is always an integer: of drums a bit for each hit.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.models.config import ModelConfig


def targets_to_tokens(config: ModelConfig, targets: Tensor) -> Tensor:
    """Convert target frames [n, t, depth] to tokens [n, t, k]: a class per stream, or the frame itself.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> targets = torch.zeros(1, 2, 90)
    >>> targets[0, :, 5] = 1
    >>> targets_to_tokens(MAGENTA_CONFIGS["cat-mel_2bar_small"], targets).tolist()
    [[[5], [5]]]
    """
    if config.head == "categorical":
        return targets.argmax(-1, keepdim=True)
    if config.head == "multi-out":
        return torch.stack([stream.argmax(-1) for stream in targets.split(list(config.output_depths), -1)], -1)
    return targets


def tokens_to_labels(config: ModelConfig, tokens: Tensor | NDArray, *, as_played: bool = True) -> NDArray[np.int64]:
    """Convert tokens [n, t, k] to labels [n, t, streams]; drum hits become the bits of an integer.

    With `as_played`, end tokens follow the end of a segment; see `fill_ends`.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> hits = np.array([[[1, 0, 1, 0, 0, 0, 0, 0, 0]]])
    >>> tokens_to_labels(MAGENTA_CONFIGS["nade-drums_2bar_reduced"], hits).tolist()
    [[[5]]]
    """
    array = tokens.cpu().numpy() if isinstance(tokens, Tensor) else tokens
    if config.head in ("categorical", "multi-out"):
        return fill_ends(config, array.astype(np.int64)) if as_played else array.astype(np.int64)
    drums = config.output_depth // 3 if config.head == "groove" else config.output_depth
    return ((array[..., :drums] > 0.5) @ (1 << np.arange(drums)))[..., None]


def fill_ends(config: ModelConfig, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return labels [n, t, streams] as they are played: what comes after a segment's end token is that token again.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> labels = np.full((1, 512, 1), 60)
    >>> labels[0, 3] = 489
    >>> fill_ends(MAGENTA_CONFIGS["hier-multiperf_vel_1bar_med"], labels)[0, [2, 3, 4, 63, 64], 0].tolist()
    [60, 489, 489, 489, 60]
    """
    if config.end_token is None:
        return labels
    n, steps, streams = labels.shape
    segments = labels.reshape(n, config.segments[0], steps // config.segments[0], streams)
    has_ended = (segments == config.end_token).cumsum(2) > 0
    return np.where(has_ended, config.end_token, segments).reshape(labels.shape)


def concat_tokens(cores: list[Tensor]) -> Tensor:
    """Concatenate the tokens [n, t, ...] of each decoder core to tokens [n, t, k].

    Examples
    --------
    >>> concat_tokens([torch.zeros(1, 2), torch.ones(1, 2)]).tolist()
    [[[0.0, 1.0], [0.0, 1.0]]]
    """
    return torch.cat([tokens if tokens.ndim == 3 else tokens[..., None] for tokens in cores], -1)
