"""Four corners to a grid of loops: encoded, blended, decoded in one batch."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latentpalette.latent.grids import bilinear
from latentpalette.widgets.corners import STEPS, drums_of

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE
    from latentpalette.models.network import Posterior

Pattern = Sequence[int]


@dataclass(frozen=True, eq=False)
class Decoded:
    """A decoded grid.

    Parameters
    ----------
    masks : ndarray of uint16 [shape=(size, size, 32)]
    percentiles : list of int [length size * size]
        How far each cell lies from the middle of latent space, among samples of the prior.
    milliseconds : float
        How long it took.
    """

    masks: NDArray[np.uint16]
    percentiles: list[int]
    milliseconds: float

    @property
    def bytes(self) -> bytes:
        """The masks as they travel: 16 bits each, little endian."""
        return self.masks.astype("<u2").tobytes()


def latent_grid(model: MusicVAE, patterns: Sequence[Pattern], size: int) -> NDArray[np.floating]:
    """The plane between the corners [size, size, z]: their posterior means, blended bilinearly."""
    return bilinear(_posterior(model, patterns).mu, size)


def decode_grid(model: MusicVAE, patterns: Sequence[Pattern], size: int) -> Decoded:
    """Decode the whole grid, arg-max, in one batch."""
    start = time.perf_counter()
    corners = _posterior(model, patterns)
    z = bilinear(corners.mu, size).reshape(size * size, -1)  # [cells, z]
    masks = model.decode_classes(z.astype(np.float32))  # [cells, 32]: a drum model's class is the mask
    spent = (time.perf_counter() - start) * 1000
    blur = bilinear(np.square(corners.sigma), size).reshape(size * size, -1)
    return Decoded(masks.astype(np.uint16).reshape(size, size, STEPS), norm_percentiles(z, blur), spent)


def _posterior(model: MusicVAE, patterns: Sequence[Pattern]) -> Posterior:
    converter = drums_of(model)
    return model.posterior([converter.from_masks(pattern) for pattern in patterns])


def norm_percentiles(mu: NDArray[np.floating], variance: NDArray[np.floating]) -> list[int]:
    """Which share of random samples of the prior lies nearer to the middle than a typical z drawn there [percent].

    Parameters
    ----------
    mu, variance : ndarray [shape=(n, z)]
        Means lie nearer to the middle than what is drawn around them, so the expected square of the norm,
        mu^2 + sigma^2, is what is compared. Loops that the model knows come out around the middle.

    Notes
    -----
    The squared norm of a standard normal vector follows chi-square; its distribution function by the cube root of
    Wilson and Hilferty (1931), good to half a percent from three dimensions on.

    Examples
    --------
    >>> norm_percentiles(np.zeros((1, 64)), np.zeros((1, 64))), norm_percentiles(np.zeros((1, 64)), np.ones((1, 64)))
    ([0], [52])
    """
    squares, free = (np.square(mu) + variance).sum(axis=1), mu.shape[1]
    spread = math.sqrt(2 / (9 * free))
    scores = (np.cbrt(squares / free) - (1 - spread**2)) / spread
    return [round(50 * (1 + math.erf(score / math.sqrt(2)))) for score in scores.tolist()]
