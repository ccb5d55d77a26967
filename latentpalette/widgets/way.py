"""The way between two ends: music at any place on it, a fine row of evenly spaced places among them."""

from __future__ import annotations

import time
from collections.abc import Sequence
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
from latentpalette.widgets.places_between import PlacesBetween, ends_in_parts, places_in_parts
from latentpalette.widgets.playback import PlaybackSettings
from latentpalette.widgets.row import format_shares

NUM_PLACES = 33  # evenly spaced; the browser plays the nearest until Python has decoded the exact one


class WayInputs(NamedTuple):
    """The values that a way is decoded from.

    Parameters
    ----------
    end_clips : list of 2 dict
        The clips of the ends A and B, as `Clip.to_json` gives them.
    interpolation : {"slerp", "lerp"} or float [0 to 1]
        How the ends are blended; see `latentpalette.models.musicvae.MusicVAE.interpolate`.
    chords : list of str
        What it is decoded over, of a model that is conditioned on chords; see `ModelClips`.
    """

    end_clips: Sequence[dict[str, Any]]
    interpolation: str | float
    chords: Sequence[str] = ()


@dataclass(eq=False)
class Way(PlacesBetween):
    """The way between two ends.

    Parameters
    ----------
    music, z, clips, elapsed_ms
        See `PlacesBetween`; there are 33 places.
    inputs : WayInputs
    mu : ndarray [shape=(2, z)]
        Posterior means of the ends.
    """

    inputs: WayInputs
    mu: NDArray[np.floating]

    @property
    def coarse(self) -> list[int]:
        """The ends, and a few places between them."""
        return list(dict.fromkeys([0, NUM_PLACES - 1, *coarse_axis(NUM_PLACES)]))

    def decode_at(self, t: float) -> tuple[NDArray[np.floating], Clip]:
        """Return z [z] and the clip at a place [0 to 1]."""
        return finish(self.place_in_parts(t))

    def place_in_parts(self, t: float) -> Task[tuple[NDArray[np.floating], Clip]]:
        """Return z and the clip of a place as `decode_at` does, in parts."""
        place = t * (NUM_PLACES - 1)
        if place == round(place):
            yield from self.decode_in_parts([round(place)])
            return self.z[round(place)], self.at(round(place))
        z = yield from places_in_parts(self.music, self.mu, [t], self.inputs.interpolation, is_whole=True)
        (clip,) = yield from self.music.decode_in_parts(z.astype(np.float32))
        return z[0], clip

    def steps(self, n: int, *, are_even: bool) -> list[float]:
        """Return the places of n steps, at equal distances or, if `are_even`, so that each changes equally much.

        The even ones are chosen among the evenly spaced places, which are all decoded for it.
        """
        if not are_even:
            return even_positions(n).tolist()
        return (self.choose_even(n) / (NUM_PLACES - 1)).tolist()


def decode_way(music: ModelClips, inputs: WayInputs) -> Way:
    """Encode two ends and decode places between them, arg-max; those of a slow model that are heard first."""
    with show_progress("Decoding the way"):
        return finish(way_in_parts(music, inputs, is_whole=True))


def way_in_parts(music: ModelClips, inputs: WayInputs, *, is_whole: bool = False) -> Task[Way]:
    """Decode a way for a browser that waits for it, and asks for the rest: of a slow model only the first few places.

    Parameters
    ----------
    music : ModelClips
    inputs : WayInputs
    is_whole : bool
        Whether nothing else waits: then it is as `decode_way` says, and on all cores.
    """
    start, music = time.perf_counter(), music.over(inputs.chords)
    positions = even_positions(NUM_PLACES)
    mu, z = yield from ends_in_parts(music, inputs.end_clips, positions, inputs.interpolation, is_whole=is_whole)
    way = Way(music, z, [None] * NUM_PLACES, inputs, mu)
    yield from way.decode_first(is_whole=is_whole)
    way.elapsed_ms = (time.perf_counter() - start) * 1000
    return way


@dataclass(frozen=True, eq=False)
class Place:
    """A place on the way from A to B, and its music. Both are decoded when they are first needed.

    Two are equal if they have the same music: that of one `t`, between the same ends, with the same settings.

    Parameters
    ----------
    t : float [0 to 1]
        0 is A, 1 is B.
    way : Way
    music : ModelClips
        Makes notes of the clip.
    use_original_ends : bool
        Whether the ends are the music itself, not the model's reconstructions.
    playback : PlaybackSettings
    qpm : float [quarter notes per minute]

    Attributes
    ----------
    z : ndarray [shape=(z,)]
        Latent vector.
    notes : NoteSequence
        The loop as it is played: with locks and mutes.
    label : str
        For markers in files: ``"A .62 B .38"``.
    """

    t: float
    way: Way = field(repr=False)
    music: ModelClips = field(repr=False)
    use_original_ends: bool = field(repr=False)
    playback: PlaybackSettings = field(repr=False)
    qpm: float = field(repr=False)

    @cached_property
    def _decoded(self) -> tuple[NDArray[np.floating], Clip]:
        return self.way.decode_at(self.t)

    @property
    def z(self) -> NDArray[np.floating]:
        """Latent vector [z]."""
        return self._decoded[0]

    @cached_property
    def clip(self) -> Clip:
        """The clip as it is played."""
        if self.use_original_ends and self.t in (0, 1):
            return self.playback.apply(Clip.from_json(self.way.inputs.end_clips[round(self.t)]))
        return self.playback.apply(self._decoded[1])

    @cached_property
    def notes(self) -> NoteSequence:
        """The loop as it is played."""
        return self.music.sequence(self.clip, self.qpm)

    @property
    def label(self) -> str:
        """The shares of both ends."""
        return format_shares(self.t)

    @property
    def _identity(self) -> tuple[object, ...]:
        return self.t, self.way.inputs, self.music.programs, self.use_original_ends, self.playback, self.qpm

    def __eq__(self, other: object) -> bool:
        return self._identity == other._identity if isinstance(other, Place) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.t, self.use_original_ends, self.qpm))
