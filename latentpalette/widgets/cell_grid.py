"""The cells of a palette: their z, and their clips, of which those are decoded first that are heard first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import PaletteError
from latentpalette.latent import flow_paths
from latentpalette.progress.parts import Task, finish
from latentpalette.widgets.clips import Clip, decode_clips, encode_clips
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.partly_decoded import PartlyDecoded, coarse_axis


class GridInputs(NamedTuple):
    """The values that a grid is decoded from.

    Parameters
    ----------
    corner_clips : list of 4 dict
        The clips of the corners A, B, C, D, as `Clip.to_json` gives them.
    size : int
        Cells along a side.
    interpolation : "lerp" or float [0 to 1]
        How the corners are blended; see `latentpalette.latent.flow_paths.check_blend`.
    chords : list of str
        What it is decoded over, of a model that is conditioned on chords; see `ModelClips`.
    """

    corner_clips: Sequence[dict[str, Any]]
    size: int
    interpolation: str | float
    chords: Sequence[str] = ()


@dataclass(eq=False)
class CellGrid(PartlyDecoded):
    """The cells of a palette: the z of all of them, and the clips of those that are decoded.

    Parameters
    ----------
    music : ModelClips
    inputs : GridInputs
    corner_z : ndarray of float32 [shape=(4, z)]
        Posterior means of the corners.
    norm_percentiles : list of int [length size * size]
        Rank of each cell's distance from the origin among samples of the prior; see `norm_percentiles`.
    clips : list of (Clip or None) [length size * size]
        Row by row; None where a cell is not decoded yet.
    elapsed_ms : float
        How long the cells took that are decoded [milliseconds].
    """

    music: ModelClips
    inputs: GridInputs
    corner_z: NDArray[np.float32]
    norm_percentiles: list[int]
    clips: list[Clip | None]
    elapsed_ms: float = field(default=0.0)
    # The point between the cells that was decoded last, its z and its clip.
    _last_between: tuple[tuple[float, float], NDArray[np.floating], Clip] | None = field(default=None, repr=False)

    @classmethod
    def restored(
        cls, music: ModelClips, inputs: GridInputs, cells: bytes, corner_z: bytes, norm_percentiles: list[int]
    ) -> CellGrid:
        """Read a grid that a browser had, and sends back.

        Raises
        ------
        PaletteError
            If it is none that this model makes.
        """
        size = inputs.size
        clips = decode_clips(cells, "The cells")
        if len(clips) != size**2:
            raise PaletteError(f"A grid of {size} by {size} cells has {size**2} clips; got {len(clips)}.")
        for clip in clips:
            if clip is not None:
                music.check_clip(clip, "A cell")
        if len(norm_percentiles) != size**2:
            raise PaletteError(
                f"A grid of {size} by {size} cells has as many percentiles; got {len(norm_percentiles)}."
            )
        width = music.model.config.z_size
        if len(corner_z) != 16 * width:
            raise PaletteError(f"The z of four corners has {16 * width} bytes here; got {len(corner_z)}.")
        means = np.frombuffer(corner_z, "<f4").reshape(4, width)
        if not np.isfinite(means).all():
            raise PaletteError("The z of a corner is finite; there is NaN or infinity in this one.")
        return cls(music.over(inputs.chords), inputs, means, norm_percentiles, clips)

    @property
    def size(self) -> int:
        """Cells along a side."""
        return self.inputs.size

    @cached_property
    def z(self) -> NDArray[np.floating]:
        """Latent vectors [size, size, z]; read-only."""
        return finish(self._blend(is_whole=True))

    def blend_in_parts(self, *, is_whole: bool) -> Task[None]:
        """Compute `z`, a few cells at a time; `is_whole`: all at once."""
        z = yield from self._blend(is_whole=is_whole)
        self.__dict__["z"] = z  # where the cached property looks for it

    def _blend(self, *, is_whole: bool) -> Task[NDArray[np.floating]]:
        flow, interpolation = self.music.model.prior, self.inputs.interpolation
        z = yield from flow_paths.corners_in_parts(
            self.corner_z, self.size, flow=flow, interpolation=interpolation, is_whole=is_whole
        )
        z.flags.writeable = False  # the cell and the path refer to it
        return z

    def z_of(self, indices: list[int]) -> NDArray[np.floating]:
        """Return the latent vectors of cells [n, z]."""
        z: NDArray[np.floating] = self.z.reshape(self.size**2, -1)[indices]
        return z

    @cached_property
    def coarse(self) -> list[int]:
        """The cells of a coarse grid, the corners first."""
        axis, last = coarse_axis(self.size), self.size - 1
        cells = [row * self.size + col for row in axis for col in axis]
        corners = (0, last, last * self.size, self.size**2 - 1)
        return list(dict.fromkeys([*corners, *cells]))

    @property
    def decoded_axis(self) -> list[int]:
        """The rows and columns whose cells are decoded: all of them, or those of the coarse grid."""
        return coarse_axis(self.size) if self.missing else list(range(self.size))

    def cell(self, row: int, col: int) -> Clip:
        """Return the clip of a cell, which is decoded if it is not yet."""
        return self.at(row * self.size + col)

    def between(self, x: float, y: float) -> tuple[NDArray[np.floating], Clip]:
        """Return z [z] and the clip of a point (x, y) between the cells, decoded exactly there."""
        return finish(self.between_in_parts(x, y))

    def between_in_parts(self, x: float, y: float) -> Task[tuple[NDArray[np.floating], Clip]]:
        """Decode a point as `between` does, in parts."""
        if self._last_between is None or self._last_between[0] != (x, y):
            flow, interpolation = self.music.model.prior, self.inputs.interpolation
            z = yield from flow_paths.blend_in_parts(self.corner_z, x, y, flow=flow, interpolation=interpolation)
            (clip,) = yield from self.music.decode_in_parts(z[None].astype(np.float32))
            self._last_between = (x, y), z, clip
        return self._last_between[1:]

    def as_traits(self) -> dict[str, Any]:
        """Return the traits of a palette that hold the grid."""
        return {
            "cells": encode_clips(self.clips),
            "corner_z": self.corner_z.tobytes(),
            "norm_percentiles": self.norm_percentiles,
            "decode_ms": self.elapsed_ms,
        }
