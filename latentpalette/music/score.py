"""Scores: the notes of a MIDI file on its own clock, with its tempos and time signatures.

A `Score` has two clocks, quarter notes and seconds, and can quantize its notes to sixteenths by either of them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.music.overlaps import trim_overlaps
from latentpalette.music.section import EPSILON, Section, TimeSignature, number_tracks
from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER, Note, NoteSequence

_TICKS_PER_STEP = 120  # in the MIDI files that are written


@dataclass(frozen=True, eq=False)
class Score:
    """The notes of a piece with all that is needed to lay them on a grid.

    Parameters
    ----------
    name : str
        The file's name, for messages.
    pitch, velocity, program, track : ndarray of int [shape=(n,)]
        `track` is the number of the track or instrument.
    is_drum : ndarray of bool [shape=(n,)]
    start, end : ndarray [shape=(n,), steps]
        On a grid of quarter notes, which a change of tempo does not move; not yet rounded.
    start_seconds, end_seconds : ndarray [shape=(n,), seconds]
    tempos : tuple of (quarters, seconds, qpm)
        In order; the first at 0.
    time_signatures : tuple of TimeSignature
        In order; the first at 0.
    end_marker : float or None [quarter notes]
        The end of the piece, where the file marks it.
    track_names : tuple of str
    sustain_pedal : tuple of (track, seconds, is_down)
        The movements of the sustain pedal; see `latentpalette.music.sustain`.
    """

    name: str
    pitch: NDArray[np.int64]
    velocity: NDArray[np.int64]
    program: NDArray[np.int64]
    track: NDArray[np.int64]
    is_drum: NDArray[np.bool_]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    start_seconds: NDArray[np.float64]
    end_seconds: NDArray[np.float64]
    tempos: tuple[tuple[float, float, float], ...]
    time_signatures: tuple[TimeSignature, ...]
    end_marker: float | None = None
    track_names: tuple[str, ...] = ()
    sustain_pedal: tuple[tuple[int, float, bool], ...] = ()

    @classmethod
    def from_sequence(cls, sequence: NoteSequence, *, name: str = "the sequence") -> Score:
        """Return the score of a sequence, as if read from a MIDI file of it.

        It is in 4/4. Each program is a track, in which no pitch overlaps itself, and times are whole ticks.

        Examples
        --------
        >>> score = Score.from_sequence(NoteSequence([Note(60, 4, 2, offset=0.25)], steps=16))
        >>> score.start.tolist(), score.end_seconds.tolist(), score.length
        ([4.25], [0.78125], 4.0)
        """
        tracks, timed = number_tracks(sequence), trim_overlaps(sequence.notes)
        notes = [note for note, _, _ in timed]
        start = np.array([round(start * _TICKS_PER_STEP) / _TICKS_PER_STEP for _, start, _ in timed], float)
        end = np.array([round(end * _TICKS_PER_STEP) / _TICKS_PER_STEP for _, _, end in timed], float)
        return cls(
            name=name,
            pitch=np.array([note.pitch for note in notes], int),
            velocity=np.array([note.velocity for note in notes], int),
            program=np.array([note.program for note in notes], int),
            track=np.array([tracks[note.is_drum, note.program] for note in notes], int),
            is_drum=np.array([note.is_drum for note in notes], bool),
            start=start,
            end=end,
            start_seconds=start * sequence.step_seconds,
            end_seconds=end * sequence.step_seconds,
            tempos=((0.0, 0.0, sequence.qpm),),
            time_signatures=(TimeSignature(0.0, 0.0, 4, 4),),
            end_marker=sequence.steps / STEPS_PER_QUARTER,
            track_names=tuple("drums" if is_drum else f"program {program}" for is_drum, program in tracks),
        )

    @property
    def qpm(self) -> float:
        """The first tempo."""
        return self.tempos[0][2]

    @property
    def length(self) -> float:
        """Its length [quarter notes]: as marked, else up to the end of the last note, to the nearest step."""
        # However long its key is held, a drum counts up to the step after its onset.
        ends = np.maximum(np.where(self.is_drum, 0, np.floor(self.end + 0.5)), np.floor(self.start + 0.5) + 1)
        onset = float(np.floor(self.start + 0.5).max(initial=-1)) + 1
        if self.end_marker is not None:
            return max(self.end_marker, onset / STEPS_PER_QUARTER)
        return float(ends.max(initial=0)) / STEPS_PER_QUARTER

    def select(self, mask: NDArray[np.bool_]) -> Score:
        """Return the piece with the notes where `mask` [n] is true; tracks keep their numbers and names."""
        columns = ("pitch", "velocity", "program", "track", "is_drum", "start", "end", "start_seconds", "end_seconds")
        changes: dict[str, Any] = {name: getattr(self, name)[mask] for name in columns}
        return dataclasses.replace(self, **changes)

    def quantize(self) -> NoteSequence:
        """Return the whole piece on one grid, at its first tempo; in whole bars if its end is not marked."""
        steps = round(self.length * STEPS_PER_QUARTER)
        if self.end_marker is None:
            steps = -(-steps // STEPS_PER_BAR) * STEPS_PER_BAR
        return NoteSequence(self._quantize_notes(np.ones(len(self.pitch), bool), self.start, self.end), steps, self.qpm)

    def tempo_changes(self, quarters: float, until: float = np.inf) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return the tempos between two positions [quarter notes]: where each begins [steps after the first], and qpms.

        The first is the one that holds at `quarters`.
        """
        at_start = [qpm for start, _, qpm in self.tempos if start <= quarters + EPSILON][-1]
        changes = [
            ((start - quarters) * STEPS_PER_QUARTER, qpm) for start, _, qpm in self.tempos if quarters < start < until
        ]
        steps, qpms = zip((0.0, at_start), *changes, strict=True)
        return steps, qpms

    def number_bars(self) -> list[tuple[TimeSignature, float, int, int]]:
        """Return, for each time signature, its end [quarter notes], the number of its first bar, and its bars."""
        numbered: list[tuple[TimeSignature, float, int, int]] = []
        bar = 1
        for meter, following in zip(self.time_signatures, (*self.time_signatures[1:], None), strict=True):
            until = following.quarters if following else self.length
            steps = (until - meter.quarters) * STEPS_PER_QUARTER
            bars = max(int(-(-(steps - EPSILON) // meter.steps_per_bar)), 0)
            numbered.append((meter, until, bar, bars))
            bar += bars
        return numbered

    def split_on_meter_changes(self) -> Iterator[Section]:
        """Split it where the time signature changes, on a grid of quarter notes: a change of tempo moves nothing."""
        for (meter, until, bar, bars), following in zip(
            self.number_bars(), (*self.time_signatures[1:], None), strict=True
        ):
            if bars == 0:
                continue
            # A note played a hair before the change belongs to the beat it is nearest to.
            first = meter.quarters * STEPS_PER_QUARTER
            inside = (self.start >= first - (0.5 if first else 0.0)) & (
                (self.start < until * STEPS_PER_QUARTER - 0.5) if following else True
            )
            ends = self.end - first if following is None else np.minimum(self.end, until * STEPS_PER_QUARTER) - first
            steps = int(bars * meter.steps_per_bar)
            tempos = self.tempo_changes(meter.quarters, until)
            yield self._section(inside, self.start - first, ends, steps, bar, meter, tempos, duration=float(steps))

    def time_change_points(self) -> Iterator[tuple[float, float, TimeSignature, float]]:
        """Yield the pieces that Magenta splits it into: (begin [seconds], end [seconds], time signature, tempo).

        A new one begins at every change of tempo or time signature.
        Source: `split_note_sequence_on_time_changes` of note-seq.
        """
        total = float(self.end_seconds.max(initial=0.0))
        # Time signatures before tempos at one moment: the sort is stable.
        meters = [(meter.seconds, meter, None) for meter in self.time_signatures]
        changes = sorted([*meters, *((seconds, None, qpm) for _, seconds, qpm in self.tempos)], key=lambda c: c[0])
        meter, qpm = TimeSignature(0.0, 0.0, 4, 4), 120.0
        starts: list[tuple[float, TimeSignature, float]] = [(0.0, meter, qpm)]
        for seconds, new_meter, new_qpm in changes:
            if seconds >= total:
                break
            if new_meter is not None and str(new_meter) != str(meter):
                meter = new_meter
            elif new_qpm is not None and new_qpm != qpm:
                qpm = new_qpm
            else:
                continue
            if seconds > starts[-1][0]:
                starts.append((seconds, meter, qpm))
            else:
                starts[-1] = (starts[-1][0], meter, qpm)
        for (begin, meter, qpm), following in zip(starts, (*starts[1:], None), strict=True):
            yield begin, following[0] if following else total, meter, qpm

    def split_on_time_changes(self) -> Iterator[Section]:
        """Split it at every change of tempo or time signature, on a grid of seconds, as Magenta does.

        A change off the bar line starts a new grid there. Source: `quantize_note_sequence` of note-seq.
        """
        bar = 1
        for begin, until, meter, qpm in self.time_change_points():
            inside = (self.start_seconds >= begin) & (self.start_seconds < until)
            starts, ends = self.start_seconds - begin, np.minimum(self.end_seconds, until) - begin
            steps = int(-(-(until - begin) * (STEPS_PER_QUARTER * qpm / 60) // 1))
            tempos = ((0.0,), (qpm,))
            yield self._section(inside, starts, ends, steps, bar, meter, tempos, duration=until - begin, clock_qpm=qpm)
            bar += int(-(-steps // meter.steps_per_bar))

    def _section(
        self,
        inside: NDArray[np.bool_],
        start: NDArray,
        end: NDArray,
        steps: int,
        bar: int,
        time_signature: TimeSignature,
        tempos: tuple[tuple[float, ...], tuple[float, ...]],
        *,
        duration: float,
        clock_qpm: float | None = None,
    ) -> Section:
        """Return the section of the notes `inside` [n], which start and end [n] in its own unit."""
        rate = 1.0 if clock_qpm is None else STEPS_PER_QUARTER * clock_qpm / 60
        notes = self._quantize_notes(inside, start * rate, end * rate)
        return Section(
            notes=tuple(notes),
            # A note may round up to the first step of a bar that the time signature no longer rules.
            steps=max(steps, max((note.step + 1 for note in notes), default=0)),
            bar=bar,
            time_signature=time_signature,
            tempo_steps=tempos[0],
            tempo_qpms=tempos[1],
            track_numbers=tuple(self.track[inside].tolist()),
            onsets_and_offsets=np.stack([start[inside], end[inside]], axis=1),
            duration=duration,
            clock_qpm=clock_qpm,
        )

    def _quantize_notes(self, inside: NDArray[np.bool_], start: NDArray, end: NDArray) -> list[Note]:
        """Round the selected notes to steps as note-seq does: half a step goes up."""
        selected = np.flatnonzero(inside)
        exact = np.maximum(start[selected], 0.0)
        step = np.floor(exact + 0.5).astype(int)
        length = np.maximum(np.floor(end[selected] + 0.5).astype(int) - step, 1)
        offset = np.clip(np.round(exact - step, 6), -0.5, 0.5) + 0.0
        columns = zip(
            self.pitch[selected].tolist(), step.tolist(), length.tolist(), self.velocity[selected].tolist(),
            offset.tolist(), self.is_drum[selected].tolist(), self.program[selected].tolist(), strict=True,
        )  # fmt: skip
        return [Note(*column) for column in columns]
