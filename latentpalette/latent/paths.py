"""Interpolation between two latent vectors: straight lines and great circles."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import LatentError, ModelError
from latentpalette.latent.arrays import check_coordinates
from latentpalette.old_names import accept_old_arguments
from latentpalette.validation import check_integer, short_repr

Latents = NDArray[np.floating]

MAX_POINTS = 1_000_000  # of an interpolation

# Below this angle [radians] sin is too small to divide by, and the chord equals the arc to within float32.
_MIN_ANGLE = 1e-4


def lerp(a: ArrayLike, b: ArrayLike, t: ArrayLike) -> Latents:
    """Interpolate linearly from `a` to `b`.

    Parameters
    ----------
    a, b : array-like [shape=(z,)]
    t : array-like [shape=(n,), 0 to 1]
        Positions; 0 gives `a`, 1 gives `b`.

    Returns
    -------
    ndarray [shape=(n, z)]

    Raises
    ------
    LatentError
        If the end points are not two finite vectors of one length.

    Examples
    --------
    >>> lerp([0.0, 0.0], [2.0, 4.0], [0.0, 0.5, 1.0]).tolist()
    [[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]]
    """
    a, b, t = check_ends(a, b, t)
    return (1 - t) * a + t * b


def slerp(a: ArrayLike, b: ArrayLike, t: ArrayLike, *, antipodal: Literal["raise", "detour"] = "raise") -> Latents:
    """Interpolate from `a` to `b` along a great circle (spherical linear interpolation).

    Parameters
    ----------
    a, b : array-like [shape=(z,)]
        End points. Norms may differ; they are interpolated, too.
    t : array-like [shape=(n,), 0 to 1]
        Positions; 0 gives `a`, 1 gives `b`.
    antipodal : {"raise", "detour"}
        What to do if `a` and `b` point in opposite directions, where the great circle is not unique: raise, or pass
        through the coordinate axis along which `a` is smallest (in one dimension, interpolate linearly).

    Returns
    -------
    ndarray [shape=(n, z)]

    Raises
    ------
    LatentError
        If the end points are not two finite vectors of one length, or are antipodal and `antipodal` is ``"raise"``.

    Notes
    -----
    Shoemake (1985), with the end points as they are rather than normalized, as MusicVAE does. Falls back to linear
    interpolation where the angle is too small to divide by its sine, or an end point is the origin.

    Examples
    --------
    >>> slerp(np.array([1.0, 0.0]), np.array([0.0, 1.0]), [0.5]).round(3)
    array([[0.707, 0.707]])
    >>> slerp([1.0, 0.0], [-1.0, 0.0], [0.0, 0.5, 1.0], antipodal="detour").round(6).tolist()
    [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]
    """
    a, b, t = check_ends(a, b, t)
    norms = np.linalg.norm(a) * np.linalg.norm(b)
    if norms == 0:
        return lerp(a, b, t[:, 0])
    angle = np.arccos(np.clip(a @ b / norms, -1.0, 1.0))
    if angle < _MIN_ANGLE:
        return lerp(a, b, t[:, 0])
    if angle > np.pi - _MIN_ANGLE:
        if antipodal == "detour":
            return _detour(a, b, t[:, 0])
        raise LatentError(
            "The two end points are antipodal: they point in opposite directions, so the great circle is not unique. "
            'Interpolate through a third point, use lerp, or pass antipodal="detour".'
        )
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)


def check_interpolation(interpolation: object) -> str:
    """Return the name of an interpolation, ``"slerp"`` or ``"lerp"``, or raise `ModelError`.

    Examples
    --------
    >>> check_interpolation("slerp"), check_interpolation("straight")
    ('slerp', 'lerp')
    """
    names = {"slerp": "slerp", "lerp": "lerp", "straight": "lerp"}
    if not isinstance(interpolation, str) or interpolation not in names:
        raise ModelError(
            f"An interpolation is a time of the flow of a learned prior, or slerp or lerp; got "
            f"{short_repr(interpolation)}."
        )
    return names[interpolation]


@accept_old_arguments(kind="interpolation")
def interpolate_z(a: ArrayLike, b: ArrayLike, t: ArrayLike, *, interpolation: str = "slerp") -> Latents:
    """Interpolate between two latent vectors, antipodal ones included.

    Parameters
    ----------
    a, b : array-like [shape=(z,)]
    t : array-like [shape=(n,), 0 to 1]
    interpolation : {"slerp", "lerp"}
        Along a great circle, as Magenta does in Python, or along a straight line, as Magenta does in the browser;
        ``"straight"`` is another name of it.

    Returns
    -------
    ndarray [shape=(n, z)]

    Raises
    ------
    ModelError
        If the interpolation is another; the message lists the names.

    Examples
    --------
    >>> interpolate_z([1.0, 0.0], [0.0, 1.0], [0.5], interpolation="lerp").tolist()
    [[0.5, 0.5]]
    """
    return lerp(a, b, t) if check_interpolation(interpolation) == "lerp" else slerp(a, b, t, antipodal="detour")


def even_positions(n: int) -> NDArray[np.floating]:
    """Return n evenly spaced positions from 0 to 1, both included; for n = 1 it is 0.

    Raises
    ------
    LatentError
        If n is below 1.

    Examples
    --------
    >>> even_positions(3).tolist()
    [0.0, 0.5, 1.0]
    """
    n = check_integer(n, "n, the number of points,", 1, MAX_POINTS, error=LatentError)
    return np.linspace(0.0, 1.0, n)


def _detour(a: Latents, b: Latents, t: Latents) -> Latents:
    """Interpolate between antipodal points by way of the coordinate axis that they use least."""
    if len(a) < 2:
        return lerp(a, b, t)
    direction = a / np.linalg.norm(a)
    axis = np.eye(len(a))[np.abs(a).argmin()]
    across = axis - (axis @ direction) * direction
    middle = across / np.linalg.norm(across) * (np.linalg.norm(a) + np.linalg.norm(b)) / 2
    halves = [slerp(a, middle, 2 * t), slerp(middle, b, 2 * t - 1)]
    return np.where((t < 0.5)[:, None], *halves)


def check_ends(a: ArrayLike, b: ArrayLike, t: ArrayLike) -> tuple[Latents, Latents, Latents]:
    """Return two end points [z] and positions [n, 1] between them, or raise `LatentError`."""
    a, b = check_coordinates(a, "End points"), check_coordinates(b, "End points")
    if a.ndim != 1 or a.shape != b.shape:
        raise LatentError(f"End points are two vectors of one length; got shapes {a.shape} and {b.shape}.")
    positions = np.atleast_1d(check_coordinates(t, "Positions t"))
    if positions.ndim != 1:
        raise LatentError(f"Positions t are an array [n]; got an array of shape {positions.shape}.")
    return a, b, positions[:, None]
