"""Streams: the parallel outputs of a model, each played by an instrument."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from latentpalette.errors import MusicError
from latentpalette.music.drums import DrumMap
from latentpalette.music.instruments import drum_kit_name, instrument_name

MAX_PITCH = 127


class StreamJson(TypedDict):
    """A stream as the browser reads it."""

    name: str
    is_drum: bool
    program: int
    instrument: str
    low: int
    high: int


@dataclass(frozen=True)
class Stream:
    """One of the parallel outputs of a model: drums, a melody, a bass.

    Parameters
    ----------
    name : str
        ``"drums"``, ``"melody"``, ``"bass"`` ...
    is_drum : bool
    program : int [0 to 127]
        General MIDI program, counted from 0; for drums that of the kit.
    low, high : int [0 to 127]
        The lowest and the highest pitch that can occur.
    drum_map : DrumMap, optional
        For drums: the classes, each played with its first pitch.
    usual_high : int, optional
        The highest pitch that music usually has, where `high` can occur but hardly ever does: a kit records no higher.

    Raises
    ------
    MusicError
        If a number is out of range, or drums have no map.

    Examples
    --------
    >>> Stream("bass", program=33, low=21, high=60).instrument
    'Electric Bass (finger)'
    """

    name: str
    is_drum: bool = False
    program: int = 0
    low: int = 0
    high: int = MAX_PITCH
    drum_map: DrumMap | None = None
    usual_high: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.program <= 127:
            raise MusicError(f"A General MIDI program is 0 to 127; the stream {self.name!r} has {self.program}.")
        if not 0 <= self.low <= self.high <= MAX_PITCH:
            raise MusicError(
                f"Pitches are 0 to {MAX_PITCH}, the lowest first; "
                f"the stream {self.name!r} has {self.low} to {self.high}."
            )
        if self.is_drum and self.drum_map is None:
            raise MusicError(f"The stream {self.name!r} is of drums and needs a drum map: Stream.drums(drum_map).")

    @classmethod
    def drums(cls, drum_map: DrumMap, *, name: str = "drums", program: int = 0) -> Stream:
        """Return the stream of a drum map, whose pitches are those that its classes are played with.

        Examples
        --------
        >>> from latentpalette.music.drums import REDUCED
        >>> stream = Stream.drums(REDUCED)
        >>> stream.low, stream.high, stream.instrument
        (36, 51, 'Standard Kit')
        """
        pitches = drum_map.exemplars
        return cls(name, True, program, min(pitches), max(pitches), drum_map)

    @property
    def recorded_high(self) -> int:
        """The highest pitch that a kit records."""
        return self.high if self.usual_high is None else min(self.high, max(self.low, self.usual_high))

    @property
    def instrument(self) -> str:
        """The General MIDI name of the instrument."""
        return drum_kit_name(self.program) if self.is_drum else instrument_name(self.program)

    def to_json(self) -> StreamJson:
        """Return the fields that the browser reads."""
        return StreamJson(
            name=self.name,
            is_drum=self.is_drum,
            program=self.program,
            instrument=self.instrument,
            low=self.low,
            high=self.high,
        )
