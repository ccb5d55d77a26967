"""Walks through latent space: straight lines and great circles."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import LatentError

Latents = NDArray[np.floating]

# Below this angle [radians] sin is too small to divide by, and the chord is the arc to within float32.
_TINY_ANGLE = 1e-4


def lerp(a: ArrayLike, b: ArrayLike, t: ArrayLike) -> Latents:
    """Walk the straight line from `a` to `b`.

    Parameters
    ----------
    a, b : array-like [shape=(z,)]
    t : array-like [shape=(n,), 0 to 1]
        Where to stop on the way; 0 is `a`, 1 is `b`.

    Returns
    -------
    ndarray [shape=(n, z)]

    Examples
    --------
    >>> lerp([0.0, 0.0], [2.0, 4.0], [0.0, 0.5, 1.0]).tolist()
    [[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]]
    """
    a, b, t = _ends(a, b, t)
    return (1 - t) * a + t * b


def slerp(a: ArrayLike, b: ArrayLike, t: ArrayLike) -> Latents:
    """Walk the great circle from `a` to `b`.

    Parameters
    ----------
    a, b : array-like [shape=(z,)]
        Ends of the walk. Norms may differ; the walk blends them.
    t : array-like [shape=(n,), 0 to 1]
        Where to stop on the way; 0 is `a`, 1 is `b`.

    Returns
    -------
    ndarray [shape=(n, z)]

    Raises
    ------
    LatentError
        If the ends point in exactly opposite directions: every great circle joins them, so none is meant.

    Notes
    -----
    Shoemake (1985), with the ends as they are rather than normalised, as MusicVAE does. Where the angle is too
    small for sin to divide by, or an end is the origin and so has no direction, the chord is walked instead.

    Examples
    --------
    >>> slerp(np.array([1.0, 0.0]), np.array([0.0, 1.0]), [0.5]).round(3)
    array([[0.707, 0.707]])
    """
    a, b, t = _ends(a, b, t)
    norms = np.linalg.norm(a) * np.linalg.norm(b)
    if norms == 0:
        return lerp(a, b, t[:, 0])
    angle = np.arccos(np.clip(a @ b / norms, -1.0, 1.0))
    if angle < _TINY_ANGLE:
        return lerp(a, b, t[:, 0])
    if angle > np.pi - _TINY_ANGLE:
        raise LatentError(
            "The two ends point in opposite directions, so every great circle joins them and none is meant. "
            "Walk through a third point, or use lerp."
        )
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)


def evenly(steps: int) -> NDArray[np.floating]:
    """Where to stop for `steps` even steps from 0 to 1, ends included; a single step is the start.

    Examples
    --------
    >>> evenly(3).tolist()
    [0.0, 0.5, 1.0]
    """
    if steps < 1:
        raise LatentError(f"A walk has at least one step; got steps={steps}.")
    return np.linspace(0.0, 1.0, steps)


def _ends(a: ArrayLike, b: ArrayLike, t: ArrayLike) -> tuple[Latents, Latents, Latents]:
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.ndim != 1 or a.shape != b.shape:
        raise LatentError(f"The ends of a walk are two vectors of one length; got shapes {a.shape} and {b.shape}.")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise LatentError("The ends of a walk must be finite numbers.")
    return a, b, np.atleast_1d(np.asarray(t, dtype=np.float64))[:, None]
