"""Read SoundFont files, with every bound checked.

A synthesizer written in C trusts the tables of a SoundFont. This module checks them first, so that a truncated download
or a file of another kind raises an error instead of playing silence or worse.

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

from latentpalette.errors import FileError, SoundError, suggest
from latentpalette.files import expand_path, short_path

DRUM_BANK = 128  # the bank of General MIDI's drum kits
INSTRUMENT, SAMPLE = 41, 53  # the generators that name a row of the next layer down
ROM, COMPRESSED = 0x8000, 0x10  # flags of a sample's kind: in a sound card's memory; Ogg Vorbis

_NAME = ("name", "S20")
_ZONES = [("generators", "<u2"), ("modulators", "<u2")]
_GENERATORS = [("kind", "<u2"), ("amount", "<i2")]
_MODULATORS = [
    ("source", "<u2"),
    ("kind", "<u2"),
    ("amount", "<i2"),
    ("amount_source", "<u2"),
    ("transform", "<u2"),
]
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
EXTENSIONS = (".sf2", ".sf3")

_MAX_NAMED = 8  # files in a message
_MAX_TABLE_BYTES = 64 << 20  # the largest SoundFonts known have 5 MB of tables


@dataclass(frozen=True, eq=False)
class SoundFont:
    """A SoundFont whose tables have been checked.

    Parameters
    ----------
    path : Path
    tables : mapping of str to structured ndarray
        The nine tables of the ``pdta`` list, by their four-letter names.
    samples : tuple of int [bytes]
        First byte and length of the sample data in the file.
    presets : mapping of (bank, program) to str
        Names of the instruments. Bank 128 holds the drum kits.
    """

    path: Path
    tables: Mapping[str, np.ndarray]
    samples: tuple[int, int]
    presets: Mapping[tuple[int, int], str]

    def preset(self, program: int, *, is_drum: bool) -> tuple[int, int]:
        """Return the bank and program that play an instrument.

        Parameters
        ----------
        program : int [0 to 127]
        is_drum : bool
            Kits that the SoundFont does not have are played by its first, as General MIDI's level 2 asks.

        Returns
        -------
        bank, program : int

        Raises
        ------
        SoundError
            If the SoundFont has no such instrument, or no drums at all.
        """
        if not is_drum:
            if (0, program) in self.presets:
                return 0, program
            programs = ", ".join(str(number) for bank, number in self.presets if bank == 0)
            raise SoundError(
                f"{self.path.name} has no instrument with program {program}. It has: {programs or 'drums only'}. "
                "Use another program, or a General MIDI SoundFont."
            )
        kits = [number for bank, number in self.presets if bank == DRUM_BANK]
        if not kits:
            raise SoundError(
                f"{self.path.name} has no drums: its bank 128 is empty. "
                "Name a General MIDI SoundFont with soundfont=..."
            )
        return DRUM_BANK, program if program in kits else kits[0]


def read_soundfont(path: str | os.PathLike[str]) -> SoundFont:
    """Read the tables of a SoundFont; the samples stay in the file.

    Parameters
    ----------
    path : path of an ``.sf2`` or ``.sf3`` file
        ``~`` is expanded.

    Raises
    ------
    SoundError
        If there is no such file, it is a folder or no SoundFont, is truncated, or its tables point outside of it.

    Examples
    --------
    >>> from latentpalette.audio.soundfont.find import bundled_soundfont
    >>> read_soundfont(bundled_soundfont()).presets[128, 0]
    'Standard'
    """
    try:
        path = expand_path(path)
    except FileError as error:
        raise SoundError(f"{error} A SoundFont is a file that ends in .sf2 or .sf3.") from error
    try:
        stat = path.stat()
        if path.is_dir():
            raise SoundError(_folder_in_words(path))
        return _read_cached(path.resolve(), stat.st_size, stat.st_mtime_ns)
    except FileNotFoundError as error:
        fonts = _fonts_in(path.parent)
        alike = f"{suggest(path.name, fonts)} That folder has: {', '.join(fonts[:_MAX_NAMED])}." if fonts else ""
        raise SoundError(f"{short_path(path)} cannot be read as a SoundFont: there is no such file.{alike}") from error
    except OSError as error:
        raise SoundError(f"{short_path(path)} cannot be read as a SoundFont: {error.strerror or error}.") from error


def _folder_in_words(folder: Path) -> str:
    fonts = _fonts_in(folder)
    if not fonts:
        return f"{folder} is a folder without a SoundFont in it. Name a file that ends in .sf2 or .sf3."
    return f"{folder} is a folder. Name the SoundFont in it: {', '.join(fonts[:_MAX_NAMED])}."


def _fonts_in(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if path.suffix.lower() in EXTENSIONS)
    except OSError:
        return []


@lru_cache(maxsize=4)
def _read_cached(path: Path, size: int, _modified: int) -> SoundFont:
    """Read a SoundFont; `size` and `_modified` are part of the cache's key, so that a replaced file is read again."""
    if not path.is_file():  # opening a pipe would block
        raise SoundError(f"{path.name} is not a file; a SoundFont is a file that ends in .sf2 or .sf3.")
    with path.open("rb") as file:
        header = file.read(12)
        if len(header) < 12 or header[:4] != b"RIFF" or header[8:] != b"sfbk":
            raise SoundError(
                f"{path.name} is not a SoundFont: it does not begin with RIFF and sfbk. "
                "Compressed archives have to be unpacked first."
            )
        declared_size = 8 + int.from_bytes(header[4:8], "little")
        if declared_size > size + 1:  # some writers omit the padding of the last chunk
            raise SoundError(
                f"{path.name} is truncated: its header declares {declared_size:,} bytes, but it has {size:,}. "
                "Download it again."
            )
        chunks = _find_chunks(file, path.name, size)
    missing = [name for name in ("smpl", *_TABLES) if name not in chunks]
    if missing:
        raise SoundError(f"{path.name} is not a whole SoundFont: it has no {', '.join(missing)}.")
    tables = {name: _read_table(path, name, *chunks[name]) for name in _TABLES}
    _check_tables(path.name, tables, chunks["smpl"][1])
    order = sorted(tables["phdr"][:-1], key=lambda row: (int(row["bank"]), int(row["program"])))
    presets = {(int(row["bank"]), int(row["program"])): _text(row["name"]) for row in order}
    return SoundFont(path, tables, chunks["smpl"], presets)


