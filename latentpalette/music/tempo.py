"""Tempo: conversion between ticks, seconds, quarter notes and steps, and scores at a constant tempo."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.music.score import Score
from latentpalette.music.sequence import STEPS_PER_QUARTER

_MAX_TICK_ERROR = 1e-2  # [ticks] an event this near a tick lies on it
_DEFAULT_QPM = 120.0


class TempoMap:
    """Conversion of seconds to steps and quarter notes, through every change of tempo.

    Parameters
    ----------
    seconds : array-like [shape=(changes,), seconds]
        Start of each tempo, in order; the first at 0.
    qpms : array-like [shape=(changes,), quarter notes per minute]
    ticks_per_quarter : int
        Resolution of the file.

    Notes
    -----
    The arithmetic in the first tempo is note-seq's (`quantize_to_step`), so that a note exactly between two steps is
    quantized as Magenta quantizes it.

    Examples
    --------
    >>> tempos = TempoMap([0.0, 1.0], [120.0, 60.0], ticks_per_quarter=480)
    >>> tempos.seconds_to_steps(np.array([0.5, 1.0, 2.0])).tolist()
    [4.0, 8.0, 12.0]
    >>> tempos.seconds_to_quarters([2.0]).tolist()
    [3.0]
    """

    def __init__(self, seconds: ArrayLike, qpms: ArrayLike, *, ticks_per_quarter: int) -> None:
        self.seconds = np.asarray(seconds, float)
        self.qpms = np.asarray(qpms, float)
        self.ticks_per_quarter = ticks_per_quarter
        self._steps_per_second = STEPS_PER_QUARTER * self.qpms / 60
        self._steps = np.concatenate([[0.0], np.cumsum(np.diff(self.seconds) * self._steps_per_second[:-1])])

    def seconds_to_steps(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Convert times [n, seconds] to positions on the grid [n, steps], not rounded."""
        return _piecewise_linear(seconds, self.seconds, self._steps_per_second, self._steps)

    def seconds_to_quarters(self, seconds: ArrayLike) -> NDArray[np.float64]:
        """Convert the times of events [n] to quarter notes; exactly those of their ticks where they are near one."""
        quarters = self.seconds_to_steps(np.asarray(seconds, float)) / STEPS_PER_QUARTER
        ticks = np.rint(quarters * self.ticks_per_quarter)
        is_on_tick = abs(quarters * self.ticks_per_quarter - ticks) < _MAX_TICK_ERROR
        return np.where(is_on_tick, ticks / self.ticks_per_quarter, quarters)


class TickTempoMap(TempoMap):
    """A `TempoMap` of tempo events, which also converts ticks to seconds.

    Parameters
    ----------
    tempo_events : list of (tick, microseconds per quarter note)
        In order. Before the first the tempo is 120.
    ticks_per_quarter : int

    Notes
    -----
    The arithmetic is pretty_midi's, to the last bit.

    Examples
    --------
    >>> tempos = TickTempoMap([(480, 1_000_000)], ticks_per_quarter=480)
    >>> tempos.ticks_to_seconds(np.array([240, 480, 960])).tolist(), tempos.qpms.tolist()
    ([0.25, 0.5, 1.5], [120.0, 60.0])
    """

    def __init__(self, tempo_events: Sequence[tuple[int, int]], *, ticks_per_quarter: int) -> None:
        changes = [(0, 60.0 / (_DEFAULT_QPM * ticks_per_quarter))]  # tick, seconds per tick
        for tick, microseconds in tempo_events:
            seconds_per_tick = 60.0 / ((6e7 / microseconds) * ticks_per_quarter)
            if tick == 0:
                changes = [(0, seconds_per_tick)]
            elif seconds_per_tick != changes[-1][1]:
                changes.append((tick, seconds_per_tick))
        self._ticks = np.array([tick for tick, _ in changes])
        self._seconds_per_tick = np.array([seconds_per_tick for _, seconds_per_tick in changes])
        seconds = [0.0]
        for (tick, seconds_per_tick), (next_tick, _) in pairwise(changes):
            seconds.append(seconds[-1] + seconds_per_tick * (next_tick - tick))
        super().__init__(
            seconds, 60.0 / (self._seconds_per_tick * ticks_per_quarter), ticks_per_quarter=ticks_per_quarter
        )

    def ticks_to_seconds(self, ticks: ArrayLike) -> NDArray[np.float64]:
        """Convert ticks [n] to times [n, seconds]."""
        return _piecewise_linear(np.asarray(ticks, int), self._ticks, self._seconds_per_tick, self.seconds)


def to_constant_tempo(score: Score) -> Score:
    """Remove the tempo changes of a score: it keeps its first tempo, and times in seconds follow the quarter notes.

    For representations that count bars in seconds and would lose the bars in which the tempo changes.

    Parameters
    ----------
    score : Score

    Examples
    --------
    >>> from latentpalette.music.midi import read_score, to_bytes
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> score = read_score(to_bytes(NoteSequence([Note(60, 4)], steps=16)))
    >>> slower = dataclasses.replace(
    ...     score, tempos=((0.0, 0.0, 120.0), (0.5, 0.25, 60.0)), start_seconds=np.array([0.75])
    ... )
    >>> float(to_constant_tempo(slower).start_seconds[0])
    0.5
    """
    if len(score.tempos) == 1:
        return score
    change_quarters, change_seconds, qpms = np.array(score.tempos).T
    qpm = score.tempos[0][2]

    def convert(seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        tempo = _last_start(change_seconds, seconds)
        quarters = change_quarters[tempo] + (seconds - change_seconds[tempo]) * qpms[tempo] / 60
        return quarters * 60 / qpm

    pedal_seconds = convert(np.array([seconds for _, seconds, _ in score.sustain_pedal], float)).tolist()
    return dataclasses.replace(
        score,
        start_seconds=convert(score.start_seconds),
        end_seconds=convert(score.end_seconds),
        tempos=score.tempos[:1],
        time_signatures=tuple(
            dataclasses.replace(signature, seconds=signature.quarters * 60 / qpm) for signature in score.time_signatures
        ),
        sustain_pedal=tuple(
            (track, seconds, is_down)
            for (track, _, is_down), seconds in zip(score.sustain_pedal, pedal_seconds, strict=True)
        ),
    )


def _piecewise_linear(x: NDArray, starts: NDArray, slopes: NDArray, values: NDArray) -> NDArray[np.float64]:
    """Evaluate at x [n] the line of slope `slopes[i]` from the point (`starts[i]`, `values[i]`) up to the next one."""
    index = _last_start(starts, x)
    return (x - starts[index]) * slopes[index] + values[index]


def _last_start(starts: NDArray, x: NDArray) -> NDArray[np.intp]:
    """Return the index of the last of the ascending `starts` at or before each x [n]; 0 before the first."""
    return np.maximum(np.searchsorted(starts, x, side="right") - 1, 0)
