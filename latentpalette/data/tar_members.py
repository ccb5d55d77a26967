"""Members of a tar archive that may be damaged or cut off: it is read forwards, and goes on after the damage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from latentpalette.data import members
from latentpalette.data.members import Member, decode_name, lost_member, lost_place
from latentpalette.data.unpacking import CUT, DAMAGED, UnpackedFile
from latentpalette.errors import FileError
from latentpalette.music.midi_names import is_midi_name
from latentpalette.tar_header import (
    BLOCK,
    FOLDER,
    LINK,
    LONG_NAME,
    NO_FILE,
    PAX,
    PAX_GLOBAL,
    SPARSE,
    TarHeader,
    parse_header,
    parse_pax,
)

_MAX_HEADER_BYTES = 1 << 20  # of a member that only describes the next one
_FOLLOWED_BY_MORE = 482  # the byte of a sparse file's header that counts the blocks after it
_MIDI_HEADER = b"MThd"

_DAMAGED_HEADER = "its header in the archive is damaged"
_DAMAGED_HERE = "the archive is damaged here, so files may be missing"
_EMPTY_HERE = "the archive is empty here and goes on later, so files may be missing"
_NOTICED_LATE = " or before; what was read before may be wrong, as compression shows damage late"
_NO_END = "the archive ends without an end mark, so it may be cut off"


def iter_tar_members(path: Path) -> Iterator[Member]:
    """Yield the files of a tar archive, compressed or not, in its order, and the places where it is damaged.

    Raises
    ------
    FileError
        If nothing of it is a tar archive.
    OSError
        If it cannot be opened.

    Examples
    --------
    >>> import io, tarfile, tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.tar"
    >>> with tarfile.open(path, "w") as archive:
    ...     for name in ("a.mid", "b.mid"):
    ...         archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    >>> [member.name for member in iter_tar_members(path)]
    ['a.mid', 'b.mid']
    >>> _ = path.write_bytes(b"?" + path.read_bytes()[1:])
    >>> [(member.name, member.lost) for member in iter_tar_members(path)]
    [('?.mid', 'its header in the archive is damaged'), ('b.mid', '')]
    """
    with UnpackedFile(path) as file:
        yield from _TarReader(file).members()


class _TarReader:
    """Reads an archive forwards.

    Parameters
    ----------
    file : UnpackedFile
    """

    def __init__(self, file: UnpackedFile) -> None:
        self._file = file
        self._unread = 0  # bytes of the content of the present member, with its padding
        self._name = b""  # of the next member, from a header before it
        self._size: int | None = None
        self._is_sparse = False
        self._is_description_damaged = False

    def members(self) -> Iterator[Member]:
        file = self._file
        is_archive = is_damaged = False
        num_empty = num_headers = 0
        while True:
            position = file.position
            block = file.read(BLOCK)
            if len(block) < BLOCK:
                break
            if block.count(0) == BLOCK:
                num_empty += 1
                continue
            header = parse_header(block)
            num_headers += 1
            if num_headers > members.MAX_MEMBERS:
                yield lost_place(position, members.TOO_MANY)
                return
            if header is None:
                if not is_damaged:
                    yield from self._lose(block, position)
                is_damaged = True
                continue
            if num_empty and not is_damaged:
                yield lost_place(position, _EMPTY_HERE)
            is_archive, is_damaged, num_empty = True, False, 0
            yield from self._member(header, block, position)
            if not file.skip(self._unread):
                file.problem = file.problem or CUT
            self._unread = 0
        if not is_archive and (is_damaged or block or not num_empty):
            raise FileError(file.problem or ("no tar archive" if file.position else "empty"))
        if file.problem or block:
            late = _NOTICED_LATE if file.problem == DAMAGED and file.is_packed else ""
            yield lost_place(file.position, f"the archive is {file.problem or CUT} here{late}")
        elif not num_empty:
            yield lost_place(file.position, _NO_END)

    def _lose(self, block: bytes, position: int) -> Iterator[Member]:
        """Yield the place of a block that should be a header, with the name that it seems to have."""
        name = block[:100].split(b"\0", 1)[0]
        if name.isascii() and is_midi_name(decode_name(name)):
            yield lost_member(decode_name(name), _DAMAGED_HEADER)
        else:
            yield lost_place(position, _DAMAGED_HERE)

    def _member(self, header: TarHeader, block: bytes, position: int) -> Iterator[Member]:
        """Yield the member of a header, if it is a file; the rest of its content is to be skipped."""
        if header.kind in (LONG_NAME, *PAX):
            self._describe_next(header)
            return
        size = header.size if self._size is None else self._size
        raw_name, is_long = self._name or header.name, bool(self._name)
        is_description_damaged, is_sparse = self._is_description_damaged, self._is_sparse
        self._name, self._size, self._is_description_damaged, self._is_sparse = b"", None, False, False
        self._unread = 0 if header.kind in (*LINK, *NO_FILE, FOLDER) else _padded(size)
        if header.kind in (PAX_GLOBAL, FOLDER) or raw_name.endswith(b"/"):
            return
        name = decode_name(raw_name)
        is_midi = is_midi_name(name)
        if header.kind in LINK:
            if is_midi:
                yield lost_member(name, "a link; the file is read under its own name")
        elif header.kind == SPARSE or is_sparse:
            self._skip_sparse_headers(block if header.kind == SPARSE else bytes(BLOCK))
            if is_midi:
                yield lost_member(name, "a sparse file, which is not read here; pack the archive without --sparse")
        elif header.kind in NO_FILE:
            if is_midi:
                yield lost_member(name, "a device or a pipe, not a file")
        else:
            yield from self._file_member(name, is_midi, size, is_long=is_long, is_damaged=is_description_damaged)

    def _file_member(self, name: str, is_midi: bool, size: int, *, is_long: bool, is_damaged: bool) -> Iterator[Member]:
        def read(limit: int) -> bytes:
            wanted = min(size, limit + 1)
            data = self._file.read(wanted)
            self._unread -= len(data)
            if len(data) < wanted:
                raise FileError(f"the archive is {self._file.problem or CUT} inside it")
            return data

        if is_midi or not (is_damaged or is_long):
            yield Member(name, is_midi, read)
            return
        # The name is in a block of its own, which has no checksum.
        beginning = self._file.read(min(size, len(_MIDI_HEADER)))
        self._unread -= len(beginning)
        if beginning == _MIDI_HEADER:
            yield lost_member(name, "a MIDI file without the name of one; its name in the archive may be damaged")

    def _describe_next(self, header: TarHeader) -> None:
        """Read a header that has the name or the size of the next member."""
        if header.size > _MAX_HEADER_BYTES:
            self._unread = _padded(header.size)
            self._is_description_damaged = True
            return
        content = self._file.read(header.size)
        self._unread = _padded(header.size) - len(content)
        if header.kind == LONG_NAME:
            self._name = content.split(b"\0", 1)[0]
            return
        records = parse_pax(content)
        if records is None:
            self._is_description_damaged = True
            return
        self._name = records.get(b"path", self._name)
        if b"size" in records and records[b"size"].isdigit() and len(records[b"size"]) < 18:
            self._size = int(records[b"size"])
        self._is_sparse = any(key.startswith(b"GNU.sparse") for key in records)

    def _skip_sparse_headers(self, block: bytes) -> None:
        """Skip the blocks that go on with a sparse file's header."""
        is_followed = block[_FOLLOWED_BY_MORE]
        while is_followed:
            block = self._file.read(BLOCK)
            is_followed = block[504] if len(block) == BLOCK else 0


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK
