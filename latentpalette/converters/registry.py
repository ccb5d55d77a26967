"""Representations by name, as a model's configuration writes them: a converter, and the finder of its windows."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

from latentpalette.converters.base import Converter
from latentpalette.converters.drum_pianoroll import DrumPianorollConverter
from latentpalette.converters.drums import DrumsConverter
from latentpalette.converters.groove import GrooveConverter
from latentpalette.converters.melody import MelodyConverter
from latentpalette.converters.performance import PerformanceConverter
from latentpalette.converters.trio import TrioConverter
from latentpalette.errors import ConverterError, suggest
from latentpalette.music.midi import MidiSource
from latentpalette.music.score import Score
from latentpalette.music.sequence import NoteSequence
from latentpalette.old_names import rename_fields
from latentpalette.windows.drums import DrumWindowFinder
from latentpalette.windows.excerpt import Excerpts
from latentpalette.windows.finder import WindowFinder
from latentpalette.windows.groove import GrooveWindowFinder
from latentpalette.windows.melody import MelodyWindowFinder
from latentpalette.windows.performance import PerformanceWindowFinder
from latentpalette.windows.trio import TrioWindowFinder


class Representation(NamedTuple):
    """The classes of one representation; each field of the finder is a field of the converter, too."""

    converter: type[Any]
    window_finder: type[Any]


REPRESENTATIONS = {
    "drums": Representation(DrumsConverter, DrumWindowFinder),
    "drum-pianoroll": Representation(DrumPianorollConverter, DrumWindowFinder),
    "melody": Representation(MelodyConverter, MelodyWindowFinder),
    "groove": Representation(GrooveConverter, GrooveWindowFinder),
    "trio": Representation(TrioConverter, TrioWindowFinder),
    "performance": Representation(PerformanceConverter, PerformanceWindowFinder),
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
    options = rename_fields("Converter", {"name": name, **options})
    name = options.pop("name")
    if name not in REPRESENTATIONS:
        raise ConverterError(
            f"No converter is called {name!r}.{suggest(name, REPRESENTATIONS)} There are: {', '.join(REPRESENTATIONS)}."
        )
    try:
        return REPRESENTATIONS[name].converter(**options)
    except TypeError as problem:
        raise ConverterError(f"The {name} converter: {problem}.") from problem


def make_window_finder(converter: Converter) -> WindowFinder:
    """Make the finder of the windows that a converter can encode.

    Examples
    --------
    >>> make_window_finder(GrooveConverter(steps=64, humanize=True))
    GrooveWindowFinder(steps=64, drum_map='reduced')
    """
    finders = {representation.converter: representation.window_finder for representation in REPRESENTATIONS.values()}
    finder = finders[type(converter)]
    return finder(**{field.name: getattr(converter, field.name) for field in dataclasses.fields(finder)})


def find_windows(
    source: MidiSource | NoteSequence | Score, converter: Converter, *, magenta_compatible: bool = False
) -> Excerpts:
    """Find the windows of a piece that a converter can encode, and the reasons why the rest was left out.

    Parameters
    ----------
    source : path, bytes, NoteSequence or Score
    converter : Converter
    magenta_compatible : bool
        Find exactly the windows that Magenta finds.

    Raises
    ------
    MidiError
        If it is a file that cannot be read.

    Examples
    --------
    >>> find_windows(NoteSequence.from_steps({"kick": [0, 8, 16, 24]}, steps=32), DrumsConverter())
    the sequence: 1 excerpt
      bars 1 and 2: 4 notes
    """
    return make_window_finder(converter).find(source, magenta_compatible=magenta_compatible)
