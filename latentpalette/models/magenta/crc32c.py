"""CRC-32C, the sum that TensorFlow puts beside every tensor, fast enough for large ones.

The sum is linear: that of a whole follows from those of its parts. So long data are cut into lanes which NumPy
carries forward together, two bytes of each at a time, and the lanes' sums are folded into one.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

_POLYNOMIAL = 0x82F63B78  # Castagnoli's, reflected
_LANES = 1 << 13  # fewer bytes than two for each are summed one by one


def crc32c(content: bytes) -> int:
    """The CRC-32C of some bytes.

    Examples
    --------
    >>> hex(crc32c(b"123456789"))
    '0xe3069283'
    """
    state = 0xFFFFFFFF
    pairs = len(content) // _LANES // 2
    if pairs:
        whole = np.frombuffer(content, "<u2", pairs * _LANES).reshape(_LANES, pairs)
        sums = np.zeros(_LANES, np.uint32)
        table = _of_pairs()
        for column in np.ascontiguousarray(whole.T):
            sums = table.take((sums ^ column) & np.uint32(0xFFFF)) ^ (sums >> np.uint32(16))
        shift = _after_zeros(2 * pairs)
        for each in sums.tolist():
            state = _apply(shift, state) ^ each
        content = content[2 * pairs * _LANES :]
    steps = _steps()
    for byte in content:
        state = steps[(state ^ byte) & 0xFF] ^ (state >> 8)
    return state ^ 0xFFFFFFFF


def unmask(checksum: int) -> int:
    """Undo LevelDB's mask, which keeps the sum of data that hold sums from being 0.

    Examples
    --------
    >>> hex(unmask(0x2060EAD9))
    '0xbeef'
    """
    turned = (checksum - 0xA282EAD8) & 0xFFFFFFFF
    return (turned >> 17 | turned << 15) & 0xFFFFFFFF


@cache
def _steps() -> list[int]:
    """What each byte does to the sum."""
    steps = []
    for state in range(256):
        for _ in range(8):
            state = state >> 1 ^ (_POLYNOMIAL if state & 1 else 0)
        steps.append(state)
    return steps


@cache
def _of_pairs() -> NDArray[np.uint32]:
    """What each pair of bytes does to the sum."""
    steps = np.array(_steps(), np.uint32)
    pairs = np.arange(1 << 16, dtype=np.uint32)
    for _ in range(2):
        pairs = steps[pairs & 0xFF] ^ (pairs >> np.uint32(8))
    return pairs


def _after_zeros(count: int) -> list[list[int]]:
    """What `count` bytes of 0 make of a sum, as a table for each of its four bytes."""
    steps = _steps()
    shift = [steps[(1 << bit) & 0xFF] ^ (1 << bit) >> 8 for bit in range(32)]  # one byte of 0, bit by bit
    total = [1 << bit for bit in range(32)]
    while count:
        if count & 1:
            total = [_combine(shift, each) for each in total]
        shift = [_combine(shift, each) for each in shift]
        count >>= 1
    return [[_combine(total, value << 8 * byte) for value in range(256)] for byte in range(4)]


def _combine(columns: list[int], state: int) -> int:
    """The columns of a matrix over GF(2) where a bit of `state` is set, added up."""
    total = 0
    while state:
        low = state & -state
        total ^= columns[low.bit_length() - 1]
        state ^= low
    return total


def _apply(tables: list[list[int]], state: int) -> int:
    return (
        tables[0][state & 0xFF] ^ tables[1][state >> 8 & 0xFF] ^ tables[2][state >> 16 & 0xFF] ^ tables[3][state >> 24]
    )
