"""State files: what was edited in an instrument, as JSON, to open it again later or elsewhere."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from latentpalette.errors import PaletteError
from latentpalette.files import expand_path, read_bytes, short_path, write_text

KIND = "latentpalette state"
VERSION = 1
MAX_BYTES = 8 << 20  # four corners of the longest clips have 2 MB


def write_state(path: str | os.PathLike[str], *, instrument: str, model: str, traits: dict[str, Any]) -> Path:
    """Write the traits of an instrument as a state file; static/state/statefile.js writes the same.

    Raises
    ------
    FileError
        If the file cannot be written; one that was there before is unchanged.
    """
    state = {"kind": KIND, "version": VERSION, "instrument": instrument, "model": model, "traits": traits}
    return write_text(path, json.dumps(state, default=_encode, ensure_ascii=False, allow_nan=False) + "\n")


def read_state(path: str | os.PathLike[str], *, instrument: str, model: str, names: Sequence[str]) -> dict[str, Any]:
    """Return the traits in a state file, which are still to be checked.

    Parameters
    ----------
    path : path
    instrument, model : str
        The names of the instrument and of its model; a state of others is refused.
    names : list of str
        The traits that it may have.

    Raises
    ------
    FileError
        If the file cannot be read or is too large.
    PaletteError
        If it is no state file, or one of another instrument or model.
    """
    name = short_path(expand_path(path))
    state = _parse(read_bytes(path, MAX_BYTES), name)
    if not isinstance(state, dict) or state.get("kind") != KIND:
        raise PaletteError(f"{name} is no state of an instrument. Keep, State, save writes one; so does save_state.")
    if state.get("version") != VERSION:
        raise PaletteError(f"{name} was saved by a later version of latentpalette. Update it to open this file.")
    if state.get("instrument") != instrument:
        raise PaletteError(f"{name} is a state of another instrument: {state.get('instrument')}, not {instrument}.")
    if state.get("model") != model:
        raise PaletteError(f"{name} is a state of the model {state.get('model')}; this one is {model}.")
    traits = state.get("traits")
    if not isinstance(traits, dict) or not set(traits) <= set(names):
        raise PaletteError(f"{name} is damaged: its traits are not those of this instrument.")
    return traits


def _encode(value: Any) -> dict[str, str]:
    return {"base64": base64.b64encode(value).decode("ascii")}


def _decode(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["base64"], validate=True) if list(value) == ["base64"] else value


def _parse(data: bytes, name: str) -> Any:
    try:
        return json.loads(data, object_hook=_decode)
    except (TypeError, ValueError, RecursionError) as error:
        raise PaletteError(f"{name} is damaged: it is no JSON text.") from error
