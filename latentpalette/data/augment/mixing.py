"""Whom a window may borrow from, when windows are recombined as they are drawn."""

from __future__ import annotations

import torch
from torch import Tensor

NEAR = 24  # rows of a corpus; windows lie a bar apart and songs one after the other, so most are of the same song


def partners(chosen: Tensor, rows: int, *, near: float, generator: torch.Generator) -> Tensor:
    """A row for each chosen one [n]: from near it with probability `near`, otherwise from anywhere.

    Examples
    --------
    >>> dice = torch.Generator().manual_seed(0)
    >>> int((partners(torch.full((9,), 500), 1000, near=1.0, generator=dice) - 500).abs().max()) <= NEAR
    True
    """
    device, n = chosen.device, len(chosen)
    away = torch.randint(-NEAR, NEAR + 1, (n,), generator=generator, device=device)
    anywhere = torch.randint(rows, (n,), generator=generator, device=device)
    is_near = torch.rand((n,), generator=generator, device=device) < near
    return torch.where(is_near, (chosen + away).clamp(0, rows - 1), anywhere)
