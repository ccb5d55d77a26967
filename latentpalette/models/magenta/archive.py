"""Archives as Magenta publishes them: a `.tar`, or `.tar.gz`, with one checkpoint in it.

Nothing is unpacked onto the disk. The headers are read here, with every number checked against the file, because
`tarfile` believes an archive's own sizes and bounds neither time nor memory: 256 kB of digits in a pax header keep
Python 3.12.1 busy for a minute (CVE-2024-6232), and a global header of 480 kB before 300 empty files takes 570 MB. Of
a packed archive a copy is laid beside, in a temporary file without a name, and never more of it than an archive of
that size can honestly hold.

Source: POSIX.1-2017, "pax", for the ustar and pax headers; GNU tar's manual for long names.
"""

from __future__ import annotations

import re
import tempfile
import zlib
from gzip import GzipFile
from pathlib import Path
from typing import IO

from latentpalette.errors import CheckpointError
from latentpalette.models.magenta.storage import truncated_message

_BLOCK = 512
_MOST_MEMBERS = 10_000
_LONGEST_NOTE = 1 << 20  # bytes of a member that only describes the next one
_LARGEST = 16 << 30  # unpacked; the largest that Magenta publishes has 2 GB
_MOST_TO_ONE = 50  # packed weights shrink by a tenth; zeros alone shrink by a thousand
_CHUNK = 1 << 20
_IN_MEMORY = 64 << 20  # a small archive never touches the disk

_FILE, _FOLDER, _LONG_NAME, _NOTE, _NOTE_FOR_ALL = (b"0", b"\0", b"7"), b"5", b"L", b"x", b"g"
_REFUSED = {b"1": "a link", b"2": "a link", b"K": "a link", b"3": "a device", b"4": "a device", b"6": "a pipe"}


