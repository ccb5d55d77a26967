"""Values of songs in memory, and those of the songs of a corpus among them."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import TrainingError, suggest
from latentpalette.validation import short_repr
from latentpalette.wording import counted

_MAX_COMPARED = 2000  # names, and
_MAX_COMPARED_LENGTH = 200  # characters of each, in the search for a near one
_NAMED = 3  # songs without a value that a message names


@dataclass(frozen=True)
class SongValues:
    """Values of songs.

    Parameters
    ----------
    songs : mapping of song to mapping of column to float
        Only the values that are known.
    columns : tuple of str
        The names of the values, in the order of the file.
    origin : str
        The file, for messages.

    Examples
    --------
    >>> SongValues({"a.mid": {"danceability": 1.2}, "b.mid": {}}, ("danceability",))
    SongValues(2 songs: danceability of 1)
    """

    songs: Mapping[str, Mapping[str, float]]
    columns: tuple[str, ...]
    origin: str = field(default="The table", compare=False)

    def __len__(self) -> int:
        return len(self.songs)

    def __repr__(self) -> str:
        counts = {name: sum(name in values for values in self.songs.values()) for name in self.columns}
        columns = ", ".join(f"{name} of {count:,}" for name, count in counts.items())
        return f"SongValues({counted(len(self), 'song')}{': ' if columns else ''}{columns})"

    def column(self, name: str) -> dict[str, float]:
        """Return the known values of a column, by song.

        Raises
        ------
        TrainingError
            If there is no such column.

        Examples
        --------
        >>> SongValues({"a.mid": {"danceability": 1.2}, "b.mid": {}}, ("danceability",)).column("danceability")
        {'a.mid': 1.2}
        """
        if name not in self.columns:
            raise TrainingError(
                f"{self.origin}: no column is called {short_repr(name)}.{suggest(name, self.columns)} "
                f"There are: {', '.join(self.columns) or 'none'}."
            )
        return {song: values[name] for song, values in self.songs.items() if name in values}

    def look_up(self, name: str, songs: Iterable[str]) -> FoundValues:
        """Return the values of a column for songs, in their order.

        Parameters
        ----------
        name : str
            Of the column.
        songs : iterable of str
            As `Corpus.songs`.

        Raises
        ------
        TrainingError
            If there is no such column, or none of the songs has a value in it.

        Examples
        --------
        >>> found = SongValues({"gmd/a.mid": {"swing": 0.6}}, ("swing",)).look_up("swing", ["gmd/a.mid", "gmd/b.mid"])
        >>> found.values, found.missing
        (array([0.6, nan]), ('gmd/b.mid',))
        """
        known = self.column(name)
        songs = tuple(songs)
        values = np.array([known.get(song, math.nan) for song in songs], np.float64)
        missing = tuple(song for song in songs if song not in known)
        found = FoundValues(values, missing, _describe_missing(name, songs, missing, known, self.origin))
        if songs and len(missing) == len(songs):
            raise TrainingError(f"{found.note} Songs are called as in the corpus: by their path in its sources.")
        return found


@dataclass(frozen=True, eq=False)
class FoundValues:
    """Values of one column for a list of songs.

    Parameters
    ----------
    values : ndarray of float64 [shape=(songs,)]
        NaN for those that have none.
    missing : tuple of str
        The songs that have none.
    note : str
        How many have none, with some of their names and what is called like them; empty if all have one.
    """

    values: NDArray[np.float64]
    missing: tuple[str, ...]
    note: str


def _describe_missing(
    column: str, songs: tuple[str, ...], missing: tuple[str, ...], known: Mapping[str, float], origin: str
) -> str:
    if not missing:
        return ""
    by_file: dict[str, list[str]] = {}
    for name in known:
        by_file.setdefault(PurePosixPath(name).name, []).append(name)
    named = []
    for song in missing[:_NAMED]:
        near = _nearest(song, known, by_file)
        named.append(f"{short_repr(song, 120)}{f' (it has {short_repr(near, 120)})' if near else ''}")
    more = ", and others" if len(missing) > _NAMED else ""
    return f"{origin} has no {column} for {len(missing):,} of {counted(len(songs), 'song')}: {', '.join(named)}{more}."


def _nearest(song: str, known: Mapping[str, float], by_file: Mapping[str, list[str]]) -> str | None:
    """Return the name in a table that may mean a song: with the same file name, or spelled much like it."""
    path = PurePosixPath(song)
    for name in (path.name, path.stem, f"{path.name}.mid"):
        if len(by_file.get(name, ())) == 1:
            return by_file[name][0]
    if len(song) > _MAX_COMPARED_LENGTH:
        return None
    candidates = [name for name in list(known)[:_MAX_COMPARED] if len(name) <= _MAX_COMPARED_LENGTH]
    return next(iter(difflib.get_close_matches(song, candidates, 1, 0.8)), None)
