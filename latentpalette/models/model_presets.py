"""The presets that a model can read, by what its converter reads and how long."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

from latentpalette.converters.base import Converter, music_steps
from latentpalette.converters.drum_pianoroll import DrumPianorollConverter
from latentpalette.converters.drums import DrumsConverter
from latentpalette.converters.groove import GrooveConverter
from latentpalette.converters.melody import MelodyConverter
from latentpalette.converters.performance import PerformanceConverter
from latentpalette.converters.trio import TrioConverter
from latentpalette.errors import ConverterError
from latentpalette.music.presets import default_corners, presets
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence

# The kinds of presets that a converter reads; the corners of a new palette are of the first.
_KINDS: MappingProxyType[type, tuple[str, ...]] = MappingProxyType(
    {
        DrumsConverter: ("drums",),
        DrumPianorollConverter: ("drums",),
        GrooveConverter: ("groove",),
        MelodyConverter: ("melody", "bass"),
        TrioConverter: ("trio",),
        PerformanceConverter: ("trio",),
    }
)
_MAX_BARS_OF_A_LOOP = 2  # in a longer window a bass line would only repeat


def presets_of(converter: Converter) -> dict[str, NoteSequence]:
    """Return the presets that a converter can encode, by name; none for a representation without any.

    Examples
    --------
    >>> presets_of(DrumsConverter())["Bossa"].steps, presets_of(MelodyConverter(steps=256))["Harbor"].steps
    (32, 256)
    >>> {"Lullaby", "Walking"} <= set(presets_of(MelodyConverter()))
    True
    """
    return dict(_presets_of(converter))


@cache
def _presets_of(converter: Converter) -> dict[str, NoteSequence]:
    bars, steps = _length_of(converter)
    kinds = _KINDS.get(type(converter), ())
    if bars > _MAX_BARS_OF_A_LOOP:
        kinds = kinds[:1]
    music = {name: each.slice(0, steps) for kind in kinds for name, each in presets(kind, bars=bars).items()}
    return {name: each for name, each in music.items() if _fits(each, converter)}


def default_corners_of(converter: Converter) -> tuple[str, ...]:
    """Return the names of the four presets at the corners of a new palette; none without presets.

    Examples
    --------
    >>> len(default_corners_of(MelodyConverter(steps=256)))
    4
    """
    names = list(presets_of(converter))
    if not names:
        return ()
    chosen = default_corners(_KINDS[type(converter)][0], bars=_length_of(converter)[0])
    return tuple(sorted(names, key=lambda name: chosen.index(name) if name in chosen else len(chosen))[:4])


def _length_of(converter: Converter) -> tuple[int, int]:
    """Return the length of a converter's windows in bars, a partial one included, and in steps."""
    steps = music_steps(converter)
    return -(-steps // STEPS_PER_BAR), steps


def _fits(music: NoteSequence, converter: Converter) -> bool:
    """Return whether a preset has no more events than a performance has room for; other converters take any."""
    if not isinstance(converter, PerformanceConverter):
        return True
    try:
        converter.encode(music)
    except ConverterError:
        return False
    return True
