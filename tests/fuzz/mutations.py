"""Damage to bytes and to JSON, of the kinds that copying, exporting and hostile hands do."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Random = np.random.Generator

# Values at which formats break.
_WORDS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)


def pick(rng: Random, options: Sequence[Any]) -> Any:
    """Return one of the options."""
    return options[int(rng.integers(len(options)))]


def chance(rng: Random, probability: float) -> bool:
    """Return True with this probability."""
    return bool(rng.random() < probability)


def damage(
    rng: Random, data: bytes, *, marks: Sequence[bytes] = (), donor: bytes = b"", count: int | None = None
) -> bytes:
    """Return bytes with one to six changes.

    Parameters
    ----------
    rng : Generator
    data : bytes
    marks : list of bytes
        Names of chunks: some changes are of what follows one, where formats have lengths.
    donor : bytes
        Another file, of which pieces are spliced in.
    count : int, optional
        The number of changes.
    """
    mutable = bytearray(data)
    for _ in range(1 + min(int(rng.geometric(0.5)), 6) if count is None else count):
        pick(rng, _CHANGES)(rng, mutable, marks, donor)
    return bytes(mutable)


def _place(rng: Random, data: bytearray) -> int:
    # Half of them near the beginning, where headers are.
    limit = len(data) + 1
    return int(rng.integers(min(limit, 64) if chance(rng, 0.3) else limit))


def _flip(rng: Random, data: bytearray, *_: Any) -> None:
    if data:
        data[int(rng.integers(len(data)))] ^= 1 << int(rng.integers(8))


def _set_byte(rng: Random, data: bytearray, *_: Any) -> None:
    if data:
        data[min(_place(rng, data), len(data) - 1)] = int(rng.integers(256))


def _set_word(rng: Random, data: bytearray, *_: Any) -> None:
    place, width = _place(rng, data), pick(rng, (1, 2, 4))
    order = pick(rng, ("big", "little"))
    data[place : place + width] = (pick(rng, _WORDS) & (1 << 8 * width) - 1).to_bytes(width, order)


def _cut(rng: Random, data: bytearray, *_: Any) -> None:
    del data[_place(rng, data) :]


def _remove(rng: Random, data: bytearray, *_: Any) -> None:
    place = _place(rng, data)
    del data[place : place + 1 + int(rng.geometric(0.1))]


def _insert(rng: Random, data: bytearray, *_: Any) -> None:
    place = _place(rng, data)
    data[place:place] = rng.bytes(1 + int(rng.geometric(0.2)))


def _repeat(rng: Random, data: bytearray, *_: Any) -> None:
    place = _place(rng, data)
    piece = data[place : place + 1 + int(rng.geometric(0.05))]
    data[place:place] = piece * int(rng.integers(1, 20))


def _splice(rng: Random, data: bytearray, _: Any, donor: bytes) -> None:
    if donor:
        start = int(rng.integers(len(donor)))
        place = _place(rng, data)
        data[place : place + int(rng.integers(40))] = donor[start : start + int(rng.integers(1, 200))]


def _after_mark(rng: Random, data: bytearray, marks: Sequence[bytes], _: bytes) -> None:
    """Change the four bytes after the name of a chunk: its length."""
    if not marks:
        return
    mark, places, start = pick(rng, marks), [], 0
    while (start := data.find(mark, start)) >= 0:
        places.append(start)
        start += 1
    if places:
        at = pick(rng, places) + len(mark)
        order = pick(rng, (">I", "<I"))
        old = struct.unpack(order, data[at : at + 4])[0] if len(data) >= at + 4 else 0
        new = pick(rng, (*_WORDS, old + 1, old - 1, old * 2, len(data), old + int(rng.integers(-20, 20))))
        data[at : at + 4] = struct.pack(order, new & 0xFFFFFFFF)


_CHANGES: tuple[Callable[..., None], ...] = (
    _flip, _flip, _set_byte, _set_byte, _set_word, _cut, _remove, _insert, _repeat, _splice, _after_mark, _after_mark,
)  # fmt: skip

# --- JSON ------------------------------------------------------------------------------------------------------------

ODD_VALUES: tuple[Any, ...] = (
    *(0, 1, -1, 2, 3, 1.0, 1.5, -0.5, 1e308, float("nan"), float("inf"), -float("inf")),
    *(127, 128, 2**31 - 1, 2**31, 2**63, 2**64, 10**30, True, False, None),
    *("", "x", "0", "drums", "\ud800", "\0", "\x1b[2J", "<script>", "../../x", "é" * 300),
    *([], {}, [None], [[]], [1.5], [float("nan")], ["x"], [2**40], [0] * 70, {"name": "drums"}, {"": []}),
)


def damage_json(rng: Random, value: Any, *, count: int | None = None) -> Any:
    """Return JSON of the same form with one to three changes: other values, other keys, less or more of them."""
    for _ in range(int(rng.integers(1, 4)) if count is None else count):
        value = _damage_node(rng, value)
    return value


def _damage_node(rng: Random, value: Any) -> Any:
    if isinstance(value, (dict, list)) and value and chance(rng, 0.9):
        keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = pick(rng, keys)
        action = rng.random()
        copy: Any = dict(value) if isinstance(value, dict) else list(value)
        if action < 0.12:
            del copy[key]
        elif action < 0.2 and isinstance(copy, dict):
            copy[pick(rng, ("", "unknown", "\ud83c", str(key).upper(), f"{key}s"))] = copy.pop(key)
        elif action < 0.2:
            copy += [copy[key]] * int(rng.integers(1, 30))
        else:
            copy[key] = _damage_node(rng, copy[key])
        return copy
    if isinstance(value, (int, float)) and not isinstance(value, bool) and chance(rng, 0.4):
        return pick(rng, (value + 1, value - 1, -value, value * 2, value + 0.5, value * 1000, float(value), str(value)))
    return nested(rng) if chance(rng, 0.03) else pick(rng, ODD_VALUES)


def nested(rng: Random, *, depth: int | None = None) -> Any:
    """Return lists or objects in one another."""
    value: Any = 0
    for _ in range(int(rng.integers(2, 400)) if depth is None else depth):
        value = {"a": value} if chance(rng, 0.3) else [value]
    return value


def json_text(rng: Random, value: Any) -> bytes:
    """Return JSON as bytes: mostly as json writes it, at times with what only some writers and no standard allows."""
    text = json.dumps(value)
    action = rng.random()
    if action < 0.03:
        text = "[" * (depth := int(rng.integers(100, 200_000))) + "]" * depth
    elif action < 0.06:
        text = '{"a":' * (depth := int(rng.integers(100, 50_000))) + "1" + "}" * depth
    elif action < 0.09 and text.startswith("{"):
        text = text[:-1] + "," + text[1:]  # every key twice
    elif action < 0.12:
        text = text.replace("1", "1" + "0" * int(rng.integers(1, 6000)), 1)
    elif action < 0.15:
        return text.encode(pick(rng, ("utf-16", "utf-8-sig", "utf-32")))
    data = text.encode("utf-8", "surrogatepass")
    return damage(rng, data, count=1) if chance(rng, 0.15) else data
