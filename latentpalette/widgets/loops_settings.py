"""Checks of the settings of Latent Loops: one function each, for Python, for the browser and for saved state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from latentpalette.latent.grids import CORNERS
from latentpalette.music.scales import SCALES, read_tonic
from latentpalette.validation import check_choice, check_flag, check_integer, check_list, check_number, check_text
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.clips import MAX_STEPS, Clip
from latentpalette.widgets.place_settings import MAX_LABEL_LENGTH
from latentpalette.widgets.settings import check_point

SIZES = range(4, 13)
CLIPBOARD = 8  # slots
MAX_PLACES = 64  # of a song
MAX_COMPOSED = 16  # places at once
MAX_REPEATS = 16
MAX_TRANSPOSE = 24  # semitones, up or down
GRIDS = (1, 2, 4)  # steps


def check_size(value: Any) -> int:
    """Return the number of cells along a side."""
    return check_integer(value, "size (cells along a side)", SIZES[0], SIZES[-1], error=SettingError)


def check_cell(value: Any) -> list[int]:
    """Return the row and the column of a cell, from 0."""
    numbers = check_list(value, "cell (row, column)", 2, of="whole numbers", error=SettingError)
    return [check_integer(number, "cell (row, column)", 0, SIZES[-1] - 1, error=SettingError) for number in numbers]


def check_tonic(value: Any) -> int:
    """Return the pitch class of the tonic: 0 is C; names are read, too."""
    return read_tonic(value, error=SettingError)


def check_scale(value: Any) -> str:
    """Return the name of a scale."""
    name: str = check_choice(value, "scale", list(SCALES), error=SettingError)
    return name


def check_snap(value: Any) -> bool:
    """Return whether blends, and music that is put in a corner, are moved into the scale."""
    return check_flag(value, "snap_to_scale", error=SettingError)


def check_sketch_grid(value: Any) -> int:
    """Return the steps that a sketch snaps to."""
    grid: int = check_choice(value, "sketch_grid", list(GRIDS), error=SettingError)
    return grid


def check_plays(value: Any) -> str:
    """Return what plays: the chosen loop, or the song."""
    text: str = check_choice(value, "plays", ["loop", "song"], error=SettingError)
    return text


def check_song_mode(value: Any) -> str:
    """Return whether the song is repeated."""
    text: str = check_choice(value, "song_mode", ["once", "loop"], error=SettingError)
    return text


def check_place(value: Any) -> int:
    """Return the index of the place of the song that plays, or is chosen."""
    return check_integer(value, "place", 0, MAX_PLACES - 1, error=SettingError)


def check_count(value: Any) -> int:
    """Return how many places are composed."""
    return check_integer(value, "count (places to compose)", 1, MAX_COMPOSED, error=SettingError)


def check_curves(value: Any) -> list[list[float | None]]:
    """Return for each corner the curve that it was sketched by: a pitch for every step, or none; [] is no curve."""
    curves = check_list(value, "curves", len(CORNERS), of="curves, one for each corner", error=SettingError)
    return [_check_curve(curve, f"The curve of corner {letter}") for letter, curve in zip(CORNERS, curves, strict=True)]


def _check_curve(value: Any, name: str) -> list[float | None]:
    heights = check_list(value, name, 0, MAX_STEPS, of="pitches", error=SettingError)
    return [None if height is None else check_number(height, name, -12, 139, error=SettingError) for height in heights]


def check_refined(value: Any) -> list[dict[str, Any]]:
    """Return the cells that were edited: row, col and clip of each."""
    cells = check_list(value, "refined", 0, SIZES[-1] ** 2, of="cells", error=SettingError)
    return [
        {
            "row": check_cell([cell["row"], 0])[0],
            "col": check_cell([0, cell["col"]])[1],
            "clip": Clip.from_json(cell["clip"], "A refined cell", error=SettingError).to_json(),
        }
        for cell in _with_names(cells, {"row", "col", "clip"}, "A refined cell")
    ]


def check_clips(value: Any) -> list[dict[str, Any] | None]:
    """Return the slots of the clipboard: None, or clip, label and where on the grid it is from."""
    slots = check_list(value, "clips", CLIPBOARD, of="loops or None", error=SettingError)
    return [None if slot is None else _check_loop(slot, "A slot of the clipboard") for slot in slots]


def check_places(value: Any) -> list[dict[str, Any]]:
    """Return the places of the song: a loop each, how often and how much higher it plays, and its drums."""
    places = check_list(value, "places", 0, MAX_PLACES, of="places of a song", error=SettingError)
    return [_check_place(place) for place in places]


def _check_place(value: Any) -> dict[str, Any]:
    name = "A place of the song"
    _with_names([value], {"clip", "label", "at", "repeats", "transpose", "drums"}, name)
    drums = value["drums"]
    if drums is not None:
        _with_names([drums], {"clip", "label"}, "The drums of a place")
        drums = {
            "clip": Clip.from_json(drums["clip"], "The drums of a place", error=SettingError).to_json(),
            "label": check_text(drums["label"], "The label of drums", MAX_LABEL_LENGTH, error=SettingError),
        }
    return {
        **_check_loop({name: value[name] for name in ("clip", "label", "at")}, name),
        "repeats": check_repeats(value["repeats"]),
        "transpose": check_transpose(value["transpose"]),
        "drums": drums,
    }


def check_repeats(value: Any) -> int:
    """Return how often a place of the song plays."""
    return check_integer(value, "repeats", 1, MAX_REPEATS, error=SettingError)


def check_transpose(value: Any) -> int:
    """Return how much higher a place of the song plays [semitones]."""
    return check_integer(value, "transpose (semitones)", -MAX_TRANSPOSE, MAX_TRANSPOSE, error=SettingError)


def _check_loop(value: Any, name: str) -> dict[str, Any]:
    _with_names([value], {"clip", "label", "at"}, name)
    return {
        "clip": Clip.from_json(value["clip"], name, error=SettingError).to_json(),
        "label": check_text(value["label"], f"The label of {name.lower()}", MAX_LABEL_LENGTH, error=SettingError),
        "at": None if value["at"] is None else check_point(value["at"], "at (where on the grid)"),
    }


def _with_names(values: Sequence[Any], names: set[str], subject: str) -> Sequence[Any]:
    for value in values:
        if not isinstance(value, dict) or set(value) != names:
            raise SettingError(f"{subject} has {', '.join(sorted(names))}; got {value!r:.80}.")
    return values
