"""The tiles of a sampler as they are rolled: those of a slow model come one after the other."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from latentpalette.progress.board import show_progress
from latentpalette.progress.parts import finish
from latentpalette.widgets.awaited_tiles import AwaitedTile, awaited_tiles, label_of
from latentpalette.widgets.clips import Clip, encode_clips
from latentpalette.widgets.partly_decoded import QUICK_WORK
from latentpalette.widgets.sampled import draw_until_found, measure
from latentpalette.widgets.sampler_requests import SamplerRequests

_FIRST = 4  # tiles of a slow model that are drawn at once


class SamplerTiles(SamplerRequests):
    """A sampler that rolls its tiles."""

    # True while traits are set together: by the browser, or by a roll.
    _is_rolling = True

    @abstractmethod
    def _update(self) -> None:
        """Compute the traits that follow from the tiles."""

    def _free(self) -> list[int]:
        """Return the tiles that have no star, or are not there yet."""
        awaited = {each.tile for each in self._awaited()}
        return [index for index, star in enumerate(self.stars) if not star or index in awaited]

    def _outside(self) -> list[int]:
        """Return the tiles without a star whose attributes are not in the ranges."""
        names = [attribute.name for attribute in self._attributes]
        asked = [(names.index(name), low, high) for name, (low, high) in self.ranges.items()]
        return [
            index
            for index in self._free()
            if not (numbers := self.values[index]) or not all(low <= numbers[k] <= high for k, low, high in asked)
        ]

    @contextmanager
    def _rolling(self) -> Iterator[None]:
        """Set traits together: they are sent in one message, and the tiles are computed once, at the end."""
        was_rolling, self._is_rolling = self._is_rolling, True
        try:
            with self.hold_sync():
                yield
        finally:
            self._is_rolling = was_rolling
        if not was_rolling:
            self._update()

    _together = _rolling

    def _draw_settings(self) -> dict[str, Any]:
        return {
            "temperature": self.temperature,
            "best_of": self.best_of,
            "conditions": self.conditions,
            "ranges": self.ranges,
        }

    def _roll(self, indices: list[int], seed: int) -> None:
        """Put samples into tiles, those of the seed in order."""
        if not indices:
            return
        labels = [label_of(seed, number) for number in range(len(indices))]
        is_slow = len(indices) * self.best_of * self._music.clip_work > QUICK_WORK
        if is_slow and not self.ranges:
            first = sorted({*range(_FIRST), *(number for number, index in enumerate(indices) if index == self.tile)})
            drawn = self._draw_now(seed, [number for number in first if number < len(indices)])
            clips = [drawn.get(number) for number in range(len(indices))]
            tried = found = len(indices)
        else:
            draw = draw_until_found(self._music, self._attributes, len(indices), seed=seed, **self._draw_settings())
            tried, found = draw.tried, len(draw.clips)
            missing = len(indices) - found
            clips, labels = [*draw.clips, *[None] * missing], [*labels[:found], *[""] * missing]
        with self._rolling():
            self._store_tiles(indices, clips, labels)
            self.tried, self.found = tried, found
            self.last_seed = max(self.last_seed, seed)

    def _draw_now(self, seed: int, numbers: list[int]) -> dict[int, Clip]:
        """Return samples of a seed by their number."""
        settings = self._draw_settings()
        del settings["ranges"]
        samples = self._samples_of({"seed": seed, "chords": self.chords, **settings})
        finish(samples.draw(numbers))
        return {number: self._music.clip(samples.music[number]) for number in numbers}

    def _awaited(self) -> list[AwaitedTile]:
        return awaited_tiles(self._decoded(), self.labels)

    def _finish_tiles(self, indices: Iterable[int] | None = None) -> None:
        """Draw the tiles of a slow model that are not there yet, or those of them that are named."""
        wanted = None if indices is None else set(indices)
        awaited = [each for each in self._awaited() if wanted is None or each.tile in wanted]
        for seed in dict.fromkeys(each.seed for each in awaited):
            own = [each for each in awaited if each.seed == seed]
            tiles = [each.tile for each in own]
            with show_progress("Sampling"):
                clips = self._draw_now(seed, [each.number for each in own])
            with self._rolling():
                self._store_tiles(tiles, [clips[each.number] for each in own], [self.labels[tile] for tile in tiles])

    def _finish_trait(self, name: str) -> None:
        """Draw what a trait has of tiles that are not there yet; see `AwaitedTrait`."""
        if not self._is_rolling:
            self._finish_tiles([self.tile] if name == "selected" else None)

    def _store_tiles(self, indices: list[int], clips: Sequence[Clip | None], labels: list[str]) -> None:
        present = [*self._decoded(), *[None] * self.n][: self.n]
        named = [*self.labels, *[""] * self.n][: self.n]
        for index, clip, label in zip(indices, clips, labels, strict=True):
            present[index], named[index] = clip, label
        self.clips = encode_clips(present)
        self.labels = named
        self.values = [[] if clip is None else self._measure(clip) for clip in present]

    def _measure(self, clip: Clip) -> list[float]:
        return measure(self._attributes, self._music.sequence(clip))
