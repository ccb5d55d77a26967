"""A piece at one tempo: changes of tempo are played out, and every bar is as long as any other."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from latentpalette.music.score import Score


def steady(score: Score) -> Score:
    """The same piece at its first tempo throughout: its times in seconds follow its quarter notes.

    For those who count bars in seconds and would lose the bars in which the tempo changes.

    Examples
    --------
    >>> from latentpalette.music.midi import read_score, to_bytes
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> score = read_score(to_bytes(NoteSequence([Note(60, 4)], steps=16)))
    >>> slower = dataclasses.replace(
    ...     score, tempos=((0.0, 0.0, 120.0), (0.5, 0.25, 60.0)), start_seconds=np.array([0.75])
    ... )
    >>> float(steady(slower).start_seconds[0])
    0.5
    """
    if len(score.tempos) == 1:
        return score
    at, since, qpms = np.array(score.tempos).T

    def straight(seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        piece = np.clip(np.searchsorted(since, seconds, side="right") - 1, 0, None)
        return (at[piece] + (seconds - since[piece]) * qpms[piece] / 60) * 60 / score.qpm

    return dataclasses.replace(
        score,
        start_seconds=straight(score.start_seconds),
        end_seconds=straight(score.end_seconds),
        tempos=score.tempos[:1],
        meters=tuple(dataclasses.replace(each, seconds=each.quarters * 60 / score.qpm) for each in score.meters),
        pedal=tuple((part, float(straight(np.array([time]))[0]), down) for part, time, down in score.pedal),
    )
