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
from latentpalette.latent.arrays import check_coordinates
from latentpalette.latent.grids import bilinear_grid, bilinear_weights, check_corners, check_size
from latentpalette.latent.paths import Latents, check_ends, slerp
from latentpalette.progress.parts import Task, finish
from latentpalette.validation import check_number, short_repr

FLOW_TIME = 0.4  # as close to music as time 0, and paths change no more from step to step than straight lines


class Flow(Protocol):
    """An invertible map between latent vectors and where they come from at a time; see `models.flow.FlowPrior`."""

    def to_time(self, z: ArrayLike, time: float) -> NDArray[np.float32]:
        """Return where z [n, z] comes from at a time from 0 (noise) to 1 (itself)."""

    def from_time(self, z: ArrayLike, time: float) -> NDArray[np.float32]:
        """Invert `to_time`."""

    def to_time_in_parts(self, z: ArrayLike, time: float) -> Task[NDArray[np.float32]]:
        """Do what `to_time` does, in parts."""

    def from_time_in_parts(self, z: ArrayLike, time: float) -> Task[NDArray[np.float32]]:
        """Do what `from_time` does, in parts."""


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
        If the time is not from 0 to 1, or the ends are not two finite vectors of the flow's length.
    """
    a, b, t = check_ends(a, b, t)
    return interpolate_pairs_along_flow(flow, [a], [b], t[:, 0], time=time)[0]


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
    return finish(pairs_along_flow_in_parts(flow, a, b, t, time=time, is_whole=True))


def pairs_along_flow_in_parts(
    flow: Flow,
    a: Sequence[ArrayLike] | Latents,
    b: Sequence[ArrayLike] | Latents,
    t: ArrayLike,
    *,
    time: float,
    is_whole: bool = False,
) -> Task[Latents]:
    """Interpolate as `interpolate_pairs_along_flow` does, in parts; `is_whole`: in one, on all cores."""
    time = check_time(time)
    first, last = np.asarray(a, float), np.asarray(b, float)
    positions = np.atleast_1d(np.asarray(t, float))
    sources = yield from _carry_back(flow, np.concatenate([first, last]), time, is_whole=is_whole)
    starts, stops = np.split(sources, 2)
    circles = [slerp(start, stop, positions, antipodal="detour") for start, stop in zip(starts, stops, strict=True)]
    carried = yield from _carry(flow, np.concatenate(circles), time, is_whole=is_whole)
    z = carried.reshape(len(first), len(positions), -1)
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
        If the time is not from 0 to 1, the corners are not four finite vectors of the flow's length, or the size is
        below 2.
    """
    return finish(_grid_along_flow(flow, corners, size, time, is_whole=True))


def _grid_along_flow(flow: Flow, corners: ArrayLike, size: int, time: float, *, is_whole: bool) -> Task[Latents]:
    time = check_time(time)
    ends, size = check_corners(corners), check_size(size)
    positions = np.linspace(0.0, 1.0, size)
    weights = bilinear_weights(positions[None, :], positions[:, None]).reshape(-1, 4)
    z = yield from _blend_along_flow(flow, ends, weights, time, is_whole=is_whole)
    return z.reshape(size, size, -1)


def _blend_along_flow(
    flow: Flow, corners: Latents, weights: NDArray[np.floating], time: float, *, is_whole: bool
) -> Task[Latents]:
    """Blend four corners [4, z] at a time of a flow with weights [n, 4]; a corner with all the weight is exact."""
    sources = (yield from _carry_back(flow, corners, time, is_whole=is_whole)).astype(float)
    blends = weights @ sources
    norms = np.linalg.norm(blends, axis=1, keepdims=True)
    blends *= (weights @ np.linalg.norm(sources, axis=1))[:, None] / np.maximum(norms, 1e-12)
    z = yield from _carry(flow, blends, time, is_whole=is_whole)
    rows, ends = np.nonzero(weights == 1)
    z[rows] = corners[ends]
    return z


def _carry_back(flow: Flow, z: Latents, time: float, *, is_whole: bool) -> Task[NDArray[np.float32]]:
    """Carry latent vectors [n, z] to a time of a flow: all at once, or in parts."""
    return flow.to_time(z, time) if is_whole else (yield from flow.to_time_in_parts(z, time))


def _carry(flow: Flow, points: Latents, time: float, *, is_whole: bool) -> Task[Latents]:
    """Carry points [n, z] from a time of a flow to time 1: all at once, or in parts."""
    carried = flow.from_time(points, time) if is_whole else (yield from flow.from_time_in_parts(points, time))
    return carried.astype(float)


