"""Archives as Magenta publishes them: a `.tar`, or `.tar.gz`, with one checkpoint in it.

The files are not extracted to disk. The headers are read here, with every number checked against the file, because
`tarfile` trusts an archive's own sizes and bounds neither time nor memory: 256 kB of digits in a pax header keep
Python 3.12.1 busy for a minute (CVE-2024-6232), and a global header of 480 kB before 300 empty files takes 570 MB. A
gzipped archive is decompressed to a temporary file, up to a limit that depends on its compressed size.

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
from latentpalette.tar_header import is_checksum_valid, parse_pax, parse_size

_BLOCK = 512
_MAX_MEMBERS = 10_000
_MAX_HEADER_BYTES = 1 << 20  # of a member that only describes the next one
_MAX_UNPACKED_BYTES = 16 << 30  # the largest archive that Magenta publishes has 2 GB
_MAX_COMPRESSION_RATIO = 50  # packed weights shrink by a tenth; zeros alone shrink by a thousand
_CHUNK = 1 << 20
_MAX_BYTES_IN_MEMORY = 64 << 20  # a smaller archive is decompressed in memory

_FILE, _FOLDER, _LONG_NAME, _PAX, _PAX_GLOBAL = (b"0", b"\0", b"7"), b"5", b"L", b"x", b"g"
_REFUSED = {b"1": "a link", b"2": "a link", b"K": "a link", b"3": "a device", b"4": "a device", b"6": "a pipe"}


class TarArchive:
    """Files of a tar archive; a context manager that keeps it open.

    Parameters
    ----------
    path : path

    Raises
    ------
    CheckpointError
        If it is no archive, is truncated, unpacks to far too much, or has members other than plain files inside itself.

    Examples
    --------
    >>> import io, tarfile
    >>> path = Path(tempfile.mkdtemp()) / "model.tar.gz"
    >>> with tarfile.open(path, "w:gz") as archive:
    ...     member = tarfile.TarInfo("model/model.ckpt.index")
    ...     member.size = 5
    ...     archive.addfile(member, io.BytesIO(b"12345"))
    >>> with TarArchive(path) as tar:
    ...     tar.names(), tar.read("model/model.ckpt.index", 1, 3)
    (['model/model.ckpt.index'], b'234')
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            self._file = _open_unpacked(path)
        except OSError as error:
            raise CheckpointError(f"{path}: cannot be read ({error.strerror or error}).") from error
        try:
            self._members = _read_members(self._file, self.name)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> TarArchive:
        return self

    def __exit__(self, *reason: object) -> None:
        self._file.close()

    def names(self) -> list[str]:
        """Return the names of the files, in the archive's order."""
        return list(self._members)

    def size(self, name: str) -> int:
        """Return the size of a file [bytes]."""
        return self._location(name)[1]

    def read(self, name: str, offset: int, size: int) -> bytes:
        """Return `size` bytes of a file from `offset` on."""
        start, actual = self._location(name)
        if offset + size > actual:
            raise CheckpointError(f"{self.name}: {truncated_message(name, offset + size, actual)}")
        return _read(self._file, start + offset, size, self.name)

    def _location(self, name: str) -> tuple[int, int]:
        if name not in self._members:
            raise CheckpointError(f"{self.name}: cannot be read (it holds no {name!r}).")
        return self._members[name]


def is_tar(path: Path) -> bool:
    """Return whether a file looks like a tar archive, gzipped or not."""
    try:
        with path.open("rb") as file:
            head = file.read(_BLOCK)
    except OSError:
        return False
    return head[:2] == b"\x1f\x8b" or (len(head) == _BLOCK and is_checksum_valid(head))


