"""Directions in latent space along which data, or the music that is decoded from them, vary most.

Principal directions: Pearson (1901). Those of music: reduced-rank regression, Izenman (1975), J. Multivariate Analysis
5, as GANSpace finds directions in the space of what a network makes: Harkonen et al. (2020), arXiv 2004.02546.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import LatentError
from latentpalette.latent.arrays import check_coordinates
from latentpalette.latent.paths import Latents
from latentpalette.validation import check_integer

_NONE = 1e-9  # of the largest spread: no spread
_RIDGE = 0.1  # of the mean variance of z: steadies the regression where there are few examples


@dataclass(frozen=True, eq=False)
class Directions:
    """Directions through latent space, with coordinates in standard deviations of the data from their mean.

    Parameters
    ----------
    mean : ndarray [shape=(z,)]
        Of the data, where all coordinates are 0.
    weights : ndarray [shape=(n, z)]
        The coordinates of z are its distance from the mean times these.
    steps : ndarray [shape=(n, z)]
        What is added to z to move it by one standard deviation along a direction; other coordinates do not change.
    shares : ndarray [shape=(n,), 0 to 1]
        Fraction of the variance that lies along each direction, the largest first.
    """

    mean: Latents
    weights: Latents
    steps: Latents
    shares: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.steps)

    def __repr__(self) -> str:
        return f"Directions({len(self)} of {len(self.mean)} dimensions, {self.shares.sum():.0%} of the variance)"

    def coordinates(self, z: ArrayLike) -> Latents:
        """Return the coordinates [..., n] of latent vectors [..., z].

        Raises
        ------
        LatentError
            If z is of another width.
        """
        z = check_coordinates(z, "Latent vectors z")
        if not z.ndim or z.shape[-1] != len(self.mean):
            raise LatentError(f"These directions are for z [..., {len(self.mean)}]; got shape {z.shape}.")
        return (z - self.mean) @ self.weights.T

    def move(self, z: ArrayLike, amounts: ArrayLike) -> Latents:
        """Move one latent vector along the directions.

        Parameters
        ----------
        z : array-like [shape=(z,)]
        amounts : array-like [shape=(up to n,)]
            How far along each direction, from the first [standard deviations].

        Returns
        -------
        ndarray of float64 [shape=(z,)]
            Added up direction by direction, so that the script of a page (static/state/directions.js), which does the
            same, has the same bits.

        Raises
        ------
        LatentError
            If z has another width, or there are more amounts than directions.

        Examples
        --------
        >>> found = principal_directions([[0.0, 0.0], [2.0, 0.0], [4.0, 1.0], [6.0, 1.0]], 1)
        >>> moved = found.move(found.mean, [2.0])
        >>> found.coordinates(moved).round(6).tolist()
        [2.0]
        """
        moved = check_coordinates(z, "Latent vectors z", "[z]", ndim=1).copy()
        amounts = check_coordinates(amounts, "Amounts", "[n]", ndim=1)
        if len(moved) != len(self.mean) or len(amounts) > len(self):
            raise LatentError(
                f"These are {len(self)} directions for z [{len(self.mean)}]; got z [{len(moved)}] and {len(amounts)} "
                "amounts."
            )
        for amount, step in zip(amounts, self.steps, strict=False):
            moved += amount * step
        return moved


def principal_directions(z: ArrayLike, n: int = 8, *, features: ArrayLike | None = None) -> Directions:
    """Find the directions along which latent vectors, or what is made of them, vary most.

    Parameters
    ----------
    z : array-like [shape=(m, z)]
        Of music, by ``model.encode``, or drawn by ``model.sample_z``; several hundred.
    n : int >= 1
        Number of directions; there are no more than dimensions.
    features : array-like [shape=(m, f)], optional
        What is made of each z: which notes its music has, for example. The directions are then those along which the
        features vary most, as far as they follow from z; the shares are of the features' variance. Without them they
        are the principal directions of z itself.

    Returns
    -------
    Directions
        The signs are such that the largest number of each step is positive: the same data give the same directions.

    Raises
    ------
    LatentError
        If there are fewer than three vectors, numbers are not finite, features do not match, or nothing varies.

    Examples
    --------
    >>> z = np.random.default_rng(1).normal(size=(200, 3)) * [1.0, 5.0, 2.0]
    >>> np.abs(principal_directions(z, 2).steps).round().tolist()
    [[0.0, 5.0, 0.0], [0.0, 0.0, 2.0]]
    >>> found = principal_directions(z, 1, features=np.sign(z[:, :1]))  # what only the first dimension decides
    >>> int(np.abs(found.weights[0]).argmax())
    0
    """
    z = check_coordinates(z, "Latent vectors z", "[m, z]", ndim=2)
    n = check_integer(n, "The number of directions", 1, error=LatentError)
    if len(z) < 3:
        raise LatentError(f"Directions are found among at least three z [m, z]; got shape {z.shape}.")
    mean = z.mean(0)
    centered = z - mean
    if features is None:
        found = _principal(centered, n)
    else:
        made = check_coordinates(features, "Features", "[m, f]", ndim=2)
        if len(made) != len(z):
            raise LatentError(f"Features are given for each of {len(z)} z; got {len(made)}.")
        found = _explaining(centered, made - made.mean(0), n)
    weights, steps, shares = found
    if not len(steps):
        raise LatentError(f"All {len(z)} z are alike, so there is no direction along which they vary.")
    signs = np.sign(steps[np.arange(len(steps)), np.abs(steps).argmax(1)])[:, None]
    return Directions(mean, weights * signs, steps * signs, shares)


def single_dimensions(z: ArrayLike, n: int = 8) -> Directions:
    """Return the single dimensions of latent space in which latent vectors vary most; see `principal_directions`.

    Raises
    ------
    LatentError
        If there are fewer than three vectors, numbers are not finite, or nothing varies.

    Examples
    --------
    >>> single_dimensions([[0.0, 0.0], [2.0, 0.0], [4.0, 0.5], [6.0, 0.5]], 1).steps.round(3).tolist()
    [[2.236, 0.0]]
    """
    z = check_coordinates(z, "Latent vectors z", "[m, z]", ndim=2)
    n = check_integer(n, "The number of directions", 1, error=LatentError)
    if len(z) < 3:
        raise LatentError(f"Directions are found among at least three z [m, z]; got shape {z.shape}.")
    std = z.std(0)
    order = np.argsort(-std, kind="stable")[:n]
    order = order[std[order] > _NONE * std.max()]
    if not len(order):
        raise LatentError(f"All {len(z)} z are alike, so there is no direction along which they vary.")
    units = np.eye(z.shape[1])[order]
    shares = np.square(std[order]) / np.square(std).sum()
    return Directions(z.mean(0), units / std[order, None], units * std[order, None], shares)


def _principal(centered: Latents, n: int) -> tuple[Latents, Latents, NDArray[np.float64]]:
    """Return weights [n, z], steps [n, z] and shares [n] of the principal directions."""
    _, sizes, vectors = np.linalg.svd(centered, full_matrices=False)
    std = sizes / np.sqrt(len(centered))
    kept = min(n, int((std > _NONE * std[0]).sum()))
    vectors, spread = vectors[:kept], std[:kept, None]
    return vectors / spread, vectors * spread, np.square(std[:kept]) / max(np.square(std).sum(), 1e-300)


def _explaining(centered: Latents, made: Latents, n: int) -> tuple[Latents, Latents, NDArray[np.float64]]:
    """Return weights [n, z] whose uncorrelated scores explain most of what was made, with steps and shares."""
    count, width = centered.shape
    covariance = centered.T @ centered / count
    unit = np.trace(covariance) / width * np.eye(width)
    slopes = np.linalg.solve(covariance + _RIDGE * unit, centered.T @ made / count)  # [z, f]
    # Principal directions of the prediction [m, f], found in the smaller space of z: its scores are z times weights.
    root = np.linalg.cholesky(covariance + 1e-9 * unit)
    predicted = root.T @ slopes
    sizes, scores = np.linalg.eigh(predicted @ predicted.T)  # of the features' variance, in ascending order
    sizes, scores = sizes[::-1], scores[:, ::-1]
    kept = min(n, int((sizes > _NONE * sizes[0]).sum()))
    weights = np.linalg.solve(root.T, scores[:, :kept]).T
    weights /= np.sqrt(np.einsum("nz,zy,ny->n", weights, covariance, weights))[:, None]
    return weights, weights @ covariance, sizes[:kept] / (np.square(made).sum() / count)
