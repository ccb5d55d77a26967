"""What the owner of some music knows about it that its files do not say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from latentpalette.errors import TrainingError
from latentpalette.music.drums import MAPS


@dataclass(frozen=True)
class Hints:
    """How to understand the files of a corpus. Patterns are regular expressions, whatever the case.

    Parameters
    ----------
    melodies : str
        Parts called so are melodies, whatever they are played on; empty for none.
    basses : str
        Parts called so are a bass, where a trio has to be constructed; of several notes the lowest counts.
    kit : str
        The map that the drums were recorded by, where it is not the one that the model is played with: the Groove
        MIDI Dataset's is ``"roland"``. Empty for the model's.
    construct : bool
        Make a trio of a song that has a melody and a bass but no drums; those are borrowed, see
        `latentpalette.data.drum_loop_pool`.

    Raises
    ------
    TrainingError
        If a pattern is none, or there is no such map.

    Examples
    --------
    >>> Hints(kit="harp")
    Traceback (most recent call last):
    latentpalette.errors.TrainingError: No drum map is called 'harp'; there are reduced, reduced-2018, roland, full.
    """

    melodies: str = r"\bvoice\b|\bvocals?\b|\bmelody\b|\bviolin (1|i)\b"
    basses: str = r"^accomp staff 2\b|\b(violon)?cello\b"
    kit: str = ""
    construct: bool = False

    def __post_init__(self) -> None:
        _check(self.melodies)
        _check(self.basses)
        if self.kit and self.kit not in MAPS:
            raise TrainingError(f"No drum map is called {self.kit!r}; there are {', '.join(MAPS)}.")


def _check(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as problem:
        raise TrainingError(f"Names of parts: {pattern!r} is no regular expression ({problem}).") from problem
