"""Reader of TensorFlow V2 checkpoints (tensor bundles) without TensorFlow.

A checkpoint is ``PREFIX.index``, a sorted table (LevelDB's format) from tensor name to location, and
``PREFIX.data-00000-of-00001``, the bytes. Nothing in either is trusted: every offset, length and count is checked
against the file before it is used, and checksums (CRC-32C) are verified, so a damaged or hostile file ends in
`CheckpointError`.

Sources: LevelDB's ``doc/table_format.md``; TensorFlow's ``tensor_bundle.proto`` and ``tensor_shape.proto``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path

import google_crc32c
import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import CheckpointError
from latentpalette.models.magenta.protobuf_wire import Fields, Reader, parse_fields
from latentpalette.models.magenta.storage import Files, Folder

_FOOTER = 48
_MAGIC = 0xDB4775248B80FB57
_MAX_INDEX_BYTES = 64 << 20  # a checkpoint of a thousand tensors has an index of 100 kB
_MAX_NAME_LENGTH = 4096
_MAX_SHARDS = 1000
_MAX_DIMENSIONS = 8

# tensorflow/core/framework/types.proto
_DTYPES = {1: "<f4", 2: "<f8", 3: "<i4", 9: "<i8", 14: "bfloat16", 19: "<f2"}


@dataclass(frozen=True)
class BundleEntry:
    """Location of one tensor.

    Parameters
    ----------
    shape : tuple of int
    dtype : str
        NumPy's name, or ``"bfloat16"``.
    shard, offset, size : int
        Number of the data file, and the range of bytes in it.
    checksum : int
        CRC-32C of the bytes, masked as LevelDB does.
    """

    shape: tuple[int, ...]
    dtype: str
    shard: int
    offset: int
    size: int
    checksum: int


class TensorBundle(Mapping[str, NDArray]):
    """The tensors of a checkpoint by name; each is read when it is accessed.

    Parameters
    ----------
    prefix : path
        Without the endings ``.index`` and ``.data-...``.
    files : Files, optional
        Storage in which `prefix` is a name; by default the folder of the prefix.

    Raises
    ------
    CheckpointError
        If a file is missing, truncated or no checkpoint.
    """

    def __init__(self, prefix: str | os.PathLike[str], *, files: Files | None = None) -> None:
        prefix = Path(prefix) if files is None else os.fspath(prefix)
        self._files = files or Folder(Path(prefix).parent)
        self._prefix = prefix.name if isinstance(prefix, Path) else prefix
        index = f"{self._prefix}.index"
        self.name = index.rpartition("/")[2]
        size = self._files.size(index)
        if size > _MAX_INDEX_BYTES:
            raise CheckpointError(f"{self.name}: an index of {size} bytes is not that of a model.")
        self._shards, self.entries = _index(self._files.read(index, 0, size), self.name)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each tensor."""
        return {name: entry.shape for name, entry in self.entries.items()}

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def __getitem__(self, name: str) -> NDArray:
        """Return one tensor; any float as float32.

        Raises
        ------
        CheckpointError
            If its bytes are missing, or are not those that were written.
        """
        entry = self.entries[name]
        if entry.dtype not in _DTYPES.values():
            raise CheckpointError(f"{self.name}: {name!r} is not numeric ({entry.dtype}).")
        data = f"{self._prefix}.data-{entry.shard:05d}-of-{self._shards:05d}"
        actual = self._files.size(data)
        if entry.offset + entry.size > actual:
            raise CheckpointError(
                f"{data}: truncated. {name!r} ends at byte {entry.offset + entry.size}; the file has {actual}. "
                "Download or copy it again."
            )
        content = self._files.read(data, entry.offset, entry.size)
        if google_crc32c.value(content) != unmask(entry.checksum):
            raise CheckpointError(f"{data}: damaged. The bytes of {name!r} are not those that were written.")
        return _array(content, entry)


def unmask(checksum: int) -> int:
    """Undo LevelDB's mask of a CRC-32C, which keeps the checksum of data that contain checksums from being 0.

    Examples
    --------
    >>> hex(unmask(0x2060EAD9))
    '0xbeef'
    """
    rotated = (checksum - 0xA282EAD8) & 0xFFFFFFFF
    return (rotated >> 17 | rotated << 15) & 0xFFFFFFFF


def _array(content: bytes, entry: BundleEntry) -> NDArray:
    if entry.dtype == "bfloat16":  # the upper half of a float32
        wide = np.frombuffer(content, "<u2").astype("<u4") << 16
        return wide.view("<f4").reshape(entry.shape)
    values = np.frombuffer(content, entry.dtype).reshape(entry.shape)
    return values.astype(np.float32, copy=False) if values.dtype.kind == "f" else values


