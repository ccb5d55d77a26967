"""What music is like, in numbers: one documented number each.

The first five are the attributes of Roberts et al. (2018), arXiv 1803.05428, section 5.4, as spec 6.3 settles them
(the paper's own code was never published). They look at *onsets*: the steps at which something begins, counted from
the start of the sequence. Of several notes that begin together the highest counts, as in a melody. Of drums, which
have no pitch, only the rhythm counts. A sequence without onsets measures 0 in everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from types import MappingProxyType

from latentpalette.music.drums import REDUCED
from latentpalette.music.sequence import NoteSequence

Measure = Callable[[NoteSequence], float]

_WHITE_KEYS = frozenset({0, 2, 4, 5, 7, 9, 11})
_STEPS_PER_EIGHTH = 2


def note_density(sequence: NoteSequence) -> float:
    """How full it is: onsets by steps [0 to 1].

    Examples
    --------
    >>> note_density(NoteSequence.from_steps({"kick": [0, 8], "snare": [8]}, steps=16))
    0.125
    """
    return len(_onsets(sequence)) / sequence.steps if sequence.steps else 0.0


def c_diatonic(sequence: NoteSequence) -> float:
    """How much of it is played on the white keys: the share of pitched onsets [0 to 1].

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> c_diatonic(NoteSequence([Note(60, 0), Note(61, 4), Note(62, 8), Note(64, 12)], steps=16))
    0.75
    """
    pitches = _tops(sequence)
    return _share(sum(pitch % 12 in _WHITE_KEYS for pitch in pitches), len(pitches))


def average_interval(sequence: NoteSequence) -> float:
    """How far it leaps: the mean distance between pitched onsets that follow one another [semitones].

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> average_interval(NoteSequence([Note(60, 0), Note(67, 4), Note(66, 8)], steps=16))
    4.0
    """
    pitches = _tops(sequence)
    return _share(sum(abs(after - before) for before, after in pairwise(pitches)), len(pitches) - 1)


def syncopation_16th(sequence: NoteSequence) -> float:
    """How much of it falls between the eighths: the share of onsets on an odd step with none one step before.

    Examples
    --------
    >>> syncopation_16th(NoteSequence.from_steps({"kick": [0, 1, 5, 8]}, steps=16))
    0.25
    """
    onsets = _onsets(sequence)
    return _share(sum(step % 2 == 1 and step - 1 not in onsets for step in onsets), len(onsets))


def syncopation_8th(sequence: NoteSequence) -> float:
    """How much of it falls between the quarters: the share of onsets on the off-beat eighth with none right before.

    That is on step 2, 6, 10 ..., with no onset one step or two steps before.

    Examples
    --------
    >>> syncopation_8th(NoteSequence.from_steps({"kick": [0, 2, 6, 9, 10]}, steps=16))
    0.2
    """
    onsets = _onsets(sequence)
    lonely = [step for step in onsets if not onsets & {step - 1, step - _STEPS_PER_EIGHTH}]
    return _share(sum(step % 4 == _STEPS_PER_EIGHTH for step in lonely), len(onsets))


def pitch_range(sequence: NoteSequence) -> float:
    """From the lowest pitched note to the highest [semitones].

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> pitch_range(NoteSequence([Note(60, 0), Note(67, 4), Note(36, 4, is_drum=True)], steps=16))
    7.0
    """
    pitches = [note.pitch for note in sequence.notes if not note.is_drum]
    return float(max(pitches) - min(pitches)) if pitches else 0.0


def drum_density(drum: str) -> Measure:
    """A measure of how busy one drum is: steps on which it is hit, by steps [0 to 1].

    Parameters
    ----------
    drum : str
        A name in `latentpalette.music.drums.REDUCED`; other pitches of its class count, too.

    Raises
    ------
    MusicError
        If no drum is called so; the message lists the names.

    Examples
    --------
    >>> drum_density("closed hat")(NoteSequence.from_steps({"closed hat": range(0, 16, 2), "kick": [0]}, steps=16))
    0.5
    """
    pitches = frozenset(REDUCED.pitches[REDUCED.index(drum)])

    def density(sequence: NoteSequence) -> float:
        hits = {note.step for note in sequence.notes if note.is_drum and note.pitch in pitches}
        return _share(len(hits), sequence.steps)

    return density


PAPER: Mapping[str, Measure] = MappingProxyType(
    {
        "note density": note_density,
        "C diatonic": c_diatonic,
        "average interval": average_interval,
        "16th-note syncopation": syncopation_16th,
        "8th-note syncopation": syncopation_8th,
    }
)


def _onsets(sequence: NoteSequence) -> set[int]:
    """The steps at which anything begins."""
    return {note.step for note in sequence.notes}


def _tops(sequence: NoteSequence) -> list[int]:
    """The highest pitch at each pitched onset, in order."""
    tops = {note.step: note.pitch for note in sequence.notes if not note.is_drum}  # sorted, so the highest comes last
    return list(tops.values())


def _share(count: float, of: int) -> float:
    """A quotient, and 0 of nothing."""
    return count / of if of > 0 else 0.0
