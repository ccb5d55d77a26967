"""Headers of tar archives: one block for each member, and what blocks before it say about it.

Every number is checked and the work is bounded, which the standard library's `tarfile` does not do: 256 kB of digits in
a pax header keep Python 3.12.1 busy for a minute (CVE-2024-6232).

Source: POSIX.1-2017, "pax", for the ustar and pax headers; GNU tar's manual for long names and sparse files.
"""

from __future__ import annotations

import re
from typing import NamedTuple

BLOCK = 512
FILE, LINK, NO_FILE, FOLDER = (b"0", b"\0", b"7"), (b"1", b"2"), (b"3", b"4", b"6"), b"5"
LONG_NAME, PAX, PAX_GLOBAL, SPARSE = b"L", (b"x", b"X"), b"g", b"S"

_PAX_RECORD = re.compile(rb"([0-9]{1,7}) ([^=\n]{1,200})=")


class TarHeader(NamedTuple):
    """A header whose checksum is right.

    Parameters
    ----------
    name : bytes
        As it stands; a header before it may have a longer one.
    kind : bytes
        One character.
    size : int
        Of the content [bytes].
    """

    name: bytes
    kind: bytes
    size: int


def parse_header(block: bytes) -> TarHeader | None:
    """Return the header that a block holds; None if it holds none, or a damaged one.

    Examples
    --------
    >>> import tarfile
    >>> member = tarfile.TarInfo("a.mid")
    >>> parse_header(member.tobuf())
    TarHeader(name=b'a.mid', kind=b'0', size=0)
    >>> parse_header(b"b" + member.tobuf()[1:]) is None
    True
    """
    if not is_checksum_valid(block):
        return None
    size = parse_size(block[124:136])
    if size is None:
        return None
    name, prefix = _to_null(block[:100]), _to_null(block[345:500])
    if prefix and block[257:263] == b"ustar\0":
        name = prefix + b"/" + name
    return TarHeader(name, block[156:157], size)


def is_checksum_valid(block: bytes) -> bool:
    """Return whether a block has the checksum of a header; some old programs sum its bytes as signed numbers."""
    digits = block[148:156].strip(b" \0")
    if len(block) != BLOCK or not re.fullmatch(rb"[0-7]{1,7}", digits):
        return False
    counted = block[:148] + block[156:]
    unsigned = sum(counted) + 8 * ord(" ")
    return int(digits, 8) in (unsigned, unsigned - 256 * sum(byte > 127 for byte in counted))


def parse_size(field: bytes) -> int | None:
    r"""Return a size, in octal digits or as a large number in binary; None if it is neither.

    Examples
    --------
    >>> parse_size(b"00000000012\0"), parse_size(b"\x80" + bytes(10) + b"\5"), parse_size(b"x")
    (10, 5, None)
    """
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    return int(digits or b"0", 8) if re.fullmatch(rb"[0-7]{0,12}", digits) else None


def parse_pax(content: bytes) -> dict[bytes, bytes] | None:
    r"""Return the records of a pax header, lines of ``LENGTH KEY=VALUE``; None if it is damaged.

    Examples
    --------
    >>> parse_pax(b"14 path=a.mid\n"), parse_pax(b"99 path=a.mid\n")
    ({b'path': b'a.mid'}, None)
    """
    records: dict[bytes, bytes] = {}
    position = 0
    while position < len(content) and content[position] != 0:
        match = _PAX_RECORD.match(content, position)
        stop = position + int(match[1]) if match else 0
        if match is None or not match.end() < stop <= len(content) or content[stop - 1 : stop] != b"\n":
            return None
        records[match[2]] = content[match.end() : stop - 1]
        position = stop
    return records


def _to_null(field: bytes) -> bytes:
    return field.split(b"\0", 1)[0]
