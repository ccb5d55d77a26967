"""Names for a row of pictures."""

from __future__ import annotations

from collections.abc import Sequence

from latentpalette.errors import MusicError
from latentpalette.music.sequence import NoteSequence


def names(sequences: Sequence[NoteSequence], labels: str | Sequence[str] | None) -> list[str]:
    """One name for each sequence.

    Parameters
    ----------
    sequences : list of NoteSequence
    labels : str or list of str, optional
        A string is split at its spaces, so that a walk reads as it is written: ``"A . . . B"``. One sequence has the
        whole string for its name.

    Returns
    -------
    list of str
        Empty ones without labels.

    Raises
    ------
    MusicError
        If there is nothing to name, or not one label for each.

    Examples
    --------
    >>> names([NoteSequence(), NoteSequence()], "A B")
    ['A', 'B']
    """
    for one in sequences:
        _check(one)
    if not sequences:
        raise MusicError("There is nothing to show: the list of sequences is empty.")
    if labels is None:
        return [""] * len(sequences)
    found = labels.split() if isinstance(labels, str) and len(sequences) > 1 else labels
    found = [found] if isinstance(found, str) else [str(label) for label in found]
    if len(found) != len(sequences):
        listed = ", ".join(repr(label) for label in found)
        raise MusicError(f"There are {len(sequences)} sequences and {len(found)} labels: {listed}.")
    return ["·" if label == "." else label for label in found]


def _check(one: object) -> None:
    if not isinstance(one, NoteSequence):
        raise MusicError(f"NoteSequences can be shown; got {one!r:.80}.")
