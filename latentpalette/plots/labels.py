"""Labels for a row of pictures."""

from __future__ import annotations

from collections.abc import Sequence

from latentpalette.errors import MusicError
from latentpalette.music.sequence import NoteSequence


def resolve_labels(sequences: Sequence[NoteSequence], labels: str | Sequence[str] | None) -> list[str]:
    """Return one label for each sequence.

    Parameters
    ----------
    sequences : list of NoteSequence
    labels : str or list of str, optional
        A string is split at its spaces, so that an interpolation can be labeled ``"A . . . B"``; with one sequence it
        is the label.

    Returns
    -------
    list of str
        Empty strings without labels.

    Raises
    ------
    MusicError
        If there is no sequence, or not one label for each.

    Examples
    --------
    >>> resolve_labels([NoteSequence(), NoteSequence()], "A B")
    ['A', 'B']
    """
    for sequence in sequences:
        _require_sequence(sequence)
    if not sequences:
        raise MusicError("There is nothing to show: the list of sequences is empty.")
    if labels is None:
        return [""] * len(sequences)
    parsed = labels.split() if isinstance(labels, str) and len(sequences) > 1 else labels
    parsed = [parsed] if isinstance(parsed, str) else [str(label) for label in parsed]
    if len(parsed) != len(sequences):
        listed = ", ".join(repr(label) for label in parsed)
        raise MusicError(f"There are {len(sequences)} sequences and {len(parsed)} labels: {listed}.")
    return ["·" if label == "." else label for label in parsed]


def _require_sequence(value: object) -> None:
    if not isinstance(value, NoteSequence):
        raise MusicError(f"NoteSequences can be shown; got {value!r:.80}.")
