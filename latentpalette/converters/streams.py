"""The output streams of a representation: the meaning of their labels (onsets, silence, static bars, features).

A label is an integer for each step and stream. Drums are one stream, a trio is three;
`latentpalette.converters.stream_registry` has those of each representation.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.melody import FIRST_NOTE_ON, NO_EVENT
from latentpalette.music.drums import DRUM_MAPS
from latentpalette.music.features import MUSICVAE_ATTRIBUTES, Feature, pitch_range
from latentpalette.music.melody import MIN_PITCH
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence

MAX_DRUMS = 9  # labels beyond 2**9 are too many for n-gram models

Labels = NDArray[np.int64]
Mask = NDArray[np.bool_]
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Stream(ABC):
    """One output stream: a label for each step.

    Parameters
    ----------
    name : str
        ``"drums"``, ``"melody"`` ...
    num_classes : int
        Labels are 0 to `num_classes` - 1.
    """

    name: str
    num_classes: int

    def counted(self, labels: Labels) -> Mask:
        """Return the steps [n, steps] that the accuracy of a reconstruction is measured at: by default all."""
        return np.ones(labels.shape, bool)

    @abstractmethod
    def onsets(self, labels: Labels) -> Mask:
        """Return the steps [n, steps] at which something begins."""

    @abstractmethod
    def hit_counts(self, prediction: Labels, target: Labels) -> tuple[int, int, int]:
        """Count the hits or notes that are in both, in the prediction, and in the target."""

    def is_silent(self, labels: Labels) -> Mask:
        """Return the windows [n] in which nothing begins.

        Examples
        --------
        >>> MelodyStream("melody", 90).is_silent(np.array([[41, 0, 1, 45], [0, 0, 1, 0]])).tolist()
        [False, True]
        """
        return np.asarray(~self.onsets(labels).any(-1))

    @abstractmethod
    def has_static_bar(self, labels: Labels) -> Mask:
        """Return the windows [n] with a bar of one unchanging label."""

    @abstractmethod
    def features(self, labels: Labels) -> dict[str, Values]:
        """Measure windows: name of the feature to values [n]."""


@dataclass(frozen=True)
class DrumStream(Stream):
    """Drums: bit k of a label is drum k.

    Parameters
    ----------
    name : str
    num_classes : int
    drum_names : tuple of str
        One for each bit.

    Examples
    --------
    >>> stream = DrumStream.from_map("reduced")
    >>> stream.num_classes, stream.onsets(np.array([[1, 0, 4]])).tolist()
    (512, [[True, False, True]])
    """

    drum_names: tuple[str, ...] = ()

    @classmethod
    def from_map(cls, drum_map: str) -> DrumStream:
        """Return the stream of a drum map's classes."""
        names = DRUM_MAPS[drum_map].names
        return cls("drums", 2 ** len(names), names)

    def onsets(self, labels: Labels) -> Mask:
        """Return the steps [n, steps] at which any drum is hit."""
        return labels != 0

    def hit_counts(self, prediction: Labels, target: Labels) -> tuple[int, int, int]:
        """Count the hits, each drum for itself, that are in both, in the prediction, and in the target.

        Examples
        --------
        >>> DrumStream.from_map("reduced").hit_counts(np.array([[1, 3]]), np.array([[1, 6]]))
        (2, 3, 3)
        """
        return _count_bits(prediction & target), _count_bits(prediction), _count_bits(target)

    def has_static_bar(self, labels: Labels) -> Mask:
        """Return the loops [n] with a bar of one unchanging label, silence included.

        Examples
        --------
        >>> loops = np.array([[4] * 16 + [1] + [0] * 15, [1, 0] * 16])
        >>> DrumStream.from_map("reduced").has_static_bar(loops).tolist()
        [True, False]
        """
        return np.asarray(_is_static(_split_bars(labels)).any(-1))

    def features(self, labels: Labels) -> dict[str, Values]:
        """Measure loops: hits in all and of each drum, where they lie, and how far the bars repeat.

        Examples
        --------
        >>> float(DrumStream.from_map("reduced").features(np.array([[1, 0, 3, 0]]))["kick"][0])
        2.0
        """
        pianorolls = (labels[..., None] >> np.arange(len(self.drum_names))) & 1  # [n, steps, drums]
        return {
            "hits": pianorolls.sum((1, 2)).astype(float),
            "sounding steps": (labels != 0).sum(1).astype(float),
            "hits between eighths": pianorolls[:, 1::2].sum((1, 2)).astype(float),
            "steps that differ between bars": _steps_between_bars(labels),
            **_measure(np.where(labels != 0, 0, -1), _RHYTHM_FEATURES),
        } | {name: pianorolls[:, :, drum].sum(1).astype(float) for drum, name in enumerate(self.drum_names)}


