"""Melodies of sixteen bars: four phrases of four bars, each bar written once and named by a letter.

The form says in which order they are played. Two phrases begin alike and end differently, the third is another, and the
fourth comes back to the first: a a b a.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from latentpalette.music.presets.notation import read_form
from latentpalette.music.sequence import NoteSequence


class Tune(NamedTuple):
    """A melody of sixteen bars.

    Parameters
    ----------
    form : str
        The bars in their order.
    bars : mapping of str to str
        The notes of each bar, as for `latentpalette.music.presets.notation.read_notes`.
    """

    form: str
    bars: Mapping[str, str]

    def notes(self) -> NoteSequence:
        """Return the melody."""
        return read_form(self.form, self.bars)


TUNES = MappingProxyType(
    {
        "Harbor": Tune(
            "a b c i  a b c d  e f g h  a b c d",
            {
                "a": "E4:4 G4:4 C5:6 B4:2",
                "b": "A4:4 G4:4 E4:8",
                "c": "F4:4 A4:4 G4:6 E4:2",
                "i": "D4:4 F4:4 G4:8",
                "d": "D4:4 E4:4 C4:8",
                "e": "A4:4 C5:4 E5:6 D5:2",
                "f": "C5:4 B4:4 A4:8",
                "g": "D5:4 C5:4 B4:4 A4:4",
                "h": "G4:12 r:4",
            },
        ),
        "Meadow": Tune(
            "a b a c  a b a d  e f e h  a b a d",
            {
                "a": "G4:2 B4:2 D5:2 B4:2 G4:2 B4:2 D5:4",
                "b": "E5:2 D5:2 C5:2 A4:2 B4:4 G4:4",
                "c": "A4:2 B4:2 C5:2 E5:2 D5:8",
                "d": "A4:2 B4:2 C5:2 A4:2 G4:8",
                "e": "G5:4 E5:4 D5:4 B4:4",
                "f": "C5:2 D5:2 E5:2 C5:2 D5:8",
                "h": "A4:2 B4:2 C5:2 A4:2 D5:8",
            },
        ),
        "Night train": Tune(
            "a b a b  c d a b  e g e f  a b a f",
            {
                "a": "A4:2 C5:2 D5:4 C5:2 A4:2 G4:4",
                "b": "A4:8 r:8",
                "c": "D5:2 F5:2 G5:4 F5:2 D5:2 C5:4",
                "d": "D5:8 r:8",
                "e": "E5:4 D5:4 C5:4 B4:4",
                "g": "C5:4 A4:4 B4:8",
                "f": "A4:4 G4:4 A4:8",
            },
        ),
        "Lantern": Tune(
            "a b c d  a b c i  e f g h  a b c i",
            {
                "a": "E5:8 D5:8",
                "b": "C5:8 A4:8",
                "c": "F4:8 A4:8",
                "d": "G4:12 r:4",
                "i": "C5:12 r:4",
                "e": "A4:8 C5:8",
                "f": "B4:8 D5:8",
                "g": "C5:8 E5:8",
                "h": "D5:12 r:4",
            },
        ),
        "Carousel": Tune(
            "a b c d  a b c h  e d g d  a b c h",
            {
                "a": "A4:3 B4:1 C5:4 E5:4 C5:4",
                "b": "D5:3 C5:1 B4:4 G#4:8",
                "c": "B4:3 C5:1 D5:4 F5:4 D5:4",
                "d": "E5:3 D5:1 C5:4 A4:8",
                "h": "C5:4 B4:4 A4:8",
                "e": "F5:3 E5:1 D5:4 A5:4 F5:4",
                "g": "D5:3 C5:1 B4:4 E5:4 D5:4",
            },
        ),
        "Sunrise": Tune(
            "a b c d  a b c i  e f e g  a b c i",
            {
                "a": "E5:3 G5:3 A5:2 G5:8",
                "b": "E5:3 D5:3 C5:2 D5:8",
                "c": "A4:3 C5:3 D5:2 E5:8",
                "d": "D5:3 C5:3 A4:2 G4:8",
                "i": "D5:3 C5:3 A4:2 C5:8",
                "e": "A5:6 G5:2 E5:8",
                "f": "G5:6 E5:2 D5:8",
                "g": "E5:6 D5:2 C5:8",
            },
        ),
        "Parade": Tune(
            "a b a d  a b c d  e f g h  a b c d",
            {
                "a": "Bb4:4 Bb4:2 C5:2 D5:4 Bb4:4",
                "b": "C5:4 C5:2 D5:2 Eb5:4 C5:4",
                "c": "D5:4 D5:2 Eb5:2 F5:4 D5:4",
                "d": "C5:2 Bb4:2 A4:2 C5:2 Bb4:8",
                "e": "F5:6 Eb5:2 D5:4 F5:4",
                "f": "G5:6 F5:2 Eb5:8",
                "g": "Eb5:6 D5:2 C5:4 Eb5:4",
                "h": "D5:2 C5:2 Bb4:2 A4:2 F4:8",
            },
        ),
        "Neon": Tune(
            "a b a c  a b a d  e f g h  a b a d",
            {
                "a": "C5:2 C5:2 Eb5:4 D5:2 D5:2 F5:4",
                "b": "Eb5:2 Eb5:2 G5:4 F5:4 D5:4",
                "c": "Eb5:4 D5:4 C5:4 G4:4",
                "d": "Eb5:4 D5:4 C5:8",
                "e": "G5:8 F5:4 Eb5:4",
                "f": "F5:8 Eb5:4 D5:4",
                "g": "Eb5:8 D5:4 C5:4",
                "h": "D5:8 G4:8",
            },
        ),
        "Rainy day": Tune(
            "a b c d  a b c f  g h i j  a b c f",
            {
                "a": "D5:2 F5:2 E5:2 D5:2 C5:4 A4:4",
                "b": "B4:2 D5:2 C5:2 B4:2 A4:4 G4:4",
                "c": "C5:2 E5:2 D5:2 C5:2 B4:4 G4:4",
                "d": "A4:8 r:8",
                "f": "A4:2 B4:2 C5:4 C5:4 r:4",
                "g": "F5:6 E5:2 D5:4 A4:4",
                "h": "E5:6 D5:2 C5:4 G4:4",
                "i": "D5:6 C5:2 B4:4 F4:4",
                "j": "E4:4 G4:4 B4:4 r:4",
            },
        ),
        "Skipping": Tune(
            "a b a c  a b a d  e f e g  a b a d",
            {
                "a": "r:2 E5:2 E5:4 r:2 D5:2 D5:4",
                "b": "r:2 C5:2 C5:2 D5:2 E5:8",
                "c": "r:2 C5:2 C5:2 B4:2 A4:8",
                "d": "r:2 C5:2 B4:2 D5:2 C5:8",
                "e": "A4:4 A4:2 B4:2 C5:4 A4:4",
                "f": "G4:4 G4:2 A4:2 B4:4 G4:4",
                "g": "G4:4 A4:4 B4:4 D5:4",
            },
        ),
        "Lighthouse": Tune(
            "a b a c  a b a d  e f e g  a b a d",
            {
                "a": "G4:12 E4:4",
                "b": "F4:4 A4:4 G4:8",
                "c": "F4:4 E4:4 D4:8",
                "d": "D4:4 E4:4 C4:8",
                "e": "A4:12 F4:4",
                "f": "G4:12 E4:4",
                "g": "D4:4 F4:4 B4:8",
            },
        ),
        "Hill climb": Tune(
            "a b c d  e f g h  i j k l  a b c m",
            {
                "a": "C4:4 D4:4 E4:4 G4:4",
                "b": "A4:4 G4:4 E4:8",
                "c": "D4:4 E4:4 F4:4 A4:4",
                "d": "B4:4 A4:4 F4:8",
                "e": "E4:4 F4:4 G4:4 B4:4",
                "f": "C5:4 B4:4 G4:8",
                "g": "A4:4 B4:4 C5:4 E5:4",
                "h": "D5:8 B4:8",
                "i": "E5:4 D5:4 C5:4 A4:4",
                "j": "D5:4 C5:4 B4:4 G4:4",
                "k": "C5:4 B4:4 A4:4 F4:4",
                "l": "G4:4 F4:4 E4:4 D4:4",
                "m": "D4:4 B4:4 C5:8",
            },
        ),
    }
)
