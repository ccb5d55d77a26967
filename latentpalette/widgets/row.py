"""The row between two ends: steps from one piece of music to another, decoded in one batch."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.latent.evenness import choose_even_places, note_changes
from latentpalette.latent.paths import even_positions
from latentpalette.models.interpolation import interpolate_pairs
from latentpalette.music.sequence import NoteSequence
from latentpalette.progress.board import show_progress
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.model_clips import ModelClips

_MORE_PLACES = 4  # decoded for each step of an even row, to choose from


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
    """

    end_clips: Sequence[dict[str, Any]]
    n: int
    interpolation: str | float
    even_steps: bool


@dataclass(frozen=True, eq=False)
class Row:
    """The steps between two ends.

    Parameters
    ----------
    inputs : RowInputs
    positions : ndarray [shape=(n,), 0 to 1]
        Where each step lies on the way from A to B.
    z : ndarray [shape=(n, z)]
    clips : tuple of n Clip
        As the model decodes them, the ends included.
    elapsed_ms : float
        How long encoding and decoding took [milliseconds].
    """

    inputs: RowInputs
    positions: NDArray[np.floating]
    z: NDArray[np.floating]
    clips: tuple[Clip, ...]
    elapsed_ms: float


def decode_row(music: ModelClips, inputs: RowInputs) -> Row:
    """Encode two ends and decode the steps between them, arg-max, in one batch."""
    start = time.perf_counter()
    n = inputs.n
    is_even = inputs.even_steps and n > 2
    with show_progress("Decoding the row"):
        mu = encode_ends(music, inputs.end_clips)
        positions = even_positions(_MORE_PLACES * (n - 1) + 1 if is_even else n)
        z, clips = decode_between(music, mu, positions, inputs.interpolation)
    if is_even:
        places = choose_even_places(note_changes([music.sequence(clip) for clip in clips]), n)
        positions, z, clips = positions[places], z[places], [clips[place] for place in places]
    z.flags.writeable = False  # the tiles refer to it
    return Row(inputs, positions, z, tuple(clips), (time.perf_counter() - start) * 1000)


def encode_ends(music: ModelClips, end_clips: Sequence[dict[str, Any]]) -> NDArray[np.floating]:
    """Return the posterior means of two ends [2, z]."""
    return music.model.posterior_arrays(music.encoder_inputs([Clip.from_json(clip) for clip in end_clips])).mu


def decode_between(
    music: ModelClips, mu: NDArray[np.floating], positions: ArrayLike, interpolation: str | float
) -> tuple[NDArray[np.floating], list[Clip]]:
    """Return z [n, z] at positions [n] between two ends [2, z], and the clips that they are decoded to, arg-max."""
    z = interpolate_pairs(music.model, mu[:1], mu[1:], positions, interpolation=interpolation)[0]
    return z, music.decode(z.astype(np.float32))


def format_shares(position: float) -> str:
    """Return the shares of both ends at a position in words: "A .75 B .25"."""
    b = f"{position + 1e-9:.2f}"
    a = f"{1 - float(b):.2f}"
    return f"A {a.removeprefix('0')} B {b.removeprefix('0')}"


@dataclass(frozen=True, eq=False)
class Tile:
    """A step of a row, as it is played.

    Two are equal if index, position, z and notes are.

    Parameters
    ----------
    index : int
        From 0, the end A.
    position : float [0 to 1]
        Where it lies on the way from A to B.
    z : ndarray [shape=(z,)]
        Latent vector.
    clip : Clip
        What is played, with locks and mutes.
    music : ModelClips
        Makes notes of the clip.
    qpm : float [quarter notes per minute]

    Attributes
    ----------
    notes : NoteSequence
        The loop as it is played.
    label : str
        For markers in files: ``"step 3 · A .75 B .25"``.
    """

    index: int
    position: float
    z: NDArray[np.floating] = field(repr=False)
    clip: Clip = field(repr=False)
    music: ModelClips = field(repr=False)
    qpm: float = field(repr=False)

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
        return self.index, self.position, self.clip, self.music.programs, self.qpm

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tile):
            return NotImplemented
        return self._identity == other._identity and np.array_equal(self.z, other.z)

    def __hash__(self) -> int:
        return hash(self._identity)
