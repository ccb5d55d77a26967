"""A model's representation as pages have it: what turns tokens into clips, and reads clips and files, without Python.

The browser's side is static/engine/converters/registry.js.
"""

from __future__ import annotations

from typing import Any, TypedDict

from latentpalette.converters.groove import GrooveConverter
from latentpalette.converters.melody import MelodyConverter
from latentpalette.converters.registry import REPRESENTATIONS
from latentpalette.converters.trio import TrioConverter
from latentpalette.music.drums import GENERAL_MIDI
from latentpalette.music.instruments import INSTRUMENT_NAMES
from latentpalette.music.streams import StreamJson
from latentpalette.widgets.model_clips import ModelClips, accents_by_pitch


class ConverterMeta(TypedDict):
    """A representation as the browser reads it; `static/types.d.ts` says what the fields are."""

    name: str
    steps: int
    streams: list[StreamJson]
    drums: dict[str, Any] | None
    groove: dict[str, Any] | None
    programs: tuple[int, int] | None
    names: dict[str, Any]


def pack_converter(music: ModelClips) -> ConverterMeta:
    """Return what a page needs of a model's representation.

    Parameters
    ----------
    music : ModelClips

    Examples
    --------
    >>> import latentpalette as lp
    >>> meta = pack_converter(ModelClips.of(lp.load("drums-2bar")))
    >>> meta["name"], meta["steps"], meta["drums"]["classes"][0], meta["drums"]["accents"][0][:4]
    ('drums', 32, [36, 35], [120, 84, 98, 88])
    """
    converter = music.converter
    return ConverterMeta(
        name=next(name for name, classes in REPRESENTATIONS.items() if classes.converter is type(converter)),
        steps=music.steps,
        streams=[stream.to_json() for stream in music.streams],
        drums=_pack_drums(music),
        groove=_pack_groove(converter) if isinstance(converter, GrooveConverter) else None,
        programs=_melody_programs(music),
        names={"instruments": list(INSTRUMENT_NAMES), "drums": GENERAL_MIDI},
    )


def _pack_drums(music: ModelClips) -> dict[str, Any] | None:
    """Return the pitches of the classes of drums, and their velocities in a bar where the model has none."""
    drum_map = next((stream.drum_map for stream in music.streams if stream.drum_map), None)
    if drum_map is None:
        return None
    accents = None if music.has_velocity else accents_by_pitch(drum_map)[list(drum_map.exemplars)].tolist()
    return {"classes": [list(pitches) for pitches in drum_map.pitches], "accents": accents}


def _pack_groove(converter: GrooveConverter) -> dict[str, Any]:
    return {
        "humanize": converter.humanize,
        "tapify": converter.tapify,
        "fixed_velocities": converter.fixed_velocities,
        "add_instruments": list(converter.add_instruments),
    }


def _melody_programs(music: ModelClips) -> tuple[int, int] | None:
    converter = music.converter
    if isinstance(converter, MelodyConverter):
        return converter.programs
    return converter.melody_programs if isinstance(converter, TrioConverter) else None