def vary_along_flow(flow: Flow, z: ArrayLike, noise: ArrayLike, *, similarity: float) -> Latents:
    """Vary a latent vector: mix it with noise as it is mixed at a time of a flow, and carry the mixtures forward.

    The earlier the time, the more of the piece is noise. A straight line from the vector to samples leaves the region
    where music is; this does not, since mixtures of music and noise are what the flow was trained on. Source: SDEdit,
    Meng et al. (2022), arXiv 2108.01073, with the differential equation of a flow.

    Parameters
    ----------
    flow : Flow
    z : array-like [shape=(z,)]
    noise : array-like [shape=(n, z)]
        Standard normal.
    similarity : float [0 to 1]
        The time: 1 gives exactly `z`, n times; 0 samples of the flow.

    Returns
    -------
    ndarray [shape=(n, z)]

    Raises
    ------
    LatentError
        If the similarity is not from 0 to 1, or z and the noise are not finite vectors of the flow's length.
    """
    time = check_time(similarity)
    piece = check_coordinates(z, "Numbers of z", "[z]", ndim=1)
    source = check_coordinates(noise, "Numbers of noise", "[n, z]", ndim=2)
    if time == 1:
        return np.repeat(piece[None], len(source), 0)
    mixture = time * flow.to_time(piece[None], 1.0) + (1 - time) * source
    return flow.from_time(mixture, time).astype(float)


def interpolate_corners(corners: ArrayLike, size: int, *, flow: Flow | None, interpolation: str | float) -> Latents:
    """Interpolate four corners over a square grid: bilinearly, or at a time of a flow.

    Parameters
    ----------
    corners, size
        See `grid_along_flow`.
    flow : Flow or None
    interpolation : "lerp" or float [0 to 1]
        See `check_blend`.

    Returns
    -------
    ndarray [shape=(size, size, z)]

    Raises
    ------
    LatentError
        See `grid_along_flow` and `check_blend`.

    Examples
    --------
    >>> interpolate_corners([[0.0], [1.0], [2.0], [3.0]], 3, flow=None, interpolation="lerp")[:, :, 0].tolist()
    [[0.0, 0.5, 1.0], [1.0, 1.5, 2.0], [2.0, 2.5, 3.0]]
    """
    return finish(corners_in_parts(corners, size, flow=flow, interpolation=interpolation, is_whole=True))


def corners_in_parts(
    corners: ArrayLike, size: int, *, flow: Flow | None, interpolation: str | float, is_whole: bool = False
) -> Task[Latents]:
    """Interpolate as `interpolate_corners` does, in parts; `is_whole`: in one, on all cores."""
    time = check_blend(interpolation, flow)
    if flow is None or isinstance(time, str):
        return bilinear_grid(corners, size)
    return (yield from _grid_along_flow(flow, corners, size, time, is_whole=is_whole))


def blend_at(
    corners: ArrayLike, x: float, y: float, *, flow: Flow | None, interpolation: str | float
) -> NDArray[np.floating]:
    """Return the blend of four corners at a point, which may lie between the cells of a grid.

    Parameters
    ----------
    corners : array-like [shape=(4, z)]
    x, y : float [0 to 1]
    flow, interpolation
        See `interpolate_corners`.

    Returns
    -------
    ndarray [shape=(z,)]

    Raises
    ------
    LatentError
        See `interpolate_corners`.

    Examples
    --------
    >>> blend_at([[0.0], [1.0], [2.0], [3.0]], 0.25, 0.5, flow=None, interpolation="lerp").tolist()
    [1.25]
    """
    return finish(blend_in_parts(corners, x, y, flow=flow, interpolation=interpolation))


def blend_in_parts(
    corners: ArrayLike, x: float, y: float, *, flow: Flow | None, interpolation: str | float
) -> Task[NDArray[np.floating]]:
    """Return the blend of four corners at a point as `blend_at` does, in parts."""
    time = check_blend(interpolation, flow)
    ends, weights = check_corners(corners), bilinear_weights(x, y)[None]
    if flow is None or isinstance(time, str):
        return np.asarray((weights @ ends)[0])
    blends = yield from _blend_along_flow(flow, ends, weights, time, is_whole=False)
    return np.asarray(blends[0])


def check_blend(interpolation: str | float | None, flow: Flow | None) -> str | float:
    """Return how four corners are blended: a time of a flow, or ``"lerp"`` for straight lines.

    Parameters
    ----------
    interpolation : {"lerp", "straight"} or float [0 to 1], optional
        Default: `FLOW_TIME` with a flow, ``"lerp"`` without.
    flow : Flow or None

    Raises
    ------
    LatentError
        If it is neither, or a time without a flow.

    Examples
    --------
    >>> check_blend(None, None), check_blend("straight", None)
    ('lerp', 'lerp')
    >>> check_blend(0.4, None)
    Traceback (most recent call last):
    latentpalette.errors.LatentError: Without a learned prior, corners are blended by lerp alone; got 0.4.
    """
    if interpolation is None:
        return "lerp" if flow is None else FLOW_TIME
    if isinstance(interpolation, str) and interpolation in ("lerp", "straight"):
        return "lerp"
    if flow is None:
        raise LatentError(
            f"Without a learned prior, corners are blended by lerp alone; got {short_repr(interpolation)}."
        )
    return check_time(interpolation)


def check_time(time: object) -> float:
    """Return a time of a flow from 0 to 1, or raise `LatentError`.

    Examples
    --------
    >>> check_time(2.0)
    Traceback (most recent call last):
    latentpalette.errors.LatentError: A time of a flow lies between 0 (noise) and 1 (music); got 2.0.
    """
    try:
        return check_number(time, "A time of a flow", 0, 1, error=LatentError)
    except LatentError:
        raise LatentError(f"A time of a flow lies between 0 (noise) and 1 (music); got {short_repr(time)}.") from None
