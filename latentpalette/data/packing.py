"""Compact windows: the form that a corpus has on disk, and in memory during training.

Each representation has one packed form, an array of small integers; `latentpalette.data.batches` unpacks it on the
device.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.base import Converter
from latentpalette.converters.drums import DrumsConverter
from latentpalette.converters.groove import GrooveConverter
from latentpalette.converters.melody import MelodyConverter
from latentpalette.converters.performance import NO_TOKEN, PerformanceConverter
from latentpalette.converters.registry import make_converter
from latentpalette.converters.trio import TrioConverter
from latentpalette.errors import TrainingError
from latentpalette.music.chords import NUM_TRIADS
from latentpalette.music.sequence import NoteSequence

QUANTIZATION_LEVELS = 127  # from 0 to 1, of a groove's velocities and offsets: MIDI's own for velocities


@dataclass(frozen=True)
class Packing:
    """The packed form of one representation.

    Parameters
    ----------
    dtype : str
        NumPy's name of the integers.
    columns : int or None
        Integers per step; None for one per step, without an axis of its own.
    pack : callable of (converter, NoteSequence) -> ndarray [shape=(steps, ...)]
    limits : callable of converter -> tuple of (lowest, highest)
        The integers of each column.
    """

    dtype: str
    columns: int | None
    pack: Callable[[Any, NoteSequence], NDArray]
    limits: Callable[[Any], Sequence[tuple[int, int]]]

    def shape(self, steps: int) -> tuple[int, ...]:
        """Return the shape of one packed window."""
        return (steps,) if self.columns is None else (steps, self.columns)

    def check_windows(self, converter: Converter, windows: NDArray) -> None:
        """Raise `TrainingError` unless packed windows [n, steps, ...] are such as a converter makes them."""
        if windows.shape[1:] != self.shape(converter.steps) or windows.dtype != self.dtype:
            raise TrainingError(
                f"Its windows are of {windows.dtype} {windows.shape[1:]}, not of {self.dtype} "
                f"{self.shape(converter.steps)}."
            )
        if not len(windows):
            return
        columns = windows.reshape(-1, self.columns or 1)
        for (low, high), lowest, highest in zip(
            self.limits(converter), columns.min(0).tolist(), columns.max(0).tolist(), strict=True
        ):
            if lowest < low or highest > high:
                raise TrainingError(f"Its windows have values from {lowest} to {highest}, not from {low} to {high}.")


def pack_groove(converter: GrooveConverter, window: NoteSequence) -> NDArray[np.int8]:
    """Pack a groove as velocities (0: no hit) and offsets [steps, 18].

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> late = NoteSequence([Note(38, 4, velocity=100, offset=0.25, is_drum=True)], steps=32)
    >>> pack_groove(GrooveConverter(), late)[4, [1, 10]].tolist()
    [100, -64]
    """
    frames = converter.frames(window)
    return np.rint(frames[:, len(converter.pitch_map) :] * QUANTIZATION_LEVELS).astype(np.int8)


def pack_trio(converter: TrioConverter, window: NoteSequence) -> NDArray[np.int64]:
    """Pack a trio as tokens of melody, bass and drums [steps, 3].

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> trio = NoteSequence([Note(72, 0, 4), Note(36, 0, 8, program=33), Note(38, 0, is_drum=True)], steps=64)
    >>> pack_trio(TrioConverter(steps=64), trio)[0].tolist()
    [53, 17, 2]
    """
    return converter.tokens(window)


def pack_melody_over_chords(converter: MelodyConverter, window: NoteSequence) -> NDArray[np.int64]:
    """Pack a melody as tokens and triads [steps, 2].

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> tune = NoteSequence([Note(60, 0, 4), Note(64, 4, 4), Note(67, 8, 8)], steps=16)
    >>> pack_melody_over_chords(MelodyConverter(steps=16, chords=True), tune)[4].tolist()
    [45, 1]
    """
    return np.column_stack([converter.tokens(window), converter.triads(window)])


TRIAD_SHIFT = 9  # bits; those below hold a performance's token


def pack_performance(converter: PerformanceConverter, window: NoteSequence) -> NDArray[np.int64]:
    """Pack a bar of several tracks as a token and the triad at it in one integer [512].

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> bar = NoteSequence([Note(60, 0, 16), *(Note(36, 2 * n, program=33) for n in range(8))], steps=16)
    >>> pack_performance(PerformanceConverter(), bar)[:6].tolist()
    [360, 356, 60, 351, 188, 489]
    """
    tokens, triads = converter.tokens(window)
    return tokens | (triads << TRIAD_SHIFT)


def unpack_performances(packed: NDArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the tokens and the triads [n, 512] of packed bars [n, 512]; `NO_TOKEN` where a track has ended.

    Examples
    --------
    >>> [values.tolist() for values in unpack_performances(np.array([[60 + 512, 489]], np.uint16))]
    [[[60, 489]], [[1, 0]]]
    """
    packed = packed.astype(np.int64)
    return packed & ((1 << TRIAD_SHIFT) - 1), packed >> TRIAD_SHIFT


