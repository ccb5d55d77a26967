"""Write TensorFlow V2 checkpoints, valid and invalid, as small as a test needs."""

from pathlib import Path

import google_crc32c
import numpy as np

DTYPES = {"float32": 1, "float64": 2, "int64": 9, "float16": 19}


def varint(value: int) -> bytes:
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def message(field: int, content: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(content)) + content


def masked(content: bytes) -> int:
    checksum = google_crc32c.value(content)
    return ((checksum >> 15 | checksum << 17 & 0xFFFFFFFF) + 0xA282EAD8) & 0xFFFFFFFF


def entry(array: np.ndarray, offset: int, *, dtype: int | None = None, size: int | None = None) -> bytes:
    """Return a BundleEntryProto."""
    shape = b"".join(message(2, number(1, dim)) for dim in array.shape)
    return (
        number(1, dtype or DTYPES[str(array.dtype)])
        + message(2, shape)
        + number(4, offset)
        + number(5, array.nbytes if size is None else size)
        + varint(6 << 3 | 5)
        + masked(array.tobytes()).to_bytes(4, "little")
    )


def block(items: list[tuple[bytes, bytes]]) -> bytes:
    """Return one block of a table, with shared prefixes left out, and its checksum."""
    body, previous = b"", b""
    for key, value in items:
        shared = 0
        while shared < min(len(key), len(previous)) and key[shared] == previous[shared]:
            shared += 1
        body += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        previous = key
    return with_checksum(body + (0).to_bytes(4, "little") + (1).to_bytes(4, "little"))


def with_checksum(body: bytes) -> bytes:
    return body + b"\x00" + masked(body + b"\x00").to_bytes(4, "little")


def table(items: list[tuple[bytes, bytes]]) -> bytes:
    """Return a table of two data blocks."""
    half = (len(items) + 1) // 2
    content, handles = b"", []
    for entries in (items[:half], items[half:]):
        if entries:
            data_block = block(entries)
            handles.append((entries[-1][0], varint(len(content)) + varint(len(data_block) - 5)))
            content += data_block
    meta, index = block([]), block(handles)
    footer = varint(len(content)) + varint(len(meta) - 5)
    footer += varint(len(content) + len(meta)) + varint(len(index) - 5)
    return content + meta + index + footer.ljust(40, b"\x00") + (0xDB4775248B80FB57).to_bytes(8, "little")


def write(prefix: Path, tensors: dict[str, np.ndarray], **changes) -> Path:
    """Write a checkpoint of these tensors; `changes` go to every entry."""
    data, items = b"", [(b"", number(1, 1))]
    for name in sorted(tensors):
        items.append((name.encode(), entry(tensors[name], len(data), **changes)))
        data += tensors[name].tobytes()
    prefix.with_name(prefix.name + ".index").write_bytes(table(items))
    prefix.with_name(prefix.name + ".data-00000-of-00001").write_bytes(data)
    return prefix
