"""Files of a folder and of the folders in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from latentpalette.data.members import Member, decode_name, is_archive_name, lost_member
from latentpalette.errors import FileError
from latentpalette.files import encode_path
from latentpalette.music.midi_names import is_midi_name

_KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # a pipe is not waited for


def iter_folder_members(folder: Path) -> Iterator[Member]:
    """Yield the files of a folder in the order of their names, then those of each folder in it.

    Names are relative to the folder. Links to files are followed, links to folders are not.

    Raises
    ------
    OSError
        If the folder itself cannot be opened.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in ("b.mid", "a.mid"):
    ...     _ = (folder / name).write_bytes(b"MThd")
    >>> [(member.name, member.read(100)) for member in iter_folder_members(folder)]
    [('a.mid', b'MThd'), ('b.mid', b'MThd')]
    """
    root = encode_path(folder) + os.sep.encode()
    os.scandir(root).close()
    pending = [b""]
    while pending:
        prefix = pending.pop()
        try:
            with os.scandir(root + prefix) as entries:
                sorted_entries = sorted(entries, key=lambda entry: entry.name)
        except OSError as problem:
            yield lost_member(decode_name(prefix), f"a folder that cannot be read ({_words(problem)})")
            continue
        folders: list[bytes] = []
        for entry in sorted_entries:
            name = prefix + entry.name
            kind = _kind_of(entry)
            if kind == "folder":
                folders.append(name + b"/")
            elif kind == "file":
                yield file_member(root + name, decode_name(name))
            elif kind == "a link to a folder" or _is_named_as_music(decode_name(entry.name)):
                yield lost_member(decode_name(name), _ADVICE.get(kind, kind))
        pending += reversed(folders)


_ADVICE = {"a link to a folder": "a link to a folder, which is not followed; name that folder, too"}


def file_member(path: str | bytes | os.PathLike[str], name: str) -> Member:
    """Return the member of a file on disk.

    Parameters
    ----------
    path : path
    name : str
        The name that it is to have.
    """

    def read(limit: int) -> bytes:
        try:
            descriptor = os.open(path, _OPEN_FLAGS)  # not Path.open, which waits for a pipe
            with os.fdopen(descriptor, "rb") as file:
                mode = os.fstat(descriptor).st_mode
                if not stat.S_ISREG(mode):
                    raise FileError(f"{_KINDS.get(stat.S_IFMT(mode), 'something else')}, not a file")
                return file.read(limit + 1)
        except OSError as problem:
            raise FileError(f"cannot be opened ({_words(problem)})") from problem

    return Member(name, is_midi_name(name), read)


def _is_named_as_music(name: str) -> bool:
    return is_midi_name(name) or is_archive_name(name)


def _kind_of(entry: os.DirEntry[bytes]) -> str:
    """Return "file", "folder", or what else an entry is, in words."""
    try:
        if entry.is_dir(follow_symlinks=False):
            return "folder"
        if entry.is_dir():
            return "a link to a folder"
        mode = entry.stat().st_mode
    except FileNotFoundError:
        return "a link to a file that is not there" if entry.is_symlink() else "no longer there"
    except OSError as problem:  # a link to itself, among others
        return f"cannot be opened ({_words(problem)})"
    return "file" if stat.S_ISREG(mode) else f"{_KINDS.get(stat.S_IFMT(mode), 'something else')}, not a file"


def _words(problem: OSError) -> str:
    return (problem.strerror or type(problem).__name__).lower()
