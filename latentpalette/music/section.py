"""Sections: the parts of a score in one time signature, on a grid of sixteenths."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER, Note, NoteSequence

# Rounding a float that came through ticks and seconds must not push a note off its beat.
EPSILON = 1e-6


@dataclass(frozen=True)
class TimeSignature:
    """A time signature and where it begins.

    Parameters
    ----------
    quarters, seconds : float
        Where it begins.
    numerator, denominator : int
    """

    quarters: float
    seconds: float
    numerator: int
    denominator: int

    @property
    def steps_per_bar(self) -> float:
        """Sixteenths in a bar: 16 in 4/4, 12 in 3/4."""
        return STEPS_PER_QUARTER * 4 * self.numerator / self.denominator

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


@dataclass(frozen=True, eq=False)
class Section:
    """Part of a score in one time signature, on a grid that starts with it.

    Parameters
    ----------
    notes : tuple of Note
        In the order of the file, which decides between two notes that are otherwise alike.
    steps : int
        Its length; step 0 is its start.
    bar : int
        The number of its first bar in the file, from 1.
    time_signature : TimeSignature
    tempo_steps, tempo_qpms : tuple of float
        Positions of its tempo changes [steps], and the tempos from there on.
    track_numbers : tuple of int
        The track of each note.
    onsets_and_offsets : ndarray [shape=(notes, 2)]
        Unquantized start and end of each note; in seconds if there is a `clock_qpm`, else in steps.
    duration : float
        Unquantized length, in the same unit.
    clock_qpm : float, optional
        The tempo by which seconds were quantized; None where the grid is that of the quarter notes.
    is_cut_short : bool
        True if it is a single bar that ends early, because the time signature changes inside it.

    Examples
    --------
    >>> section = Section.from_sequence(NoteSequence([Note(64, 8), Note(60, 0)], steps=16))
    >>> section.sequence.notes[0].pitch, len(section.tracks), section.bar_numbers(0, 16)
    (60, 1, (1, 1))
    """

    notes: tuple[Note, ...]
    steps: int
    bar: int
    time_signature: TimeSignature
    tempo_steps: tuple[float, ...]
    tempo_qpms: tuple[float, ...]
    track_numbers: tuple[int, ...]
    onsets_and_offsets: NDArray[np.float64]
    duration: float
    clock_qpm: float | None = None
    is_cut_short: bool = False

    @classmethod
    def from_sequence(cls, sequence: NoteSequence, *, bar: int = 1) -> Section:
        """Return a whole sequence as a section in 4/4; each of its programs is a track."""
        tracks = number_tracks(sequence)
        onsets = [note.step + note.offset for note in sequence.notes]
        offsets = [onset + note.length for onset, note in zip(onsets, sequence.notes, strict=True)]
        return cls(
            notes=sequence.notes,
            steps=sequence.steps,
            bar=bar,
            time_signature=TimeSignature(0.0, 0.0, 4, 4),
            tempo_steps=(0.0,),
            tempo_qpms=(sequence.qpm,),
            track_numbers=tuple(tracks[note.is_drum, note.program] for note in sequence.notes),
            onsets_and_offsets=np.column_stack([onsets, offsets]).astype(float),
            duration=float(sequence.steps),
        )

    @cached_property
    def sequence(self) -> NoteSequence:
        """All its notes, at the tempo where they begin."""
        return NoteSequence(self.notes, self.steps, self.qpm_at(first_onset(self.notes)))

    @cached_property
    def tracks(self) -> tuple[tuple[int, NoteSequence], ...]:
        """The same notes, track by track: (number, sequence)."""
        notes: dict[int, list[Note]] = {}
        for note, track in zip(self.notes, self.track_numbers, strict=True):
            notes.setdefault(track, []).append(note)
        return tuple((track, NoteSequence(notes[track], self.steps, self.tempo_qpms[0])) for track in sorted(notes))

    @property
    def bars(self) -> int:
        """The number of bars that it fills, the last perhaps in part."""
        return int(-(-self.steps // self.time_signature.steps_per_bar))

    @property
    def steps_per_unit(self) -> float:
        """Steps in one unit of `onsets_and_offsets`."""
        return 1.0 if self.clock_qpm is None else STEPS_PER_QUARTER * self.clock_qpm / 60

    @property
    def has_16_step_bars(self) -> bool:
        """True if its bars have sixteen steps, as every model here requires."""
        return self.time_signature.steps_per_bar == STEPS_PER_BAR and not self.is_cut_short

    def qpm_at(self, step: float) -> float:
        """Return the tempo at a step."""
        return self.tempo_qpms[max(bisect_right(self.tempo_steps, step + EPSILON) - 1, 0)]

    def bar_numbers(self, start: int, stop: int) -> tuple[int, int]:
        """Return the first and the last bar of the steps from `start` up to `stop`; bars have sixteen steps."""
        return self.bar + start // STEPS_PER_BAR, self.bar + stop // STEPS_PER_BAR - 1


def first_onset(notes: Iterable[Note]) -> float:
    """Return where music begins [steps]: at its first note, or at the step that one a little early belongs to.

    Examples
    --------
    >>> first_onset([Note(60, 8), Note(64, 4, offset=-0.25)]), first_onset([Note(60, 4, offset=0.25)]), first_onset([])
    (4.0, 4.25, 0.0)
    """
    return min((note.step + max(note.offset, 0.0) for note in notes), default=0.0)


def number_tracks(sequence: NoteSequence) -> dict[tuple[bool, int], int]:
    """Number the programs of a sequence as tracks, drums last."""
    return {key: number for number, key in enumerate(sorted({(note.is_drum, note.program) for note in sequence.notes}))}
