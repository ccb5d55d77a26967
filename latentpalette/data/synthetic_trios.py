"""Trios made of songs that have no drums: a voice, the lowest line beneath it, and drums to be borrowed.

Songs with all three parts are few. A song for voice and piano has two of them, and so has a string quartet.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from latentpalette.converters.trio import BASS_PROGRAM
from latentpalette.music.score import Score
from latentpalette.music.sequence import STEPS_PER_QUARTER

MELODY_PROGRAM = 0
PLACEHOLDER = 36  # a kick on every quarter note: where drums are to be borrowed


def constructed(score: Score, melodies: list[int], basses: list[int]) -> Score | None:
    """A song for melody and bass, with drums that hold the place of real ones.

    Parameters
    ----------
    score : Score
    melodies, basses : list of int
        The numbers of its parts; the first of each is taken.

    Returns
    -------
    Score or None
        None where the song has no melody or no bass.

    Examples
    --------
    >>> from latentpalette.music import midi
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> score = midi.read_score(midi.to_bytes(NoteSequence([Note(72, 0, 16), Note(48, 0, 16, program=1)], steps=16)))
    >>> trio = constructed(score, [0], [1])
    >>> trio.program.tolist(), int(trio.is_drum.sum())
    ([0, 33, 0, 0, 0, 0], 4)
    """
    if not melodies or not basses or melodies[0] == basses[0]:
        return None
    sung, low = score.only(score.part == melodies[0]), _lowest(score.only(score.part == basses[0]))
    if not len(sung.pitch) or not len(low.pitch):
        return None
    beats = np.arange(0, np.ceil(score.length)) * STEPS_PER_QUARTER  # [steps]
    count = len(beats)
    seconds = np.interp(beats, *_clock(score))
    added: dict[str, Any] = {
        "pitch": np.full(count, PLACEHOLDER),
        "velocity": np.full(count, 80),
        "program": np.zeros(count, int),
        "part": np.full(count, 2),
        "is_drum": np.ones(count, bool),
        "start": beats,
        "end": beats + 1,
        "start_seconds": seconds,
        "end_seconds": seconds,
    }
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(sung, name), getattr(low, name), more]) for name, more in added.items()
    }
    places = (len(sung.pitch), len(low.pitch), count)
    columns["part"] = np.repeat([0, 1, 2], places)
    columns["program"] = np.repeat([MELODY_PROGRAM, BASS_PROGRAM, 0], places)
    names = (score.instruments[melodies[0]], score.instruments[basses[0]], "drums")
    return dataclasses.replace(score, **columns, instruments=names, pedal=())


def _lowest(score: Score) -> Score:
    """The lowest of the notes that begin together."""
    order = np.lexsort((score.pitch, np.floor(score.start + 0.5)))
    starts = np.floor(score.start[order] + 0.5)
    first = np.concatenate([[True], np.diff(starts) > 0]) if len(starts) else np.zeros(0, bool)
    kept = np.zeros(len(order), bool)
    kept[order[first]] = True
    return score.only(kept)


def _clock(score: Score) -> tuple[np.ndarray, np.ndarray]:
    """Steps and the seconds they lie at, at every change of tempo and at the end."""
    steps = [quarters * STEPS_PER_QUARTER for quarters, _, _ in score.tempos]
    seconds = [at for _, at, _ in score.tempos]
    end = max(score.length * STEPS_PER_QUARTER, steps[-1]) + 16
    steps.append(end)
    seconds.append(seconds[-1] + (end - steps[-2]) / STEPS_PER_QUARTER * 60 / score.tempos[-1][2])
    return np.asarray(steps), np.asarray(seconds)