@dataclass(frozen=True)
class MelodyStream(Stream):
    """A melody or a bass: no event, note-off, or note-on of a pitch.

    Examples
    --------
    >>> stream = MelodyStream("melody", 90)
    >>> stream.onsets(np.array([[41, 0, 1, 45]])).tolist()
    [[True, False, False, True]]
    """

    def onsets(self, labels: Labels) -> Mask:
        """Return the steps [n, steps] at which a note begins."""
        return labels >= FIRST_NOTE_ON

    def hit_counts(self, prediction: Labels, target: Labels) -> tuple[int, int, int]:
        """Count the notes that begin at the same step with the same pitch, those predicted, and those of the target.

        Examples
        --------
        >>> MelodyStream("melody", 90).hit_counts(np.array([[40, 0, 41, 1]]), np.array([[40, 0, 43, 0]]))
        (1, 2, 2)
        """
        onsets = self.onsets(target)
        common = onsets & (prediction == target)
        return int(common.sum()), int(self.onsets(prediction).sum()), int(onsets.sum())

    def has_static_bar(self, labels: Labels) -> Mask:
        """Return the melodies [n] with a bar of one unchanging label other than no event: a note-on at every step.

        Examples
        --------
        >>> held, repeated = [41] + [0] * 31, [41] * 16 + [0] * 16
        >>> MelodyStream("melody", 90).has_static_bar(np.array([held, repeated])).tolist()
        [False, True]
        """
        bars = _split_bars(labels)
        return np.asarray((_is_static(bars) & (bars[..., 0] != NO_EVENT)).any(-1))

    def features(self, labels: Labels) -> dict[str, Values]:
        """Measure melodies: MusicVAE's attributes, and the notes, their range and how far the bars repeat.

        Examples
        --------
        >>> values = MelodyStream("melody", 90).features(np.array([[41, 0, 45, 1]]))
        >>> {name: float(values[name][0]) for name in ("notes", "different pitches", "average interval", "C diatonic")}
        {'notes': 2.0, 'different pitches': 2.0, 'average interval': 4.0, 'C diatonic': 1.0}
        """
        onsets = self.onsets(labels)
        pitches = np.where(onsets, labels - FIRST_NOTE_ON + MIN_PITCH, -1)  # [n, steps]
        return {
            "notes": onsets.sum(1).astype(float),
            "different pitches": np.array([len(np.unique(melody[melody >= 0])) for melody in pitches], float),
            "mean pitch": np.where(onsets, pitches, 0).sum(1) / np.maximum(onsets.sum(1), 1),
            "steps that differ between bars": _steps_between_bars(labels),
            **_measure(pitches, {**MUSICVAE_ATTRIBUTES, "range": pitch_range}),
        }


def _count_bits(labels: Labels) -> int:
    return int(((labels[..., None] >> np.arange(MAX_DRUMS)) & 1).sum())


def _split_bars(labels: Labels) -> Labels:
    """Return the whole bars of windows [n, bars, steps of a bar]."""
    n, steps = labels.shape
    bars = steps // STEPS_PER_BAR
    return labels[:, : bars * STEPS_PER_BAR].reshape(n, bars, STEPS_PER_BAR)


def _is_static(bars: Labels) -> Mask:
    """Return the bars [n, bars] that are one label throughout."""
    return (bars == bars[..., :1]).all(-1)


def _steps_between_bars(labels: Labels) -> Values:
    """Count the steps [n] at which the last bar differs from the first."""
    return (labels[:, :STEPS_PER_BAR] != labels[:, -STEPS_PER_BAR:]).sum(1).astype(float)


# Of drums, which have no pitch, only the rhythm is measured; the number of sounding steps is a feature already.
_RHYTHM_FEATURES = {name: MUSICVAE_ATTRIBUTES[name] for name in ("16th-note syncopation", "8th-note syncopation")}


def _measure(pitches: Labels, features: Mapping[str, Feature]) -> dict[str, Values]:
    """Measure notes that begin with pitches [n, steps], below 0 none: name of the feature to values [n]."""
    steps = pitches.shape[1]
    sequences = [
        NoteSequence([Note(pitch, step) for step, pitch in enumerate(window) if pitch >= 0], steps)
        for window in pitches.tolist()
    ]
    return {name: np.array([feature(sequence) for sequence in sequences], float) for name, feature in features.items()}
