"""Parser of the configuration beside magenta-js weights: representation, steps and segments.

Source: magenta-js' ``music_vae/model.ts`` and ``data.ts`` at 96bad883.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from latentpalette.errors import CheckpointError
from latentpalette.models.magenta.infer_config import CheckpointMetadata
from latentpalette.music.drums import DRUM_MAPS

_MAX_STEPS = 1 << 16
_PIANO_RANGE = (21, 108)
# The configuration files of 2018 leave the steps out.
_DEFAULT_STEPS = {"MelodyConverter": 32, "DrumsConverter": 32, "DrumRollConverter": 32}

CHORD_DEPTH = 49  # width of the chord controls of our converters


def parse_config(spec: Mapping[str, Any], controls: int, depth: int, name: str) -> CheckpointMetadata | None:
    """Parse the description of a model in `config.json`; None if it is empty.

    Parameters
    ----------
    spec : mapping
        Content of the file.
    controls, depth : int
        Widths of the controls and the frames, according to the tensors.
    name : str
        Name of the checkpoint in error messages.

    Raises
    ------
    CheckpointError
        If it is invalid, or describes a model that is not supported.

    Examples
    --------
    >>> spec = {"dataConverter": {"type": "MelodyConverter", "args": {"numSteps": 64}}}
    >>> parse_config(spec, 0, 90, "mel_4bar").converter
    {'name': 'melody', 'steps': 64}
    """
    if not spec:
        return None
    data_converter = spec.get("dataConverter")
    kind = data_converter.get("type") if isinstance(data_converter, dict) else None
    args = data_converter.get("args") or {} if isinstance(data_converter, dict) else {}
    if not isinstance(kind, str) or not isinstance(args, dict):
        raise CheckpointError(f"{name}: its configuration names no dataConverter with a type. Pass config=.")
    if spec.get("useBooleanDecoder"):
        raise CheckpointError(f"{name}: a decoder of one yes or no a step (useBooleanDecoder) is not supported.")
    steps = _positive_int(args.get("numSteps", _DEFAULT_STEPS.get(kind)), "numSteps", name)
    segments = None if not args.get("numSegments") else _positive_int(args["numSegments"], "numSegments", name)
    converter, notes = _converter(kind, args, steps, controls, depth)
    if converter and controls not in (0, _control_depth(converter)):
        notes.append(
            f"Its controls are {controls} wide ({spec.get('chordEncoder', 'of its own')}), which no converter here "
            "makes: pass `controls=` as arrays."
        )
    if not converter:
        notes.append(f"There is no converter here for its {kind}: it handles arrays only.")
    head = "groove" if kind == "GrooveConverter" else None
    return CheckpointMetadata(steps, segments, converter, head, tuple(notes))


def _converter(
    kind: str, args: Mapping[str, Any], steps: int, controls: int, depth: int
) -> tuple[dict[str, Any], list[str]]:
    """Return the options of our equivalent converter, empty if there is none, and notes about assumptions."""
    notes: list[str] = []
    if kind == "MelodyConverter":
        pitches = (args.get("minPitch", _PIANO_RANGE[0]), args.get("maxPitch", _PIANO_RANGE[1]))
        chords = {"chords": True} if controls == CHORD_DEPTH else {}
        return ({"name": "melody", "steps": steps, **chords} if pitches == _PIANO_RANGE and depth == 90 else {}), notes
    if kind in ("DrumsConverter", "DrumRollConverter"):
        drum_map = _drum_map(args.get("pitchClasses"), depth)
        name = "drums" if kind == "DrumsConverter" else "drum-pianoroll"
        return ({"name": name, "steps": steps, "drum_map": drum_map} if drum_map else {}), notes
    if kind == "TrioConverter":
        return ({"name": "trio", "steps": steps, "drum_map": "reduced-2018"} if depth == 692 else {}), notes
    if kind == "MultitrackConverter":
        is_known = (steps, depth) == (512, 490)
        chords = {"chords": True} if controls == CHORD_DEPTH else {}
        return ({"name": "performance", **chords} if is_known else {}), notes
    if kind == "GrooveConverter" and depth == 27 and not args.get("splitInstruments"):
        notes.append(
            "magenta-js reads its input with the drum map of 2018; today's is used here, as in Magenta's Python, "
            "because it agrees better with the drums that groove models were trained on."
        )
        flags: dict[str, Any] = {"humanize": True} if args.get("humanize") else {}
        if args.get("tapify"):  # magenta-js removes the velocities, too
            flags |= {"tapify": True, "fixed_velocities": True}
        if controls == 9:
            flags["hits_as_controls"] = True
        return {"name": "groove", "steps": steps, **flags}, notes
    return {}, notes


def _control_depth(converter: Mapping[str, Any]) -> int:
    if converter.get("hits_as_controls"):
        return 9
    return CHORD_DEPTH if converter.get("chords") else 0


def _drum_map(classes: Any, depth: int) -> str | None:
    """Return the name of the drum map with these pitch classes; None if there is none here."""
    if classes is None:
        return {512: "reduced-2018", 9: "reduced-2018", 61: "full"}.get(depth)
    known = {name: [list(group) for group in drum_map.pitches] for name, drum_map in DRUM_MAPS.items()}
    return next((name for name, pitches in known.items() if pitches == classes), None)


def _positive_int(value: Any, what: str, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MAX_STEPS:
        raise CheckpointError(
            f"{name}: its configuration has {what} {str(value)[:80]}, which must be a whole number, 1 to {_MAX_STEPS}."
        )
    return value
