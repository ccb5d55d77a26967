"""Places between two ends, of which a row and a way are made."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.latent.evenness import choose_even_places, count_changes
from latentpalette.models.interpolation import pairs_in_parts
from latentpalette.progress.parts import Task
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.partly_decoded import PartlyDecoded


@dataclass(eq=False)
class PlacesBetween(PartlyDecoded):
    """Evenly spaced places from one end to the other.

    Parameters
    ----------
    music : ModelClips
    z : ndarray [shape=(m, z)]
        Of the places, the ends included; read-only.
    clips : list of m (Clip or None)
        As the model decodes them; None where a place is not decoded yet.
    elapsed_ms : float
        How long encoding and decoding took [milliseconds].
    """

    music: ModelClips
    z: NDArray[np.floating]
    clips: list[Clip | None]
    elapsed_ms: float = field(default=0.0, kw_only=True)

    def z_of(self, indices: list[int]) -> NDArray[np.floating]:
        """Return the latent vectors of places [n, z]."""
        z: NDArray[np.floating] = self.z[indices]
        return z

    def choose_even(self, n: int) -> NDArray[np.integer]:
        """Return n places, each of which changes the music equally much [n]; all are decoded for it."""
        self.decode_all()
        is_drum = np.array([stream.is_drum for stream in self.music.streams])
        return choose_even_places(count_changes([_onsets(self.at(k), is_drum) for k in range(len(self.clips))]), n)


def _onsets(clip: Clip, is_drum: NDArray[np.bool_]) -> set[Hashable]:
    """Return the step, the pitch and the kind of each note; `is_drum` [streams]."""
    notes = clip.notes
    return set(zip(notes["step"].tolist(), notes["pitch"].tolist(), is_drum[notes["stream"]].tolist(), strict=True))


def ends_in_parts(
    music: ModelClips,
    end_clips: Sequence[dict[str, Any]],
    positions: ArrayLike,
    interpolation: str | float,
    *,
    is_whole: bool,
) -> Task[tuple[NDArray[np.floating], NDArray[np.floating]]]:
    """Return the posterior means of two ends [2, z], and z [n, z] at positions [n] between them; in parts, or whole.

    Both are read-only: steps and places refer to them.
    """
    posterior = yield from music.encode_in_parts([Clip.from_json(clip) for clip in end_clips])
    z = yield from places_in_parts(music, posterior.mu, positions, interpolation, is_whole=is_whole)
    return posterior.mu, z


def places_in_parts(
    music: ModelClips, mu: NDArray[np.floating], positions: ArrayLike, interpolation: str | float, *, is_whole: bool
) -> Task[NDArray[np.floating]]:
    """Return z [n, z] at positions [n] between two ends [2, z]; read-only: steps and places refer to it."""
    z = yield from pairs_in_parts(
        music.model, mu[:1], mu[1:], positions, interpolation=interpolation, is_whole=is_whole
    )
    z[0].flags.writeable = False
    return z[0]
