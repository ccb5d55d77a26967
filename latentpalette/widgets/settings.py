"""Checks of a palette's settings: one function each, for Python, for the browser and for saved state."""

from __future__ import annotations

from typing import Any

import numpy as np

from latentpalette.errors import LatentPaletteError, PaletteError
from latentpalette.latent.grids import CORNERS
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
from latentpalette.widgets.clips import MAX_NOTES, MAX_STEPS, Clip
from latentpalette.widgets.model_clips import Lane, ModelClips
from latentpalette.widgets.place_settings import check_place_clips, check_place_labels, check_place_left_out

SIZES = range(3, 22)
MIN_QPM, MAX_QPM = 20, 400  # [quarter notes per minute]
PATH_MODES = ("once", "loop", "ping-pong")
MAX_PATH_POINTS = 5000
MAX_TRACK = 1 << 20  # of a file
MAX_LANES = 64  # drums or streams


def check_corner_clips(value: Any) -> list[dict[str, Any]]:
    """Return the clips of the corners A, B, C, D, each as steps and notes."""
    return check_place_clips(value, "corner_clips", CORNERS, "corner")


def check_labels(value: Any) -> list[str]:
    """Return the labels of the corners."""
    return check_place_labels(value, CORNERS, "corner")


def check_left_out(value: Any) -> list[list[str]]:
    """Return what each corner could not take: four lists of sentences."""
    return check_place_left_out(value, CORNERS, "corner")


def check_size(value: Any) -> int:
    """Return the number of cells along a side."""
    return check_integer(value, "size (cells along a side)", SIZES[0], SIZES[-1], error=SettingError)


def check_puck(value: Any) -> list[float]:
    """Return the position of the puck (x, y)."""
    return check_point(value, "puck", hint=" To choose a cell, palette.select(row, column).")


def require_cell(row: Any, col: Any, last: int) -> tuple[int, int]:
    """Return the row and the column of a cell, both from 0 to `last`."""
    try:
        return check_integer(row, "row", 0, last), check_integer(col, "column", 0, last)
    except LatentPaletteError:
        raise PaletteError(
            f"Rows and columns run from 0 to {last} here; got row {short_repr(row)}, column {short_repr(col)}."
        ) from None


def check_points(value: Any) -> list[list[float]]:
    """Return the points (x, y) of a path."""
    points = check_list(value, "points", 0, MAX_PATH_POINTS, of="points (x, y)", error=SettingError)
    return [check_point(point, "Each point of a path") for point in points]


def check_point(value: Any, name: str, *, hint: str = "") -> list[float]:
    """Return a point (x, y) between the centers of the corner cells."""
    try:
        x, y = (
            check_number(number, name, 0, 1, error=SettingError)
            for number in check_list(value, name, 2, of="numbers", error=SettingError)
        )
    except SettingError:
        raise SettingError(
            f"{name} is two numbers between 0 and 1, x to the right and y down; got {short_repr(value)}.{hint}"
        ) from None
    return [x, y]


def check_qpm(value: Any) -> float:
    """Return the tempo [quarter notes per minute]."""
    return check_number(value, "qpm (quarter notes per minute)", MIN_QPM, MAX_QPM, error=SettingError)


def check_volume(value: Any) -> float:
    """Return the volume."""
    return check_number(value, "volume", 0, 1, error=SettingError)


def check_mutes(value: Any) -> list[bool]:
    """Return for each lane whether it is left out."""
    mutes = check_list(value, "mutes", 1, MAX_LANES, of="True or False, one for each lane", error=SettingError)
    return [bool(_check_switch(mute, f"mutes ({index})")) for index, mute in enumerate(mutes)]


def check_locks(value: Any) -> list[list[Any] | None]:
    """Return for each lane what replaces its own notes, or None: 0 or 1 for each step of a drum, notes of a stream."""
    locks = check_list(value, "locks", 1, MAX_LANES, of="locked lanes or None, one for each lane", error=SettingError)
    return [None if lock is None else _check_lock(lock, f"locks ({index})") for index, lock in enumerate(locks)]


def _check_lock(value: Any, name: str) -> list[Any]:
    lock = check_list(value, name, 0, MAX_NOTES, of="0 or 1 for each step, or notes", error=SettingError)
    if lock and isinstance(lock[0], (list, tuple)):
        notes = [[*check_list(note, f"A note of {name}", 5, of="numbers", error=SettingError), 0] for note in lock]
        clip = Clip.from_json({"steps": MAX_STEPS, "notes": notes}, name, error=SettingError)
        return [note[:5] for note in clip.to_json()["notes"]]
    return [_check_switch(step, f"Each step of {name}") for step in lock]


