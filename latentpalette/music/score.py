"""A MIDI file as it was written: notes on its own clock, with its tempos and its meters.

A `Score` is what stands between a file and the grid. It knows two clocks, quarter notes and seconds, and can lay
its notes on a grid of sixteenths by either of them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER, Note, NoteSequence

# Rounding a float that came through ticks and seconds must not push a note off its beat.
_EPSILON = 1e-6


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


@dataclass(frozen=True)
class Section:
    """Part of a score in one meter, on a grid that starts with it.

    Parameters
    ----------
    sequence : NoteSequence
        Its notes; step 0 is the start of the stretch.
    bar : int
        The number of its first bar in the file, from 1.
    meter : Meter
    tempo_steps, tempo_qpms : tuple of float
        Where in it the tempo changes [steps], and to what.
    parts : tuple of (number, NoteSequence)
        The same notes, instrument by instrument.
    written : tuple of Note
        The same notes in the order of the file, which at times decides between two that are alike.
    spans : ndarray [shape=(notes, 2)]
        When each of them really begins and ends, in a unit of its own: `steps_per_span` steps each.
    """

    sequence: NoteSequence
    bar: int
    time_signature: TimeSignature
    tempo_steps: tuple[float, ...] = (0.0,)
    tempo_qpms: tuple[float, ...] = (120.0,)
    parts: tuple[tuple[int, NoteSequence], ...] = ()
    written: tuple[Note, ...] = ()
    spans: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)), compare=False)
    steps_per_span: float = 1.0

    @property
    def has_16_step_bars(self) -> bool:
        """Whether its bars have sixteen steps, as every model here wants."""
        return self.time_signature.steps_per_bar == STEPS_PER_BAR

    def qpm_at(self, step: int) -> float:
        """The tempo at a step."""
        place = np.searchsorted(self.tempo_steps, step + _EPSILON, side="right") - 1
        return self.tempo_qpms[max(int(place), 0)]


@dataclass(frozen=True, eq=False)
class Score:
    """Everything that a grid can be made of.

    Parameters
    ----------
    name : str
        What to call it in messages; the file's name.
    pitch, velocity, program, part : ndarray of int [shape=(n,)]
        `part` is the number of the track or instrument.
    is_drum : ndarray of bool [shape=(n,)]
    start, end : ndarray [shape=(n,), steps]
        On a grid of quarter notes, which a change of tempo does not move; not yet rounded.
    start_seconds, end_seconds : ndarray [shape=(n,), seconds]
    tempos : tuple of (quarters, seconds, qpm)
        In order; the first at 0.
    meters : tuple of Meter
        In order; the first at 0.
    marked_end : float or None [quarter notes]
        The end of the piece, where the file says so.
    instruments : tuple of str
        What the parts are called.
    pedal : tuple of (part, seconds, down)
        The sustain pedal, as it moves; see `latentpalette.music.sustain`.
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

    @property
    def qpm(self) -> float:
        """The first tempo."""
        return self.tempos[0][2]

    @property
    def length(self) -> float:
        """How long it is [quarter notes]: as marked, else up to the end of the last note, to the nearest step."""
        # A drum is a stroke, however long its key is held.
        ends = np.maximum(np.where(self.is_drum, 0, np.floor(self.end + 0.5)), np.floor(self.start + 0.5) + 1)
        onset = float(np.floor(self.start + 0.5).max(initial=-1)) + 1
        if self.end_marker is not None:
            return max(self.end_marker, onset / STEPS_PER_QUARTER)
        return float(ends.max(initial=0)) / STEPS_PER_QUARTER

    def select(self, kept: NDArray[np.bool_]) -> Score:
        """The same piece with these notes alone [n]; its parts keep their numbers and names."""
        columns = ("pitch", "velocity", "program", "track", "is_drum", "start", "end", "start_seconds", "end_seconds")
        changes: dict[str, Any] = {name: getattr(self, name)[kept] for name in columns}
        return dataclasses.replace(self, **changes)

    def quantize(self) -> NoteSequence:
        """The whole piece on one grid, at its first tempo; filled up to whole bars if its end is not marked."""
        steps = round(self.length * STEPS_PER_QUARTER)
        if self.end_marker is None:
            steps = -(-steps // STEPS_PER_BAR) * STEPS_PER_BAR
        return NoteSequence(self._on_grid(np.ones(len(self.pitch), bool), self.start, self.end), steps, self.qpm)

    def split_on_meter_changes(self) -> Iterator[Section]:
        """Cut it where the meter changes, on a grid of quarter notes: a change of tempo moves nothing."""
        bar = 1
        for meter, after in zip(self.time_signatures, (*self.time_signatures[1:], None), strict=True):
            until = after.quarters if after else self.length
            bars = int(-(-((until - meter.quarters) * STEPS_PER_QUARTER - _EPSILON) // meter.steps_per_bar))
            if bars <= 0:
                continue
            # A note played a hair before the change belongs to the beat it is nearest to.
            first = meter.quarters * STEPS_PER_QUARTER
            inside = (self.start >= first - (0.5 if first else 0.0)) & (
                (self.start < until * STEPS_PER_QUARTER - 0.5) if after else True
            )
            ends = self.end - first if after is None else np.minimum(self.end, until * STEPS_PER_QUARTER) - first
            here = [(0.0, self.qpm_at(meter.quarters))] + [
                ((quarters - meter.quarters) * STEPS_PER_QUARTER, qpm)
                for quarters, _, qpm in self.tempos
                if meter.quarters < quarters < until
            ]
            yield self._stretch(
                inside, self.start - first, ends, 1.0, int(bars * meter.steps_per_bar), bar, meter, here
            )
            bar += bars

    def time_change_points(self) -> Iterator[tuple[float, float, TimeSignature, float]]:
        """Where Magenta cuts it, as (begin, end [seconds], meter, tempo): at every change of tempo or meter.

        Source: `split_note_sequence_on_time_changes` of note-seq.
        """
        total = float(self.end_seconds.max(initial=0.0))
        # Meters before tempos at one moment: the sort is stable.
        meters = [(m.seconds, m, None) for m in self.time_signatures]
        changes = sorted(meters + [(s, None, qpm) for _, s, qpm in self.tempos], key=lambda c: c[0])
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
        for (begin, meter, qpm), after in zip(starts, (*starts[1:], None), strict=True):
            yield begin, after[0] if after else total, meter, qpm

    def split_on_time_changes(self) -> Iterator[Section]:
        """Cut it at every change of tempo or meter, on a grid of seconds: Magenta's way, kept for comparison.

        A change off the bar line starts a new grid there. Source: `quantize_note_sequence` of note-seq.
        """
        bar = 1
        for begin, until, meter, qpm in self.time_change_points():
            inside = (self.start_seconds >= begin) & (self.start_seconds < until)
            per_second = STEPS_PER_QUARTER * qpm / 60
            ends = np.minimum(self.end_seconds, until) - begin
            steps = int(-(-(until - begin) * per_second // 1))
            yield self._stretch(inside, self.start_seconds - begin, ends, per_second, steps, bar, meter, [(0.0, qpm)])
            bar += int(-(-steps // meter.steps_per_bar))

    def qpm_at(self, quarters: float) -> float:
        """Return the tempo at a position [quarter notes]."""
        return [qpm for at, _, qpm in self.tempos if at <= quarters + _EPSILON][-1]

    def _stretch(
        self,
        inside: NDArray[np.bool_],
        start: NDArray,
        end: NDArray,
        rate: float,
        steps: int,
        bar: int,
        meter: TimeSignature,
        tempos: list[tuple[float, float]],
    ) -> Section:
        notes = self._on_grid(inside, start * rate, end * rate)
        # A note may round up to the first step of a bar that the meter no longer rules.
        steps = max(steps, max((note.step + 1 for note in notes), default=0))
        places, qpms = zip(*tempos, strict=True)
        parts: dict[int, list[Note]] = {}
        for note, part in zip(notes, self.track[np.flatnonzero(inside)].tolist(), strict=True):
            parts.setdefault(part, []).append(note)
        each = tuple((part, NoteSequence(parts[part], steps, qpms[0])) for part in sorted(parts))
        spans = np.stack([start[inside], end[inside]], axis=1)
        whole = NoteSequence(notes, steps, qpms[0])
        return Section(whole, bar, meter, places, qpms, each, tuple(notes), spans, rate)

    def _on_grid(self, inside: NDArray[np.bool_], start: NDArray, end: NDArray) -> list[Note]:
        """The chosen notes, rounded to steps as note-seq rounds: half a step goes up."""
        chosen = np.flatnonzero(inside)
        exact = np.maximum(start[chosen], 0.0)
        step = np.floor(exact + 0.5).astype(int)
        length = np.maximum(np.floor(end[chosen] + 0.5).astype(int) - step, 1)
        offset = np.clip(np.round(exact - step, 6), -0.5, 0.5) + 0.0
        columns = zip(
            self.pitch[chosen].tolist(), step.tolist(), length.tolist(), self.velocity[chosen].tolist(),
            offset.tolist(), self.is_drum[chosen].tolist(), self.program[chosen].tolist(), strict=True,
        )  # fmt: skip
        return [Note(*column) for column in columns]