def _open_unpacked(path: Path) -> IO[bytes]:
    """Open an archive; a gzipped one is decompressed to a temporary file."""
    file = path.open("rb")
    if file.read(2) != b"\x1f\x8b":
        return file
    packed = path.stat().st_size
    limit = min(_MAX_UNPACKED_BYTES, packed * _MAX_COMPRESSION_RATIO + _CHUNK)
    copy: IO[bytes] = tempfile.SpooledTemporaryFile(_MAX_BYTES_IN_MEMORY)  # noqa: SIM115 # closed by TarArchive
    try:
        with file:
            file.seek(0)
            with GzipFile(fileobj=file) as unpacked:
                size = 0
                while chunk := unpacked.read(_CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise CheckpointError(
                            f"{path.name}: {packed} bytes decompress to more than {limit}, as no checkpoint does."
                        )
                    copy.write(chunk)
    except (EOFError, zlib.error, OSError) as error:
        copy.close()
        raise CheckpointError(f"{path.name}: damaged or truncated. It cannot be decompressed ({error}).") from error
    except BaseException:
        copy.close()
        raise
    return copy


def _read_members(file: IO[bytes], name: str) -> dict[str, tuple[int, int]]:
    """Read the headers: offset and size of each file by its name."""
    end = file.seek(0, 2)
    members: dict[str, tuple[int, int]] = {}
    position = 0
    next_header: dict[str, str] = {}  # path and size of the next member, from a header before it
    for _ in range(_MAX_MEMBERS):
        if position + _BLOCK > end:
            raise CheckpointError(f"{name}: truncated, or not an archive. Its end is missing. Download it again.")
        header = _read(file, position, _BLOCK, name)
        if not any(header):
            return members
        if not is_checksum_valid(header):
            raise CheckpointError(f"{name}: not an archive, or damaged. The checksum at byte {position} is wrong.")
        kind = header[156:157]
        size = _parse_size(next_header.pop("size", "") or header[124:136], name)
        start = position + _BLOCK
        position = start + -(-size // _BLOCK) * _BLOCK
        if start + size > end:
            raise CheckpointError(f"{name}: {truncated_message('the archive', start + size, end)}")
        if kind in (_LONG_NAME, _PAX, _PAX_GLOBAL):
            if size > _MAX_HEADER_BYTES:
                raise CheckpointError(f"{name}: damaged. It holds a name of {size} bytes.")
            content = _read(file, start, size, name)
            if kind == _LONG_NAME:
                next_header["path"] = _text(content)
            elif kind == _PAX:
                next_header.update(_parse_pax(content, name))
            continue
        path = _checked_path(next_header.pop("path", "") or _path(header), kind, name)
        next_header.clear()
        if kind in _FILE and path and not path.endswith("/"):
            if path in members:
                raise CheckpointError(f"{name}: it holds {path!r} twice.")
            members[path] = (start, size)
    raise CheckpointError(f"{name}: it holds more than {_MAX_MEMBERS} files, which no checkpoint has.")


def _checked_path(path: str, kind: bytes, name: str) -> str:
    """Return a member's path without a leading ``./``; raise unless it is a plain file or folder inside the archive."""
    if kind not in _FILE and kind != _FOLDER:
        what = _REFUSED.get(kind, "of a kind that no checkpoint needs")
        raise CheckpointError(f"{name}: refused. Its member {path[:80]!r} is {what}.")
    if path.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", path) or ".." in re.split(r"[/\\]", path):
        raise CheckpointError(f"{name}: refused. Its member {path[:80]!r} lies outside of the archive.")
    return re.sub(r"^(\./)+", "", path)


def _path(header: bytes) -> str:
    path, prefix = _text(header[:100]), _text(header[345:500])
    return f"{prefix}/{path}" if prefix and header[257:263] == b"ustar\0" else path


def _text(content: bytes) -> str:
    return content.split(b"\0", 1)[0].decode("utf-8", "backslashreplace")


def _parse_size(field: bytes | str, name: str) -> int:
    """Parse a size: octal digits, a large number in binary, or decimal digits of a pax header."""
    if isinstance(field, str):
        size = int(field) if re.fullmatch(r"[0-9]{1,15}", field) else None
    else:
        size = parse_size(field)
    if size is None:
        raise CheckpointError(f"{name}: damaged. {field!r} is not the size of a file.")
    return size


def _parse_pax(content: bytes, name: str) -> dict[str, str]:
    """Parse a pax header and return path and size."""
    records = parse_pax(content)
    if records is None:
        raise CheckpointError(f"{name}: damaged. A pax header is invalid.")
    if any(key.startswith(b"GNU.sparse") for key in records):
        raise CheckpointError(f"{name}: it holds a sparse file, which is not supported. Create it without --sparse.")
    return {
        key.decode(): records[key].decode("utf-8", "backslashreplace") for key in (b"path", b"size") if key in records
    }


def _read(file: IO[bytes], offset: int, size: int, name: str) -> bytes:
    try:
        file.seek(offset)
        content = file.read(size)
    except (OSError, OverflowError) as error:
        raise CheckpointError(f"{name}: cannot be read ({error}).") from error
    if len(content) < size:
        raise CheckpointError(f"{name}: {truncated_message('the archive', offset + size, offset + len(content))}")
    return content
