"""File names that every file system takes, each once."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from latentpalette.data.members import decode_name
from latentpalette.files import encode_path

MAX_STEM_BYTES = 150  # file systems allow 255 for a name, and bars, a track and an ending follow

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]+')  # on Windows


def safe_stem(name: str, max_bytes: int = MAX_STEM_BYTES) -> str:
    """Return a file name without its ending, with ``-`` for what some file systems refuse, cut where it is long.

    Examples
    --------
    >>> safe_stem("My song.mid"), safe_stem("AC:DC?.mid"), len(safe_stem("é" * 200 + ".mid"))
    ('My song', 'AC-DC-', 75)
    """
    stem = decode_name(encode_path(Path(name).stem))
    stem = _NOT_IN_NAMES.sub("-", stem).rstrip(". ")
    return stem.encode()[:max_bytes].decode(errors="ignore") or "song"


class UniqueNames:
    """Numbers names that come again; those that differ by case alone are the same on some file systems.

    Parameters
    ----------
    separator : str
        Between a name and its number.

    Examples
    --------
    >>> names = UniqueNames("-")
    >>> [names.add(name) for name in ("song", "Song", "song-2", "song")]
    ['song', 'Song-2', 'song-2-2', 'song-3']
    """

    def __init__(self, separator: str) -> None:
        self._separator = separator
        self._used: set[str] = set()
        self._numbers: dict[str, int] = {}  # the highest of each name

    def add(self, name: str) -> str:
        """Return a name, with the lowest number that makes it a new one if it is used."""
        key = _key(name)
        unique, number = name, self._numbers.get(key, 1)
        while _key(unique) in self._used:
            number += 1
            unique = f"{name}{self._separator}{number}"
        self._numbers[key] = number
        self._used.add(_key(unique))
        return unique


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
