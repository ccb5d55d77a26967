"""What the height in a piano roll means: a lane for each drum, a row for each pitch.

Several rolls that are drawn on the same rows compare at a glance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from latentpalette.errors import MusicError
from latentpalette.music.drums import REDUCED, drum_name
from latentpalette.music.sequence import Note, NoteSequence

_SHARPS = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_NATURAL = {0, 2, 4, 5, 7, 9, 11}
_OCTAVE = 12


def note_name(pitch: int) -> str:
    """What a pitch is called; 60 is C4, as in scientific pitch notation.

    Examples
    --------
    >>> note_name(60), note_name(66)
    ('C4', 'F♯4')
    """
    return f"{_SHARPS[pitch % _OCTAVE]}{pitch // _OCTAVE - 1}"


def lane_name(pitch: int) -> str:
    """What a drum is called on its lane: its class where the map of nine has one, its own name otherwise."""
    drum = REDUCED.class_of(pitch)
    return drum_name(pitch) if drum is None else REDUCED.names[drum]


@dataclass(frozen=True)
class Rows:
    """The rows of a piano roll, counted from the lowest, 0.

    Parameters
    ----------
    lanes : tuple of str
        One for each drum, from the lowest up.
    pitches : range
        One row for each, above the lanes and a row's distance from them.
    """

    lanes: tuple[str, ...]
    pitches: range

    @property
    def lane_height(self) -> int:
        """How many rows a lane takes: two under a wide range of pitches, so that drums stay as large as names."""
        return 2 if len(self.pitches) > _OCTAVE else 1

    @property
    def floor(self) -> int:
        """The row of the lowest pitch."""
        return self.lane_height * len(self.lanes) + bool(self.lanes)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self.floor + len(self.pitches) - bool(self.lanes and not self.pitches)

    def span(self, note: Note) -> tuple[float, float] | None:
        """The lower and upper end of a note's row; None if it lies outside. Row 0 is centred on 0."""
        if not note.is_drum:
            if note.pitch not in self.pitches:
                return None
            row = self.floor + self.pitches.index(note.pitch)
            return row - 0.5, row + 0.5
        name = lane_name(note.pitch)
        if name not in self.lanes:
            return None
        low = self.lane_height * self.lanes.index(name) - 0.5
        return low, low + self.lane_height

    @property
    def labels(self) -> dict[float, str]:
        """What to write beside the rows: every drum; of the pitches the naturals, or the Cs where they are many."""
        named = {0} if len(self.pitches) > 2 * _OCTAVE else _NATURAL
        high = self.lane_height
        drums = {high * lane + (high - 1) / 2: name for lane, name in enumerate(self.lanes)}
        return drums | {
            float(self.floor + row): note_name(pitch)
            for row, pitch in enumerate(self.pitches)
            if pitch % _OCTAVE in named
        }

    @property
    def edges(self) -> list[float]:
        """Where to draw a hairline: between lanes, and under each C."""
        drums = [self.lane_height * lane - 0.5 for lane in range(len(self.lanes) + 1)] if self.lanes else []
        octaves = [self.floor + row - 0.5 for row, pitch in enumerate(self.pitches) if pitch % _OCTAVE == 0]
        return drums + octaves

    @property
    def sharps(self) -> list[int]:
        """The rows of the black keys."""
        return [self.floor + row for row, pitch in enumerate(self.pitches) if pitch % _OCTAVE not in _NATURAL]


def rows(sequences: Iterable[NoteSequence], *, pitch_range: tuple[int, int] | None = None) -> Rows:
    """The rows that all of these sequences fit on.

    Parameters
    ----------
    sequences : list of NoteSequence
    pitch_range : (lowest, highest), optional
        The pitches to show; without it those that are played, and at least an octave. Drums have all nine lanes of
        the usual map, and one more for each drum that it has no class for.

    Raises
    ------
    MusicError
        If the range is not within 0 to 127, or upside down.

    Examples
    --------
    >>> rows([NoteSequence.from_steps({"kick": [0]})]).lanes[:3]
    ('kick', 'snare', 'closed hat')
    """
    notes = [note for sequence in sequences for note in sequence.notes]
    melodic = [note.pitch for note in notes if not note.is_drum]
    drums = {note.pitch for note in notes if note.is_drum}
    lanes: tuple[str, ...] = ()
    if drums or not melodic:
        others = sorted(pitch for pitch in drums if REDUCED.class_of(pitch) is None)
        lanes = REDUCED.names + tuple(drum_name(pitch) for pitch in others)
    return Rows(lanes, _pitches(melodic, pitch_range))


def _pitches(played: Sequence[int], wanted: tuple[int, int] | None) -> range:
    if wanted is not None:
        low, high = wanted
        if not 0 <= low <= high <= 127:
            raise MusicError(f"A pitch range is two pitches from 0 to 127, the lowest first; got {wanted!r}.")
        return range(low, high + 1) if played else range(0)
    if not played:
        return range(0)
    low, high = min(played), max(played)
    missing = max(0, _OCTAVE - 1 - (high - low))
    low = max(0, low - missing // 2)
    return range(low, min(127, max(high, low + _OCTAVE - 1)) + 1)
