"""Members of a zip archive that may be damaged or cut off.

They are those of its directory, which stands at its end. Where the directory is damaged or missing, the headers before
the files are searched instead. The standard library's `zipfile` refuses such an archive as a whole.

Source: PKWARE, ".ZIP File Format Specification" 6.3.10 (APPNOTE.TXT), section 4.
"""

from __future__ import annotations

import bz2
import lzma
import os
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from latentpalette.data import members
from latentpalette.data.members import Member, clean_name, decode_name, lost_place
from latentpalette.errors import FileError
from latentpalette.music.midi_names import is_midi_name

_ENTRY, _LOCAL, _END, _DESCRIPTOR = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"
_END_64, _LOCATOR_64 = b"PK\x06\x06", b"PK\x06\x07"
_ANY_SIGNATURE = re.compile(b"|".join(map(re.escape, (_ENTRY, _LOCAL, _END, _DESCRIPTOR, _END_64))))
_LOCAL_SIGNATURE = re.compile(re.escape(_LOCAL))
_MAX_COMMENT = 65_535
_CHUNK = 1 << 16
_IS_ENCRYPTED, _HAS_DESCRIPTOR, _IS_UTF8 = 0x1, 0x8, 0x800
_STORED, _DEFLATED, _BZIP2, _LZMA = 0, 8, 12, 14
_MAX_MEMORY = 256 << 20
_LARGE = 0xFFFFFFFF  # a size or an offset that stands in the extra field

_NO_DIRECTORY = "the archive's directory is missing or damaged; files are searched for, and some may be missing"
_OVERLAPS = "its bytes in the archive are those of other files, too"


class _Entry(NamedTuple):
    """A header: of the directory, or of a file itself."""

    name: bytes
    flags: int
    method: int
    checksum: int
    packed_size: int
    size: int
    offset: int  # of the file's own header
    end: int  # position after this header

    @property
    def text(self) -> str:
        """The name; where it is not UTF-8, its characters are those of the IBM PC, as the specification says."""
        try:
            return clean_name(self.name.decode())
        except UnicodeDecodeError:
            return decode_name(self.name) if self.flags & _IS_UTF8 else clean_name(self.name.decode("cp437"))


class _Directory(NamedTuple):
    """The place of a directory: start, stop, and the bytes before the archive; and the number of its entries."""

    span: tuple[int, int, int]
    num_entries: int


def iter_zip_members(path: Path) -> Iterator[Member]:
    """Yield the files of a zip archive, and a place for a damaged directory.

    Raises
    ------
    FileError
        If nothing of it is a zip archive.
    OSError
        If it cannot be opened.

    Examples
    --------
    >>> import tempfile, zipfile
    >>> path = Path(tempfile.mkdtemp()) / "a.zip"
    >>> with zipfile.ZipFile(path, "w") as archive:
    ...     archive.writestr("a.mid", b"MThd")
    >>> [(member.name, member.read(100)) for member in iter_zip_members(path)]
    [('a.mid', b'MThd')]
    """
    with path.open("rb") as file, path.open("rb") as directory:
        reader = _ZipReader(file)
        found = reader.find_directory()
        # The first pass makes sure that the directory is whole, the second goes through it.
        if found and sum(1 for _ in _directory_entries(directory, *found.span)) == found.num_entries:
            for number, entry in enumerate(_directory_entries(directory, *found.span)):
                if number == members.MAX_MEMBERS:
                    yield lost_place(found.span[0], members.TOO_MANY)
                    return
                yield from reader.listed_member(entry)
            return
        is_first = True
        for number, entry in enumerate(reader.search()):
            if number == members.MAX_MEMBERS:
                yield lost_place(0, members.TOO_MANY)
                return
            if is_first:
                yield lost_place(0, _NO_DIRECTORY)
            is_first = False
            yield reader.member(entry, entry.text)
        if is_first:
            raise FileError("no zip archive" if reader.size else "empty")


