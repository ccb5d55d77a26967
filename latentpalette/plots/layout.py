"""Layout of piano rolls: a lane for each drum, a row for each pitch; as high as the notes need.

Piano rolls with the same layout compare at a glance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from latentpalette.errors import LatentPaletteError, MusicError
from latentpalette.music.drums import REDUCED, drum_name
from latentpalette.music.scales import OCTAVE, PITCH_CLASSES
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.validation import check_integer, check_list, short_repr

_WHITE_KEYS = {0, 2, 4, 5, 7, 9, 11}

# Heights [pixels], for one roll and for several on a screen: a lane; all pitches, and the least and the most for one.
_LANE_PIXELS, _SMALL_LANE_PIXELS = 15, 12
_PITCHES, _SMALL_PITCHES = (200, 4.0, 9.0), (116, 2.5, 7.0)
_LABELED = ((_WHITE_KEYS, 11.0), ({0, 4, 7}, 4.0))  # pitch classes with labels, and the height of a row from which on

_LABEL_WIDTH, _STEP_WIDTH = 60, 6  # [pixels] of the labels beside the rows, and of a step at its best
_MIN_WIDTH, _MAX_WIDTH = 230, 560  # [pixels] of what a roll needs


def pitch_name(pitch: int) -> str:
    """Return the name of a pitch; 60 is C4, as in scientific pitch notation.

    Examples
    --------
    >>> pitch_name(60), pitch_name(66)
    ('C4', 'F♯4')
    """
    return f"{PITCH_CLASSES[pitch % OCTAVE]}{pitch // OCTAVE - 1}"


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
        One row for each, above the lanes.
    row_height : float [pixels]
        Of a pitch; of a lane where there are only lanes.
    lane_height : float [rows]
    """

    lanes: tuple[str, ...]
    pitches: range
    row_height: float = _LANE_PIXELS
    lane_height: float = 1

    @property
    def first_pitch_row(self) -> float:
        """The row of the lowest pitch."""
        return self.lane_height * len(self.lanes) + (self.lane_height / 2 if self.lanes and self.pitches else 0)

    @property
    def row_count(self) -> float:
        """The number of rows, with the gap between lanes and pitches."""
        return self.first_pitch_row + len(self.pitches)

    @property
    def height(self) -> int:
        """Height of all rows [pixels]."""
        return round(self.row_height * self.row_count)

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
        """Labels beside the rows: every drum; of the pitches as many as there is room for, the Cs always."""
        room = [classes for classes, height in _LABELED if self.row_height >= height]
        labeled = room[0] if room else {0}
        height = self.lane_height
        drums = {height * lane + (height - 1) / 2: name for lane, name in enumerate(self.lanes)}
        return drums | {
            self.first_pitch_row + row: pitch_name(pitch)
            for row, pitch in enumerate(self.pitches)
            if pitch % OCTAVE in labeled
        }

    @property
    def divider_rows(self) -> list[float]:
        """Positions of horizontal lines: between lanes, and below each C."""
        drums = [self.lane_height * lane - 0.5 for lane in range(len(self.lanes) + 1)] if self.lanes else []
        octaves = [self.first_pitch_row + row - 0.5 for row, pitch in enumerate(self.pitches) if pitch % OCTAVE == 0]
        return drums + octaves

    @property
    def black_key_rows(self) -> list[float]:
        """The rows of the black keys."""
        return [
            self.first_pitch_row + row for row, pitch in enumerate(self.pitches) if pitch % OCTAVE not in _WHITE_KEYS
        ]


def fit_layout(
    sequences: Iterable[NoteSequence],
    *,
    pitch_range: tuple[int, int] | None = None,
    small: bool = False,
    row_height: float | None = None,
) -> PianorollLayout:
    """Return a layout that has room for all of these sequences.

    Parameters
    ----------
    sequences : list of NoteSequence
    pitch_range : (lowest, highest), optional
        The pitches to show. Default: those that occur and three more, and at least an octave. Drums have all nine
        lanes of the reduced drum map, and one more for each drum that it has no class for.
    small : bool
        Rows for several rolls on a screen, not for one.
    row_height : float [pixels], optional
        By default rows get lower where there are many.

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
    occurring = [note.pitch for note in notes if not note.is_drum]
    drums = {note.pitch for note in notes if note.is_drum}
    lanes: tuple[str, ...] = ()
    if drums or not occurring:
        unmapped = sorted(pitch for pitch in drums if REDUCED.class_of(pitch) is None)
        lanes = REDUCED.names + tuple(drum_name(pitch) for pitch in unmapped)
    pitches = _resolve_pitch_range(occurring, pitch_range)
    lane = _SMALL_LANE_PIXELS if small else _LANE_PIXELS
    if not pitches:
        return PianorollLayout(lanes, pitches, row_height or lane)
    row = row_height or _fit_row_height(len(pitches), small=small)
    # In half rows, which a float holds exactly: rows and their labels meet.
    return PianorollLayout(lanes, pitches, row, max(1.0, round(2 * lane / row) / 2))


def _fit_row_height(count: int, *, small: bool) -> float:
    """Return the height of a pitch's row [pixels], so that all of them have a moderate height."""
    total, lowest, highest = _SMALL_PITCHES if small else _PITCHES
    return max(lowest, min(highest, total / count))


def roll_width(steps: int) -> int:
    """Return the width that a roll of so many steps needs at least [pixels].

    Examples
    --------
    >>> roll_width(32), roll_width(64), roll_width(256)
    (252, 444, 560)
    """
    return max(_MIN_WIDTH, min(_MAX_WIDTH, _LABEL_WIDTH + _STEP_WIDTH * steps))


def column_count(rolls: int, steps: int, width: float) -> int:
    """Return how many rolls of so many steps stand side by side, no row much shorter than the others.

    Examples
    --------
    >>> column_count(5, 32, 920), column_count(4, 32, 920), column_count(3, 256, 920)
    (3, 2, 1)
    """
    most = max(1, min(rolls, int(width // roll_width(steps))))
    return -(-rolls // -(-rolls // most))


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
    low, high = max(0, min(pitches) - 1), min(127, max(pitches) + 2)
    missing = max(0, OCTAVE - 1 - (high - low))
    low = max(0, low - missing // 2)
    return range(low, min(127, max(high, low + OCTAVE - 1)) + 1)
