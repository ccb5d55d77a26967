"""Read a file forwards, unpacked where it is compressed, up to its end or to the first damage."""

from __future__ import annotations

import bz2
import lzma
import zlib
from pathlib import Path
from typing import IO, Any

_PIECE = 1024  # compressed bytes at a time
_OUTPUT = 512  # unpacked bytes at a time: what one call unpacks is lost if the call fails
_SKIPPED_OUTPUT = 1 << 16
_MAX_RATIO = 200  # MIDI files in a tar archive shrink to a hundredth at most, zeros to a thousandth
_ALWAYS_ALLOWED = 256 << 20
_MAX_MEMORY = 256 << 20  # that unpacking may need; xz -9 needs 65 MB

CUT, DAMAGED, TOO_LARGE = "cut off", "damaged", f"not unpacked beyond {_MAX_RATIO} times its size"


class _Gzip:
    """Decompresses gzip with the methods of `lzma.LZMADecompressor`."""

    def __init__(self) -> None:
        self._decompressor = zlib.decompressobj(31)
        self._tail = b""
        self._has_more = False

    @property
    def needs_input(self) -> bool:
        return not self._tail and not self._has_more

    @property
    def eof(self) -> bool:
        return self._decompressor.eof

    @property
    def unused_data(self) -> bytes:
        return self._decompressor.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        output = self._decompressor.decompress(self._tail + data, max_length)
        self._tail = self._decompressor.unconsumed_tail
        self._has_more = len(output) == max_length
        return output


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(memlimit=_MAX_MEMORY)


_DECOMPRESSORS: dict[bytes, Any] = {b"\x1f\x8b": _Gzip, b"\xfd7zXZ\0": _xz, b"BZh": bz2.BZ2Decompressor}


class UnpackedFile:
    """A file that is read forwards, unpacked if it begins as gzip, bzip2 or xz; a context manager that closes it.

    Parameters
    ----------
    path : path

    Attributes
    ----------
    position : int
        Bytes read so far.
    is_packed : bool
        Whether it is compressed; then damage may be noticed some way after it.
    problem : str
        Why the file ended early: `CUT`, `DAMAGED` or `TOO_LARGE`; empty if it did not.

    Raises
    ------
    OSError
        If it cannot be opened.

    Examples
    --------
    >>> import gzip, tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.gz"
    >>> _ = path.write_bytes(gzip.compress(bytes(1000))[:-4])
    >>> with UnpackedFile(path) as file:
    ...     len(file.read(2000)), file.problem
    (1000, 'cut off')
    """

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("rb")
        self._packed_size = path.stat().st_size
        beginning = self._file.read(6)
        self._file.seek(0)
        self._make = next((make for magic, make in _DECOMPRESSORS.items() if beginning.startswith(magic)), None)
        self._decompressor = self._make() if self._make else None
        self.is_packed = self._make is not None
        self._input = b""
        self._buffer = bytearray()
        self._unpacked = 0
        self._is_ended = False
        self.position = 0
        self.problem = ""

    def __enter__(self) -> UnpackedFile:
        return self

    def __exit__(self, *reason: object) -> None:
        self._file.close()

    def read(self, size: int) -> bytes:
        """Return so many bytes; fewer where the file ends."""
        if self._decompressor is None:
            data = self._read_file(size)
        else:
            while len(self._buffer) < size and not self._is_ended:
                self._unpack(_OUTPUT)
            data = bytes(self._buffer[:size])
            del self._buffer[:size]
        self.position += len(data)
        return data

    def skip(self, size: int) -> bool:
        """Skip so many bytes; return False if the file ends before."""
        if self._decompressor is None:
            target = self._file.tell() + size
            self._file.seek(min(target, self._packed_size))
            self.position = self._file.tell()
            return target <= self._packed_size
        while size > 0:
            if not self._buffer:
                if self._is_ended:
                    return False
                self._unpack(max(min(size, _SKIPPED_OUTPUT), _OUTPUT))
            count = min(size, len(self._buffer))
            del self._buffer[:count]
            size -= count
            self.position += count
        return True

    def _read_file(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except OSError:
            self.problem, self._is_ended = DAMAGED, True
            return b""

    def _unpack(self, max_length: int) -> None:
        """Unpack some bytes into the buffer."""
        decompressor: Any = self._decompressor
        try:
            if decompressor.eof:
                self._begin_next_stream(decompressor.unused_data)
                return
            piece = b""
            if decompressor.needs_input:
                piece, self._input = self._input or self._read_file(_PIECE), b""
                if not piece:
                    self.problem, self._is_ended = self.problem or CUT, True
                    return
            output = decompressor.decompress(piece, max_length)
        except (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError, MemoryError):
            self.problem, self._is_ended = DAMAGED, True
            return
        self._buffer += output
        self._unpacked += len(output)
        if self._unpacked > max(_ALWAYS_ALLOWED, self._packed_size * _MAX_RATIO):
            self.problem, self._is_ended = TOO_LARGE, True

    def _begin_next_stream(self, rest: bytes) -> None:
        """Begin with the compressed stream that follows another; zeros, or something else, end the file."""
        rest = rest.lstrip(b"\0")
        while len(rest) < 6 and (piece := self._read_file(_PIECE)):
            rest = (rest + piece).lstrip(b"\0")
        self._decompressor = next((make() for magic, make in _DECOMPRESSORS.items() if rest.startswith(magic)), None)
        if self._decompressor is None:
            self._decompressor, self._is_ended = self._make() if self._make else None, True
            self.problem = DAMAGED if rest else self.problem
        self._input = rest
