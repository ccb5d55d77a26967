"""The SoundFont file format: what is inside, read with its bounds checked.

A synthesiser written in C trusts the tables of a font. This module looks first, so that a download that was cut short,
or a file of another kind, is named in an error instead of ending in silence or worse.

Source: SoundFont Technical Specification 2.04 (2006), sections 4, 5, 7 and 8. An ``.sf3`` is the same with its samples
compressed as Ogg Vorbis.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import numpy as np

from latentpalette.errors import SoundError

DRUM_BANK = 128  # where General MIDI's kits are
INSTRUMENT, SAMPLE = 41, 53  # the generators that name what the next layer down is

_NAME = ("name", "S20")
_ZONES = [("generators", "<u2"), ("modulators", "<u2")]
_GENERATORS = [("kind", "<u2"), ("amount", "<i2")]
_MODULATORS = [("source", "<u2"), ("kind", "<u2"), ("amount", "<i2"), ("by", "<u2"), ("transform", "<u2")]
_TABLES: Mapping[str, list[tuple[str, str]]] = {
    "phdr": [_NAME, ("program", "<u2"), ("bank", "<u2"), ("zones", "<u2"), ("reserved", "S12")],
    "pbag": _ZONES,
    "pmod": _MODULATORS,
    "pgen": _GENERATORS,
    "inst": [_NAME, ("zones", "<u2")],
    "ibag": _ZONES,
    "imod": _MODULATORS,
    "igen": _GENERATORS,
    "shdr": [
        _NAME,
        ("start", "<u4"),
        ("end", "<u4"),
        ("loop_start", "<u4"),
        ("loop_end", "<u4"),
        ("rate", "<u4"),
        ("pitch", "u1"),
        ("correction", "i1"),
        ("link", "<u2"),
        ("kind", "<u2"),
    ],
}
_ROM, _COMPRESSED = 0x8000, 0x10
_TABLE_LIMIT = 64 << 20  # [bytes] the largest fonts known have 5 MB of tables


@dataclass(frozen=True, eq=False)
class SoundFont:
    """A SoundFont whose tables have been checked.

    Parameters
    ----------
    path : Path
    tables : mapping of str to structured ndarray
        The nine tables of the ``pdta`` list, by their four-letter names.
    samples : tuple of int [bytes]
        Where the sample data lies in the file: its first byte and its length.
    presets : mapping of (bank, program) to str
        What it can play, by number. Bank 128 holds the drum kits.
    """

    path: Path
    tables: Mapping[str, np.ndarray]
    samples: tuple[int, int]
    presets: Mapping[tuple[int, int], str]

    def preset(self, program: int, *, is_drum: bool) -> tuple[int, int]:
        """The bank and program to play a part with.

        Parameters
        ----------
        program : int [0 to 127]
        is_drum : bool
            Kits that the font does not have are played by its first, as General MIDI's level 2 asks.

        Returns
        -------
        bank, program : int

        Raises
        ------
        SoundError
            If the font has no such instrument, or no drums at all.
        """
        if not is_drum:
            if (0, program) in self.presets:
                return 0, program
            have = ", ".join(str(number) for bank, number in self.presets if bank == 0)
            raise SoundError(
                f"{self.path.name} has no instrument with program {program}. It has: {have or 'drums only'}. "
                "Use another program, or a General MIDI SoundFont."
            )
        kits = [number for bank, number in self.presets if bank == DRUM_BANK]
        if not kits:
            raise SoundError(
                f"{self.path.name} has no drums: its bank 128 is empty. Name a General MIDI SoundFont with font=..."
            )
        return DRUM_BANK, program if program in kits else kits[0]


def read(path: str | os.PathLike[str]) -> SoundFont:
    """Read the tables of a SoundFont; the samples stay in the file.

    Parameters
    ----------
    path : path of an ``.sf2`` or ``.sf3`` file

    Raises
    ------
    SoundError
        If there is no such file, it is no SoundFont, is cut short, or its tables point outside of it.

    Examples
    --------
    >>> from latentpalette.audio.soundfont import find
    >>> read(find.bundled()).presets[128, 0]
    'Standard'
    """
    path = Path(path)
    try:
        state = path.stat()
        return _read(path.resolve(), state.st_size, state.st_mtime_ns)
    except OSError as error:
        raise SoundError(f"{path.name} cannot be read as a SoundFont: {error.strerror or error}.") from error


@lru_cache(maxsize=4)
def _read(path: Path, size: int, _modified: int) -> SoundFont:
    """`size` and `_modified` are part of the key: a font that is replaced is read again."""
    if not path.is_file():  # opening a pipe would wait for ever
        raise SoundError(f"{path.name} is not a file; a SoundFont is a file that ends in .sf2 or .sf3.")
    with path.open("rb") as file:
        head = file.read(12)
        if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"sfbk":
            raise SoundError(
                f"{path.name} is not a SoundFont: it does not begin with RIFF and sfbk. "
                "Compressed archives have to be unpacked first."
            )
        says = 8 + int.from_bytes(head[4:8], "little")
        if says > size + 1:  # some writers forget the padding of the last chunk
            raise SoundError(
                f"{path.name} is cut short: it says that it has {says:,} bytes, but {size:,} are there. Fetch it again."
            )
        chunks = _chunks(file, path.name, size)
    missing = [name for name in ("smpl", *_TABLES) if name not in chunks]
    if missing:
        raise SoundError(f"{path.name} is not a whole SoundFont: it has no {', '.join(missing)}.")
    tables = {name: _table(path, name, *chunks[name]) for name in _TABLES}
    _check(path.name, tables, chunks["smpl"][1])
    order = sorted(tables["phdr"][:-1], key=lambda row: (int(row["bank"]), int(row["program"])))
    presets = {(int(row["bank"]), int(row["program"])): _text(row["name"]) for row in order}
    return SoundFont(path, tables, chunks["smpl"], presets)


def _chunks(file: BinaryIO, name: str, size: int) -> dict[str, tuple[int, int]]:
    """Where each chunk of the three lists lies: first byte and length."""
    found: dict[str, tuple[int, int]] = {}
    for kind, start, length in _walk(file, name, 12, size):
        if kind == "LIST":
            found |= {inner: (at, many) for inner, at, many in _walk(file, name, start + 4, start + length)}
    return found


def _walk(file: BinaryIO, name: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    while start + 8 <= end:
        file.seek(start)
        head = file.read(8)
        kind, length = head[:4].decode("latin-1"), int.from_bytes(head[4:], "little")
        start += 8
        if start + length > end:
            raise SoundError(f"{name} is broken: its chunk {kind!r} reaches {start + length - end:,} bytes too far.")
        yield kind, start, length
        start += length + length % 2


def _table(path: Path, name: str, start: int, length: int) -> np.ndarray:
    kind = np.dtype(_TABLES[name])
    if length % kind.itemsize or length == 0 or length > _TABLE_LIMIT:
        raise SoundError(f"{path.name} is broken: its table {name} has {length:,} bytes, in rows of {kind.itemsize}.")
    return np.fromfile(path, kind, length // kind.itemsize, offset=start)


def _check(name: str, tables: Mapping[str, np.ndarray], sample_bytes: int) -> None:
    """Every row points at rows that exist. The last row of each table only says where the one before it ends."""
    for above, column, below in (
        ("phdr", "zones", "pbag"),
        ("pbag", "generators", "pgen"),
        ("pbag", "modulators", "pmod"),
        ("inst", "zones", "ibag"),
        ("ibag", "generators", "igen"),
        ("ibag", "modulators", "imod"),
    ):
        points = tables[above][column].astype(np.int64)
        if np.any(np.diff(points) < 0) or points[-1] >= len(tables[below]):
            raise SoundError(f"{name} is broken: its table {above} points outside of {below}. Fetch it again.")
    for above, kind, below in (("pgen", INSTRUMENT, "inst"), ("igen", SAMPLE, "shdr")):
        rows = tables[above]
        named = rows["amount"][rows["kind"] == kind].astype(np.uint16)
        if np.any(named >= len(tables[below]) - 1):
            raise SoundError(f"{name} is broken: its table {above} names something that {below} does not have.")
    rows = tables["shdr"][:-1]
    rows = rows[(rows["kind"] & _ROM) == 0]
    unit = np.where(rows["kind"] & _COMPRESSED, 1, 2)  # compressed samples count bytes, the others 16-bit words
    if np.any(rows["start"] > rows["end"]) or np.any(rows["end"].astype(np.int64) * unit > sample_bytes):
        raise SoundError(f"{name} is broken: a sample lies outside of its sample data. Fetch it again.")


def _text(name: bytes) -> str:
    return name.split(b"\0")[0].decode("latin-1").strip()
