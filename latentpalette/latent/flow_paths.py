"""Interpolation along a flow: carry the ends back to a time, interpolate there, carry the result forward.

At time 1 it is interpolation between latent vectors as they are; at time 0 it is interpolation of the noise that the
flow carries to them. Between the two, paths stay where music is, and change less from step to step than at time 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import LatentError
from latentpalette.latent.grids import bilinear_weights
from latentpalette.latent.paths import Latents, slerp

FLOW_TIME = 0.6  # as close to music as time 0, and paths change no more from step to step than straight lines


class Flow(Protocol):
    """An invertible map between latent vectors and where they come from at a time; see `models.flow.FlowPrior`."""

    def to_time(self, z: ArrayLike, time: float) -> NDArray[np.float32]:
        """Return where z [n, z] comes from at a time from 0 (noise) to 1 (itself)."""

    def from_time(self, z: ArrayLike, time: float) -> NDArray[np.float32]:
        """Invert `to_time`."""


def interpolate_along_flow(flow: Flow, a: ArrayLike, b: ArrayLike, t: ArrayLike, *, time: float) -> Latents:
    """Interpolate between two latent vectors on great circles at a time of a flow.

    Parameters
    ----------
    flow : Flow
    a, b : array-like [shape=(z,)]
    t : array-like [shape=(n,), 0 to 1]
        Positions; 0 gives exactly `a`, 1 exactly `b`.
    time : float [0 to 1]

    Returns
    -------
    ndarray [shape=(n, z)]

    Raises
    ------
    LatentError
        If the time is not from 0 to 1.
    """
    return interpolate_pairs_along_flow(flow, [a], [b], t, time=time)[0]


def interpolate_pairs_along_flow(
    flow: Flow, a: Sequence[ArrayLike] | Latents, b: Sequence[ArrayLike] | Latents, t: ArrayLike, *, time: float
) -> Latents:
    """Interpolate between pairs of latent vectors on great circles at a time of a flow, all pairs at once.

    Parameters
    ----------
    flow : Flow
    a, b : array-like [shape=(pairs, z)]
    t : array-like [shape=(n,), 0 to 1]
        Positions; 0 gives exactly `a`, 1 exactly `b`.
    time : float [0 to 1]

    Returns
    -------
    ndarray [shape=(pairs, n, z)]

    Raises
    ------
    LatentError
        If the time is not from 0 to 1.
    """
    first, last = np.asarray(a, float), np.asarray(b, float)
    positions = np.atleast_1d(np.asarray(t, float))
    starts, stops = np.split(flow.to_time(np.concatenate([first, last]), check_time(time)), 2)
    circles = [slerp(start, stop, positions, antipodal="detour") for start, stop in zip(starts, stops, strict=True)]
    z = flow.from_time(np.concatenate(circles), time).astype(float).reshape(len(first), len(positions), -1)
    z[:, positions == 0], z[:, positions == 1] = first[:, None], last[:, None]
    return z


def grid_along_flow(flow: Flow, corners: ArrayLike, size: int, *, time: float) -> Latents:
    """Interpolate four corners over a square grid at a time of a flow.

    Parameters
    ----------
    flow : Flow
    corners : array-like [shape=(4, z)]
        A, B, C, D; see `latentpalette.latent.grids.bilinear_grid`.
    size : int >= 2
        Cells along a side.
    time : float [0 to 1]

    Returns
    -------
    ndarray [shape=(size, size, z)]
        The corners exactly as given. Between them, bilinear blends at that time are scaled to the bilinear blend of
        the corners' norms: so the middle is as far from the origin as the corners are.

    Raises
    ------
    LatentError
        If the time is not from 0 to 1.
    """
    ends = np.asarray(corners, float)
    positions = np.linspace(0.0, 1.0, size)
    weights = bilinear_weights(positions[None, :], positions[:, None]).reshape(-1, 4)
    sources = flow.to_time(ends, check_time(time)).astype(float)
    blends = weights @ sources
    norms = np.linalg.norm(blends, axis=1, keepdims=True)
    blends *= (weights @ np.linalg.norm(sources, axis=1))[:, None] / np.maximum(norms, 1e-12)
    grid = flow.from_time(blends, time).astype(float).reshape(size, size, -1)
    grid[0, 0], grid[0, -1], grid[-1, 0], grid[-1, -1] = ends
    return grid


def check_time(time: float) -> float:
    """Return a time of a flow from 0 to 1, or raise `LatentError`.

    Examples
    --------
    >>> check_time(2.0)
    Traceback (most recent call last):
    latentpalette.errors.LatentError: A time of a flow lies between 0 (noise) and 1 (music); got 2.0.
    """
    if isinstance(time, bool) or not 0 <= time <= 1:
        raise LatentError(f"A time of a flow lies between 0 (noise) and 1 (music); got {time!r}.")
    return float(time)
