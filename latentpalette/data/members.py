"""Files of a source of music, and places in it where files are lost."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from typing import NamedTuple

from latentpalette.errors import FileError

ARCHIVE_SUFFIXES = (".tar", ".tar.xz", ".tar.gz", ".tar.bz2", ".tgz", ".txz", ".tbz2", ".zip")
MAX_NAME_LENGTH = 4096  # what operating systems allow a path
MAX_MEMBERS = 3_000_000  # of an archive; the largest collections of MIDI files have two million
TOO_MANY = f"the archive has more than {MAX_MEMBERS:,} members, and what follows is not read; split it"


class Member(NamedTuple):
    """A file of a folder or an archive, or a place in it where files are lost.

    Parameters
    ----------
    name : str
        Its path, printable; empty for a place.
    is_midi : bool
        Whether it has the name of a MIDI file.
    read : callable of limit -> bytes
        Reads at most one byte more than a limit, so that a larger file is recognized; to be called before the next
        member is requested. Raises `FileError` with a reason if the file cannot be read.
    lost : str
        Why something is lost here; empty if this is a file that can be read.
    position : int, optional
        Of a place where files are lost, in the archive as it is unpacked [bytes].
    """

    name: str
    is_midi: bool
    read: Callable[[int], bytes]
    lost: str = ""
    position: int = 0


def is_archive_name(path: str | os.PathLike[str]) -> bool:
    """Return True if a file is an archive by its name.

    Examples
    --------
    >>> [is_archive_name(name) for name in ("gmd.tar.xz", "GMD.ZIP", "gmd.mid")]
    [True, True, False]
    """
    return str(path).lower().endswith(ARCHIVE_SUFFIXES)


def lost_member(name: str, reason: str) -> Member:
    """Return a member that stands for a file that cannot be read.

    Examples
    --------
    >>> lost_member("a.mid", "encrypted").read(100)
    Traceback (most recent call last):
    latentpalette.errors.FileError: encrypted
    """

    def read(_: int) -> bytes:
        raise FileError(reason)

    return Member(name, False, read, reason)


def lost_place(position: int, reason: str) -> Member:
    """Return a member that stands for a place of an archive where files are lost."""
    return lost_member("", reason)._replace(position=position)


def decode_name(name: bytes) -> str:
    r"""Return a file name as text: UTF-8 where it is that, else Latin-1; characters that cannot be printed are escaped.

    A name that no file system takes is shortened, and ends in a hash of the whole.

    Examples
    --------
    >>> decode_name("é.mid".encode()), decode_name("é.mid".encode("latin-1")), decode_name(b"a\x1b[31m.mid")
    ('é.mid', 'é.mid', 'a\\x1b[31m.mid')
    """
    try:
        text = name.decode()
    except UnicodeDecodeError:
        text = name.decode("latin-1")
    return clean_name(text)


def clean_text(text: str) -> str:
    """Return text with escapes in place of characters that cannot be printed."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape", "surrogatepass").decode()
        for character in text
    )


def clean_name(name: str) -> str:
    """Return a file name with escapes in place of characters that cannot be printed, shortened if it is too long."""
    name = clean_text(name)
    if len(name) <= MAX_NAME_LENGTH:
        return name
    digest = hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
    return f"{name[:100]}...{digest}{name[-20:]}"
