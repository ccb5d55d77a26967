"""The parts of a row: what counts as an onset, as a note, as being stuck.

Every representation that says labels is made of such parts: drums of one, a trio of three. A new one adds a line to
`parts`, and a small class where its labels mean something new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.melody import DEPTH, FIRST_KEY, HOLD, LOWEST
from latentpalette.music.drums import MAPS
from latentpalette.music.features import PAPER, Measure, pitch_range
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence

Labels = NDArray[np.int64]
Mask = NDArray[np.bool_]
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One part of a row: a label a step.

    Parameters
    ----------
    name : str
        ``"drums"``, ``"melody"`` ...
    classes : int
        Labels lie from 0 up to, not including, this.
    """

    name: str
    classes: int

    def onsets(self, labels: Labels) -> Mask:
        """The steps [n, steps] at which something begins."""
        raise NotImplementedError

    def counts(self, said: Labels, true: Labels) -> tuple[int, int, int]:
        """How many hits or notes were said and true, said, and true."""
        raise NotImplementedError

    def silent(self, labels: Labels) -> Mask:
        """In which windows [n] nothing begins.

        Examples
        --------
        >>> Melody("melody", DEPTH).silent(np.array([[41, 0, 1, 45], [0, 0, 1, 0]])).tolist()
        [False, True]
        """
        return np.asarray(~self.onsets(labels).any(-1))

    def stuck(self, labels: Labels) -> Mask:
        """Which windows [n] have a bar in which nothing changes that should."""
        raise NotImplementedError

    def attributes(self, labels: Labels) -> dict[str, Values]:
        """What a window is like, in numbers: name to values [n]."""
        raise NotImplementedError


@dataclass(frozen=True)
class Drums(Part):
    """Drums: bit k of a label is drum k.

    Parameters
    ----------
    name : str
    classes : int
    drums : tuple of str
        What the bits are called.

    Examples
    --------
    >>> part = Drums.of("reduced")
    >>> part.classes, part.onsets(np.array([[1, 0, 4]])).tolist()
    (512, [[True, False, True]])
    """

    drums: tuple[str, ...] = ()

    @classmethod
    def of(cls, drum_map: str) -> Drums:
        """The part that a drum map's classes make."""
        names = MAPS[drum_map].names
        return cls("drums", 2 ** len(names), names)

    def onsets(self, labels: Labels) -> Mask:
        """Where anything is hit."""
        return labels != 0

    def counts(self, said: Labels, true: Labels) -> tuple[int, int, int]:
        """Hits, each drum for itself.

        Examples
        --------
        >>> Drums.of("reduced").counts(np.array([[1, 3]]), np.array([[1, 6]]))
        (2, 3, 3)
        """
        return _bits(said & true), _bits(said), _bits(true)

    def stuck(self, labels: Labels) -> Mask:
        """Which loops [n] have a bar that is one unchanging label throughout, silence included.

        Examples
        --------
        >>> Drums.of("reduced").stuck(np.array([[4] * 16 + [1] + [0] * 15, [1, 0] * 16])).tolist()
        [True, False]
        """
        return np.asarray(_unchanging(labels).any(-1))

    def attributes(self, labels: Labels) -> dict[str, Values]:
        """Hits in all and of each drum, where they lie, and how far the bars repeat.

        Examples
        --------
        >>> float(Drums.of("reduced").attributes(np.array([[1, 0, 3, 0]]))["kick"][0])
        2.0
        """
        rolls = (labels[..., None] >> np.arange(len(self.drums))) & 1  # [n, steps, drums]
        return {
            "hits": rolls.sum((1, 2)).astype(float),
            "sounding steps": (labels != 0).sum(1).astype(float),
            "hits between eighths": rolls[:, 1::2].sum((1, 2)).astype(float),
            "steps that differ between bars": _between_bars(labels),
            **_measured(np.where(labels != 0, 0, -1), _RHYTHM),
        } | {name: rolls[:, :, drum].sum(1).astype(float) for drum, name in enumerate(self.drums)}


