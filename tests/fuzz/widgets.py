"""Piano rolls and what no page asks them for; palettes with settings of every type, and their Python source."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numpy as np

import latentpalette as lp
from latentpalette.audio.repeatable import RepeatableSound
from latentpalette.audio.sound import Sound
from latentpalette.widgets import roll_sounds
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.pianorolls import PianoRolls
from tests.fuzz.harness import Folders, Outcome, attempt
from tests.fuzz.messages import check_palette, check_response, plain_kit, recorded_messages
from tests.fuzz.mutations import ODD_VALUES, Random, chance, damage_json, nested, pick
from tests.widgets.fakes import CrossFade

_KICKS = [1, 0, 0, 0] * 8
_SETTINGS: dict[str, Any] = {
    "size": 3,
    "labels": list("abcd"),
    "qpm": 100.0,
    "volume": 0.5,
    "mutes": [False] * 9,
    "locks": [None] * 8 + [[1] * 32],
    "launch_quantization": "bar",
    "bars_per_cell": 2,
    "path_mode": "loop",
    "use_original_corners": False,
    "puck": [0.25, 0.75],
}
_CORNERS: list[Any] = ["Samba", "Boom bap", "Trap", "Bossa"]
_TEXTS = ('"', "'''", "\\", "\n", "{0}", "%s", "é" * 300, "</script>", "\x1b[2J", "'); raise SystemExit  # ", "\ud800")


def fuzz_roll_requests(rng: Random, _: Folders) -> Outcome:
    """Each request has exactly one response: a sound, BokehJS, or an error in words."""
    loops = list(lp.presets().values())[: int(rng.integers(1, 3))]
    silence = Sound(np.zeros((2, 16), np.float32), 44_100)
    no_sound = mock.patch.object(roll_sounds, "render_repeatable", return_value=RepeatableSound(silence, 0))
    with recorded_messages() as sent, no_sound:
        rolls = PianoRolls(loops)
        try:
            for _ in range(int(rng.integers(1, 4))):
                request = _roll_request(rng, len(loops))
                sent.clear()
                rolls._handle_msg({"content": {"data": {"method": "custom", "content": request}}, "buffers": []})
                contents = [message["content"] for message in sent if message.get("method") == "custom"]
                responses = [content for content in contents if content["type"] == "response"]
                assert len(responses) == (request.get("type") == "request"), f"{len(responses)} to {request!r:.200}"
                for response in responses:
                    check_response(response, request)
            if chance(rng, 0.5):
                state = {pick(rng, ("items", "sounds", "png", "tempo_note", "x", "_esm")): pick(rng, ODD_VALUES)}
                attempt(lambda: rolls.set_state(damage_json(rng, state)))
            assert len(rolls.items) == len(loops)
            assert rolls.to_png().startswith(b"\x89PNG")
        finally:
            rolls.close()
    return "answered"


def fuzz_settings(rng: Random, _: Folders) -> Outcome:
    """A palette is refused in words, or can be played, shown and written."""
    settings = {name: _SETTINGS[name] for name in _SETTINGS if chance(rng, 0.4)}
    settings = {str(name): value for name, value in _dict(damage_json(rng, settings)).items()}
    corners: Any = damage_json(rng, _CORNERS) if chance(rng, 0.5) else _CORNERS
    with recorded_messages(), plain_kit():
        palette = attempt(lambda: _palette_or_none(corners, settings))
        if palette is None:
            return "refused"
        check_palette(palette)
        assert palette.to_png().startswith(b"\x89PNG")
        palette.close()
    return "made"


def fuzz_source(rng: Random, _: Folders) -> Outcome:
    """The Python source of a palette makes the same palette, whatever its labels are."""
    names = [name for name in _SETTINGS if name not in ("labels", "puck") and chance(rng, 0.5)]
    labels = [pick(rng, _TEXTS) + pick(rng, _TEXTS) if chance(rng, 0.5) else "Samba" for _ in range(4)]
    patterns = [rng.integers(0, 512, 32).tolist() if chance(rng, 0.7) else _KICKS for _ in range(4)]
    corners = [CrossFade().converter.from_tokens(pattern) for pattern in patterns]
    with recorded_messages(), plain_kit():
        palette = Palette(CrossFade(), corners, **{name: _SETTINGS[name] for name in names})
        if attempt(lambda: palette.set_state({"labels": labels})) is None and palette.labels != labels:
            labels = palette.labels  # a text that is none was refused
        palette.puck = [float(rng.random()), float(rng.random())]
        if chance(rng, 0.5):
            palette.path = [(float(x), float(y)) for x, y in rng.random((3, 2))]
        source, space = palette.to_python(), {}
        with mock.patch.object(lp, "load", return_value=CrossFade()):
            exec(compile(source, "palette.py", "exec"), space)
        again = space["palette"]
        for name in ("corner_clips", "labels", "size", *(name for name in Palette.settings if name != "puck")):
            assert getattr(again, name) == getattr(palette, name), name
        assert again.to_python() == source
        palette.close()
        again.close()
    return "the same"


def _dict(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _palette_or_none(corners: Any, settings: dict[str, Any]) -> Palette | None:
    """Return a palette; None for a keyword that there is not, which Python itself refuses."""
    try:
        return Palette(CrossFade(), corners, **settings)
    except TypeError as error:
        if not str(error).startswith("Palette has no setting"):
            raise
        return None


def _roll_request(rng: Random, count: int) -> dict[str, Any]:
    name = pick(rng, ("sound", "sound", "bokehjs"))
    body: Any = {"index": int(rng.integers(-1, count + 1))} if name == "sound" else {}
    if chance(rng, 0.6):
        body = damage_json(rng, body)
    if chance(rng, 0.1):
        name = pick(rng, (*ODD_VALUES, "decode", "_handle", "__init__", "to_html"))
    if chance(rng, 0.1):
        body = nested(rng)
    return {
        "type": pick(rng, ("request",) * 9 + ("other",)),
        "id": pick(rng, ("7", 7, None)),
        "name": name,
        "body": body,
    }
