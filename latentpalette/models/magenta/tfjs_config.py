"""What magenta-js writes beside its weights: which representation, how many steps, in how many segments.

Source: magenta-js' ``music_vae/model.ts`` and ``data.ts`` at 96bad883.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from latentpalette.errors import CheckpointError
from latentpalette.models.magenta.infer_config import Told
from latentpalette.music.drums import MAPS

_MOST_STEPS = 1 << 16
_EVERY_KEY = (21, 108)
# What the configuration files of 2018 leave out.
_STEPS = {"MelodyConverter": 32, "DrumsConverter": 32, "DrumRollConverter": 32}

TRIADS = 49  # how wide a chord is that a converter of ours can tell a model


def told_by(spec: Mapping[str, Any], controls: int, depth: int, name: str) -> Told | None:
    """What `config.json` says of a model; None where it says nothing.

    Parameters
    ----------
    spec : mapping
        The file.
    controls, depth : int
        How wide the controls and the rows are, by the tensors.
    name : str
        What to call the checkpoint in messages.

    Raises
    ------
    CheckpointError
        If it describes a model that is not supported, or makes no sense.

    Examples
    --------
    >>> spec = {"dataConverter": {"type": "MelodyConverter", "args": {"numSteps": 64}}}
    >>> told_by(spec, 0, 90, "mel_4bar").converter
    {'name': 'melody', 'steps': 64}
    """
    if not spec:
        return None
    asked = spec.get("dataConverter")
    kind = asked.get("type") if isinstance(asked, dict) else None
    args = asked.get("args") or {} if isinstance(asked, dict) else {}
    if not isinstance(kind, str) or not isinstance(args, dict):
        raise CheckpointError(f"{name}: its configuration names no dataConverter with a type. Pass config=.")
    if spec.get("useBooleanDecoder"):
        raise CheckpointError(f"{name}: a decoder of one yes or no a step (useBooleanDecoder) is not supported.")
    steps = _whole(args.get("numSteps", _STEPS.get(kind)), "numSteps", name)
    segments = None if not args.get("numSegments") else _whole(args["numSegments"], "numSegments", name)
    converter, notes = _converter(kind, args, steps, controls, depth)
    if converter and controls not in (0, _controls_of(converter)):
        notes.append(
            f"Its controls are {controls} wide ({spec.get('chordEncoder', 'of its own')}), which no converter here "
            "makes: pass `controls=` as arrays."
        )
    if not converter:
        notes.append(f"There is no converter here for its {kind}: it speaks arrays only.")
    head = "groove" if kind == "GrooveConverter" else None
    return Told(steps, segments, converter, head, tuple(notes))


def _converter(
    kind: str, args: Mapping[str, Any], steps: int, controls: int, depth: int
) -> tuple[dict[str, Any], list[str]]:
    """Our converter for theirs, empty if there is none, and what was assumed."""
    notes: list[str] = []
    if kind == "MelodyConverter":
        keys = (args.get("minPitch", _EVERY_KEY[0]), args.get("maxPitch", _EVERY_KEY[1]))
        chords = {"chords": True} if controls == TRIADS else {}
        return ({"name": "melody", "steps": steps, **chords} if keys == _EVERY_KEY and depth == 90 else {}), notes
    if kind in ("DrumsConverter", "DrumRollConverter"):
        drum_map = _map_of(args.get("pitchClasses"), depth)
        ours = "drums" if kind == "DrumsConverter" else "drum-roll"
        return ({"name": ours, "steps": steps, "map": drum_map} if drum_map else {}), notes
    if kind == "TrioConverter":
        return ({"name": "trio", "steps": steps, "map": "reduced-2018"} if depth == 692 else {}), notes
    if kind == "MultitrackConverter":
        usual = (steps, depth) == (512, 490)
        chords = {"chords": True} if controls == TRIADS else {}
        return ({"name": "performance", **chords} if usual else {}), notes
    if kind == "GrooveConverter" and depth == 27 and not args.get("splitInstruments"):
        notes.append(
            "magenta-js reads its input with the drum map of 2018; today's is used here, as in Magenta's Python, "
            "because it agrees better with the drums that groove models were trained on."
        )
        flags: dict[str, Any] = {"humanize": True} if args.get("humanize") else {}
        if args.get("tapify"):  # magenta-js takes the velocities away, too
            flags |= {"tapify": True, "fixed_velocities": True}
        if controls == 9:
            flags["hits_as_controls"] = True
        return {"name": "groove", "steps": steps, **flags}, notes
    return {}, notes


def _controls_of(converter: Mapping[str, Any]) -> int:
    if converter.get("hits_as_controls"):
        return 9
    return TRIADS if converter.get("chords") else 0


def _map_of(classes: Any, depth: int) -> str | None:
    """The name of the drum map that a model was made with; None if there is none of that kind here."""
    if classes is None:
        return {512: "reduced-2018", 9: "reduced-2018", 61: "full"}.get(depth)
    wanted = [list(each) if isinstance(each, list) else each for each in classes] if isinstance(classes, list) else []
    return next((name for name, one in MAPS.items() if [list(each) for each in one.pitches] == wanted), None)


def _whole(value: Any, what: str, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_STEPS:
        raise CheckpointError(f"{name}: its configuration says {what} {str(value)[:80]}; wanted is a whole number.")
    return value
