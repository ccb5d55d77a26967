"""What rows say, as labels: an integer for each step and part, as `latentpalette.converters.streams` knows them."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.models.config import ModelConfig


def tokens_of(config: ModelConfig, targets: Tensor) -> Tensor:
    """Target rows [n, t, depth] as tokens [n, t, k]: a class for each part, or the row where it is no class.

    Examples
    --------
    >>> from latentpalette.models.config import CONFIGS
    >>> rows = torch.zeros(1, 2, 90)
    >>> rows[0, :, 5] = 1
    >>> tokens_of(CONFIGS["cat-mel_2bar_small"], rows).tolist()
    [[[5], [5]]]
    """
    if config.head == "categorical":
        return targets.argmax(-1, keepdim=True)
    if config.head == "multi-out":
        return torch.stack([part.argmax(-1) for part in targets.split(list(config.parts), -1)], -1)
    return targets


def labels_of(config: ModelConfig, tokens: Tensor | NDArray) -> NDArray[np.int64]:
    """Tokens [n, t, k] as labels [n, t, parts]; hits of drums become bits.

    Examples
    --------
    >>> from latentpalette.models.config import CONFIGS
    >>> labels_of(CONFIGS["nade-drums_2bar_reduced"], np.array([[[1, 0, 1, 0, 0, 0, 0, 0, 0]]])).tolist()
    [[[5]]]
    """
    said = tokens.cpu().numpy() if isinstance(tokens, Tensor) else tokens
    if config.head in ("categorical", "multi-out"):
        return said.astype(np.int64)
    drums = config.output_depth // 3 if config.head == "groove" else config.output_depth
    return ((said[..., :drums] > 0.5) @ (1 << np.arange(drums)))[..., None]


def side_by_side(cores: list[Tensor]) -> Tensor:
    """The tokens of each core [n, t, ...] as those of one [n, t, k].

    Examples
    --------
    >>> side_by_side([torch.zeros(1, 2), torch.ones(1, 2)]).tolist()
    [[[0.0, 1.0], [0.0, 1.0]]]
    """
    return torch.cat([each if each.ndim == 3 else each[..., None] for each in cores], -1)
