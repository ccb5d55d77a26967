"""Features of a sequence: one documented number each.

The first five are the attributes of Roberts et al. (2018), arXiv 1803.05428, section 5.4. The paper's code was never
published; where its text leaves a choice, the docstring of each feature says what is done here. They look at *onsets*:
the steps at which something begins, counted from the start of the sequence. Of several notes that begin together the
highest counts, as in a melody. Of drums, which have no pitch, only the rhythm counts. Every feature of a sequence
without onsets is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from types import MappingProxyType

from latentpalette.music.drums import REDUCED
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence

Feature = Callable[[NoteSequence], float]

_C_MAJOR = frozenset({0, 2, 4, 5, 7, 9, 11})
_STEPS_PER_EIGHTH = 2
_STEPS_PER_BEAT = 4


def note_density(sequence: NoteSequence) -> float:
    """Number of onsets divided by the number of steps [0 to 1].

    Examples
    --------
    >>> note_density(NoteSequence.from_steps({"kick": [0, 8], "snare": [8]}, steps=16))
    0.125
    """
    return len(_onsets(sequence)) / sequence.steps if sequence.steps else 0.0


def c_diatonic(sequence: NoteSequence) -> float:
    """Share of the pitched onsets that are in the C major scale [0 to 1].

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> c_diatonic(NoteSequence([Note(60, 0), Note(61, 4), Note(62, 8), Note(64, 12)], steps=16))
    0.75
    """
    pitches = _top_pitches(sequence)
    return _ratio(sum(pitch % 12 in _C_MAJOR for pitch in pitches), len(pitches))


def average_interval(sequence: NoteSequence) -> float:
    """Mean absolute interval between consecutive pitched onsets [semitones].

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> average_interval(NoteSequence([Note(60, 0), Note(67, 4), Note(66, 8)], steps=16))
    4.0
    """
    pitches = _top_pitches(sequence)
    return _ratio(sum(abs(after - before) for before, after in pairwise(pitches)), len(pitches) - 1)


def syncopation_16th(sequence: NoteSequence) -> float:
    """Share of the onsets on an odd step with no onset one step before [0 to 1].

    Examples
    --------
    >>> syncopation_16th(NoteSequence.from_steps({"kick": [0, 1, 5, 8]}, steps=16))
    0.25
    """
    onsets = _onsets(sequence)
    return _ratio(sum(step % 2 == 1 and step - 1 not in onsets for step in onsets), len(onsets))


def syncopation_8th(sequence: NoteSequence) -> float:
    """Share of the onsets on an off-beat eighth with no onset right before [0 to 1].

    That is on step 2, 6, 10 ..., with no onset one step or two steps before.

    Examples
    --------
    >>> syncopation_8th(NoteSequence.from_steps({"kick": [0, 2, 6, 9, 10]}, steps=16))
    0.2
    """
    onsets = _onsets(sequence)
    isolated = [step for step in onsets if not onsets & {step - 1, step - _STEPS_PER_EIGHTH}]
    return _ratio(sum(step % 4 == _STEPS_PER_EIGHTH for step in isolated), len(onsets))


def pitch_range(sequence: NoteSequence) -> float:
    """Interval between the lowest and the highest pitched note [semitones].

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> pitch_range(NoteSequence([Note(60, 0), Note(67, 4), Note(36, 4, is_drum=True)], steps=16))
    7.0
    """
    pitches = [note.pitch for note in sequence.notes if not note.is_drum]
    return float(max(pitches) - min(pitches)) if pitches else 0.0


def drum_density(drum: str) -> Feature:
    """Return a feature: the share of the steps on which a drum is hit [0 to 1].

    Parameters
    ----------
    drum : str
        A name in `latentpalette.music.drums.REDUCED`; other pitches of its class count, too.

    Raises
    ------
    MusicError
        If there is no drum of that name; the message lists the names.

    Examples
    --------
    >>> drum_density("closed hat")(NoteSequence.from_steps({"closed hat": range(0, 16, 2), "kick": [0]}, steps=16))
    0.5
    """
    pitches = frozenset(REDUCED.pitches[REDUCED.index(drum)])

    def density(sequence: NoteSequence) -> float:
        hits = {note.step for note in sequence.notes if note.is_drum and note.pitch in pitches}
        return _ratio(len(hits), sequence.steps)

    return density


def backbeat(sequence: NoteSequence) -> float:
    """Share of the beats 2 and 4 with a snare [0 to 1].

    Examples
    --------
    >>> backbeat(NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12, 20]}, steps=32))
    0.75
    """
    return _share_of_steps(sequence, "snare", (_STEPS_PER_BEAT, 3 * _STEPS_PER_BEAT))


def kick_on_the_one(sequence: NoteSequence) -> float:
    """Share of the bars that begin with a kick [0 to 1].

    Examples
    --------
    >>> kick_on_the_one(NoteSequence.from_steps({"kick": [0, 8]}, steps=32))
    0.5
    """
    return _share_of_steps(sequence, "kick", (0,))


MUSICVAE_ATTRIBUTES: Mapping[str, Feature] = MappingProxyType(
    {
        "note density": note_density,
        "C diatonic": c_diatonic,
        "average interval": average_interval,
        "16th-note syncopation": syncopation_16th,
        "8th-note syncopation": syncopation_8th,
    }
)


def _share_of_steps(sequence: NoteSequence, drum: str, steps_of_bar: tuple[int, ...]) -> float:
    """Return the share of some steps of every bar on which a drum is hit."""
    pitches = REDUCED.pitches[REDUCED.index(drum)]
    hits = {note.step for note in sequence.notes if note.is_drum and note.pitch in pitches}
    places = [step for step in range(sequence.steps) if step % STEPS_PER_BAR in steps_of_bar]
    return _ratio(len(hits.intersection(places)), len(places))


def _onsets(sequence: NoteSequence) -> set[int]:
    """Return the steps at which a note begins."""
    return {note.step for note in sequence.notes}


def _top_pitches(sequence: NoteSequence) -> list[int]:
    """Return the highest pitch at each pitched onset, in order."""
    # Notes are sorted by pitch within a step, so that the highest is the last one written.
    pitch_at = {note.step: note.pitch for note in sequence.notes if not note.is_drum}
    return list(pitch_at.values())


def _ratio(count: float, total: int) -> float:
    """Divide, with 0 for a total of 0."""
    return count / total if total > 0 else 0.0
