"""The row between two ends: steps from one piece of music to another."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentpalette.latent.paths import even_positions
from latentpalette.music.sequence import NoteSequence
from latentpalette.progress.board import show_progress
from latentpalette.progress.parts import Task, finish
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.partly_decoded import coarse_axis
from latentpalette.widgets.places_between import PlacesBetween, ends_in_parts
from latentpalette.widgets.playback import PlaybackSettings

_MORE_PLACES = 4  # decoded for each step of an even row, to choose from
_COMPARED_PER_DECODED = 100  # clips that are compared in the time that it takes to decode one


class RowInputs(NamedTuple):
    """The values that a row is decoded from.

    Parameters
    ----------
    end_clips : list of 2 dict
        The clips of the ends A and B, as `Clip.to_json` gives them.
    n : int
        Number of steps, both ends included.
    interpolation : {"slerp", "lerp"} or float [0 to 1]
        How the ends are blended; see `latentpalette.models.musicvae.MusicVAE.interpolate`.
    even_steps : bool
        True if the steps are placed so that each changes the music equally much.
    chords : list of str
        What it is decoded over, of a model that is conditioned on chords; see `ModelClips`.
    """

    end_clips: Sequence[dict[str, Any]]
    n: int
    interpolation: str | float
    even_steps: bool
    chords: Sequence[str] = ()


@dataclass(eq=False)
class Row(PlacesBetween):
    """The steps between two ends.

    Even steps are chosen among more places, once all of these are decoded; until then the steps are evenly spaced.

    Parameters
    ----------
    music, z, clips, elapsed_ms
        See `PlacesBetween`; the steps are chosen from these places.
    inputs : RowInputs
    """

    inputs: RowInputs

    @property
    def n(self) -> int:
        """Number of steps, both ends included."""
        return self.inputs.n

    @cached_property
    def places(self) -> list[int]:
        """The place of each step; even steps are decoded for it."""
        if len(self.clips) == self.n:
            return list(range(self.n))
        places: list[int] = self.choose_even(self.n).tolist()
        return places

    @property
    def _shown_places(self) -> list[int]:
        """The place of each step by now."""
        return list(range(0, len(self.clips), _MORE_PLACES)) if self._is_unplaced else self.places

    @property
    def _is_unplaced(self) -> bool:
        return len(self.clips) > self.n and bool(self.missing)

    @property
    def coarse(self) -> list[int]:
        """The ends, and a few steps between them."""
        last = len(self.clips) - 1
        stride = last // (self.n - 1)
        return list(dict.fromkeys([0, last, *(stride * step for step in coarse_axis(self.n))]))

    @property
    def shown(self) -> list[Clip | None]:
        """The clips of the steps by now."""
        return [self.clips[place] for place in self._shown_places]

    @property
    def decoded_steps(self) -> list[int]:
        """The steps that are decoded: all of them, or a few that are evenly spaced."""
        return coarse_axis(self.n) if self.missing else list(range(self.n))

    def fill_in(self, indices: Sequence[int], preferred: Collection[int] = ()) -> Task[list[int]]:
        """Decode a batch of what is missing: steps that are asked for, then places that even steps are chosen from."""
        shown = self._shown_places
        asked = [shown[step] for step in self._read_indices(indices)]
        yield from self.decode_batch([*asked, *self.missing], preferred)
        if len(self.clips) > self.n and not self.missing:
            yield len(self.clips) * self.music.clip_work // _COMPARED_PER_DECODED
            _ = self.places  # the even steps are chosen: all notes of all places are compared
            return list(range(self.n))  # even steps take the place of those that the browser has
        return [step for step in indices if self.clips[shown[step]] is not None]

    @property
    def positions(self) -> NDArray[np.floating]:
        """The place of each step on the way from A to B [n]."""
        return np.array(self.places) / (len(self.clips) - 1)

    def step_z(self, step: int) -> NDArray[np.floating]:
        """Return the latent vector [z] of a step."""
        z: NDArray[np.floating] = self.z[self.places[step]]
        return z

    def step_clip(self, step: int, *, use_original_ends: bool) -> Clip:
        """Return the clip of a step, before locks and mutes."""
        if use_original_ends and step in (0, self.n - 1):
            return Clip.from_json(self.inputs.end_clips[bool(step)])
        return self.at(self.places[step])


def decode_row(music: ModelClips, inputs: RowInputs) -> Row:
    """Encode two ends and decode the steps between them, arg-max; those of a slow model that are heard first."""
    with show_progress("Decoding the row"):
        return finish(row_in_parts(music, inputs, is_whole=True))


def row_in_parts(music: ModelClips, inputs: RowInputs, *, is_whole: bool = False) -> Task[Row]:
    """Decode a row for a browser that waits for it, and asks for the rest: of a slow model only the first few steps.

    Parameters
    ----------
    music : ModelClips
    inputs : RowInputs
    is_whole : bool
        Whether nothing else waits: then it is as `decode_row` says, and on all cores.
    """
    start, music = time.perf_counter(), music.over(inputs.chords)
    n = inputs.n
    positions = even_positions(_MORE_PLACES * (n - 1) + 1 if inputs.even_steps and n > 2 else n)
    _, z = yield from ends_in_parts(music, inputs.end_clips, positions, inputs.interpolation, is_whole=is_whole)
    row = Row(music, z, [None] * len(positions), inputs)
    yield from row.decode_first(is_whole=is_whole)
    row.elapsed_ms = (time.perf_counter() - start) * 1000
    return row


def format_shares(position: float) -> str:
    """Return the shares of both ends at a position in words: "A .75 B .25"."""
    b = f"{position + 1e-9:.2f}"
    a = f"{1 - float(b):.2f}"
    return f"A {a.removeprefix('0')} B {b.removeprefix('0')}"


@dataclass(frozen=True, eq=False)
class Tile:
    """A step of a row, as it is played.

    Its music is decoded when it is first needed. Two are equal if they have the same music: that of one step of one
    row, with the same settings.

    Parameters
    ----------
    index : int
        From 0, the end A.
    row : Row
    music : ModelClips
        Makes notes of the clip.
    use_original_ends : bool
        Whether the ends are the music itself, not the model's reconstructions.
    playback : PlaybackSettings
    qpm : float [quarter notes per minute]

    Attributes
    ----------
    position : float [0 to 1]
        Where it lies on the way from A to B.
    z : ndarray [shape=(z,)]
        Latent vector.
    notes : NoteSequence
        The loop as it is played: with locks and mutes.
    label : str
        For markers in files: ``"step 3 · A .75 B .25"``.
    """

    index: int
    row: Row = field(repr=False)
    music: ModelClips = field(repr=False)
    use_original_ends: bool = field(repr=False)
    playback: PlaybackSettings = field(repr=False)
    qpm: float = field(repr=False)

    @property
    def position(self) -> float:
        """Its place on the way from A to B."""
        return float(self.row.positions[self.index])

    @property
    def z(self) -> NDArray[np.floating]:
        """Latent vector [z]."""
        return self.row.step_z(self.index)

    @cached_property
    def clip(self) -> Clip:
        """The clip as it is played."""
        return self.playback.apply(self.row.step_clip(self.index, use_original_ends=self.use_original_ends))

    @cached_property
    def notes(self) -> NoteSequence:
        """The loop as it is played."""
        return self.music.sequence(self.clip, self.qpm)

    @property
    def label(self) -> str:
        """The step with the shares of both ends."""
        return f"step {self.index + 1} · {format_shares(self.position)}"

    @property
    def _identity(self) -> tuple[object, ...]:
        settings = self.music.programs, self.use_original_ends, self.playback, self.qpm
        return self.index, self.row.inputs, *settings

    def __eq__(self, other: object) -> bool:
        return self._identity == other._identity if isinstance(other, Tile) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.index, self.use_original_ends, self.qpm))
