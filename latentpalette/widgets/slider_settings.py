"""Checks of the settings of an interpolation slider: one function each, for Python, for the browser and saved state."""

from __future__ import annotations

from typing import Any

from latentpalette.validation import check_choice, check_flag, check_number
from latentpalette.widgets.checked_traits import SettingError

AUTOPLAY_BARS = (1, 2, 4, 8, 16, 32, 64)  # from A to B


def check_t(value: Any) -> float:
    """Return a place on the way from A (0) to B (1)."""
    return check_number(value, "t, the place between A and B,", 0, 1, error=SettingError)


def check_snap(value: Any) -> bool:
    """Return whether the slider moves from step to step."""
    return check_flag(value, "snap", error=SettingError)


def check_sounds(value: Any) -> str:
    """Return what sounds: the music of the model, or the cross-fade of the ends."""
    text: str = check_choice(value, "plays", ["model", "crossfade"], error=SettingError)
    return text


def check_autoplay(value: Any) -> bool:
    """Return whether the slider moves by itself, to and fro."""
    return check_flag(value, "autoplay", error=SettingError)


def check_autoplay_bars(value: Any) -> int:
    """Return how many bars it takes from A to B."""
    bars: int = check_choice(value, "autoplay_bars", AUTOPLAY_BARS, error=SettingError)
    return bars
