"""Representations by name, as a model's configuration writes them down."""

from __future__ import annotations

from typing import Any

from latentpalette.converters.base import Converter
from latentpalette.converters.drum_pianoroll import DrumPianorollConverter
from latentpalette.converters.drums import DrumsConverter
from latentpalette.converters.groove import GrooveConverter
from latentpalette.converters.melody import MelodyConverter
from latentpalette.converters.performance import PerformanceConverter
from latentpalette.converters.trio import TrioConverter
from latentpalette.errors import ConverterError, suggest
from latentpalette.old_names import rename_fields

CONVERTERS: dict[str, type[Any]] = {
    "drums": DrumsConverter,
    "drum-pianoroll": DrumPianorollConverter,
    "melody": MelodyConverter,
    "groove": GrooveConverter,
    "trio": TrioConverter,
    "performance": PerformanceConverter,
}


def make_converter(name: str, **options: Any) -> Converter:
    """Make a converter from its name and options.

    Raises
    ------
    ConverterError
        If there is none of that name, or it has no such option.

    Examples
    --------
    >>> make_converter("drums", steps=32).output_depth
    512
    """
    named = rename_fields("Converter", {"name": name, **options})
    name = named.pop("name")
    if name not in CONVERTERS:
        raise ConverterError(
            f"No converter is called {name!r}.{suggest(name, CONVERTERS)} There are: {', '.join(CONVERTERS)}."
        )
    try:
        return CONVERTERS[name](**named)
    except TypeError as problem:
        raise ConverterError(f"The {name} converter: {problem}.") from problem
