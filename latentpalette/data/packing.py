"""Windows of music in their most compact form: what a corpus keeps on disk, and a training run in memory.

Each representation has one packed form, an array of small integers; `latentpalette.data.batches.base` unpacks it on the
device.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.base import Converter
from latentpalette.converters.drums import DrumsConverter
from latentpalette.converters.groove import GrooveConverter
from latentpalette.converters.registry import converter
from latentpalette.converters.trio import TrioConverter
from latentpalette.errors import TrainingError
from latentpalette.music.sequence import NoteSequence

FINENESS = 127  # steps from 0 to 1 in which velocities and offsets of a groove are kept: MIDI's own for velocities


@dataclass(frozen=True)
class Packing:
    """How the windows of one representation are kept.

    Parameters
    ----------
    dtype : str
        NumPy's name of the integers.
    columns : int or None
        Of each step; None for one number a step, without an axis of its own.
    pack : callable of (converter, NoteSequence) -> ndarray [shape=(steps, ...)]
    """

    dtype: str
    columns: int | None
    pack: Callable[[Any, NoteSequence], NDArray]

    def shape(self, steps: int) -> tuple[int, ...]:
        """The shape of one packed window."""
        return (steps,) if self.columns is None else (steps, self.columns)


def packed_groove(groove: GrooveConverter, window: NoteSequence) -> NDArray[np.int8]:
    """A performance as velocities (0: not hit) and offsets, [steps, 18].

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> late = NoteSequence([Note(38, 4, velocity=100, offset=0.25, is_drum=True)], steps=32)
    >>> packed_groove(GrooveConverter(), late)[4, [1, 10]].tolist()
    [100, -64]
    """
    rows = groove.rows(window)
    return np.rint(rows[:, len(groove.drum_map) :] * FINENESS).astype(np.int8)


def packed_trio(trio: TrioConverter, window: NoteSequence) -> NDArray[np.int64]:
    """Three parts as the melody's class, the bass's class and the drums' label, [steps, 3].

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> band = NoteSequence([Note(72, 0, 4), Note(36, 0, 8, program=33), Note(38, 0, is_drum=True)], steps=64)
    >>> packed_trio(TrioConverter(steps=64), band)[0].tolist()
    [53, 17, 2]
    """
    return trio.labels(window)


PACKINGS: Mapping[str, Packing] = {
    "drums": Packing("uint16", None, DrumsConverter.masks),
    "melody": Packing("uint8", None, lambda melody, window: melody.classes(window)),
    "groove": Packing("int8", 18, packed_groove),
    "trio": Packing("uint16", 3, packed_trio),
}


def packing(spec: Mapping[str, Any]) -> tuple[Converter, Packing]:
    """The converter that a configuration names, and how its windows are kept.

    Parameters
    ----------
    spec : mapping
        As `ModelConfig.converter`: ``{"name": "drums", "steps": 32, "map": "reduced"}``.

    Raises
    ------
    TrainingError
        If nothing is known of how to keep it.

    Examples
    --------
    >>> reader, how = packing({"name": "drums", "steps": 32})
    >>> reader.steps, how.dtype
    (32, 'uint16')
    """
    name = spec.get("name", "")
    if name not in PACKINGS:
        raise TrainingError(f"No corpus can be made for the converter {name!r} yet; there are: {', '.join(PACKINGS)}.")
    return converter(**spec), PACKINGS[name]


def form(spec: Mapping[str, Any]) -> tuple[object, ...]:
    """What of a representation its packed windows depend on: a corpus serves every model that reads its form.

    What an encoder does not get to see of a groove, or which instruments melodies are taken from, is no part of it;
    nor is which map of nine drums: a corpus is read by the map of its recordings, a model is played by its own.

    Examples
    --------
    >>> form({"name": "groove", "steps": 32, "humanize": True}) == form({"name": "groove", "map": "roland"})
    True
    >>> form({"name": "melody", "steps": 32}) == form({"name": "melody", "steps": 256})
    False
    """
    if spec.get("name") not in PACKINGS:
        return tuple(sorted((key, repr(value)) for key, value in spec.items()))
    reader, how = packing(spec)
    return spec["name"], reader.steps, how.dtype, bool(spec.get("chords"))
