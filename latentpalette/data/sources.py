"""Where training music comes from: folders and archives of MIDI files, read as they lie.

An archive is streamed, never unpacked to disk, and says the same songs as the folder it was packed from.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

from latentpalette.errors import TrainingError

SPLITS = ("train", "validation", "test")
LARGEST = 4_000_000  # bytes read of one file: MIDI files have a few thousand, tables of splits a few hundred thousand

_MIDI = (".mid", ".midi")
_ARCHIVES = (".tar", ".tar.xz", ".tar.gz", ".tar.bz2", ".tgz", ".txz", ".zip")
_LICENCES = re.compile(r"licen[cs]e|copying|copyright|credits|authors|notice", re.IGNORECASE)
_UNREADABLE = (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, RuntimeError, ValueError)


@dataclass(frozen=True)
class Song:
    """A MIDI file, not yet read.

    Parameters
    ----------
    name : str
        Its path from the source's own name on: ``"gmd/drummer1/session1/1_funk.mid"``.
    data : bytes
    """

    name: str
    data: bytes


@dataclass(frozen=True)
class Survey:
    """What a source says about itself, beside its music.

    Parameters
    ----------
    songs : int
        How many MIDI files there are.
    splits : mapping of song to split
        From an ``info.csv`` with the columns ``midi_filename`` and ``split``, as the Groove MIDI Dataset has it.
    licences : tuple of str
        Files that look like a licence or name the authors.
    """

    songs: int
    splits: dict[str, str]
    licences: tuple[str, ...]


def survey(source: str | os.PathLike[str]) -> Survey:
    """Look through a folder or an archive once, before its music is read.

    Raises
    ------
    TrainingError
        If there is no such source, or it is an archive that cannot be read.
    """
    splits: dict[str, str] = {}
    licences: list[str] = []
    songs = 0
    for name, read in _members(Path(source)):
        last = PurePosixPath(name).name
        if last.lower().endswith(_MIDI):
            songs += 1
        elif last == "info.csv":
            splits |= _splits_of(name, read())
        elif _LICENCES.search(last):
            licences.append(name)
    return Survey(songs, splits, tuple(sorted(licences)))


def songs(source: str | os.PathLike[str]) -> Iterator[Song]:
    """The MIDI files of a folder or an archive; a folder's in the order of their names.

    Raises
    ------
    TrainingError
        As `survey` does.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "a.mid").write_bytes(b"MThd")
    ...     [song.data for song in songs(folder)]
    [b'MThd']
    """
    for name, read in _members(Path(source)):
        if name.lower().endswith(_MIDI):
            yield Song(name, read())


def split_of(song: str, *, validation: float = 0.1, splits: Mapping[str, str] | None = None) -> str:
    """Which split a song belongs to: what its source says, or else a hash of its name.

    Parameters
    ----------
    song : str
    validation : float [0 to 1]
        The share of songs to hold out.
    splits : mapping, optional
        From `survey`.

    Examples
    --------
    >>> split_of("a/b.mid", splits={"a/b.mid": "test"})
    'test'
    >>> [split_of(f"songs/{n}.mid") for n in range(1000)].count("validation")
    86
    """
    said = (splits or {}).get(song)
    if said in SPLITS:
        return said
    draw = int.from_bytes(hashlib.blake2b(song.encode(), digest_size=8).digest(), "big") / 2**64
    return "validation" if draw < validation else "train"


def _splits_of(name: str, data: bytes) -> dict[str, str]:
    folder = PurePosixPath(name).parent
    table = csv.DictReader(io.StringIO(data.decode("utf-8", "replace")))
    if not {"midi_filename", "split"} <= set(table.fieldnames or ()):
        return {}
    return {str(folder / row["midi_filename"]): row["split"] for row in table if row["midi_filename"]}


Read = Callable[[], bytes]


def _members(source: Path) -> Iterator[tuple[str, Read]]:
    """Each file's name, and how to read it: at once, for an archive goes on to the next."""
    called = source.name.lower()
    if source.is_dir():
        yield from _folder(source)
    elif not source.is_file():
        raise TrainingError(f"{source}: no such folder or archive.")
    elif called.endswith(_MIDI):
        yield source.name, partial(_head, source)
    elif called.endswith(_ARCHIVES):
        try:
            yield from _zip(source) if called.endswith(".zip") else _tar(source)
        except _UNREADABLE as problem:
            raise TrainingError(f"{source}: not a readable archive ({problem}). Pack it again.") from problem
    else:
        raise TrainingError(f"{source}: not a folder, a MIDI file or an archive ({', '.join(_ARCHIVES)}).")


def _folder(source: Path) -> Iterator[tuple[str, Read]]:
    for folder, below, files in os.walk(source):
        below.sort()
        for file in sorted(files):
            path = Path(folder, file)
            if path.is_file():
                yield _name(source.resolve().name, path.relative_to(source).as_posix()), partial(_head, path)


def _tar(source: Path) -> Iterator[tuple[str, Read]]:
    with tarfile.open(source) as archive:
        while member := archive.next():
            if member.isfile():
                yield _name(_stem(source), member.name), partial(_head, archive, member)
            archive.members.clear()  # type: ignore[attr-defined]  # or it remembers every file it has passed


def _zip(source: Path) -> Iterator[tuple[str, Read]]:
    with zipfile.ZipFile(source) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                yield _name(_stem(source), member.filename), partial(_head, archive, member)


def _head(place: Path | tarfile.TarFile | zipfile.ZipFile, member: Any = None) -> bytes:
    # One byte more than is allowed, so that the reader of MIDI files sees that it is too large, and says so.
    if isinstance(place, Path):
        opened: IO[bytes] | None = place.open("rb")
    else:
        opened = place.open(member) if isinstance(place, zipfile.ZipFile) else place.extractfile(member)
    if opened is None:
        return b""
    with opened as file:
        return file.read(LARGEST + 1)


def _stem(source: Path) -> str:
    ending = max((each for each in _ARCHIVES if source.name.lower().endswith(each)), key=len)
    return source.name[: -len(ending)]


def _name(stem: str, path: str) -> str:
    """A song's name is the same whether its folder was packed with or without the folder's own name."""
    parts = [part for part in PurePosixPath(path).parts if part not in ("/", ".", "..")]
    return "/".join([stem, *(parts[1:] if parts[:1] == [stem] and len(parts) > 1 else parts)])
