"""Messages of the browser: requests and states that no palette's page sends."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import comm
import numpy as np
import traitlets

import latentpalette as lp
from latentpalette.errors import LatentPaletteError
from latentpalette.music import midi
from latentpalette.widgets import base as base_module
from latentpalette.widgets import instrument
from latentpalette.widgets.palette import Palette
from tests.fuzz.harness import Folders, Outcome, problem_of_message
from tests.fuzz.mutations import ODD_VALUES, Random, chance, damage, damage_json, nested, pick
from tests.widgets.fakes import Clicks, CrossFade

_KICKS = {"steps": 32, "notes": [[step, 36, 1, 90, 0, 0] for step in range(0, 32, 4)]}
_SIZE = 3
_GRID = {"corner_clips": [_KICKS] * 4, "labels": list("abcd"), "size": _SIZE, "interpolation": "lerp", "chords": []}
_BODIES: dict[str, Any] = {
    "decode": _GRID,
    "restore": {**_GRID, "norm_percentiles": [7] * _SIZE**2},
    "sample": {"temperature": 0.8, "seed": 7},
    "midi": {"name": "song.mid", "track": None},
    "chords": {"text": "C Am7 | F/A"},
}
# What a page sets as it is played.
_STATE: dict[str, Any] = {
    "corner_clips": [_KICKS] * 4,
    "labels": list("abcd"),
    "size": _SIZE,
    "puck": [0.5, 0.5],
    "qpm": 100.0,
    "points": [[0.0, 0.0], [1.0, 0.5]],
    "volume": 0.5,
    "mutes": [False] * 9,
    "locks": [None] * 8 + [[1] * 32],
    "launch_quantization": "bar",
    "bars_per_cell": 2,
    "path_mode": "loop",
    "tool": "draw",
    "playing": True,
    "use_original_corners": False,
    "conditions": {},
    "interpolation": "lerp",
    "chords": [],
    # What it never sets: what follows from the rest, and what Python alone decides.
    "norm_percentiles": [0] * 9,
    "decode_ms": 1.0,
    "cells": b"",
    "corner_z": b"",
    "model_name": "x",
    "drums": ["a"],
    "pitches": [36],
    "accents": [[0]],
    "kit_index": [],
    "kit_rate": 44100,
    "kit": b"",
    "presets": [{"name": "a", "pattern": [0] * 32}],
    "has_kernel": True,
    "has_prior": True,
    "corners": [],
    "grid": [],
    "selected": {},
    "path": [],
}
_NUM_SHARED = list(_STATE).index("norm_percentiles")
_MAX_SENT = 40


def fuzz_requests(rng: Random, _: Folders) -> Outcome:
    """Each request has exactly one response: a result, or an error in words."""
    with _palette() as (palette, sent):
        for _ in range(int(rng.integers(1, 4))):
            request, buffers = _request(rng)
            is_request = request.get("type") == "request"
            sent.clear()
            data = {"method": "custom", "content": request}
            palette._handle_msg({"content": {"data": data}, "buffers": buffers})
            contents = [message["content"] for message in sent if message.get("method") == "custom"]
            responses = [content for content in contents if content["type"] == "response"]
            assert len(responses) == is_request, f"{len(responses)} responses to {request!r:.200}"
            for response in responses:
                check_response(response, request)
            check_palette(palette)
    return "answered"


def fuzz_states(rng: Random, _: Folders) -> Outcome:
    """Whatever state arrives, the palette is one that can be played."""
    with _palette() as (palette, sent):
        refused = 0
        for _ in range(int(rng.integers(1, 4))):
            all_names = list(_STATE) if chance(rng, 0.5) else list(_STATE)[:_NUM_SHARED]
            names = [pick(rng, all_names) for _ in range(int(rng.integers(1, 4)))]
            state = {
                name: damage_json(rng, _jsonable(_STATE[name])) if chance(rng, 0.4) else _STATE[name] for name in names
            }
            sent.clear()
            refused += not _is_set(palette, state)
            assert len(sent) < _MAX_SENT
            check_palette(palette)
    return "refused" if refused else "set"


def _request(rng: Random) -> tuple[dict[str, Any], list[bytes]]:
    name = pick(rng, list(_BODIES))
    body, buffers = _BODIES[name], [rng.bytes(int(rng.integers(0, 40))) for _ in range(int(rng.integers(0, 3)))]
    if chance(rng, 0.8):
        body = damage_json(rng, body)
    if chance(rng, 0.05) and isinstance(body, dict):
        body = {**body, "corner_clips": [_KICKS] * 20_000}
    if name == "restore" and chance(rng, 0.7):
        buffers = [bytes(64 * _SIZE**2), rng.bytes(4 * 4 * 288)]
    if name == "midi" and chance(rng, 0.8):
        song = midi.to_bytes(lp.concatenate(list(lp.presets().values())[:2]))
        buffers = [damage(rng, song, marks=(b"MTrk",)) if chance(rng, 0.6) else song]
    request: Any = {"type": "request", "id": pick(rng, ("7", 7, None, "", ["x"])), "name": name, "body": body}
    if chance(rng, 0.1):
        request["name"] = pick(rng, (*ODD_VALUES, "sound", "_handle", "__init__", "to_html"))
    if chance(rng, 0.05):
        request = {**request, "body": nested(rng)}
    return request, buffers


def check_response(response: dict[str, Any], request: dict[str, Any]) -> None:
    if isinstance(request["id"], (str, int)):
        assert response["id"] == request["id"]
    if not response["ok"]:
        error = response["error"]
        assert isinstance(error, str)
        assert not error.partition(":")[0].endswith(("Error", "Exception")), error[:300]
        problem = problem_of_message(LatentPaletteError(error))
        assert problem is None, problem


def check_palette(palette: Palette) -> None:
    """Check that a palette can be played, shown and written."""
    assert palette.size in range(3, 22)
    assert 40 <= palette.qpm <= 240
    last = len(palette.grid) - 1
    for row, col in ((0, 0), (last, last), (last // 2, 0)):
        assert palette.notes(row, col).steps == 32
    assert palette.selected.notes.steps == 32
    assert np.isfinite(palette.grid).all()
    assert len(palette.corners) == 4
    assert palette.path is not None
    assert repr(palette)
    assert palette.to_python()


def _jsonable(value: Any) -> Any:
    return list(value) if isinstance(value, bytes) else value


def _is_set(palette: Palette, state: dict[str, Any]) -> bool:
    """Set traits as a message of the browser does; return whether they were accepted."""
    try:
        palette.set_state(state)
    except (traitlets.TraitError, LatentPaletteError):  # Jupyter logs it
        return False
    return True


class _UnforeseenErrors(logging.Handler):
    """Raises the errors that the widget did not foresee, which it logs."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        raise error or AssertionError(record.getMessage())


@contextmanager
def recorded_messages() -> Iterator[list[dict[str, Any]]]:
    """Yield the messages that widgets send while the block runs; an error that a widget did not foresee is raised."""
    sent: list[dict[str, Any]] = []

    class Recorder(comm.base_comm.BaseComm):
        def publish_msg(
            self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
        ) -> None:
            sent.append(data or {})

    create_comm, comm.create_comm = comm.create_comm, Recorder
    errors = _UnforeseenErrors()
    base_module._log.addHandler(errors)
    try:
        yield sent
    finally:
        comm.create_comm = create_comm
        base_module._log.removeHandler(errors)


@contextmanager
def plain_kit() -> Iterator[None]:
    """Give palettes a kit of clicks, which needs no SoundFont."""
    kit_of, instrument.kit_of_streams = instrument.kit_of_streams, lambda streams: Clicks()
    try:
        yield
    finally:
        instrument.kit_of_streams = kit_of


@contextmanager
def _palette() -> Iterator[tuple[Palette, list[dict[str, Any]]]]:
    """Yield a palette over a model without weights, and the messages that it sends."""
    with recorded_messages() as sent, plain_kit():
        palette = Palette(CrossFade(), size=_SIZE)
        try:
            yield palette, sent
        finally:
            palette.close()