def _directory_entries(file: IO[bytes], start: int, stop: int, shift: int) -> Iterator[_Entry]:
    """Yield the entries of the directory, as far as it is whole."""
    file.seek(start)
    position = start
    while position < stop:
        header = file.read(46)
        if len(header) < 46 or header[:4] != _ENTRY:
            return
        flags, method, _, _, checksum, packed_size, size, name_length, extra_length, comment_length = struct.unpack(
            "<HHHHIIIHHH", header[8:34]
        )
        offset = struct.unpack("<I", header[42:46])[0]
        name, extra = file.read(name_length), file.read(extra_length)
        file.read(comment_length)
        position += 46 + name_length + extra_length + comment_length
        if position > stop or len(extra) < extra_length:
            return
        size, packed_size, offset = _large_numbers(extra, size, packed_size, offset)
        yield _Entry(name, flags, method, checksum, packed_size, size, offset + shift, position)


def _large_numbers(extra: bytes, *numbers: int) -> list[int]:
    """Return numbers, and in place of those that do not fit the ones of the extra field, in their order."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack("<HH", extra[position : position + 4])
        if kind == 1:
            content = extra[position + 4 : position + 4 + length]
            large = iter(struct.unpack(f"<{len(content) // 8}Q", content[: len(content) // 8 * 8]))
            return [next(large, number) if number == _LARGE else number for number in numbers]
        position += 4 + length
    return list(numbers)


class _ZipReader:
    """Reads an archive.

    Parameters
    ----------
    file : binary file
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.size = os.fstat(file.fileno()).st_size
        self._allowed = self.size  # compressed bytes that may still be read: no file shares its bytes with another

    def find_directory(self) -> _Directory | None:
        """Return the place of the directory as the end of the archive has it; None if that is damaged."""
        tail_start = max(self.size - _MAX_COMMENT - 22 - 20, 0)
        tail = self._read(tail_start, self.size)
        found = tail.rfind(_END)
        if found < 0 or len(tail) < found + 22:
            return None
        count, length, start = struct.unpack("<HII", tail[found + 10 : found + 20])
        stop = tail_start + found
        if tail[max(found - 20, 0) : found][:4] == _LOCATOR_64:
            end_64 = self._read(stop - 20 - 56, 56)  # it stands before its locator
            if end_64[:4] != _END_64:
                return None
            count, length, start = struct.unpack("<QQQ", end_64[32:56])
            stop -= 76
        if stop - length < 0 or (count == 0) != (length == 0):
            return None
        return _Directory((stop - length, stop, stop - length - start), count)

    def listed_member(self, entry: _Entry) -> Iterator[Member]:
        """Yield the file of an entry of the directory, unless it is a folder."""
        local = self._local_entry(entry.offset)
        names = [entry.text] + ([local.text] if local else [])
        name = next(filter(is_midi_name, names), names[0])
        if not name.endswith("/"):
            yield self.member(local and entry._replace(end=local.end, flags=entry.flags | local.flags), name)

    def search(self) -> Iterator[_Entry]:
        """Yield the headers of files, in the order of the archive."""
        position = self._find(_LOCAL_SIGNATURE, 0)
        while position < self.size:
            entry = self._local_entry(position)
            if entry is None:
                position = self._find(_LOCAL_SIGNATURE, position + 4)
                continue
            stop = entry.end + entry.packed_size
            is_size_right = stop == self.size or bool(_ANY_SIGNATURE.match(self._read(stop, 4)))
            if not is_size_right or (entry.flags & _HAS_DESCRIPTOR and not entry.packed_size):
                stop = self._find(_ANY_SIGNATURE, entry.end)
                entry = entry._replace(packed_size=stop - entry.end) if stop < self.size else entry
                if entry.flags & _HAS_DESCRIPTOR:
                    entry = self._described(entry, stop)
            if not entry.name.endswith(b"/"):
                yield entry
            position = self._find(_LOCAL_SIGNATURE, stop)

    def _described(self, entry: _Entry, stop: int) -> _Entry:
        """Return an entry with the checksum and the size that follow the file."""
        descriptor = self._read(stop, 16)
        if descriptor[:4] != _DESCRIPTOR or len(descriptor) < 16:
            return entry._replace(packed_size=stop - entry.end, size=-1)
        checksum, _, size = struct.unpack("<III", descriptor[4:])
        return entry._replace(checksum=checksum, size=size)

    def _local_entry(self, offset: int) -> _Entry | None:
        """Return the header of a file; None if there is none at an offset."""
        header = self._read(offset, 30)
        if len(header) < 30 or header[:4] != _LOCAL:
            return None
        flags, method, _, _, checksum, packed_size, size, name_length, extra_length = struct.unpack(
            "<HHHHIIIHH", header[6:30]
        )
        name = self._read(offset + 30, name_length)
        extra = self._read(offset + 30 + name_length, extra_length)
        size, packed_size = _large_numbers(extra, size, packed_size)
        end = offset + 30 + name_length + extra_length
        return _Entry(name, flags, method, checksum, packed_size, size, offset, end)

    def member(self, entry: _Entry | None, name: str) -> Member:
        """Return the member of an entry; None if its own header is damaged."""

        def read(limit: int) -> bytes:
            if entry is None:
                raise FileError("its header in the archive is damaged")
            if entry.flags & _IS_ENCRYPTED:
                raise FileError("encrypted; unpack it with its password first")
            data, is_ended = self._unpack(entry, limit + 1)
            if entry.size >= 0:
                is_ended = len(data) == entry.size and zlib.crc32(data) == entry.checksum
            if len(data) <= limit and not is_ended:
                is_cut = entry.end + entry.packed_size + (entry.size < 0) > self.size
                raise FileError("the archive is cut off inside it" if is_cut else "damaged in the archive")
            return data

        return Member(name, is_midi_name(name), read)

    def _unpack(self, entry: _Entry, limit: int) -> tuple[bytes, bool]:
        """Return the beginning of a file, up to a limit, and whether it ends as its compression says."""
        packed_size = min(entry.packed_size, max(self.size - entry.end, 0))
        if entry.method == _STORED:
            data = self._read(entry.end, min(packed_size, limit))
            self._count(len(data))
            return data, entry.end + packed_size < self.size
        decompressor, start = self._decompressor(entry)
        output = bytearray()
        try:
            for position in range(start, entry.end + packed_size, _CHUNK):
                piece = self._read(position, min(_CHUNK, entry.end + packed_size - position))
                output += decompressor.decompress(piece, limit - len(output))
                self._count(len(piece) - len(decompressor.unused_data))
                if len(output) >= limit or decompressor.eof:
                    break
        except FileError:
            raise
        except (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError, MemoryError):
            raise FileError("damaged in the archive") from None
        return bytes(output), decompressor.eof

    def _count(self, packed_size: int) -> None:
        """Count bytes that were unpacked; raise if there are more than the archive has."""
        self._allowed -= packed_size
        if self._allowed < 0:
            raise FileError(_OVERLAPS)

    def _decompressor(self, entry: _Entry) -> tuple[Any, int]:
        """Return a decompressor for a file, and the position of its data."""
        if entry.method == _DEFLATED:
            return zlib.decompressobj(-15), entry.end
        if entry.method == _BZIP2:
            return bz2.BZ2Decompressor(), entry.end
        if entry.method == _LZMA:
            # Two bytes of version and two of the length of the five properties, where .lzma has the properties alone.
            decompressor = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_MAX_MEMORY)
            try:
                decompressor.decompress(self._read(entry.end + 4, 5) + b"\xff" * 8, 0)
            except lzma.LZMAError:
                raise FileError("damaged in the archive") from None
            return decompressor, entry.end + 9
        raise FileError(f"packed by method {entry.method}, which is not read here; pack the archive again")

    def _read(self, position: int, size: int) -> bytes:
        if not 0 <= position < self.size:
            return b""
        self._file.seek(position)
        return self._file.read(min(size, self.size - position))

    def _find(self, pattern: re.Pattern[bytes], position: int) -> int:
        """Return the position of a signature at or after another; the end of the file if there is none."""
        while position < self.size:
            chunk = self._read(position, _CHUNK)
            if match := pattern.search(chunk):
                return position + match.start()
            if len(chunk) < 4:
                break
            position += len(chunk) - 3
        return self.size
