"""Infer the bar lines of folk tunes from the accents of abc2midi.

abc2midi writes no bar lines, and a tune that starts with a pickup, or repeats a section that does, is off the grid
that its time signature implies. But it plays the first note of each bar louder than all others.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from latentpalette.music.score import Score
from latentpalette.music.section import TimeSignature
from latentpalette.music.sequence import STEPS_PER_QUARTER

DOWNBEAT_VELOCITY = 105
ABC2MIDI_VELOCITIES = frozenset({75, DOWNBEAT_VELOCITY, 95, 80})  # also: other beats, between beats


def infer_barlines(score: Score) -> Score:
    """Return a score whose bars begin at abc2midi's downbeats; any other score unchanged.

    Parameters
    ----------
    score : Score

    Returns
    -------
    Score
        Between two downbeats that are a whole number of bars apart, the time signature of the score; between others
        (a pickup, a bar cut short before a repeat), one bar of their distance.

    Examples
    --------
    >>> from latentpalette.music import midi
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> tune = NoteSequence([Note(60, 0, 2, 105), Note(62, 2, 2, 105), Note(64, 18, 16, 105)], steps=34)
    >>> score = infer_barlines(midi.read_score(midi.to_bytes(tune)))
    >>> [f"{meter} from {meter.quarters:g}" for meter in score.time_signatures]
    ['2/16 from 0', '4/4 from 0.5']
    """
    downbeats = np.unique(np.floor(score.start[score.velocity == DOWNBEAT_VELOCITY] + 0.5))  # [steps]
    is_abc2midi = len(downbeats) and set(score.velocity.tolist()) <= ABC2MIDI_VELOCITIES
    if len(score.time_signatures) != 1 or not is_abc2midi:
        return score
    (meter,) = score.time_signatures
    starts = downbeats if downbeats[0] == 0 else np.concatenate([[0.0], downbeats])
    lengths = np.diff(starts)
    is_regular = lengths % meter.steps_per_bar == 0
    inferred: list[TimeSignature] = []
    for start, length, regular in zip(starts, [*lengths, meter.steps_per_bar], [*is_regular, True], strict=True):
        numerator, denominator = (meter.numerator, meter.denominator) if regular else (int(length), 16)
        if inferred and (inferred[-1].numerator, inferred[-1].denominator) == (numerator, denominator) and regular:
            continue
        quarters = float(start) / STEPS_PER_QUARTER
        inferred.append(TimeSignature(quarters, quarters * 60 / score.qpm, numerator, denominator))
    return dataclasses.replace(score, time_signatures=tuple(inferred))
