"""Values of songs, like their danceability, in a table of the user's: CSV or JSON.

The CSV has a line for each song and a column for each value; an empty field is a value that is not known:

    song,danceability,valence
    gmd/drummer1/session1/1_funk.mid,1.31,0.6
    gmd/drummer1/session1/2_rock.mid,1.04,

The JSON says the same as ``{"gmd/drummer1/session1/1_funk.mid": {"danceability": 1.31, "valence": 0.6}}``. Songs are
called as in a corpus (`Corpus.songs`): by their path, beginning with the name of the archive or folder.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from latentpalette.data.members import MAX_NAME_LENGTH
from latentpalette.data.song_rows import SongRows, first_repeated, read_text
from latentpalette.data.song_table import SongValues
from latentpalette.errors import TrainingError
from latentpalette.files import expand_path, short_path, write_text
from latentpalette.validation import check_number, short_repr

MAX_SONGS = 1_000_000
MAX_COLUMNS = 64
MAX_COLUMN_NAME = 100  # characters
MAX_VALUE = 10**9  # of a feature; what is larger is no measure of music


def read_song_values(path: str | os.PathLike[str]) -> SongValues:
    r"""Read values of songs from a ``.csv`` or ``.json`` file, see the module's description.

    Raises
    ------
    TrainingError
        If there is no such file, or it is damaged, too large, names a song or a column twice, or has a value that is no
        finite number; the message says in which line.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "values.csv")
    >>> _ = path.write_text("song,danceability\nbossa.mid,1.25\nwaltz.mid,\n")
    >>> read_song_values(path)
    SongValues(2 songs: danceability of 1)
    """
    path = expand_path(path)
    reader = {".csv": _read_csv, ".json": _read_json}.get(path.suffix.lower())
    if reader is None:
        raise TrainingError(f"{short_path(path)}: values of songs are a .csv or a .json file.")
    return reader(read_text(path), short_path(path))


def write_song_values(
    path: str | os.PathLike[str], songs: Mapping[str, Mapping[str, float]], *, columns: Iterable[str] = ()
) -> Path:
    """Write values of songs as a whole ``.csv`` or ``.json`` file, which `read_song_values` reads; return its path.

    Parameters
    ----------
    path : path
        Its suffix says the format.
    songs : mapping of song to mapping of column to float
    columns : iterable of str
        Columns that are there even if no song has a value in them, before the others. A JSON has no such columns.

    Raises
    ------
    TrainingError
        If the suffix is another, or a name or a value is none.
    FileError
        If the file cannot be written.
    """
    path = expand_path(path)
    table = _Table(short_path(path))
    table.set_columns([*columns, *(name for values in songs.values() for name in values)], "its values")
    for song, values in songs.items():
        table.add(song, values, short_repr(song))
    if path.suffix.lower() == ".json":
        return write_text(path, json.dumps(table.songs, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    if path.suffix.lower() != ".csv":
        raise TrainingError(f"{short_path(path)}: values of songs are a .csv or a .json file.")
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["song", *table.columns])
    for song, known in table.songs.items():
        rows.writerow([song, *(repr(known[name]) if name in known else "" for name in table.columns)])
    return write_text(path, text.getvalue())


class _Table:
    """The songs of a file as they are read, each checked."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.columns: dict[str, None] = {}
        self.songs: dict[str, dict[str, float]] = {}

    def set_columns(self, names: Iterable[Any], place: str) -> None:
        for name in names:
            if not isinstance(name, str) or not name.strip() or len(name) > MAX_COLUMN_NAME or not name.isprintable():
                raise self.error(place, f"a column has a name of up to {MAX_COLUMN_NAME} printable characters", name)
            if name == "song":
                raise self.error(place, "the column 'song' holds the names, not a value", name)
            self.columns[name] = None
            if len(self.columns) > MAX_COLUMNS:
                raise TrainingError(f"{self.origin}: more than {MAX_COLUMNS} columns. Keep those that you need.")

    def add(self, song: Any, values: Mapping[str, Any], place: str) -> None:
        if not isinstance(song, str) or not song.strip() or len(song) > MAX_NAME_LENGTH or not song.isprintable():
            raise self.error(place, f"a song has a name of up to {MAX_NAME_LENGTH} printable characters", song)
        if song in self.songs:
            raise TrainingError(f"{self.origin}, {place}: {short_repr(song)} is there twice. Keep one of them.")
        if len(self.songs) == MAX_SONGS:
            raise TrainingError(f"{self.origin}: more than {MAX_SONGS:,} songs. Split it.")
        self.songs[song] = {
            name: check_number(value, f"{self.origin}, {place}: {name}", -MAX_VALUE, MAX_VALUE, error=TrainingError)
            for name, value in values.items()
        }

    def error(self, place: str, rule: str, got: Any) -> TrainingError:
        return TrainingError(f"{self.origin}, {place}: {rule}; got {short_repr(got)}.")

    def done(self) -> SongValues:
        return SongValues(self.songs, tuple(self.columns), self.origin)


def _read_csv(text: str, origin: str) -> SongValues:
    table = _Table(origin)
    rows = SongRows(text, origin)
    table.set_columns(rows.columns, "line 1")
    for place, song, fields in rows:
        table.add(song, {name: _to_number(value) for name, value in fields.items() if value}, place)
    return table.done()


def _read_json(text: str, origin: str) -> SongValues:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = first_repeated(name for name, _ in pairs)
            raise TrainingError(f"{origin}: {short_repr(twice)} is there twice. Keep one of them.")
        return found

    try:
        content = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as problem:
        raise TrainingError(f"{origin}, line {problem.lineno}: no JSON ({problem.msg}).") from problem
    except TrainingError:
        raise
    except (ValueError, RecursionError) as problem:  # a number of thousands of digits; brackets in brackets in ...
        raise TrainingError(f"{origin}: no JSON of values ({type(problem).__name__}).") from problem
    table = _Table(origin)
    if not isinstance(content, dict):
        raise TrainingError(
            f'{origin}: values of songs are {{"song": {{"danceability": 1.2}}}}; got a list or a value.'
        )
    for song, values in content.items():
        if not isinstance(values, dict):
            raise table.error(short_repr(song), 'the values of a song are {"danceability": 1.2}', values)
        table.set_columns(values, short_repr(song))
        table.add(song, {name: value for name, value in values.items() if value is not None}, short_repr(song))
    return table.done()


def _to_number(text: str) -> float | str:
    """Return the number that a field is; what is none is returned as it is, for the message."""
    try:
        return float(text) if "_" not in text else text
    except ValueError:
        return text
