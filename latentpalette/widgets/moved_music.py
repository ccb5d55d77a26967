"""The place where latent sliders stand, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from latentpalette.music.sequence import NoteSequence
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.playback import PlaybackSettings


@dataclass(frozen=True, eq=False)
class MovedMusic:
    """The place where latent sliders stand, and what the model makes of it, decoded when it is first needed.

    Two are equal if they are the same place, played with the same settings.

    Parameters
    ----------
    values : tuple of n float
        How far each slider is moved from the music [standard deviations].
    z : ndarray [shape=(z,)]
        Latent vector; read-only.
    norm_percentile : int [0 to 100]
        How far z is from the middle of latent space, among random samples of the model.
    music : ModelClips
        Decodes the place.
    playback : PlaybackSettings
    qpm : float [quarter notes per minute]

    Attributes
    ----------
    notes : NoteSequence
        The loop as it is played: with locks and mutes.
    """

    values: tuple[float, ...]
    z: NDArray[np.float32] = field(repr=False)
    norm_percentile: int
    music: ModelClips = field(repr=False)
    playback: PlaybackSettings = field(repr=False)
    qpm: float = field(repr=False)

    @cached_property
    def source(self) -> Clip:
        """The clip as the model decodes it."""
        return self.music.decode(self.z[None])[0]

    @cached_property
    def clip(self) -> Clip:
        """The clip as it is played."""
        return self.playback.apply(self.source)

    @cached_property
    def notes(self) -> NoteSequence:
        """The loop as it is played."""
        return self.music.sequence(self.clip, self.qpm)

    @property
    def _identity(self) -> tuple[object, ...]:
        return self.values, self.z.tobytes(), self.music.programs, self.music.chords, self.playback, self.qpm

    def __eq__(self, other: object) -> bool:
        return self._identity == other._identity if isinstance(other, MovedMusic) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.values, self.z.tobytes(), self.qpm))