def _find_chunks(file: BinaryIO, name: str, size: int) -> dict[str, tuple[int, int]]:
    """Return the first byte and length of each chunk of the three lists."""
    chunks: dict[str, tuple[int, int]] = {}
    for kind, start, length in _iter_chunks(file, name, 12, size):
        if kind == "LIST":
            inner_chunks = _iter_chunks(file, name, start + 4, start + length)
            chunks |= {inner: (inner_start, inner_length) for inner, inner_start, inner_length in inner_chunks}
    return chunks


def _iter_chunks(file: BinaryIO, name: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    while start + 8 <= end:
        file.seek(start)
        header = file.read(8)
        kind, length = header[:4].decode("latin-1"), int.from_bytes(header[4:], "little")
        start += 8
        if start + length > end:
            raise SoundError(f"{name} is broken: its chunk {kind!r} reaches {start + length - end:,} bytes too far.")
        yield kind, start, length
        start += length + length % 2


def _read_table(path: Path, name: str, start: int, length: int) -> np.ndarray:
    dtype = np.dtype(_TABLES[name])
    if length % dtype.itemsize or length == 0 or length > _MAX_TABLE_BYTES:
        raise SoundError(f"{path.name} is broken: its table {name} has {length:,} bytes, in rows of {dtype.itemsize}.")
    return np.fromfile(path, dtype, length // dtype.itemsize, offset=start)


def _check_tables(name: str, tables: Mapping[str, np.ndarray], sample_bytes: int) -> None:
    """Check that every row points at rows that exist. The last row of a table only ends the one before it."""
    for above, column, below in (
        ("phdr", "zones", "pbag"),
        ("pbag", "generators", "pgen"),
        ("pbag", "modulators", "pmod"),
        ("inst", "zones", "ibag"),
        ("ibag", "generators", "igen"),
        ("ibag", "modulators", "imod"),
    ):
        pointers = tables[above][column].astype(np.int64)
        if np.any(np.diff(pointers) < 0) or pointers[-1] >= len(tables[below]):
            raise SoundError(f"{name} is broken: its table {above} points outside of {below}. Download it again.")
    for above, kind, below in (("pgen", INSTRUMENT, "inst"), ("igen", SAMPLE, "shdr")):
        generators = tables[above]
        targets = generators["amount"][generators["kind"] == kind].astype(np.uint16)
        if np.any(targets >= len(tables[below]) - 1):
            raise SoundError(f"{name} is broken: its table {above} names a row that {below} does not have.")
    headers = tables["shdr"][:-1]
    headers = headers[(headers["kind"] & ROM) == 0]
    unit = np.where(headers["kind"] & COMPRESSED, 1, 2)  # compressed samples count bytes, the others 16-bit words
    if np.any(headers["start"] > headers["end"]) or np.any(headers["end"].astype(np.int64) * unit > sample_bytes):
        raise SoundError(f"{name} is broken: a sample lies outside of its sample data. Download it again.")


def _text(name: bytes) -> str:
    return name.split(b"\0")[0].decode("latin-1").strip()
