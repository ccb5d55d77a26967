"""The names of MIDI files."""

from __future__ import annotations

import os
from pathlib import PurePath

MIDI_SUFFIXES = (".mid", ".midi", ".smf", ".kar", ".rmi", ".rmid")


def is_midi_name(path: str | os.PathLike[str]) -> bool:
    """Return True if a file is a MIDI file by its name.

    Examples
    --------
    >>> [is_midi_name(name) for name in ("a/Song.MID", "song.kar", "song.txt", "song", "a/._song.mid")]
    [True, True, False, False, False]
    """
    path = PurePath(path)
    # macOS adds a file of attributes, "._song.mid", to each one that it copies to another file system.
    return path.suffix.lower() in MIDI_SUFFIXES and not path.name.startswith("._")
