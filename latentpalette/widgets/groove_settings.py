"""Checks of the settings of a groove panel: one function each, for Python, for the browser and for saved state."""

from __future__ import annotations

from typing import Any

from latentpalette.models.groove import MAX_SPREAD
from latentpalette.music.sequence import STEPS_PER_BAR
from latentpalette.validation import check_choice, check_integer, check_list, check_number, check_text
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.feel import SWING_UNITS
from latentpalette.widgets.place_settings import MAX_LABEL_LENGTH, MAX_REASONS

MAX_AMOUNT = 2.0  # of timing and velocity: twice as far from what is written as the drummer
MAX_TAPS = 1000
MAX_SOURCES = 1000  # files and sequences of one panel
TAP_BARS = (1, 2, 4)


def check_loop_clip(value: Any) -> dict[str, Any]:
    """Return a clip of whole bars, as steps and notes."""
    clip = Clip.from_json(value, "a drum loop", error=SettingError)
    if clip.steps % STEPS_PER_BAR:
        raise SettingError(f"A drum loop has whole bars of {STEPS_PER_BAR} steps; got {clip.steps} steps.")
    return clip.to_json()


def check_label(value: Any) -> str:
    """Return the label of the loop."""
    return check_text(value, "label", MAX_LABEL_LENGTH, error=SettingError)


def check_reasons(value: Any) -> list[str]:
    """Return what of the music is not shown, in words."""
    texts = check_list(value, "left_out", 0, MAX_REASONS, of="texts", error=SettingError)
    return [check_text(text, "Each text of left_out", 1000, error=SettingError) for text in texts]


def check_timing(value: Any) -> float:
    """Return how much of the drummer's timing is played."""
    return check_number(value, "timing (1 is as the drummer plays)", 0, MAX_AMOUNT, error=SettingError)


def check_velocity(value: Any) -> float:
    """Return how much of the drummer's velocities is played."""
    return check_number(value, "velocity (1 is as the drummer plays)", 0, MAX_AMOUNT, error=SettingError)


def check_swing(value: Any) -> float:
    """Return how late every second sixteenth or eighth is."""
    return check_number(value, "swing", 0, 1, error=SettingError)


def check_swing_of(value: Any) -> str:
    """Return what swings."""
    text: str = check_choice(value, "swing_of", list(SWING_UNITS), error=SettingError)
    return text


def check_plays(value: Any) -> str:
    """Return what plays: the loop as written, or as the drummer plays it."""
    text: str = check_choice(value, "plays", ["written", "played"], error=SettingError)
    return text


def check_spread(value: Any) -> float:
    """Return how far the drummer may be from the most likely one."""
    return check_number(value, "spread", 0, MAX_SPREAD, error=SettingError)


def check_source_id(value: Any) -> str:
    """Return the name of the music that the loop is from; "" for a preset or taps."""
    return check_text(value, "source_id", 100, error=SettingError)


def check_tap_latency(value: Any) -> float:
    """Return how much later taps arrive than they are meant [milliseconds]."""
    return check_number(value, "tap_latency (milliseconds)", -200, 500, error=SettingError)


def check_tap_bars(value: Any) -> int:
    """Return how many bars are tapped."""
    bars: int = check_choice(value, "tap_bars", list(TAP_BARS), error=SettingError)
    return bars


def check_taps(value: Any) -> list[list[float]]:
    """Return taps as step and offset."""
    taps = check_list(value, "taps", 0, MAX_TAPS, of="taps (step, offset)", error=SettingError)
    checked = []
    for tap in taps:
        step, offset = check_list(tap, "A tap", 2, of="numbers: step and offset", error=SettingError)
        last = TAP_BARS[-1] * STEPS_PER_BAR - 1
        checked.append(
            [
                check_integer(step, "The step of a tap", 0, last, error=SettingError),
                check_number(offset, "The offset of a tap", -0.5, 0.5, error=SettingError),
            ]
        )
    return checked
