"""Checks of the settings of a sampler: one function each, for Python, for the browser and for saved state."""

from __future__ import annotations

import math
from typing import Any

from latentpalette.errors import suggest
from latentpalette.validation import check_flag, check_integer, check_list, check_number, check_text, short_repr
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.place_settings import MAX_LABEL_LENGTH
from latentpalette.widgets.sampled import MAX_BATCHES

MAX_TILES = 64
MAX_CLIP_BYTES = 32 << 20  # of all tiles
MAX_BEST_OF = 16
MAX_ATTRIBUTES = 16
MAX_TRIED = 10**6
MAX_SEED = 2**53 - 1  # what a browser counts to


def check_n(value: Any) -> int:
    """Return the number of tiles."""
    return check_integer(value, "n (tiles)", 1, MAX_TILES, error=SettingError)


def check_clips(value: Any) -> bytes:
    """Return the clips of the tiles in one piece of bytes, as `clips.encode_clips` makes it."""
    if not isinstance(value, (bytes, bytearray, memoryview)) or memoryview(value).nbytes > MAX_CLIP_BYTES:
        raise SettingError(f"clips are up to {MAX_CLIP_BYTES:,} bytes; got {short_repr(value)}.")
    data = bytes(value)
    if data:
        check_list(decode_clips(data, "The tiles"), "The tiles", 1, MAX_TILES, of="clips", error=SettingError)
    return data


def check_labels(value: Any) -> list[str]:
    """Return the labels of the tiles."""
    labels = check_list(value, "labels", 0, MAX_TILES, of="texts, one for each tile", error=SettingError)
    return [check_text(label, "The label of a tile", MAX_LABEL_LENGTH, error=SettingError) for label in labels]


def check_values(value: Any) -> list[list[float]]:
    """Return the attributes of each tile."""
    tiles = check_list(value, "values", 0, MAX_TILES, of="lists, one for each tile", error=SettingError)
    return [
        [
            check_number(number, "An attribute of a tile", 0, 1e6, error=SettingError)
            for number in check_list(numbers, "The attributes of a tile", 0, MAX_ATTRIBUTES, error=SettingError)
        ]
        for numbers in tiles
    ]


def check_stars(value: Any) -> list[bool]:
    """Return for each tile whether it is starred."""
    stars = check_list(value, "stars", 0, MAX_TILES, of="True or False, one for each tile", error=SettingError)
    return [check_flag(star, f"stars ({index})", error=SettingError) for index, star in enumerate(stars)]


def check_tile(value: Any) -> int:
    """Return the index of the chosen tile."""
    return check_integer(value, "tile", 0, MAX_TILES - 1, error=SettingError)


def check_best_of(value: Any) -> int:
    """Return the number of samples of which a tile is the best."""
    return check_integer(value, "best_of", 1, MAX_BEST_OF, error=SettingError)


def check_seed(value: Any) -> int:
    """Return the random seed of the tiles."""
    return check_integer(value, "seed", 0, MAX_SEED, error=SettingError)


def check_tried(value: Any) -> int:
    """Return the number of samples that were looked at."""
    return check_integer(value, "tried", 0, MAX_TRIED, error=SettingError)


def check_count(value: Any) -> int:
    """Return the number of samples that are wanted."""
    return check_integer(value, "count", 1, MAX_TILES, error=SettingError)


def check_batch(value: Any) -> int:
    """Return the number of a batch."""
    return check_integer(value, "batch", 0, MAX_BATCHES - 1, error=SettingError)


def check_similarity(value: Any) -> float:
    """Return how similar variations are: 1 for the reconstruction, 0 for other samples."""
    return check_number(value, "similarity", 0, 1, error=SettingError)


def check_ranges(value: Any) -> dict[str, list[float]]:
    """Return the ranges of attributes, by name."""
    if not isinstance(value, dict) or len(value) > MAX_ATTRIBUTES:
        raise SettingError(
            f'ranges are low and high by the name of an attribute, {{"hits": (20, 40)}}; got {short_repr(value)}.'
        )
    ranges = {}
    for name, limits in value.items():
        label = check_text(name, "The name of an attribute", MAX_LABEL_LENGTH, error=SettingError)
        pair = check_list(limits, f"The range of {label}", 2, of="numbers, low and high", error=SettingError)
        low, high = (check_number(number, f"The range of {label}", 0, 1e6, error=SettingError) for number in pair)
        if math.isnan(low + high) or low > high:
            raise SettingError(f"The range of {label} begins with the lower number; got {low:g} to {high:g}.")
        ranges[label] = [low, high]
    return ranges


def require_attributes(ranges: dict[str, list[float]], names: list[str]) -> None:
    """Raise an error for a range of an attribute that the music does not have."""
    for name in ranges:
        if name not in names:
            raise SettingError(
                f"This music has no attribute {name!r}.{suggest(name, names)} It has: {', '.join(names)}."
            )
