"""Integration of a flow by Heun's method: latent vectors are carried along its velocity from one time to another.

They are carried in blocks of one size, so that a row of the result does not depend on how many are carried with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor
from torch.nn import functional

from latentpalette.models.workers import inferring, run_in_chunks
from latentpalette.progress.parts import Task, finish

RowVelocity = Callable[[Tensor, Tensor, Tensor], Tensor]  # of z at times, with a row of columns for each

BLOCK_ROWS = 32  # always as many at once: the last digits of a matrix product depend on the number of rows
STEP_WORK = 130  # of a block; see `latentpalette.progress.parts`


def times_between(start: float, stop: float, steps: int) -> list[float]:
    """Return the times of an integration, with so many steps for a whole unit of time.

    Examples
    --------
    >>> times_between(1.0, 0.5, 4)
    [1.0, 0.75, 0.5]
    """
    times: list[float] = torch.linspace(start, stop, max(1, math.ceil(abs(stop - start) * steps)) + 1).tolist()
    return times


def integrate(
    velocity: RowVelocity, z: Tensor, rows: Tensor, times: list[float], *, block_rows: int = BLOCK_ROWS
) -> Tensor:
    """Integrate the flow of z [n, z] over times, with columns [n, columns] of each.

    Examples
    --------
    >>> integrate(lambda z, time, rows: rows, torch.zeros(1, 2), torch.ones(1, 2), [0.0, 0.5, 1.0])
    tensor([[1., 1.]])
    """
    if times[0] == times[-1] or not len(z):
        return z
    with torch.inference_mode():
        moved = run_in_chunks(
            lambda *chunk: torch.stack(
                [finish(_heun(velocity, x, of_x, times)) for x, of_x in zip(*chunk, strict=True)]
            ),
            _blocks(z, block_rows),
            _blocks(rows, block_rows),
            min_rows=2,
        )
    return moved.flatten(0, 1)[: len(z)]


def integrate_in_parts(velocity: RowVelocity, z: Tensor, rows: Tensor, times: list[float]) -> Task[Tensor]:
    """Integrate as `integrate` does, in the calling thread: a block and a step at a time."""
    if times[0] == times[-1] or not len(z):
        return z
    moved = []
    for block, of_block in zip(_blocks(z), _blocks(rows), strict=True):
        moved.append((yield from inferring(_heun(velocity, block, of_block, times))))
    return torch.cat(moved)[: len(z)]


def _blocks(values: Tensor, size: int = BLOCK_ROWS) -> Tensor:
    """Return rows [n, ...] in blocks [blocks, size, ...], the last one filled up with zeros."""
    return functional.pad(values, (0, 0, 0, -len(values) % size)).unflatten(0, (-1, size))


def _heun(velocity: RowVelocity, z: Tensor, rows: Tensor, times: list[float]) -> Task[Tensor]:
    """Integrate dz/dt = velocity(z, t, rows) over times by Heun's method: two evaluations a step."""
    for start, stop in pairwise(times):
        yield STEP_WORK
        step = stop - start
        first = velocity(z, z.new_full((len(z),), start), rows)
        second = velocity(z + step * first, z.new_full((len(z),), stop), rows)
        z = z + step / 2 * (first + second)
    return z
