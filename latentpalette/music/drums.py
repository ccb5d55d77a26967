"""Drum maps: which pitches count as which drum.

A map folds the 61 drum pitches of General MIDI into classes. Class 0 is the kick, and bit 0 of a drum token.
Source: Magenta's and note-seq's maps; see Roberts et al. (2018), arXiv 1803.05428.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from latentpalette.errors import LatentPaletteError, MusicError, suggest


@dataclass(frozen=True)
class DrumMap:
    """Drum classes with their names and pitches; the first pitch of a class is the one it is played with.

    Parameters
    ----------
    names : tuple of str
    pitches : tuple of tuple of int
        The pitches of each class.

    Examples
    --------
    >>> REDUCED.class_of(35), REDUCED.names[0], REDUCED.pitch_of("snare")
    (0, 'kick', 38)
    """

    names: tuple[str, ...]
    pitches: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.pitches)

    @cached_property
    def exemplars(self) -> tuple[int, ...]:
        """The first pitch of each class, with which it is played."""
        return tuple(pitches[0] for pitches in self.pitches)

    @cached_property
    def classes(self) -> dict[int, int]:
        """The class of each pitch."""
        return {pitch: drum for drum, pitches in enumerate(self.pitches) for pitch in pitches}

    def class_of(self, pitch: int) -> int | None:
        """Return the class of a pitch; None for a pitch that is not in the map."""
        return self.classes.get(pitch)

    def index(self, name: str) -> int:
        """Return the class of a drum name.

        Raises
        ------
        MusicError
            If there is none of that name; the message lists the names and the nearest one.
        """
        if name in self.names:
            return self.names.index(name)
        raise MusicError(f"No drum is called {name!r}.{suggest(name, self.names)} There are: {', '.join(self.names)}.")

    def pitch_of(self, name: str) -> int:
        """Return the pitch with which the drum of this name is played."""
        return self.exemplars[self.index(name)]


DRUM_NAMES = ("kick", "snare", "closed hat", "open hat", "low tom", "mid tom", "high tom", "crash", "ride")

# note-seq's map since April 2019.
REDUCED = DrumMap(
    DRUM_NAMES,
    (
        (36, 35),
        (38, 27, 28, 31, 32, 33, 34, 37, 39, 40, 56, 65, 66, 75, 85),
        (42, 44, 54, 68, 69, 70, 71, 73, 78, 80, 22),
        (46, 67, 72, 74, 79, 81, 26),
        (45, 29, 41, 43, 61, 64, 84),
        (48, 47, 60, 63, 77, 86, 87),
        (50, 30, 62, 76, 83),
        (49, 52, 55, 57, 58),
        (51, 53, 59, 82),
    ),
)

# note-seq's map of 2018, which the published drum models were trained with and magenta-js still uses.
REDUCED_2018 = DrumMap(
    DRUM_NAMES,
    (
        (36, 35),
        (38, 27, 28, 31, 32, 33, 34, 37, 39, 40, 56, 65, 66, 75, 85),
        (42, 44, 54, 68, 69, 70, 71, 73, 78, 80),
        (46, 67, 72, 74, 79, 81),
        (45, 29, 41, 61, 64, 84),
        (48, 47, 60, 63, 77, 86, 87),
        (50, 30, 43, 62, 76, 83),
        (49, 55, 57, 58),
        (51, 52, 53, 59, 82),
    ),
)

# The Roland TD-11 of the Groove MIDI Dataset: what the groove models are trained with.
ROLAND = DrumMap(
    DRUM_NAMES,
    (
        (36,),
        (38, 37, 40),
        (42, 22, 44),
        (46, 26),
        (43, 58),
        (47, 45),
        (50, 48),
        (49, 52, 55, 57),
        (51, 53, 59),
    ),
)

# Names of the General MIDI level 1 percussion pitches.
GENERAL_MIDI = {
    27: "high Q", 28: "slap", 29: "scratch push", 30: "scratch pull", 31: "sticks", 32: "square click",
    33: "metronome click", 34: "metronome bell", 35: "acoustic kick", 36: "kick", 37: "side stick", 38: "snare",
    39: "hand clap", 40: "electric snare", 41: "low floor tom", 42: "closed hat", 43: "high floor tom",
    44: "pedal hat", 45: "low tom", 46: "open hat", 47: "low-mid tom", 48: "mid tom", 49: "crash", 50: "high tom",
    51: "ride", 52: "china", 53: "ride bell", 54: "tambourine", 55: "splash", 56: "cowbell", 57: "crash 2",
    58: "vibraslap", 59: "ride 2", 60: "high bongo", 61: "low bongo", 62: "mute high conga",
    63: "open high conga", 64: "low conga", 65: "high timbale", 66: "low timbale", 67: "high agogo",
    68: "low agogo", 69: "cabasa", 70: "maracas", 71: "short whistle", 72: "long whistle", 73: "short guiro",
    74: "long guiro", 75: "claves", 76: "high wood block", 77: "low wood block", 78: "mute cuica",
    79: "open cuica", 80: "mute triangle", 81: "open triangle", 82: "shaker", 83: "jingle bell",
    84: "bell tree", 85: "castanets", 86: "mute surdo", 87: "open surdo",
}  # fmt: skip

# One class for each pitch, in the order of the 2018 map.
FULL = DrumMap(
    tuple(GENERAL_MIDI[pitch] for pitches in REDUCED_2018.pitches for pitch in pitches),
    tuple((pitch,) for pitches in REDUCED_2018.pitches for pitch in pitches),
)

DRUM_MAPS = {"reduced": REDUCED, "reduced-2018": REDUCED_2018, "roland": ROLAND, "full": FULL}


def require_nine_classes(drum_map: str, *, error: type[LatentPaletteError] = MusicError) -> None:
    """Raise `error` if no drum map with the nine classes of `DRUM_NAMES` has this name; the message lists those."""
    if len(DRUM_MAPS.get(drum_map, ())) != len(DRUM_NAMES):
        nine = ", ".join(name for name, classes in DRUM_MAPS.items() if len(classes) == len(DRUM_NAMES))
        raise error(f"No drum map of nine classes is called {drum_map!r}; there are {nine}.")


def drum_name(pitch: int) -> str:
    """Return the General MIDI name of a drum pitch, e.g. ``drum_name(36) == "kick"``."""
    return GENERAL_MIDI.get(pitch, f"drum {pitch}")
