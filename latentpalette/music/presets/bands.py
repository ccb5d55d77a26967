"""Trios of sixteen bars: a tune, its chords, and the patterns of bass and drums in each of the four phrases."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

from latentpalette.music.arranging import overlay, transpose
from latentpalette.music.presets.arrangement import bass_line, drum_part
from latentpalette.music.presets.tunes import TUNES
from latentpalette.music.sequence import NoteSequence

_BARS_PER_PHRASE = 4


class Band(NamedTuple):
    """A piece for melody, bass and drums.

    Parameters
    ----------
    tune : str
        A name in `latentpalette.music.presets.tunes.TUNES`.
    transposition : int [semitones]
        Of melody and chords.
    chords : str
        One for each bar, separated by spaces.
    bass : tuple of 4 str
        Names in `latentpalette.music.presets.arrangement.BASS_PATTERNS`, one for each phrase.
    drums : tuple of 4 str
        Names of drum presets, one for each phrase.
    """

    tune: str
    transposition: int
    chords: str
    bass: tuple[str, str, str, str]
    drums: tuple[str, str, str, str]

    def notes(self) -> NoteSequence:
        """Return the piece."""
        patterns = [pattern for pattern in self.bass for _ in range(_BARS_PER_PHRASE)]
        parts = (
            transpose(TUNES[self.tune].notes(), self.transposition),
            bass_line(self.chords.split(), patterns, transposition=self.transposition),
            drum_part(self.drums),
        )
        return overlay(parts)


BANDS = MappingProxyType(
    {
        "Rock band": Band(
            "Hill climb",
            2,
            "C Am Dm G  C Em Am G  Am Em F G  C Am Dm C",
            ("eighths", "eighths", "halves", "eighths"),
            ("Rock steady", "Rock steady", "Four on the floor", "Rock steady"),
        ),
        "Disco band": Band(
            "Skipping",
            2,
            "C Am C F  C Am G C  F C F G  C Am G C",
            ("octaves", "octaves", "eighths", "octaves"),
            ("Four on the floor",) * 4,
        ),
        "Ballad": Band(
            "Lantern",
            2,
            "C Am F G  C Am F C  F G Am G  C Am F C",
            ("whole", "whole", "halves", "whole"),
            ("Ride and roll", "Ride and roll", "Rock steady", "Ride and roll"),
        ),
        "Blues band": Band(
            "Night train",
            2,
            "Am Am Am Am  Dm Dm Am Am  E E Am Am  Am Am E Am",
            ("walking", "walking", "quarters", "walking"),
            ("Boom bap", "Boom bap", "Ride and roll", "Boom bap"),
        ),
        "Marching band": Band(
            "Parade",
            -2,
            "Bb F Bb F  Bb F Bb F  Bb Eb Cm F  Bb F Bb F",
            ("oompah", "oompah", "halves", "oompah"),
            ("Rock steady", "Rock steady", "Ride and roll", "Rock steady"),
        ),
        "Funk band": Band(
            "Sunrise",
            2,
            "C G Am F  C G Am F  F C G Am  C G Am F",
            ("tresillo", "tresillo", "eighths", "tresillo"),
            ("Funk sixteenths",) * 4,
        ),
        "Hip-hop band": Band(
            "Rainy day",
            -8,
            "Dm G C Am  Dm G C F  Dm C G Em  Dm G C F",
            ("whole", "whole", "quarters", "whole"),
            ("Trap", "Trap", "Boom bap", "Trap"),
        ),
        "Synth band": Band(
            "Neon",
            -4,
            "Cm Gm Cm Cm  Cm Gm Cm Cm  Cm Bb Ab G  Cm Gm Cm Cm",
            ("eighths", "eighths", "whole", "eighths"),
            ("Breakbeat", "Breakbeat", "Four on the floor", "Breakbeat"),
        ),
        "Folk band": Band(
            "Meadow",
            -5,
            "G C G D  G C D G  C D C D  G C D G",
            ("oompah", "oompah", "quarters", "oompah"),
            ("Four on the floor", "Four on the floor", "Rock steady", "Four on the floor"),
        ),
        "Reggae band": Band(
            "Lighthouse",
            -2,
            "C F C G  C F G C  F C F G  C F G C",
            ("dub", "dub", "quarters", "dub"),
            ("Half-time", "Half-time", "Boom bap", "Half-time"),
        ),
    }
)
