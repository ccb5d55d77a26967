"""Scores: the notes of a MIDI file on its own clock, with its tempos and time signatures.

A `Score` has two clocks, quarter notes and seconds, and can quantize its notes to sixteenths by either of them.
"""

from __future__ import annotations

import dataclasses
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentpalette.music.bars import BarNumbers, iter_bar_spans
from latentpalette.music.midi_tempo import nominal_qpm
from latentpalette.music.overlaps import TICKS_PER_STEP, trim_overlaps
from latentpalette.music.section import EPSILON, Section, TimeSignature, number_tracks
from latentpalette.music.sequence import STEPS_PER_QUARTER, Note, NoteSequence


class TrackOrigin(NamedTuple):
    """Origin of a track of a `Score` in its file.

    Parameters
    ----------
    name : str
        As the file has it; empty if it has none.
    number : int
        The number of the track in the file, from 0; several tracks of a `Score` may come from one.
    channel : int or None
        From 0; None where there are no channels.
    """

    name: str
    number: int
    channel: int | None = None


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
        The end of the piece, where the file says it: by a mark of ours, or by an end of track after the music.
    track_names : tuple of str
    sustain_pedal : tuple of (track, seconds, is_down)
        The movements of the sustain pedal; see `latentpalette.music.sustain`.
    warnings : tuple of str
        What of the file was not read as it stands, in words.
    track_origins : tuple of TrackOrigin
        For each track, where it comes from in the file; empty if that is unknown.
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
    warnings: tuple[str, ...] = ()
    track_origins: tuple[TrackOrigin, ...] = ()

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
        start = np.array([start for _, start, _ in timed], float) / TICKS_PER_STEP
        end = np.array([end for _, _, end in timed], float) / TICKS_PER_STEP
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
        """The tempo where the music begins."""
        first = float(np.maximum(self.start, np.floor(self.start + 0.5)).min()) if len(self.start) else 0.0
        return self.tempo_changes(first / STEPS_PER_QUARTER, 0.0)[1][0]

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
        """Return the whole piece on one grid, at the tempo where it begins; in whole bars if its end is not known."""
        steps = round(self.length * STEPS_PER_QUARTER)
        if self.end_marker is None:
            steps = max(
                (math.ceil(s.stop - EPSILON) for s in iter_bar_spans(self.time_signatures, self.length)), default=0
            )
        everything = np.arange(len(self.pitch))
        return NoteSequence(self._quantize_notes(everything, self.start, self.end), steps, self.qpm)

    def tempo_changes(self, quarters: float, until: float = np.inf) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return the tempos between two positions [quarter notes]: where each begins [steps after the first], and qpms.

        The first is the one that holds at `quarters`. Tempos are those that were meant; see `nominal_qpm`.
        """
        first = max(bisect_right(self.tempos, quarters + EPSILON, key=_start_of) - 1, 0)
        following = bisect_right(self.tempos, quarters, key=_start_of)
        changes = [
            ((start - quarters) * STEPS_PER_QUARTER, nominal_qpm(qpm))
            for start, _, qpm in self.tempos[following : max(bisect_left(self.tempos, until, key=_start_of), following)]
        ]
        steps, qpms = zip((0.0, nominal_qpm(self.tempos[first][2])), *changes, strict=True)
        return steps, qpms

    def number_bars(self) -> BarNumbers:
        """Return the numbers of its bars, through all changes of the time signature."""
        return BarNumbers(self.time_signatures, self.length)

    def split_on_meter_changes(self) -> Iterator[Section]:
        """Split it where the time signature changes, on a grid of quarter notes: a change of tempo moves nothing.

        A bar in which the time signature changes is a section of its own.
        """
        spans = list(iter_bar_spans(self.time_signatures, self.length))
        # A note played a hair before a change belongs to the beat it is nearest to.
        nominal_starts = [min(span.start, previous.start + previous.steps) for previous, span in pairwise(spans)]
        groups = _group(self.start, [start - 0.5 for start in (0.0, *nominal_starts)][: len(spans)])
        for number, (span, selected) in enumerate(zip(spans, groups, strict=True)):
            is_last = number == len(spans) - 1
            ends = self.end[selected] if is_last else np.minimum(self.end[selected], span.stop)
            steps = math.ceil(span.stop - span.start - EPSILON) if span.is_cut_short else span.steps
            start_quarters = span.start / STEPS_PER_QUARTER
            yield self._section(
                selected,
                self.start[selected] - span.start,
                ends - span.start,
                steps,
                span.first_bar,
                span.time_signature,
                self.tempo_changes(start_quarters, np.inf if is_last else span.stop / STEPS_PER_QUARTER),
                duration=float(steps),
                is_cut_short=span.is_cut_short,
            )

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
        points = list(self.time_change_points())
        before_end = np.flatnonzero(self.start_seconds < points[-1][1])
        groups = _group(self.start_seconds[before_end], [begin for begin, *_ in points])
        for (begin, until, meter, qpm), group in zip(points, groups, strict=True):
            selected = before_end[group]
            starts = self.start_seconds[selected] - begin
            ends = np.minimum(self.end_seconds[selected], until) - begin
            steps = int(-(-(until - begin) * (STEPS_PER_QUARTER * qpm / 60) // 1))
            tempos = ((0.0,), (qpm,))
            yield self._section(
                selected, starts, ends, steps, bar, meter, tempos, duration=until - begin, clock_qpm=qpm
            )
            bar += int(-(-steps // meter.steps_per_bar))

    def _section(
        self,
        selected: NDArray[np.intp],
        start: NDArray[np.float64],
        end: NDArray[np.float64],
        steps: int,
        bar: int,
        time_signature: TimeSignature,
        tempos: tuple[tuple[float, ...], tuple[float, ...]],
        *,
        duration: float,
        clock_qpm: float | None = None,
        is_cut_short: bool = False,
    ) -> Section:
        """Return the section of the notes `selected` [n], which start and end [n] in its own unit."""
        rate = 1.0 if clock_qpm is None else STEPS_PER_QUARTER * clock_qpm / 60
        notes = self._quantize_notes(selected, start * rate, end * rate)
        return Section(
            notes=tuple(notes),
            # A note may round up to the first step of a bar that the time signature no longer rules.
            steps=max(steps, max((note.step + 1 for note in notes), default=0)),
            bar=bar,
            time_signature=time_signature,
            tempo_steps=tempos[0],
            tempo_qpms=tempos[1],
            track_numbers=tuple(self.track[selected].tolist()),
            onsets_and_offsets=np.column_stack([start, end]),
            duration=duration,
            clock_qpm=clock_qpm,
            is_cut_short=is_cut_short,
        )

    def _quantize_notes(
        self, selected: NDArray[np.intp], start: NDArray[np.float64], end: NDArray[np.float64]
    ) -> list[Note]:
        """Round the selected notes [n], which start and end [n] in steps, as note-seq does: half a step goes up."""
        if not len(selected):
            return []
        exact = np.maximum(start, 0.0)
        step = np.floor(exact + 0.5).astype(int)
        length = np.maximum(np.floor(end + 0.5).astype(int) - step, 1)
        offset = np.clip(np.round(exact - step, 6), -0.5, 0.5) + 0.0
        columns = zip(
            self.pitch[selected].tolist(), step.tolist(), length.tolist(), self.velocity[selected].tolist(),
            offset.tolist(), self.is_drum[selected].tolist(), self.program[selected].tolist(), strict=True,
        )  # fmt: skip
        return [Note(*column) for column in columns]


def _start_of(tempo: tuple[float, float, float]) -> float:
    return tempo[0]


def _group(positions: NDArray[np.float64], starts: Sequence[float]) -> Iterator[NDArray[np.intp]]:
    """Yield the indices of the positions [n] from each of the ascending starts up to the next, in their own order.

    Positions before the first start belong to it.
    """
    group = np.maximum(np.searchsorted(starts, positions, side="right") - 1, 0)
    order = np.argsort(group, kind="stable")
    limits = np.searchsorted(group[order], np.arange(len(starts) + 1)).tolist()
    for first, after in pairwise(limits):
        yield order[first:after]
