"""Checks of the settings of latent sliders: one function each, for Python, for the browser and for saved state."""

from __future__ import annotations

from typing import Any

import numpy as np

from latentpalette.validation import check_choice, check_flag, check_integer, check_list, check_number
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.music_directions import MAX_DIRECTIONS
from latentpalette.widgets.place_settings import check_place_labels, check_place_left_out

MAX_AMOUNT = 16.0  # of a slider [standard deviations]
MAX_Z_BYTES = 4 << 14
KINDS = ("principal", "dimensions")
_PLACES = ("A",)  # the music, which is one


def check_music_clip(value: Any) -> dict[str, Any]:
    """Return the clip that the sliders begin with, as steps and notes."""
    return Clip.from_json(value, "the music", error=SettingError).to_json()


def check_music_label(value: Any) -> list[str]:
    """Return the label of the music, as a list of one."""
    return check_place_labels(value, _PLACES, "the music")


def check_music_left_out(value: Any) -> list[list[str]]:
    """Return what of the music could not be taken, as a list of one list of sentences."""
    return check_place_left_out(value, _PLACES, "the music")


def check_start_z(value: Any) -> bytes:
    """Return the latent vector of the music, as bytes of float32."""
    data = value if isinstance(value, bytes) else bytes(value) if isinstance(value, (bytearray, memoryview)) else None
    if data is None or len(data) % 4 or len(data) > MAX_Z_BYTES:
        raise SettingError("start_z is the latent vector of the music, as bytes of float32.")
    if not np.isfinite(np.frombuffer(data, "<f4")).all():
        raise SettingError("start_z has finite numbers; there is NaN or infinity in it.")
    return data


def check_n(value: Any) -> int:
    """Return the number of sliders."""
    return check_integer(value, "n (sliders)", 1, MAX_DIRECTIONS, error=SettingError)


def check_values(value: Any) -> list[float]:
    """Return how far each slider is moved."""
    numbers = check_list(value, "values", 1, MAX_DIRECTIONS, of="numbers, one for each slider", error=SettingError)
    return [check_number(each, "Each of values", -MAX_AMOUNT, MAX_AMOUNT, error=SettingError) for each in numbers]


def check_held(value: Any) -> list[bool]:
    """Return for each slider whether `randomize` leaves it."""
    flags = check_list(value, "held", 0, MAX_DIRECTIONS, of="True or False, one for each slider", error=SettingError)
    return [check_flag(each, "Each of held", error=SettingError) for each in flags]


def check_directions(value: Any) -> str:
    """Return what the sliders move along."""
    text: str = check_choice(value, "directions", KINDS, error=SettingError)
    return text


def check_plays(value: Any) -> str:
    """Return what sounds: the music, or what the sliders make of it."""
    text: str = check_choice(value, "plays", ["music", "moved"], error=SettingError)
    return text
