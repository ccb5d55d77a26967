"""A grid between four corners: they are encoded, and the blends of their means are its cells."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import LatentError
from latentpalette.latent import flow_paths
from latentpalette.latent.grids import bilinear_grid
from latentpalette.progress.board import show_progress
from latentpalette.progress.parts import Task, finish
from latentpalette.validation import short_repr
from latentpalette.widgets import settings
from latentpalette.widgets.cell_grid import CellGrid, GridInputs
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.model_clips import ModelClips, display_name

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE


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


def decode_grid(music: ModelClips, inputs: GridInputs) -> CellGrid:
    """Encode four corners and decode the grid between them, arg-max; of a slow model the cells that are heard first."""
    with show_progress("Decoding the palette's cells"):
        return finish(grid_in_parts(music, inputs, is_whole=True))


def grid_in_parts(music: ModelClips, inputs: GridInputs, *, is_whole: bool = False) -> Task[CellGrid]:
    """Decode a grid for a browser that waits for it, and asks for the rest: of a slow model only the first few cells.

    Parameters
    ----------
    music : ModelClips
    inputs : GridInputs
    is_whole : bool
        Whether nothing else waits: then it is as `decode_grid` says, and on all cores.
    """
    music, model = music.over(inputs.chords), music.model
    start = time.perf_counter()
    corners = yield from music.encode_in_parts([Clip.from_json(clip) for clip in inputs.corner_clips])
    grid = CellGrid(music, inputs, corners.mu.astype("<f4"), [], [None] * inputs.size**2)
    yield from grid.blend_in_parts(is_whole=is_whole)
    yield from grid.decode_first(is_whole=is_whole)
    grid.elapsed_ms = (time.perf_counter() - start) * 1000
    z = grid.z.reshape(inputs.size**2, -1)
    if model.prior is None:
        variance = bilinear_grid(np.square(corners.sigma), inputs.size).reshape(inputs.size**2, -1)
        grid.norm_percentiles = norm_percentiles(z, variance)
    else:
        grid.norm_percentiles = sample_percentiles(z, (yield from model.prior.sample_norms_in_parts()))
    return grid


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