PACKINGS: Mapping[str, Packing] = {
    "drums": Packing("uint16", None, DrumsConverter.tokens, lambda converter: [(0, converter.output_depth - 1)]),
    "melody": Packing(
        "uint8",
        None,
        lambda converter, window: converter.tokens(window),
        lambda converter: [(0, converter.output_depth - 1)],
    ),
    "groove": Packing(
        "int8",
        18,
        pack_groove,
        lambda _: [(0, QUANTIZATION_LEVELS)] * 9 + [(-QUANTIZATION_LEVELS, QUANTIZATION_LEVELS)] * 9,
    ),
    "trio": Packing("uint16", 3, pack_trio, lambda converter: [(0, num_tokens - 1) for num_tokens in converter.depths]),
    "performance": Packing(
        "uint16",
        None,
        pack_performance,
        lambda converter: [(0, (max(converter.control_depth - 1, 0) << TRIAD_SHIFT) + NO_TOKEN)],
    ),
}
_MELODY_OVER_CHORDS = Packing(
    "uint8", 2, pack_melody_over_chords, lambda converter: [(0, converter.output_depth - 1), (0, NUM_TRIADS - 1)]
)


def find_packing(spec: Mapping[str, Any]) -> tuple[Converter, Packing]:
    """Return the converter of a configuration, and its packed form.

    Parameters
    ----------
    spec : mapping
        As `ModelConfig.converter`: ``{"name": "drums", "steps": 32, "drum_map": "reduced"}``.

    Raises
    ------
    TrainingError
        If the representation has no packed form.

    Examples
    --------
    >>> converter, packing = find_packing({"name": "drums", "steps": 32})
    >>> converter.steps, packing.dtype
    (32, 'uint16')
    """
    name = spec.get("name", "")
    if name not in PACKINGS:
        raise TrainingError(f"No corpus can be made for the converter {name!r} yet; there are: {', '.join(PACKINGS)}.")
    is_over_chords = name == "melody" and spec.get("chords")
    return make_converter(**spec), _MELODY_OVER_CHORDS if is_over_chords else PACKINGS[name]


def packing_key(spec: Mapping[str, Any]) -> tuple[object, ...]:
    """Return what packed windows depend on: a model can use every corpus with an equal key.

    It leaves out what the encoder sees of a groove, the instruments of melodies, and the drum map: a corpus is read
    with the map of its recordings, a model is played with its own.

    Examples
    --------
    >>> groove = {"name": "groove", "steps": 32}
    >>> packing_key(groove | {"humanize": True}) == packing_key(groove | {"drum_map": "roland"})
    True
    >>> packing_key({"name": "melody", "steps": 32}) == packing_key({"name": "melody", "steps": 256})
    False
    """
    if spec.get("name") not in PACKINGS:
        return tuple(sorted((key, repr(value)) for key, value in spec.items()))
    converter, packing = find_packing(spec)
    return spec["name"], converter.steps, packing.dtype, bool(spec.get("chords")), bool(spec.get("merge_tracks"))