def _index(table: bytes, name: str) -> tuple[int, dict[str, BundleEntry]]:
    """Parse an index: the number of data files, and the entries by tensor name."""
    if len(table) < _FOOTER or int.from_bytes(table[-8:], "little") != _MAGIC:
        raise CheckpointError(f"{name}: not the index of a TensorFlow checkpoint, or cut off at its end.")
    footer = Reader(table[-_FOOTER:-8], name)
    footer.varint(), footer.varint()  # the meta index, which is empty
    shards = None
    entries: dict[str, BundleEntry] = {}
    previous: bytes | None = None
    for _, handle in _block(table, footer.varint(), footer.varint(), name):
        location = Reader(handle, name)
        for key, value in _block(table, location.varint(), location.varint(), name):
            if previous is not None and key <= previous:  # also keeps a block from being read twice
                raise CheckpointError(f"{name}: damaged. Its names are not in order.")
            previous = key
            if not key:
                shards = _header(parse_fields(value, name), name)
            elif shards is None:
                raise CheckpointError(f"{name}: damaged. It does not begin with a header.")
            else:
                text = key.decode("utf-8", "backslashreplace")
                entries[text] = _entry(parse_fields(value, name), shards, f"{name}: {text!r}")
    if shards is None:
        raise CheckpointError(f"{name}: damaged. It has no header.")
    return shards, entries


def _block(table: bytes, offset: int, size: int, name: str) -> Iterator[tuple[bytes, bytes]]:
    """Yield keys and values of one block of the table; each key is stored without the prefix shared with the last."""
    end = offset + size
    if end + 5 > len(table) - _FOOTER:
        raise CheckpointError(f"{name}: damaged. A block ends at byte {end + 5} of {len(table)}.")
    if table[end] != 0:
        raise CheckpointError(f"{name}: its blocks are compressed, which TensorFlow does not do to checkpoints.")
    if google_crc32c.value(table[offset : end + 1]) != unmask(int.from_bytes(table[end + 1 : end + 5], "little")):
        raise CheckpointError(f"{name}: damaged. The checksum of a block is wrong.")
    restarts = int.from_bytes(table[end - 4 : end], "little") if size >= 4 else 0
    stop = size - 4 * (restarts + 1)
    if stop < 0:
        raise CheckpointError(f"{name}: damaged. A block of {size} bytes cannot have {restarts} restarts.")
    block = Reader(table[offset : offset + stop], name)
    key = b""
    while not block.done:
        shared, unshared, length = block.varint(), block.varint(), block.varint()
        if shared > len(key) or shared + unshared > _MAX_NAME_LENGTH:
            raise CheckpointError(f"{name}: damaged. A name shares {shared} bytes with one of {len(key)}.")
        key = key[:shared] + block.read(unshared)
        yield key, block.read(length)


def _header(header: Fields, name: str) -> int:
    shards = header.integer(1)
    if header.integer(2) != 0:
        raise CheckpointError(f"{name}: written on a big-endian machine, which is not supported.")
    if not 1 <= shards <= _MAX_SHARDS:
        raise CheckpointError(f"{name}: damaged. It lists {shards} data files.")
    return shards


def _entry(entry: Fields, shards: int, location: str) -> BundleEntry:
    shape = tuple(
        parse_fields(dim, location).integer(1) for dim in parse_fields(entry.message(2), location).repeated(2)
    )  # TensorShapeProto.dim.size
    if len(shape) > _MAX_DIMENSIONS or max(shape, default=0) >= 1 << 31:
        raise CheckpointError(f"{location}: damaged. Its shape is {shape[:_MAX_DIMENSIONS]}.")
    kind, shard, size = entry.integer(1), entry.integer(3), entry.integer(5)
    if entry.repeated(7):
        raise CheckpointError(f"{location} is cut into slices, which is not supported. Merge them with TensorFlow.")
    if shard >= shards:
        raise CheckpointError(f"{location} lies in data file {shard} of {shards}.")
    dtype = _DTYPES.get(kind)
    if dtype is None:  # text, for example: no weights, so no error until it is accessed
        return BundleEntry(shape, f"type {kind}", shard, entry.integer(4), size, entry.integer(6))
    width = 2 if dtype == "bfloat16" else np.dtype(dtype).itemsize
    if prod(shape) * width != size:
        raise CheckpointError(f"{location} has shape {shape}, but {size} bytes of {dtype}.")
    return BundleEntry(shape, dtype, shard, entry.integer(4), size, entry.integer(6))
