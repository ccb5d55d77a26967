"""Checks of the settings of a row between two ends: one function each, for Python, for the browser and saved state."""

from __future__ import annotations

from typing import Any

from latentpalette.validation import (
    check_choice,
    check_flag,
    check_integer,
    check_list,
    check_number,
    check_text,
    short_repr,
)
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.settings import MAX_LABEL_LENGTH, MAX_REASONS, PATH_MODES

ENDS = ("A", "B")
MIN_N, MAX_N = 2, 33  # of steps, the ends included: 31 blends between them


def check_end_clips(value: Any) -> list[dict[str, Any]]:
    """Return the clips of the ends A and B, each as steps and notes."""
    clips = check_list(value, "end_clips", len(ENDS), of="clips", error=SettingError)
    return [
        Clip.from_json(clip, f"end {letter}", error=SettingError).to_json()
        for letter, clip in zip(ENDS, clips, strict=True)
    ]


def check_end_labels(value: Any) -> list[str]:
    """Return the labels of the ends."""
    labels = check_list(value, "labels", len(ENDS), of="texts", error=SettingError)
    return [
        check_text(label, f"The label of end {letter}", MAX_LABEL_LENGTH, error=SettingError)
        for letter, label in zip(ENDS, labels, strict=True)
    ]


def check_end_left_out(value: Any) -> list[list[str]]:
    """Return what each end could not take of its music: two lists of sentences."""
    ends = check_list(value, "left_out", len(ENDS), of="lists of texts", error=SettingError)
    checked = []
    for letter, reasons in zip(ENDS, ends, strict=True):
        name = f"left_out of end {letter}"
        texts = check_list(reasons, name, 0, MAX_REASONS, of="texts", error=SettingError)
        checked.append([check_text(text, f"Each text of {name}", 1000, error=SettingError) for text in texts])
    return checked


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
