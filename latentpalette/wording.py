"""Words of messages."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is one.

    Parameters
    ----------
    number : int
    noun : str
        In the singular; its plural ends in one more "s".

    Examples
    --------
    >>> counted(1, "note"), counted(0, "note"), counted(1200, "MIDI file")
    ('1 note', '0 notes', '1,200 MIDI files')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