@dataclass(frozen=True)
class Melody(Part):
    """A melody or a bass: hold, let go, or strike a key.

    Examples
    --------
    >>> part = Melody("melody", DEPTH)
    >>> part.onsets(np.array([[41, 0, 1, 45]])).tolist()
    [[True, False, False, True]]
    """

    def onsets(self, labels: Labels) -> Mask:
        """Where a note begins."""
        return labels >= FIRST_KEY

    def counts(self, said: Labels, true: Labels) -> tuple[int, int, int]:
        """Notes; true is the right one at the right step.

        Examples
        --------
        >>> Melody("melody", DEPTH).counts(np.array([[40, 0, 41, 1]]), np.array([[40, 0, 43, 0]]))
        (1, 2, 2)
        """
        there = self.onsets(true)
        return int((there & (said == true)).sum()), int(self.onsets(said).sum()), int(there.sum())

    def stuck(self, labels: Labels) -> Mask:
        """Which melodies [n] have a bar of one unchanging label other than to hold: a key struck at every step.

        Examples
        --------
        >>> held, hammered = [41] + [0] * 31, [41] * 16 + [0] * 16
        >>> Melody("melody", DEPTH).stuck(np.array([held, hammered])).tolist()
        [False, True]
        """
        held = _bars(labels)[..., 0] == HOLD  # [n, bars]
        return np.asarray((_unchanging(labels) & ~held).any(-1))

    def attributes(self, labels: Labels) -> dict[str, Values]:
        """The paper's attributes, and the notes, their range and how far the bars repeat.

        Examples
        --------
        >>> found = Melody("melody", DEPTH).attributes(np.array([[41, 0, 45, 1]]))
        >>> {name: float(found[name][0]) for name in ("notes", "different pitches", "average interval", "C diatonic")}
        {'notes': 2.0, 'different pitches': 2.0, 'average interval': 4.0, 'C diatonic': 1.0}
        """
        onsets = self.onsets(labels)
        pitches = np.where(onsets, labels - FIRST_KEY + LOWEST, -1)  # [n, steps]
        return {
            "notes": onsets.sum(1).astype(float),
            "different pitches": np.array([len(np.unique(each[each >= 0])) for each in pitches], float),
            "mean pitch": np.where(onsets, pitches, 0).sum(1) / np.maximum(onsets.sum(1), 1),
            "steps that differ between bars": _between_bars(labels),
            **_measured(pitches, {**PAPER, "range": pitch_range}),
        }


def parts(spec: Mapping[str, object]) -> tuple[Part, ...]:
    """The parts of a representation's rows, in their order; none where nothing is known of its labels.

    Parameters
    ----------
    spec : mapping
        What `latentpalette.converters.converter` takes.

    Examples
    --------
    >>> [part.name for part in parts({"name": "trio", "steps": 256})]
    ['melody', 'bass', 'drums']
    >>> parts({"name": "performance"})
    ()
    """
    name, drum_map = str(spec.get("name", "")), str(spec.get("map", "reduced"))
    if name == "melody":
        return (Melody("melody", DEPTH),)
    if name == "trio":
        return Melody("melody", DEPTH), Melody("bass", DEPTH), Drums.of(drum_map)
    if name in ("drums", "drum-roll", "groove") and len(MAPS[drum_map].names) <= MOST_DRUMS:
        return (Drums.of(drum_map),)
    return ()


MOST_DRUMS = 9  # labels beyond 2**9 are more than n-grams keep


def _bits(labels: Labels) -> int:
    return int(((labels[..., None] >> np.arange(MOST_DRUMS)) & 1).sum())


def _unchanging(labels: Labels) -> Mask:
    """Which bars [n, bars] are one label throughout."""
    bars = _bars(labels)
    return (bars == bars[..., :1]).all(-1)


def _bars(labels: Labels) -> Labels:
    """The whole bars of windows [n, bars, steps of a bar]."""
    n, steps = labels.shape
    bars = steps // STEPS_PER_BAR
    return labels[:, : bars * STEPS_PER_BAR].reshape(n, bars, STEPS_PER_BAR)


def _between_bars(labels: Labels) -> Values:
    """At how many steps [n] the last bar differs from the first."""
    return (labels[:, :STEPS_PER_BAR] != labels[:, -STEPS_PER_BAR:]).sum(1).astype(float)


# Of drums, which have no pitch, only the rhythm is measured; how many steps sound is said already.
_RHYTHM = {name: PAPER[name] for name in ("16th-note syncopation", "8th-note syncopation")}


def _measured(pitches: Labels, measures: Mapping[str, Measure]) -> dict[str, Values]:
    """Measures of music that begins notes of these pitches [n, steps], below 0 nothing: name to values [n]."""
    steps = pitches.shape[1]
    music = [
        NoteSequence([Note(pitch, step) for step, pitch in enumerate(each) if pitch >= 0], steps)
        for each in pitches.tolist()
    ]
    return {name: np.array([measure(each) for each in music], float) for name, measure in measures.items()}
