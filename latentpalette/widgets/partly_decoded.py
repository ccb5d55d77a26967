"""Clips of places in latent space, decoded part by part: those first that are heard first.

The palette's cells, the row of a mixer, the way of a slider and the grid of Latent Loops are such clips. A slow model
blocks the kernel for less than a tenth of a second at a time; in between it answers whatever else it is asked.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import PaletteError
from latentpalette.progress.parts import PART_WORK, Task, timed
from latentpalette.widgets import settings
from latentpalette.widgets.base import Widget
from latentpalette.widgets.clips import Clip, encode_clips
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.page_model import PageParts
from latentpalette.widgets.requests import Response, Work, handles
from latentpalette.widgets.standalone import PageWidget

# Clips are counted by the steps of their streams: up to QUICK_WORK are sent together. Of more the coarse ones come
# first, and the rest in batches as the browser asks for them. A large batch takes less time a clip than small ones.
QUICK_WORK = 8_000
MAX_BATCH_WORK = 12_288
MIN_BATCH_WORK = 3_000  # on a busy machine: the steps of a clip cost as much alone as with a few others
BATCH_MS = 250.0  # a batch that took longer is followed by a smaller one: what it decodes is heard at its end
FIRST = 4  # places that a browser waits for: with them a grid has its corners, a row its ends
COARSE_SIZE = 5  # places along a side that come first, the ends included


class PartlyDecoded(ABC):
    """Clips of places in latent space, of which some are decoded.

    Attributes
    ----------
    music : ModelClips
    clips : list of (Clip or None)
        None where a place is not decoded yet.
    elapsed_ms : float
        How long those took that are decoded [milliseconds].
    """

    music: ModelClips
    clips: list[Clip | None]
    elapsed_ms: float
    _batch: int | None = None  # how many clips the next batch has, where the last one was slow

    @abstractmethod
    def z_of(self, indices: list[int]) -> NDArray[np.floating]:
        """Return the latent vectors of places [n, z]."""

    @property
    @abstractmethod
    def coarse(self) -> Sequence[int]:
        """The places that are decoded first, in their order."""

    @property
    def missing(self) -> list[int]:
        """The places that are not decoded yet."""
        return [index for index, clip in enumerate(self.clips) if clip is None]

    @property
    def progress(self) -> list[int]:
        """Number of places that are decoded, and of all places."""
        return [len(self.clips) - len(self.missing), len(self.clips)]

    @property
    def is_quick(self) -> bool:
        """True if all of them are decoded at once."""
        return len(self.clips) * self.music.clip_work <= QUICK_WORK

    def decode(self, indices: Iterable[int]) -> list[int]:
        """Decode those places of a list that are not decoded yet; return their indices."""
        todo = [index for index in dict.fromkeys(indices) if self.clips[index] is None]
        if todo:
            start = time.perf_counter()
            for index, clip in zip(todo, self.music.decode(self.z_of(todo).astype(np.float32)), strict=True):
                self.clips[index] = clip
            self.elapsed_ms += (time.perf_counter() - start) * 1000
        return todo

    def decode_all(self) -> list[int]:
        """Decode what is missing; return the indices."""
        return self.decode(self.missing)

    def decode_in_parts(self, indices: Iterable[int]) -> Task[float]:
        """Decode those places of a list that are not decoded yet, in parts; return how long it took [milliseconds]."""
        todo = [index for index in dict.fromkeys(indices) if self.clips[index] is None]
        size, total = max(1, MAX_BATCH_WORK // self.music.clip_work), 0.0
        for start in range(0, len(todo), size):
            batch = todo[start : start + size]
            clips, took = yield from timed(self.music.decode_in_parts(self.z_of(batch).astype(np.float32)))
            for index, clip in zip(batch, clips, strict=True):
                self.clips[index] = clip
            self.elapsed_ms += took
            total += took
        return total

    def decode_batch(self, indices: Iterable[int], preferred: Collection[int] = ()) -> Task[None]:
        """Decode as many places of a list as are worth waiting for, in parts.

        The preferred ones come first, and then coarse ones.
        """
        coarse = set(self.coarse)
        todo = [index for index in dict.fromkeys(indices) if self.clips[index] is None]
        least, most = (max(1, work // self.music.clip_work) for work in (MIN_BATCH_WORK, MAX_BATCH_WORK))
        todo = sorted(todo, key=lambda index: (index not in preferred, index not in coarse))[
            : min(most, self._batch or most)
        ]
        took = yield from self.decode_in_parts(todo)
        self._batch = max(least, int(len(todo) * BATCH_MS / took)) if took > BATCH_MS else most

    @property
    def shown(self) -> Sequence[Clip | None]:
        """The clips that the browser shows."""
        return self.clips

    def fill_in(self, indices: Sequence[int], preferred: Collection[int] = ()) -> Task[list[int]]:
        """Decode a batch of what is missing, of the clips that the browser shows and asks for; see `decode_batch`.

        Returns the indices, among those that it shows, of the clips that have come.

        Raises
        ------
        PaletteError
            If there is an index that none of them has.
        """
        asked = self._read_indices(indices)
        yield from self.decode_batch(asked, preferred)
        return [index for index in asked if self.clips[index] is not None]  # some may have been there already

    def decode_first(self, *, is_whole: bool) -> Task[None]:
        """Decode all places if that is quick, else the first few; `is_whole`: else the coarse ones, all at once."""
        if is_whole:
            yield PART_WORK
            self.decode(self.missing if self.is_quick else self.coarse)
        else:
            yield from self.decode_in_parts(self.missing if self.is_quick else self.coarse[:FIRST])

    def at(self, index: int) -> Clip:
        """Return the clip of a place, which is decoded if it is not yet."""
        self.decode([index])
        clip = self.clips[index]
        assert clip is not None
        return clip

    def _read_indices(self, indices: Sequence[int]) -> Sequence[int]:
        if indices and max(indices) >= len(self.shown):
            raise PaletteError(f"There are {len(self.shown)} clips here; got the index {max(indices)}.")
        return indices


def coarse_axis(size: int) -> list[int]:
    """Return the places along a side that are decoded first, ends included.

    Examples
    --------
    >>> coarse_axis(11), coarse_axis(3)
    ([0, 2, 5, 8, 10], [0, 1, 2])
    """
    axis: list[int] = np.unique(np.linspace(0, size - 1, COARSE_SIZE).round().astype(int)).tolist()
    return axis


class FillsIn(Widget):
    """An instrument whose browser asks for missing clips, until all are there or others take their place."""

    _cells: PartlyDecoded

    @abstractmethod
    def _keep_cells(self) -> None:
        """Set the traits of the clips to what is decoded by now, which the browser has or asks for."""

    @property
    def _preferred(self) -> Collection[int]:
        """The clips that play one after the other, which come before others."""
        return ()

    def _decode_all(self) -> None:
        if self._cells.decode_all():
            self._keep_cells()

    def page_widgets_in_parts(self, parts: PageParts) -> Task[list[PageWidget]]:
        """Return what `page_widgets` does, in parts; a page has all clips."""
        cells = self._cells
        yield from cells.decode_in_parts(cells.missing)
        if self._cells is cells:  # no others have taken their place
            self._keep_cells()
        return (yield from super().page_widgets_in_parts(parts))

    @handles("cells", indices=settings.check_cell_indices)
    def _handle_cells(self, *, indices: list[int]) -> Response | Work:
        """Decode some of the clips that are missing."""
        return self._fill_in(indices)

    def _fill_in(self, indices: list[int]) -> Work:
        cells = self._cells
        came = yield from cells.fill_in(indices, self._preferred)
        if self._cells is not cells:  # others have taken their place
            return {"indices": [], "progress": self._cells.progress}, [encode_clips([])]
        self._keep_cells()
        shown = cells.shown
        return {"indices": came, "progress": cells.progress}, [encode_clips([shown[index] for index in came])]
