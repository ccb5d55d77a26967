"""Where the bars of a folk tune begin, heard from how hard its notes are struck.

abc2midi writes no barlines, and a tune that starts with a pickup, or repeats a part that does, is off the grid that
its time signature promises. But it strikes the first note of each bar harder than all others.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from latentpalette.music.score import Meter, Score
from latentpalette.music.sequence import STEPS_PER_QUARTER

FIRST_OF_BAR = 105
VELOCITIES = frozenset({75, FIRST_OF_BAR, 95, 80})  # abc2midi's: first of the bar, other beats, between beats


def from_accents(score: Score) -> Score:
    """A score whose bars begin where abc2midi struck the first of each; any other score as it is.

    Parameters
    ----------
    score : Score

    Returns
    -------
    Score
        Between two strokes that lie a whole number of bars apart the meter rules; what lies between two others (a
        pickup, a bar cut short before a repeat) is a bar of its own length.

    Examples
    --------
    >>> from latentpalette.music import midi
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> tune = NoteSequence([Note(60, 0, 2, 105), Note(62, 2, 2, 105), Note(64, 18, 16, 105)], steps=34)
    >>> [f"{meter} from {meter.quarters:g}" for meter in from_accents(midi.read_score(midi.to_bytes(tune))).meters]
    ['2/16 from 0', '4/4 from 0.5']
    """
    strokes = np.unique(np.floor(score.start[score.velocity == FIRST_OF_BAR] + 0.5))  # [steps]
    if len(score.meters) != 1 or not len(strokes) or not set(score.velocity.tolist()) <= VELOCITIES:
        return score
    (meter,) = score.meters
    edges = strokes if strokes[0] == 0 else np.concatenate([[0.0], strokes])
    ruled = np.diff(edges) % meter.steps == 0
    meters: list[Meter] = []
    for at, length, whole in zip(edges, [*np.diff(edges), meter.steps], [*ruled, True], strict=True):
        numerator, denominator = (meter.numerator, meter.denominator) if whole else (int(length), 16)
        if meters and (meters[-1].numerator, meters[-1].denominator) == (numerator, denominator) and whole:
            continue
        quarters = float(at) / STEPS_PER_QUARTER
        meters.append(Meter(quarters, quarters * 60 / score.qpm, numerator, denominator))
    return dataclasses.replace(score, meters=tuple(meters))
