"""Clocks of MIDI files that count film frames (SMPTE) instead of quarter notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from latentpalette.errors import MidiError
from latentpalette.music.midi_file import SET_TEMPO, MetaEvent, Track
from latentpalette.music.skipped import Skipped

_HALF_SECOND = 500_000  # [microseconds] a quarter note at a tempo of 120
_MICROSECONDS_PER_MINUTE = 60_000_000
# The frame rates that there are, by their code; 29 stands for 30 frames in 1.001 seconds, those of NTSC television.
_SECOND_BY_CODE = {24: 1.0, 25: 1.0, 29: 1.001, 30: 1.0}


class FilmClock(NamedTuple):
    """A clock whose ticks are fractions of film frames, so that their duration is the same in the whole file.

    A quarter note is defined as half a second, or 0.5005 seconds where frames are those of NTSC television, since that
    is a whole number of ticks.

    Parameters
    ----------
    frames : int
        The code of the frame rate: 24, 25, 29 (29.97) or 30 frames a second.
    ticks_per_frame : int

    Examples
    --------
    >>> FilmClock(25, 40).ticks_per_quarter, FilmClock(29, 80).microseconds_per_quarter
    (1000, 500500)
    """

    frames: int
    ticks_per_frame: int

    @property
    def ticks_per_quarter(self) -> int:
        """The resolution of the tracks that `convert` returns."""
        return (30 if self.frames == 29 else self.frames) * self.ticks_per_frame

    @property
    def microseconds_per_quarter(self) -> int:
        """The duration of a quarter note."""
        return round(_HALF_SECOND * _SECOND_BY_CODE[self.frames])

    def convert(self, tracks: Sequence[Track], skipped: Sequence[Skipped] = ()) -> tuple[list[Track], list[Skipped]]:
        """Return tracks, without their tempos, and what was skipped of them, both counted in quarter notes.

        Examples
        --------
        >>> [track], [skipped] = FilmClock(25, 40).convert([Track([(500, 0x90, 60, 80)], [])])
        >>> track.events, skipped.example
        ([(1000, 144, 60, 80)], 'read at 120 quarter notes a minute')
        """
        # Each tick becomes two: half a second may be an odd number of them.
        converted = [
            Track(
                [(2 * tick, status, first, second) for tick, status, first, second in track.events],
                [event._replace(tick=2 * event.tick) for event in track.meta_events if event.type != SET_TEMPO],
            )
            for track in tracks
        ]
        tempo = self.microseconds_per_quarter.to_bytes(3, "big")
        converted[0].meta_events.insert(0, MetaEvent(0, SET_TEMPO, tempo, 0, 0))
        qpm = _MICROSECONDS_PER_MINUTE / self.microseconds_per_quarter
        kind = "the clock counts film frames, and tempos have no effect"
        return converted, [
            *(part if part.tick is None else part._replace(tick=2 * part.tick) for part in skipped),
            Skipped(kind, f"read at {qpm:.5g} quarter notes a minute"),
        ]


def read_film_clock(division: int, name: str) -> FilmClock | None:
    """Read the clock of a file from the last number of its header; None if it counts quarter notes.

    Raises
    ------
    MidiError
        If there is no such clock.

    Examples
    --------
    >>> read_film_clock(0xE728, "film.mid"), read_film_clock(480, "song.mid")
    (FilmClock(frames=25, ticks_per_frame=40), None)
    """
    if division < 0x8000:
        return None
    frames, ticks_per_frame = 256 - (division >> 8), division & 0xFF
    if frames not in _SECOND_BY_CODE:
        raise MidiError(
            f"{name}: its clock counts {frames} film frames a second; there are 24, 25, 29.97 and 30. It may be "
            "damaged; export it again, with musical time."
        )
    if not ticks_per_frame:
        raise MidiError(
            f"{name}: its clock has no ticks in a film frame. It may be damaged; export it again, with musical time."
        )
    return FilmClock(frames, ticks_per_frame)
