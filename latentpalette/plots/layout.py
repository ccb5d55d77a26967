"""Vertical layout of a piano roll: a lane for each drum, a row for each pitch.

Piano rolls with the same layout compare at a glance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from latentpalette.errors import LatentPaletteError, MusicError
from latentpalette.music.drums import REDUCED, drum_name
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.validation import check_integer, check_list, short_repr

_PITCH_CLASSES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_WHITE_KEYS = {0, 2, 4, 5, 7, 9, 11}
_OCTAVE = 12


def pitch_name(pitch: int) -> str:
    """Return the name of a pitch; 60 is C4, as in scientific pitch notation.

    Examples
    --------
    >>> pitch_name(60), pitch_name(66)
    ('C4', 'F♯4')
    """
    return f"{_PITCH_CLASSES[pitch % _OCTAVE]}{pitch // _OCTAVE - 1}"


def lane_name(pitch: int) -> str:
    """Return the name of a drum's lane: its class in the reduced drum map, or else its own name."""
    drum = REDUCED.class_of(pitch)
    return drum_name(pitch) if drum is None else REDUCED.names[drum]


@dataclass(frozen=True)
class PianorollLayout:
    """The rows of a piano roll, counted from the lowest, 0.

    Parameters
    ----------
    lanes : tuple of str
        One for each drum, from the lowest up.
    pitches : range
        One row for each, a row's distance above the lanes.
    """

    lanes: tuple[str, ...]
    pitches: range

    @property
    def lane_height(self) -> int:
        """Rows of a lane: two below a wide range of pitches, so that a lane has room for its name."""
        return 2 if len(self.pitches) > _OCTAVE else 1

    @property
    def first_pitch_row(self) -> int:
        """The row of the lowest pitch."""
        return self.lane_height * len(self.lanes) + bool(self.lanes)

    @property
    def row_count(self) -> int:
        """The number of rows."""
        return self.first_pitch_row + len(self.pitches) - bool(self.lanes and not self.pitches)

    def row_span(self, note: Note) -> tuple[float, float] | None:
        """Return the lower and upper end of a note's row; None if it lies outside. Row 0 is centered on 0."""
        if not note.is_drum:
            if note.pitch not in self.pitches:
                return None
            row = self.first_pitch_row + self.pitches.index(note.pitch)
            return row - 0.5, row + 0.5
        name = lane_name(note.pitch)
        if name not in self.lanes:
            return None
        bottom = self.lane_height * self.lanes.index(name) - 0.5
        return bottom, bottom + self.lane_height

    @property
    def row_labels(self) -> dict[float, str]:
        """Labels beside the rows: every drum; of the pitches the white keys, or only the Cs of a wide range."""
        labeled = {0} if len(self.pitches) > 2 * _OCTAVE else _WHITE_KEYS
        height = self.lane_height
        drums = {height * lane + (height - 1) / 2: name for lane, name in enumerate(self.lanes)}
        return drums | {
            float(self.first_pitch_row + row): pitch_name(pitch)
            for row, pitch in enumerate(self.pitches)
            if pitch % _OCTAVE in labeled
        }

    @property
    def divider_rows(self) -> list[float]:
        """Positions of horizontal lines: between lanes, and below each C."""
        drums = [self.lane_height * lane - 0.5 for lane in range(len(self.lanes) + 1)] if self.lanes else []
        octaves = [self.first_pitch_row + row - 0.5 for row, pitch in enumerate(self.pitches) if pitch % _OCTAVE == 0]
        return drums + octaves

    @property
    def black_key_rows(self) -> list[int]:
        """The rows of the black keys."""
        return [
            self.first_pitch_row + row for row, pitch in enumerate(self.pitches) if pitch % _OCTAVE not in _WHITE_KEYS
        ]


def fit_layout(sequences: Iterable[NoteSequence], *, pitch_range: tuple[int, int] | None = None) -> PianorollLayout:
    """Return a layout that has room for all of these sequences.

    Parameters
    ----------
    sequences : list of NoteSequence
    pitch_range : (lowest, highest), optional
        The pitches to show. Default: those that occur, and at least an octave. Drums have all nine lanes of the
        reduced drum map, and one more for each drum that it has no class for.

    Raises
    ------
    MusicError
        If the range is not within 0 to 127, or upside down.

    Examples
    --------
    >>> fit_layout([NoteSequence.from_steps({"kick": [0]})]).lanes[:3]
    ('kick', 'snare', 'closed hat')
    """
    notes = [note for sequence in sequences for note in sequence.notes]
    pitches = [note.pitch for note in notes if not note.is_drum]
    drums = {note.pitch for note in notes if note.is_drum}
    lanes: tuple[str, ...] = ()
    if drums or not pitches:
        unmapped = sorted(pitch for pitch in drums if REDUCED.class_of(pitch) is None)
        lanes = REDUCED.names + tuple(drum_name(pitch) for pitch in unmapped)
    return PianorollLayout(lanes, _resolve_pitch_range(pitches, pitch_range))


def _resolve_pitch_range(pitches: Sequence[int], pitch_range: tuple[int, int] | None) -> range:
    if pitch_range is not None:
        try:
            low, high = (check_integer(pitch, "pitch", 0, 127) for pitch in check_list(pitch_range, "pitch_range", 2))
        except LatentPaletteError:
            low, high = 1, 0
        if low > high:
            raise MusicError(
                f"A pitch range is two pitches from 0 to 127, the lowest first; got {short_repr(pitch_range)}."
            )
        return range(low, high + 1) if pitches else range(0)
    if not pitches:
        return range(0)
    low, high = min(pitches), max(pitches)
    missing = max(0, _OCTAVE - 1 - (high - low))
    low = max(0, low - missing // 2)
    return range(low, min(127, max(high, low + _OCTAVE - 1)) + 1)