class Tar:
    """The files of an archive; a context manager, since it stays open.

    Parameters
    ----------
    path : path

    Raises
    ------
    CheckpointError
        If it is no archive, is cut off, is far larger than it seems, or names anything but plain files inside itself.

    Examples
    --------
    >>> import io, tarfile
    >>> path = Path(tempfile.mkdtemp()) / "model.tar.gz"
    >>> with tarfile.open(path, "w:gz") as archive:
    ...     member = tarfile.TarInfo("model/model.ckpt.index")
    ...     member.size = 5
    ...     archive.addfile(member, io.BytesIO(b"12345"))
    >>> with Tar(path) as tar:
    ...     tar.names(), tar.read("model/model.ckpt.index", 1, 3)
    (['model/model.ckpt.index'], b'234')
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            self._file = _unpacked(path)
        except OSError as error:
            raise CheckpointError(f"{path}: cannot be read ({error.strerror or error}).") from error
        try:
            self._members = _members(self._file, self.name)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Tar:
        return self

    def __exit__(self, *reason: object) -> None:
        self._file.close()

    def names(self) -> list[str]:
        """The files, as they come."""
        return list(self._members)

    def size(self, name: str) -> int:
        """See `Files.size`."""
        return self._place(name)[1]

    def read(self, name: str, offset: int, size: int) -> bytes:
        """See `Files.read`."""
        start, there = self._place(name)
        if offset + size > there:
            raise CheckpointError(f"{self.name}: {truncated_message(name, offset + size, there)}")
        return _read(self._file, start + offset, size, self.name)

    def _place(self, name: str) -> tuple[int, int]:
        if name not in self._members:
            raise CheckpointError(f"{self.name}: cannot be read (there is no {name!r} in it).")
        return self._members[name]


def is_tar(path: Path) -> bool:
    """Whether a file looks like an archive, packed or not."""
    try:
        with path.open("rb") as file:
            head = file.read(_BLOCK)
    except OSError:
        return False
    return head[:2] == b"\x1f\x8b" or (len(head) == _BLOCK and _sum_is_right(head))


def _unpacked(path: Path) -> IO[bytes]:
    """The archive itself, or the copy of it that is not packed."""
    file = path.open("rb")
    if file.read(2) != b"\x1f\x8b":
        return file
    packed = path.stat().st_size
    most = min(_LARGEST, packed * _MOST_TO_ONE + _CHUNK)
    copy: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 # closed by Tar
    try:
        with file:
            file.seek(0)
            with GzipFile(fileobj=file) as whole:
                size = 0
                while chunk := whole.read(_CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise CheckpointError(
                            f"{path.name}: {packed} bytes unpack to more than {most}. No checkpoint shrinks so much."
                        )
                    copy.write(chunk)
    except (EOFError, zlib.error, OSError) as error:
        copy.close()
        raise CheckpointError(f"{path.name}: damaged or cut off. It cannot be unpacked ({error}).") from error
    except BaseException:
        copy.close()
        raise
    return copy


def _members(file: IO[bytes], name: str) -> dict[str, tuple[int, int]]:
    """Where each file lies: offset and size by its name."""
    end = file.seek(0, 2)
    members: dict[str, tuple[int, int]] = {}
    at = 0
    told: dict[str, str] = {}  # by the member before, of the next one
    for _ in range(_MOST_MEMBERS):
        if at + _BLOCK > end:
            raise CheckpointError(f"{name}: cut off, or no archive. Its end is missing. Download it again.")
        header = _read(file, at, _BLOCK, name)
        if not any(header):
            return members
        if not _sum_is_right(header):
            raise CheckpointError(f"{name}: no archive, or damaged. The sum of the header at byte {at} is wrong.")
        kind = header[156:157]
        size = _number(told.pop("size", "") or header[124:136], name)
        start = at + _BLOCK
        at = start + -(-size // _BLOCK) * _BLOCK
        if start + size > end:
            raise CheckpointError(f"{name}: {truncated_message('the archive', start + size, end)}")
        if kind in (_LONG_NAME, _NOTE, _NOTE_FOR_ALL):
            if size > _LONGEST_NOTE:
                raise CheckpointError(f"{name}: damaged. A name in it has {size} bytes.")
            note = _read(file, start, size, name)
            if kind == _LONG_NAME:
                told["path"] = _text(note)
            elif kind == _NOTE:
                told.update(_notes(note, name))
            continue
        path = _plain(told.pop("path", "") or _path(header), kind, name)
        told.clear()
        if kind in _FILE and path and not path.endswith("/"):
            if path in members:
                raise CheckpointError(f"{name}: {path!r} is in it twice.")
            members[path] = (start, size)
    raise CheckpointError(f"{name}: more than {_MOST_MEMBERS} files are in it, which no checkpoint has.")


def _plain(path: str, kind: bytes, name: str) -> str:
    """The name of a member, without a leading ``./``, if it is a plain file or folder inside the archive."""
    if kind not in _FILE and kind != _FOLDER:
        what = _REFUSED.get(kind, "of a kind that no checkpoint needs")
        raise CheckpointError(f"{name}: refused. {path[:80]!r} in it is {what}.")
    if path.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", path) or ".." in re.split(r"[/\\]", path):
        raise CheckpointError(f"{name}: refused. {path[:80]!r} in it leads out of the archive.")
    return re.sub(r"^(\./)+", "", path)


def _path(header: bytes) -> str:
    path, prefix = _text(header[:100]), _text(header[345:500])
    return f"{prefix}/{path}" if prefix and header[257:263] == b"ustar\0" else path


def _text(content: bytes) -> str:
    return content.split(b"\0", 1)[0].decode("utf-8", "backslashreplace")


def _number(field: bytes | str, name: str) -> int:
    """A size: octal digits, a large number in binary, or decimal digits of a pax header."""
    if isinstance(field, str):
        if re.fullmatch(r"[0-9]{1,15}", field):
            return int(field)
    elif field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    elif re.fullmatch(rb"[0-7]{1,12}", digits := field.strip(b" \0")):
        return int(digits, 8)
    raise CheckpointError(f"{name}: damaged. {field!r} is no size of a file.")


def _notes(content: bytes, name: str) -> dict[str, str]:
    """A pax header: ``LENGTH KEY=VALUE`` and a line's end, again and again; the path and the size count."""
    notes: dict[str, str] = {}
    at = 0
    while at < len(content) and content[at] != 0:
        found = re.compile(rb"([0-9]{1,7}) ([^=\n]{1,200})=").match(content, at)
        stop = at + int(found[1]) if found else 0
        if found is None or not found.end() < stop <= len(content) or content[stop - 1 : stop] != b"\n":
            raise CheckpointError(f"{name}: damaged. A header of names in it makes no sense.")
        if found[2].startswith(b"GNU.sparse"):
            raise CheckpointError(f"{name}: a file with holes is in it, which is not supported. Pack it plainly.")
        if found[2] in (b"path", b"size"):
            notes[found[2].decode()] = content[found.end() : stop - 1].decode("utf-8", "backslashreplace")
        at = stop
    return notes


def _sum_is_right(header: bytes) -> bool:
    digits = header[148:156].strip(b" \0")
    summed = sum(header[:148]) + 8 * ord(" ") + sum(header[156:])
    return re.fullmatch(rb"[0-7]{1,7}", digits) is not None and int(digits, 8) == summed


def _read(file: IO[bytes], offset: int, size: int, name: str) -> bytes:
    try:
        file.seek(offset)
        content = file.read(size)
    except (OSError, OverflowError) as error:
        raise CheckpointError(f"{name}: cannot be read ({error}).") from error
    if len(content) < size:
        raise CheckpointError(f"{name}: {truncated_message('the archive', offset + size, offset + len(content))}")
    return content
