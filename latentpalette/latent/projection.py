"""Projection of latent space to the plane of its first two principal components.

Computed by singular value decomposition. Source: Pearson (1901). Plots of latent spaces since Kingma & Welling (2014),
arXiv 1312.6114, use such planes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import LatentError
from latentpalette.latent.arrays import check_coordinates
from latentpalette.latent.directions import principal_directions
from latentpalette.latent.paths import Latents
from latentpalette.validation import check_integer, check_number

MAX_GRID_SIZE = 10_000  # cells along a side


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane through latent space, with coordinates (x, y) in standard deviations of the data from their mean.

    Parameters
    ----------
    mean : ndarray [shape=(z,)]
        Of the data, at (0, 0).
    components : ndarray [shape=(2, z)]
        Orthonormal directions; the first is the one along which the data vary most.
    std : ndarray [shape=(2,)]
        Standard deviation of the data along each component.
    explained_variance : float [0 to 1]
        Fraction of the data's variance in the plane.
    """

    mean: Latents
    components: Latents
    std: Latents
    explained_variance: float

    def __repr__(self) -> str:
        return f"Plane(through {len(self.mean)} dimensions, {self.explained_variance:.0%} of the variance)"

    def project(self, z: ArrayLike) -> Latents:
        """Project z [n, z] orthogonally to points (x, y) [n, 2].

        Raises
        ------
        LatentError
            If z is of another width.
        """
        z = check_coordinates(z, "Latent vectors z")
        if z.ndim != 2 or z.shape[1] != len(self.mean):
            raise LatentError(f"This plane is for z [n, {len(self.mean)}]; got shape {z.shape}.")
        return (z - self.mean) @ self.components.T / self.std

    def unproject(self, points: ArrayLike) -> Latents:
        """Return z [..., z] for points (x, y) [..., 2] on the plane.

        Raises
        ------
        LatentError
            If points are not pairs of finite numbers.
        """
        points = check_coordinates(points, "Points (x, y)")
        if not points.ndim or points.shape[-1] != 2:
            raise LatentError(f"Points (x, y) are an array [n, 2]; got an array of shape {points.shape}.")
        return self.mean + (points * self.std) @ self.components


def fit_plane(z: ArrayLike) -> Plane:
    """Fit the plane along which latent vectors vary most.

    Parameters
    ----------
    z : array-like [shape=(n, z)]
        Of music, by `model.encode`.

    Returns
    -------
    Plane
        In two dimensions it is the whole space, rotated so that the data vary most along x.

    Raises
    ------
    LatentError
        If there are fewer than three vectors or two dimensions, numbers are not finite, or all vectors lie on one line.

    Notes
    -----
    The sign of a component is chosen so that its largest coordinate is positive: the same data give the same plane on
    every machine.

    Examples
    --------
    >>> plane = fit_plane([[0.0, 0.0, 1.0], [2.0, 0.0, 1.0], [4.0, 1.0, 1.0], [6.0, 1.0, 1.0]])
    >>> plane.project([[3.0, 0.5, 1.0]]).round(6).tolist()
    [[0.0, 0.0]]
    >>> plane.unproject(plane.project([[6.0, 1.0, 1.0]])).round(6).tolist()
    [[6.0, 1.0, 1.0]]
    """
    z = check_coordinates(z, "Latent vectors z")
    if z.ndim != 2 or len(z) < 3 or z.shape[1] < 2:
        raise LatentError(f"A plane is fitted to at least three z [n, 2 or more]; got shape {z.shape}.")
    if (z == z[0]).all() or len(found := principal_directions(z, 2)) < 2:
        raise LatentError(f"All {len(z)} z lie on one line or one point, so the plane is not unique.")
    std = np.linalg.norm(found.steps, axis=1)
    return Plane(found.mean, found.steps / std[:, None], std, float(found.shares.sum()))


def cell_centers(size: int, *, radius: float = 2.0) -> NDArray[np.float64]:
    """Return the centers (x, y) [size, size, 2] of the cells of a square from -radius to radius.

    Row by row from the top, where y is largest; each row from the left.

    Examples
    --------
    >>> cell_centers(2, radius=2.0).tolist()
    [[[-1.0, 1.0], [1.0, 1.0]], [[-1.0, -1.0], [1.0, -1.0]]]
    """
    size = check_integer(size, "The number of cells along a side", 2, MAX_GRID_SIZE, error=LatentError)
    radius = check_number(radius, "radius", 0, 1e9, error=LatentError)
    centers = (np.arange(size) + 0.5) / size * 2 * radius - radius
    x, y = np.meshgrid(centers, centers[::-1])
    return np.stack([x, y], -1)
