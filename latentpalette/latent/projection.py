"""Latent space laid flat: the plane that shows the most of it.

Principal components, found by singular value decomposition. Source: Pearson (1901); as a picture of a latent space,
every variational autoencoder's since Kingma & Welling (2014), arXiv 1312.6114.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import LatentError
from latentpalette.latent.paths import Latents


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane through latent space, with a unit of its own on either axis.

    A point on it is (x, y), counted in standard deviations of the data from their mean.

    Parameters
    ----------
    centre : ndarray [shape=(z,)]
        The data's mean: where (0, 0) is.
    axes : ndarray [shape=(2, z)]
        Two directions of length 1 at right angles; the first is the one along which the data vary most.
    spread : ndarray [shape=(2,)]
        Standard deviation of the data along each.
    share : float [0 to 1]
        How much of the data's variance the plane shows.
    """

    centre: Latents
    axes: Latents
    spread: Latents
    share: float

    def __repr__(self) -> str:
        return f"Plane(through {len(self.centre)} dimensions, {self.share:.0%} of the variance)"

    def flat(self, z: ArrayLike) -> Latents:
        """Where places [n, z] lie on the plane, seen from straight above: points [n, 2].

        Raises
        ------
        LatentError
            If z is of another width.
        """
        places = np.asarray(z, np.float64)
        if places.ndim != 2 or places.shape[1] != len(self.centre):
            raise LatentError(f"This plane is for places [n, {len(self.centre)}]; got shape {places.shape}.")
        return (places - self.centre) @ self.axes.T / self.spread

    def lifted(self, points: ArrayLike) -> Latents:
        """Points (x, y) [..., 2] on the plane as places [..., z]."""
        return self.centre + (np.asarray(points, np.float64) * self.spread) @ self.axes


def plane(z: ArrayLike) -> Plane:
    """The plane along which these places vary most.

    Parameters
    ----------
    z : array-like [shape=(n, z)]
        Where music lies: `model.encode`.

    Returns
    -------
    Plane
        With two dimensions it is the whole space, with its axes turned so that the data vary most along x.

    Raises
    ------
    LatentError
        If there are fewer than three places or two dimensions, a place is not finite, or all lie on one line.

    Notes
    -----
    The sign of an axis is settled by its largest coordinate, which is positive, so that the same data give the same
    picture on every machine.

    Examples
    --------
    >>> found = plane([[0.0, 0.0, 1.0], [2.0, 0.0, 1.0], [4.0, 1.0, 1.0], [6.0, 1.0, 1.0]])
    >>> found.flat([[3.0, 0.5, 1.0]]).round(6).tolist()
    [[0.0, 0.0]]
    >>> found.lifted(found.flat([[6.0, 1.0, 1.0]])).round(6).tolist()
    [[6.0, 1.0, 1.0]]
    """
    places = np.asarray(z, np.float64)
    if places.ndim != 2 or len(places) < 3 or places.shape[1] < 2:
        raise LatentError(f"A plane is laid through at least three places [n, 2 or more]; got shape {places.shape}.")
    if not np.isfinite(places).all():
        raise LatentError("A place in latent space is made of finite numbers; there are NaN or infinite ones.")
    centre = places.mean(0)
    _, lengths, directions = np.linalg.svd(places - centre, full_matrices=False)
    spread = lengths / np.sqrt(len(places))
    if spread[1] <= 1e-9 * spread[0]:
        raise LatentError(f"All {len(places)} places lie on one line or one point; no plane is meant.")
    axes = directions[:2]
    axes = axes * np.sign(axes[[0, 1], np.abs(axes).argmax(1)])[:, None]
    return Plane(centre, axes, spread[:2], float((spread[:2] ** 2).sum() / (spread**2).sum()))


def grid(size: int, *, reach: float = 2.0) -> NDArray[np.float64]:
    """The middles of the cells of a square: points (x, y) [size, size, 2], from -reach to reach.

    Row by row from the top, where y is largest; each row from the left.

    Examples
    --------
    >>> grid(2, reach=2.0).tolist()
    [[[-1.0, 1.0], [1.0, 1.0]], [[-1.0, -1.0], [1.0, -1.0]]]
    """
    if size < 2:
        raise LatentError(f"A grid has at least 2 cells along a side; got {size}.")
    middles = (np.arange(size) + 0.5) / size * 2 * reach - reach
    x, y = np.meshgrid(middles, middles[::-1])
    return np.stack([x, y], -1)
