"""Matrices as int8, with a scale for each row: a quarter of the size of float32."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

SCALE = ".scale"  # ends the name of the scales of a matrix
_MAX_INT8 = 127


def to_int8(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return weights with every matrix as int8 and its scales [rows]; vectors stay as they are.

    A number of a row is its integer times the row's scale, so at most half a scale, a 254th of the row's largest
    number, is lost.

    Examples
    --------
    >>> stored = to_int8({"layer.weight": torch.tensor([[1.0, -0.5], [0.0, 0.0]]), "layer.bias": torch.ones(2)})
    >>> stored["layer.weight"].tolist(), sorted(stored)
    ([[127, -64], [0, 0]], ['layer.bias', 'layer.weight', 'layer.weight.scale'])
    """
    stored: dict[str, Tensor] = {}
    for name, weight in weights.items():
        if weight.ndim != 2:
            stored[name] = weight.float()
            continue
        scale = weight.float().abs().amax(1) / _MAX_INT8
        divisor = torch.where(scale > 0, scale, torch.ones_like(scale))
        stored[name] = (weight.float() / divisor[:, None]).round().to(torch.int8)
        stored[name + SCALE] = scale
    return stored


def scales_of(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the scales by the names of their int8 matrices, as far as there is one for each row.

    Examples
    --------
    >>> list(scales_of(to_int8({"weight": torch.ones(3, 2), "bias": torch.ones(3)})))
    ['weight']
    """
    pairs = {name: stored.get(name + SCALE) for name, weight in stored.items() if weight.dtype == torch.int8}
    return {
        name: scale
        for name, scale in pairs.items()
        if scale is not None and scale.is_floating_point() and scale.shape == stored[name].shape[:1]
    }


def from_int8(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return weights as float32, int8 matrices times their scales.

    Products are rounded to float16, so that a page, whose weights are float16, decodes exactly the same.

    Examples
    --------
    >>> from_int8(to_int8({"weight": torch.tensor([[1.0, -0.5]])}))["weight"].round(decimals=2).tolist()
    [[1.0, -0.5]]
    """
    scales = scales_of(stored)
    skipped = {name + SCALE for name in scales}
    weights = {name: value.float() for name, value in stored.items() if name not in skipped}
    return weights | {name: (weights[name] * scale.float()[:, None]).half().float() for name, scale in scales.items()}
