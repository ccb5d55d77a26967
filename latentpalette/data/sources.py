"""Sources of training music: folders and archives of MIDI files.

An archive is streamed, never unpacked to disk, and yields the same songs as the folder it was packed from. Sources are
not trusted: a file that cannot be read, or a damaged place of an archive, is a song with a problem, and all others are
read.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from latentpalette.data.folder_members import file_member, iter_folder_members
from latentpalette.data.members import ARCHIVE_SUFFIXES, Member, clean_name, decode_name, is_archive_name
from latentpalette.data.split_tables import MAX_TABLE_BYTES, SPLITS, TABLE_NAME, read_split_table
from latentpalette.data.tar_members import iter_tar_members
from latentpalette.data.zip_members import iter_zip_members
from latentpalette.errors import FileError, TrainingError
from latentpalette.files import encode_path, expand_path, short_path
from latentpalette.music.midi import MAX_FILE_BYTES
from latentpalette.music.midi_names import MIDI_SUFFIXES, is_midi_name

_LICENSES = re.compile(r"licen[cs]e|copying|copyright|credits|authors|notice", re.IGNORECASE)


@dataclass(frozen=True)
class Song:
    """A MIDI file, not yet parsed.

    Parameters
    ----------
    name : str
        Its path, beginning with the name of its source: ``"gmd/drummer1/session1/1_funk.mid"``. It is printable.
    data : bytes
        Empty if there is a problem.
    problem : str
        Why it cannot be read; empty if it can.
    """

    name: str
    data: bytes
    problem: str = ""


@dataclass(frozen=True)
class SourceInfo:
    """The contents of a source besides its music.

    Parameters
    ----------
    songs : int
        The number of songs that `iter_songs` yields.
    splits : mapping of song to split
        From an ``info.csv`` with the columns ``midi_filename`` and ``split``, as in the Groove MIDI Dataset.
    licenses : tuple of str
        Files that look like a license or name the authors.
    problems : tuple of (name, reason)
        Files besides the music that are not read: a damaged table of splits, an archive in a folder.
    """

    songs: int
    splits: dict[str, str]
    licenses: tuple[str, ...]
    problems: tuple[tuple[str, str], ...] = ()


def scan(source: str | os.PathLike[str]) -> SourceInfo:
    """Scan a folder or an archive: count MIDI files, read split tables, list license files.

    Raises
    ------
    TrainingError
        If there is no such source, or nothing of it can be read.
    """
    splits: dict[str, str] = {}
    licenses: list[str] = []
    problems: list[tuple[str, str]] = []
    songs = 0
    for name, member in _members(expand_path(source)):
        file_name = PurePosixPath(name).name
        if member.is_midi or member.lost:
            songs += 1
        elif file_name == TABLE_NAME:
            found, reasons = _read_splits(name, member)
            splits |= found
            problems += [(name, reason) for reason in reasons]
        elif _LICENSES.search(file_name):
            licenses.append(name)
        elif is_archive_name(file_name):
            problems.append((name, "an archive inside of another source, which is not opened; name it as a source"))
    return SourceInfo(songs, splits, tuple(sorted(licenses)), tuple(problems))


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
    for name, member in _members(expand_path(source)):
        if member.lost:
            yield Song(name, b"", member.lost)
        elif member.is_midi:
            yield _read_song(name, member)


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
    uniform = int.from_bytes(hashlib.blake2b(song.encode(errors="replace"), digest_size=8).digest(), "big") / 2**64
    return "validation" if uniform < validation else "train"


def _read_song(name: str, member: Member) -> Song:
    try:
        data = member.read(MAX_FILE_BYTES)
    except FileError as problem:
        return Song(name, b"", str(problem))
    if len(data) > MAX_FILE_BYTES:
        return Song(name, b"", f"larger than the {MAX_FILE_BYTES // 1000} kB that are read of a MIDI file")
    return Song(name, data)


def _read_splits(name: str, member: Member) -> tuple[dict[str, str], tuple[str, ...]]:
    folder = PurePosixPath(name).parent
    try:
        data = member.read(MAX_TABLE_BYTES)
    except FileError as problem:
        return {}, (str(problem),)
    return read_split_table(data, lambda song: clean_name("/".join([str(folder), *_inner_parts(song)])))


def _members(source: Path) -> Iterator[tuple[str, Member]]:
    """Yield the members of a source and the names of their songs."""
    try:
        if source.is_dir():
            stem = decode_name(encode_path(source.resolve().name))
            for member in iter_folder_members(source):
                yield _song_name(stem, member.name), member
        elif not source.is_file():
            raise TrainingError(f"{short_path(source)}: {_describe_missing(source)}")
        elif is_midi_name(source):
            name = decode_name(encode_path(source.name))
            yield name, file_member(source, name)
        elif is_archive_name(source):
            yield from _archive_members(source)
        else:
            raise TrainingError(
                f"{source}: not a folder, a MIDI file ({', '.join(MIDI_SUFFIXES)}) or an archive "
                f"({', '.join(ARCHIVE_SUFFIXES)})."
            )
    except OSError as problem:
        raise TrainingError(f"{short_path(source)}: cannot be read ({problem.strerror or problem}).") from problem


def _archive_members(source: Path) -> Iterator[tuple[str, Member]]:
    source_name = decode_name(encode_path(source.name))
    stem = source_name[: -len(max(filter(source_name.lower().endswith, ARCHIVE_SUFFIXES), key=len))]
    iter_members = iter_zip_members if source_name.lower().endswith(".zip") else iter_tar_members
    try:
        for member in iter_members(source):
            yield _song_name(stem, member.name) if member.name else f"{source_name}, byte {member.position:,}", member
    except FileError as problem:
        raise TrainingError(f"{source}: not a readable archive ({problem}). Pack it again.") from problem


def _describe_missing(source: Path) -> str:
    if os.path.lexists(source):
        return "not a folder or a file, but a link to nothing, a pipe or a device."
    return "no such folder or archive."


def _song_name(stem: str, path: str) -> str:
    """Name a song by its path, beginning with the source's stem once, whether or not the archive repeats it."""
    parts = _inner_parts(path)
    return "/".join([stem, *(parts[1:] if parts[:1] == [stem] and len(parts) > 1 else parts)])


def _inner_parts(path: str) -> list[str]:
    """Return the parts of a path without those that lead out of a folder."""
    return [part for part in PurePosixPath(path).parts if part not in ("/", "//", ".", "..")]