def require_lanes(value: list[Any], name: str, music: ModelClips) -> None:
    """Raise an error if there is not a value for each lane of a model's music, of the lane's kind."""
    lanes = music.lanes
    check_list(value, name, len(lanes), of=f"values, one for each of {_names(lanes)}", error=SettingError)
    for lock, lane in zip(value if name == "locks" else (), lanes, strict=False):
        if lock is None:
            continue
        subject = f"locks ({lane['name']})"
        is_notes = bool(lock) and isinstance(lock[0], list)
        if lane["pitches"] is not None:
            if is_notes:
                raise SettingError(f"{subject} is 0 or 1 for each step; got notes.")
            check_list(lock, subject, music.steps, of="0 or 1, one for each step", error=SettingError)
        elif lock and not is_notes:
            raise SettingError(f"{subject} is notes [step, pitch, length, velocity, offset]; got {short_repr(lock)}.")


def _names(lanes: list[Lane]) -> str:
    return ", ".join(lane["name"] for lane in lanes)


def _check_switch(value: Any, name: str) -> int:
    """Return 0 or 1; True and False are numbers, too, in a browser as in NumPy."""
    try:
        return int(check_flag(value, name, error=SettingError))
    except SettingError:
        pass
    return int(check_choice(int(value) if isinstance(value, np.integer) else value, name, [0, 1], error=SettingError))


def check_launch_quantization(value: Any) -> str:
    """Return the next boundary at which a change of the beat takes over."""
    text: str = check_choice(value, "launch_quantization", ["step", "beat", "bar", "loop"], error=SettingError)
    return text


def check_bars_per_cell(value: Any) -> int:
    """Return the bars that a cell of the path lasts."""
    bars: int = check_choice(value, "bars_per_cell", [1, 2, 4, 8], error=SettingError)
    return bars


def check_path_mode(value: Any) -> str:
    """Return how the path repeats."""
    text: str = check_choice(value, "path_mode", PATH_MODES, error=SettingError)
    return text


def check_tool(value: Any) -> str:
    """Return the tool of the board."""
    text: str = check_choice(value, "tool", ["drag", "draw"], error=SettingError)
    return text


def check_session_id(value: Any) -> str:
    """Return what identifies the session that an instrument plays in."""
    return check_text(value, "session_id", 100, error=SettingError)


def check_silenced(value: Any) -> bool:
    """Return whether an instrument is left out of what its session plays."""
    return check_flag(value, "silenced", error=SettingError)


def check_playing(value: Any) -> bool:
    """Return whether it plays."""
    return check_flag(value, "playing", error=SettingError)


def check_use_original_corners(value: Any) -> bool:
    """Return whether the corner cells play the corners themselves."""
    return check_flag(value, "use_original_corners", error=SettingError)


def check_between_cells(value: Any) -> bool:
    """Return whether the puck plays exactly where it is."""
    return check_flag(value, "between_cells", error=SettingError)


def check_decode_in_page(value: Any) -> bool:
    """Return whether the page decodes, too."""
    return check_flag(value, "decode_in_page", error=SettingError)


def check_interpolation(value: Any) -> str | float:
    """Return how the corners are blended: a time of the flow of a learned prior, or "lerp"."""
    if isinstance(value, str) and value in ("lerp", "straight"):
        return "lerp"
    try:
        return check_number(value, "interpolation", 0, 1, error=SettingError)
    except SettingError:
        raise SettingError(
            "interpolation is a number from 0 (musical) to 1 (smooth), for a model with a learned prior, or "
            f'"lerp"; got {short_repr(value)}.'
        ) from None


def check_temperature(value: Any) -> float:
    """Return the temperature of a sample."""
    return check_number(value, "temperature", 0.01, 10, error=SettingError)


def check_seed(value: Any) -> int:
    """Return the random seed of a sample."""
    return check_integer(value, "seed", 0, 2**63 - 1, error=SettingError)


def check_file_name(value: Any) -> str:
    """Return the name of a file, for messages."""
    return check_text(value, "name", 1000, error=SettingError)


def check_track(value: Any) -> int | None:
    """Return the number of a track of a file, or None for the best."""
    return None if value is None else check_integer(value, "track", 1, MAX_TRACK, error=SettingError)


def check_grid_id(value: Any) -> int:
    """Return the number of a grid."""
    return check_integer(value, "grid_id", 0, 2**53, error=SettingError)


def check_cell_indices(value: Any) -> list[int]:
    """Return the indices of cells, row by row."""
    last = SIZES[-1] ** 2
    indices = check_list(value, "indices", 0, last, of="whole numbers", error=SettingError)
    return [check_integer(index, "Each index of a cell", 0, last - 1, error=SettingError) for index in indices]


def check_percentiles(value: Any) -> list[int]:
    """Return the percentile of each cell's norm."""
    percentiles = check_list(value, "norm_percentiles", 0, SIZES[-1] ** 2, of="whole numbers", error=SettingError)
    return [check_integer(number, "Each norm percentile", 0, 100, error=SettingError) for number in percentiles]
