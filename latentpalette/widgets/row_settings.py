"""Checks of the settings of a row between two ends: one function each, for Python, for the browser and saved state."""

from __future__ import annotations

from typing import Any

from latentpalette.validation import check_choice, check_flag, check_integer, check_number, short_repr
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.place_settings import check_place_clips, check_place_labels, check_place_left_out
from latentpalette.widgets.settings import PATH_MODES

ENDS = ("A", "B")
MIN_N, MAX_N = 2, 33  # of steps, the ends included: 31 blends between them


def check_end_clips(value: Any) -> list[dict[str, Any]]:
    """Return the clips of the ends A and B, each as steps and notes."""
    return check_place_clips(value, "end_clips", ENDS, "end")


def check_end_labels(value: Any) -> list[str]:
    """Return the labels of the ends."""
    return check_place_labels(value, ENDS, "end")


def check_end_left_out(value: Any) -> list[list[str]]:
    """Return what each end could not take of its music: two lists of sentences."""
    return check_place_left_out(value, ENDS, "end")


def check_n(value: Any) -> int:
    """Return the number of steps of a row, both ends included."""
    return check_integer(value, "n (steps from A to B, both included)", MIN_N, MAX_N, error=SettingError)


def check_tile(value: Any) -> int:
    """Return the index of a step of a row."""
    return check_integer(value, "tile", 0, MAX_N - 1, error=SettingError)


def check_plays(value: Any) -> str:
    """Return what plays: the chosen step, or the whole row."""
    text: str = check_choice(value, "plays", ["tile", "row"], error=SettingError)
    return text


def check_row_mode(value: Any) -> str:
    """Return how the row repeats."""
    text: str = check_choice(value, "row_mode", PATH_MODES, error=SettingError)
    return text


def check_even_steps(value: Any) -> bool:
    """Return whether the steps are placed so that each changes the music equally much."""
    return check_flag(value, "even_steps", error=SettingError)


def check_use_original_ends(value: Any) -> bool:
    """Return whether the first and the last step play the ends themselves."""
    return check_flag(value, "use_original_ends", error=SettingError)


def check_row_interpolation(value: Any) -> str | float:
    """Return how the ends are blended: a time of the flow of a learned prior, "slerp" or "lerp"."""
    if isinstance(value, str) and value in ("slerp", "lerp"):
        return value
    try:
        return check_number(value, "interpolation", 0, 1, error=SettingError)
    except SettingError:
        raise SettingError(
            'interpolation is "slerp" (along a great circle), "lerp" (straight), or, for a model with a learned prior, '
            f"a number from 0 (musical) to 1 (smooth); got {short_repr(value)}."
        ) from None
