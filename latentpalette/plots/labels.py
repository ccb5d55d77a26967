"""Labels for a row of pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from latentpalette.errors import MusicError
from latentpalette.music.sequence import NoteSequence
from latentpalette.validation import check_text, short_repr

MAX_LABEL_LENGTH = 1000  # [characters]
_MAX_LISTED = 20  # labels in a message


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
        require_sequence(sequence)
    if not sequences:
        raise MusicError("There is nothing to show: the list of sequences is empty.")
    if labels is None:
        return [""] * len(sequences)
    if not isinstance(labels, (str, Iterable)):
        raise MusicError(f"Labels are a text or a list of texts; got {short_repr(labels)}.")
    parsed = labels.split() if isinstance(labels, str) and len(sequences) > 1 else labels
    parsed = [parsed] if isinstance(parsed, str) else [str(label) for label in parsed]
    parsed = [check_text(label, "A label", MAX_LABEL_LENGTH, error=MusicError) for label in parsed]
    if len(parsed) != len(sequences):
        listed = ", ".join(repr(label) for label in parsed[:_MAX_LISTED]) + (
            " ..." if len(parsed) > _MAX_LISTED else ""
        )
        raise MusicError(f"There are {len(sequences)} sequences and {len(parsed)} labels: {listed}.")
    return ["·" if label == "." else label for label in parsed]


def require_sequence(value: object) -> None:
    """Raise an error for what is no NoteSequence.

    Raises
    ------
    MusicError
    """
    if not isinstance(value, NoteSequence):
        raise MusicError(f"NoteSequences can be shown; got {short_repr(value)}.")
