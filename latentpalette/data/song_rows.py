"""Tables of songs that users make: a CSV with a column ``song`` and others, read with care."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from latentpalette.errors import TrainingError
from latentpalette.files import is_file, read_bytes, short_path
from latentpalette.validation import short_repr
from latentpalette.wording import counted

MAX_BYTES = 64_000_000


def read_text(path: Path) -> str:
    """Return the text of a file: UTF-8, with or without a byte order mark, or else Latin-1.

    Raises
    ------
    TrainingError
        If there is no such file, or it cannot be read or is too large.
    """
    if not is_file(path):
        raise TrainingError(f"{short_path(path)}: no such file.")
    data = read_bytes(path, MAX_BYTES, error=TrainingError)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


class SongRows:
    r"""The rows of a CSV whose first column is ``song``.

    Parameters
    ----------
    text : str
    origin : str
        The file, for messages.

    Raises
    ------
    TrainingError
        At once if the first line names no columns, or one twice; while it is read if a row is damaged or has another
        number of fields. The message has the line.

    Examples
    --------
    >>> rows = SongRows("song,artist,title\na.mid,Ann , So what\n", "songs.csv")
    >>> rows.columns, list(rows)
    (['artist', 'title'], [('line 2', 'a.mid', {'artist': 'Ann', 'title': 'So what'})])
    """

    def __init__(self, text: str, origin: str) -> None:
        self._origin = origin
        self._rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip() for name in next(self._read(), [])]
        if not header or header[0].lower() != "song":
            semicolons = " It is separated by semicolons; save it with commas." if ";" in "".join(header) else ""
            raise TrainingError(
                f"{origin}, line 1: the columns are 'song' and the names of the values; got "
                f"{short_repr(','.join(header))}.{semicolons}"
            )
        repeated = first_repeated(header)
        if repeated is not None:
            raise TrainingError(f"{origin}, line 1: two columns are called {short_repr(repeated)}. Rename one.")
        self.columns = header[1:]

    def __iter__(self) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Yield the place of each row, its song as it is written, and its other fields without spaces around them."""
        for row in self._read():
            place = f"line {self._rows.line_num}"
            if not row:
                continue
            if len(row) != len(self.columns) + 1:
                columns = counted(len(self.columns) + 1, "column")
                raise TrainingError(f"{self._origin}, {place}: {counted(len(row), 'field')} for {columns}.")
            yield place, row[0], dict(zip(self.columns, map(str.strip, row[1:]), strict=True))

    def _read(self) -> Iterator[list[str]]:
        try:
            yield from self._rows
        except csv.Error as problem:
            raise TrainingError(f"{self._origin}, line {self._rows.line_num}: damaged ({problem}).") from problem


def first_repeated(names: Iterable[str]) -> str | None:
    """Return the first name that was there before; None if there is none.

    Examples
    --------
    >>> first_repeated(["a", "b", "a"])
    'a'
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
