"""Checks of what lies in the corners or at the ends of an instrument: clips, labels, and what was left out of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from latentpalette.validation import check_list, check_text
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.clips import Clip

MAX_LABEL_LENGTH = 300  # [characters]
MAX_REASONS = 100  # of what a corner or an end could not take


def check_place_clips(value: Any, name: str, letters: Sequence[str], kind: str) -> list[dict[str, Any]]:
    """Return the clips of the corners or the ends of an instrument, each as steps and notes."""
    clips = check_list(value, name, len(letters), of="clips", error=SettingError)
    return [
        Clip.from_json(clip, f"{kind} {letter}", error=SettingError).to_json()
        for letter, clip in zip(letters, clips, strict=True)
    ]


def check_place_labels(value: Any, letters: Sequence[str], kind: str) -> list[str]:
    """Return the labels of the corners or the ends of an instrument."""
    labels = check_list(value, "labels", len(letters), of="texts", error=SettingError)
    return [
        check_text(label, f"The label of {kind} {letter}", MAX_LABEL_LENGTH, error=SettingError)
        for letter, label in zip(letters, labels, strict=True)
    ]


def check_place_left_out(value: Any, letters: Sequence[str], kind: str) -> list[list[str]]:
    """Return what each corner or end of an instrument could not take of its music: lists of sentences."""
    places = check_list(value, "left_out", len(letters), of="lists of texts", error=SettingError)
    checked = []
    for letter, reasons in zip(letters, places, strict=True):
        name = f"left_out of {kind} {letter}"
        texts = check_list(reasons, name, 0, MAX_REASONS, of="texts", error=SettingError)
        checked.append([check_text(text, f"Each text of {name}", 1000, error=SettingError) for text in texts])
    return checked
