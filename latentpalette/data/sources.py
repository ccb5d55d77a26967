"""Sources of training music: folders and archives of MIDI files.

An archive is streamed, never unpacked to disk, and yields the same songs as the folder it was packed from.
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
from latentpalette.music.midi_names import MIDI_SUFFIXES, is_midi_name

SPLITS = ("train", "validation", "test")
MAX_FILE_BYTES = 4_000_000  # MIDI files have a few thousand bytes, tables of splits a few hundred thousand

_ARCHIVES = (".tar", ".tar.xz", ".tar.gz", ".tar.bz2", ".tgz", ".txz", ".zip")
_LICENSES = re.compile(r"licen[cs]e|copying|copyright|credits|authors|notice", re.IGNORECASE)
_UNREADABLE = (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, RuntimeError, ValueError)


@dataclass(frozen=True)
class Song:
    """A MIDI file, not yet parsed.

    Parameters
    ----------
    name : str
        Its path, beginning with the name of its source: ``"gmd/drummer1/session1/1_funk.mid"``.
    data : bytes
    """

    name: str
    data: bytes


@dataclass(frozen=True)
class SourceInfo:
    """The contents of a source besides its music.

    Parameters
    ----------
    songs : int
        The number of MIDI files.
    splits : mapping of song to split
        From an ``info.csv`` with the columns ``midi_filename`` and ``split``, as in the Groove MIDI Dataset.
    licenses : tuple of str
        Files that look like a license or name the authors.
    """

    songs: int
    splits: dict[str, str]
    licenses: tuple[str, ...]


def scan(source: str | os.PathLike[str]) -> SourceInfo:
    """Scan a folder or an archive: count MIDI files, read split tables, list license files.

    Raises
    ------
    TrainingError
        If there is no such source, or it is an unreadable archive.
    """
    splits: dict[str, str] = {}
    licenses: list[str] = []
    songs = 0
    for name, read in _members(Path(source)):
        file_name = PurePosixPath(name).name
        if is_midi_name(name):
            songs += 1
        elif file_name == "info.csv":
            splits |= _read_splits(name, read())
        elif _LICENSES.search(file_name):
            licenses.append(name)
    return SourceInfo(songs, splits, tuple(sorted(licenses)))


def iter_songs(source: str | os.PathLike[str]) -> Iterator[Song]:
    """Yield the MIDI files of a folder, in the order of their names, or of an archive, in its own order.

    Raises
    ------
    TrainingError
        As `scan`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "a.mid").write_bytes(b"MThd")
    ...     [song.data for song in iter_songs(folder)]
    [b'MThd']
    """
    for name, read in _members(Path(source)):
        if is_midi_name(name):
            yield Song(name, read())


def split_of(song: str, *, validation: float = 0.1, splits: Mapping[str, str] | None = None) -> str:
    """Return the split of a song: that of its source, otherwise by a hash of its name.

    Parameters
    ----------
    song : str
    validation : float [0 to 1]
        The share of songs to hold out.
    splits : mapping, optional
        From `scan`.

    Examples
    --------
    >>> split_of("a/b.mid", splits={"a/b.mid": "test"})
    'test'
    >>> [split_of(f"songs/{n}.mid") for n in range(1000)].count("validation")
    86
    """
    split = (splits or {}).get(song)
    if split in SPLITS:
        return split
    uniform = int.from_bytes(hashlib.blake2b(song.encode(), digest_size=8).digest(), "big") / 2**64
    return "validation" if uniform < validation else "train"


def _read_splits(name: str, data: bytes) -> dict[str, str]:
    folder = PurePosixPath(name).parent
    table = csv.DictReader(io.StringIO(data.decode("utf-8", "replace")))
    if not {"midi_filename", "split"} <= set(table.fieldnames or ()):
        return {}
    return {str(folder / row["midi_filename"]): row["split"] for row in table if row["midi_filename"]}


Read = Callable[[], bytes]


def _members(source: Path) -> Iterator[tuple[str, Read]]:
    """Yield the name of each file, and a function that reads it, to be called before the next one is yielded."""
    source_name = source.name.lower()
    if source.is_dir():
        yield from _folder_members(source)
    elif not source.is_file():
        raise TrainingError(f"{source}: no such folder or archive.")
    elif is_midi_name(source):
        yield source.name, partial(_read_limited, source)
    elif source_name.endswith(_ARCHIVES):
        try:
            yield from _zip_members(source) if source_name.endswith(".zip") else _tar_members(source)
        except _UNREADABLE as problem:
            raise TrainingError(f"{source}: not a readable archive ({problem}). Pack it again.") from problem
    else:
        raise TrainingError(
            f"{source}: not a folder, a MIDI file ({', '.join(MIDI_SUFFIXES)}) or an archive ({', '.join(_ARCHIVES)})."
        )


def _folder_members(source: Path) -> Iterator[tuple[str, Read]]:
    for folder, subfolders, files in os.walk(source):
        subfolders.sort()
        for file in sorted(files):
            path = Path(folder, file)
            if path.is_file():
                name = _song_name(source.resolve().name, path.relative_to(source).as_posix())
                yield name, partial(_read_limited, path)


def _tar_members(source: Path) -> Iterator[tuple[str, Read]]:
    with tarfile.open(source) as archive:
        while member := archive.next():
            if member.isfile():
                yield _song_name(_stem(source), member.name), partial(_read_limited, archive, member)
            archive.members.clear()  # type: ignore[attr-defined]  # or the list of members grows without bound


def _zip_members(source: Path) -> Iterator[tuple[str, Read]]:
    with zipfile.ZipFile(source) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                yield _song_name(_stem(source), member.filename), partial(_read_limited, archive, member)


def _read_limited(container: Path | tarfile.TarFile | zipfile.ZipFile, member: Any = None) -> bytes:
    """Read at most one byte more than `MAX_FILE_BYTES`, so that the MIDI reader can report the file as too large."""
    if isinstance(container, Path):
        opened: IO[bytes] | None = container.open("rb")
    else:
        opened = container.open(member) if isinstance(container, zipfile.ZipFile) else container.extractfile(member)
    if opened is None:
        return b""
    with opened as file:
        return file.read(MAX_FILE_BYTES + 1)


def _stem(source: Path) -> str:
    ending = max((ending for ending in _ARCHIVES if source.name.lower().endswith(ending)), key=len)
    return source.name[: -len(ending)]


def _song_name(stem: str, path: str) -> str:
    """Name a song by its path, beginning with the source's stem once, whether or not the archive repeats it."""
    parts = [part for part in PurePosixPath(path).parts if part not in ("/", ".", "..")]
    return "/".join([stem, *(parts[1:] if parts[:1] == [stem] and len(parts) > 1 else parts)])
