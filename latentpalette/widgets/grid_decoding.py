"""A grid of loops from four corners: they are encoded, and the blends of their means decoded in one batch."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import LatentError, PaletteError
from latentpalette.latent import flow_paths
from latentpalette.latent.grids import bilinear_grid
from latentpalette.progress.board import show_progress
from latentpalette.validation import short_repr
from latentpalette.widgets import settings
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.corners import display_name, require_drum_converter
from latentpalette.widgets.settings import MAX_TOKENS, NUM_STEPS

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

CELL_BYTES = 2 * NUM_STEPS  # a token is sent as 16 bits, little endian


class GridInputs(NamedTuple):
    """The values that a grid is decoded from.

    Parameters
    ----------
    patterns : list of 4 lists of int [length 32]
        Tokens of the corners A, B, C, D.
    size : int
        Cells along a side.
    interpolation : "lerp" or float [0 to 1]
        How the corners are blended; see `latentpalette.latent.flow_paths.check_blend`.
    """

    patterns: Sequence[Sequence[int]]
    size: int
    interpolation: str | float


@dataclass(frozen=True)
class DecodedGrid:
    """A decoded grid, as it is sent to the browser.

    Parameters
    ----------
    cells : bytes
        Tokens [size, size, 32], 16 bits each, little endian.
    corner_z : bytes
        Posterior means of the corners [4, z], 32-bit floats, little endian.
    norm_percentiles : list of int [length size * size]
        Rank of each cell's distance from the origin among samples of the prior; see `norm_percentiles`.
    elapsed_ms : float
        How long it took [milliseconds].
    z : ndarray [shape=(size, size, z)], optional
        Latent vectors of the cells, which the browser does not have.
    """

    cells: bytes
    corner_z: bytes
    norm_percentiles: list[int]
    elapsed_ms: float
    z: NDArray[np.floating] | None = None

    def as_traits(self) -> dict[str, Any]:
        """Return the traits of a palette that hold the grid."""
        return {
            "cells": self.cells,
            "corner_z": self.corner_z,
            "norm_percentiles": self.norm_percentiles,
            "decode_ms": self.elapsed_ms,
        }

    def check(self) -> None:
        """Raise an error if a browser has sent bytes that no model makes.

        Raises
        ------
        PaletteError
            If a cell has a drum that there is not, or z is not finite.
        """
        if (np.frombuffer(self.cells, "<u2") >= MAX_TOKENS).any():
            raise PaletteError(f"The tokens of a cell are below {MAX_TOKENS}; there are larger ones in this grid.")
        if not np.isfinite(np.frombuffer(self.corner_z, "<f4")).all():
            raise PaletteError("The z of a corner is finite; there is NaN or infinity in this one.")


def check_interpolation(model: MusicVAE, interpolation: str | float | None) -> str | float:
    """Return how a model blends corners: by default at `FLOW_TIME` of its learned prior, or without one by lerp.

    Raises
    ------
    SettingError
        If it is no such blend, or a time for a model without a learned prior.
    """
    try:
        return flow_paths.check_blend(interpolation, model.prior)
    except LatentError as error:
        if model.prior is not None:
            return settings.check_interpolation(interpolation)  # raises an error that lists what there is
        raise SettingError(
            f"interpolation={short_repr(interpolation)} needs a model with a learned prior; "
            f'{display_name(model)} has none, and blends by "lerp". `latentpalette fit-prior` fits one.'
        ) from error


def decode_grid(model: MusicVAE, inputs: GridInputs) -> DecodedGrid:
    """Decode the grid between four patterns, arg-max.

    Parameters
    ----------
    model : MusicVAE
        A drum model.
    inputs : GridInputs
    """
    patterns, size, interpolation = inputs
    start = time.perf_counter()
    converter = require_drum_converter(model)
    with show_progress("Decoding the palette's cells"):
        corners = model.posterior_arrays(np.stack([converter.example(pattern).inputs for pattern in patterns]))
        means = corners.mu.astype("<f4")  # [4, z]
        grid = flow_paths.interpolate_corners(means, size, flow=model.prior, interpolation=interpolation)
        z = grid.reshape(size * size, -1)  # [cells, z]
        tokens = model.decode_classes(z.astype(np.float32))  # [cells, 32]: the class of a drum model is its token
    elapsed_ms = (time.perf_counter() - start) * 1000
    if model.prior is None:
        variance = bilinear_grid(np.square(corners.sigma), size).reshape(size * size, -1)
        percentiles = norm_percentiles(z, variance)
    else:
        percentiles = sample_percentiles(z, model.prior.sample_norms)
    return DecodedGrid(tokens.astype("<u2").tobytes(), means.tobytes(), percentiles, elapsed_ms, grid)


def read_cells(cells: bytes) -> NDArray[np.uint16]:
    """Return the tokens of a grid [size, size, 32] from `DecodedGrid.cells`."""
    size = math.isqrt(len(cells) // CELL_BYTES)
    return np.frombuffer(cells, "<u2").reshape(size, size, NUM_STEPS)


def interpolate_corners(
    model: MusicVAE, corner_z: bytes, size: int, interpolation: str | float
) -> NDArray[np.floating]:
    """Return the latent vectors of a grid [size, size, z] from `DecodedGrid.corner_z`."""
    corners = np.frombuffer(corner_z, "<f4").reshape(4, -1)
    return flow_paths.interpolate_corners(corners, size, flow=model.prior, interpolation=interpolation)


def norm_percentiles(mu: NDArray[np.floating], variance: NDArray[np.floating]) -> list[int]:
    """Return the share of samples of N(0, I) that lie nearer to the origin than a typical z of each cell [percent].

    Parameters
    ----------
    mu, variance : ndarray [shape=(n, z)]
        A mean lies nearer to the origin than samples around it, so the expected square of the norm, mu^2 + sigma^2,
        is compared. Loops that the model knows come out around 50.

    Notes
    -----
    The squared norm of a standard normal vector has a chi-square distribution, whose distribution function is
    computed by the cube root of Wilson and Hilferty (1931), good to half a percent from three dimensions on.

    Examples
    --------
    >>> norm_percentiles(np.zeros((1, 64)), np.zeros((1, 64))), norm_percentiles(np.zeros((1, 64)), np.ones((1, 64)))
    ([0], [52])
    """
    squares, dimensions = (np.square(mu) + variance).sum(axis=1), mu.shape[1]
    spread = math.sqrt(2 / (9 * dimensions))
    scores = (np.cbrt(squares / dimensions) - (1 - spread**2)) / spread
    return [round(50 * (1 + math.erf(score / math.sqrt(2)))) for score in scores.tolist()]


def sample_percentiles(z: NDArray[np.floating], norms: NDArray[np.floating]) -> list[int]:
    """Return the share of samples of a learned prior that lie nearer to the origin than each z [percent].

    Parameters
    ----------
    z : ndarray [shape=(n, z)]
        Posterior means, as the learned prior draws them.
    norms : ndarray [shape=(m,)]
        Of samples, in ascending order.

    Examples
    --------
    >>> sample_percentiles(np.array([[3.0, 4.0], [0.0, 1.0]]), np.array([2.0, 4.0, 6.0, 8.0]))
    [50, 0]
    """
    ranks = np.searchsorted(norms, np.linalg.norm(z, axis=1))
    return [round(100 * rank / len(norms)) for rank in ranks.tolist()]
