"""Tables of splits: an ``info.csv`` with the columns ``midi_filename`` and ``split``, as in the Groove MIDI Dataset."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

SPLITS = ("train", "validation", "test")
TABLE_NAME = "info.csv"
MAX_TABLE_BYTES = 4_000_000  # that of the Groove MIDI Dataset has 100 kB

_COLUMNS = {"midi_filename", "split"}
_BY_HASH = "songs without a split are split by a hash of their names"


class SplitTable(NamedTuple):
    """The splits of songs, and what of the table cannot be read, in words."""

    splits: dict[str, str]
    problems: tuple[str, ...]


def read_split_table(data: bytes, name_song: Callable[[str], str] = str) -> SplitTable:
    r"""Read a table of splits, as far as it can be read.

    Parameters
    ----------
    data : bytes
        Of a CSV file, UTF-8 or Latin-1, with or without a byte order mark.
    name_song : callable
        Returns the name of a song from what stands in the table.

    Examples
    --------
    >>> read_split_table(b"midi_filename,split\na.mid,test\nb.mid,maybe\n")
    ... # doctest: +NORMALIZE_WHITESPACE
    SplitTable(splits={'a.mid': 'test'},
               problems=("no split is called 'maybe'; songs without a split are split by a hash of their names",))
    """
    if len(data) > MAX_TABLE_BYTES:
        return SplitTable({}, (f"larger than {MAX_TABLE_BYTES // 1_000_000} MB; {_BY_HASH}",))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    table = csv.DictReader(io.StringIO(text, newline=""), restkey="")
    splits: dict[str, str] = {}
    unknown: Counter[str] = Counter()
    problems: list[str] = []
    try:
        columns = [(column or "").strip().lower() for column in table.fieldnames or ()]
        if not set(columns) >= _COLUMNS:
            return SplitTable({}, (f"no table of splits: it has no columns midi_filename and split; {_BY_HASH}",))
        table.fieldnames = columns
        for row in table:
            song, split = row["midi_filename"], (row["split"] or "").strip().lower()
            if not song:
                continue
            if split in SPLITS:
                splits[name_song(song)] = split
            else:
                unknown[split] += 1
    except csv.Error as problem:
        problems.append(f"damaged after line {table.line_num} ({problem}); {_BY_HASH}")
    if unknown:
        names = ", ".join(repr(split[:20]) for split in list(unknown)[:3])
        problems.append(f"no split is called {names}; {_BY_HASH}")
    return SplitTable(splits, tuple(problems))
