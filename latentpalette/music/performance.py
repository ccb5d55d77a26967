"""Performance encoding: notes as a stream of note-on, note-off, time-shift and velocity events.

Source: note-seq's `Performance` and the encoding of Oore et al. (2018), with which Magenta's multi-instrument models
write each track of a bar.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

NOTE_ON, NOTE_OFF, TIME_SHIFT, VELOCITY = "note on", "note off", "time shift", "velocity"


class PerformanceEvent(NamedTuple):
    """One event: its kind, and a pitch, a number of steps or the velocity bin of the notes that follow."""

    kind: str
    value: int


class TimedNote(NamedTuple):
    """A note of a track: its exact onset (which only orders the notes), and its first and last step."""

    onset: float
    pitch: int
    velocity: int
    step: int
    end_step: int


def velocity_to_bin(velocity: int, bins: int) -> int:
    """Return the bin of a velocity, counted from 1.

    Examples
    --------
    >>> [velocity_to_bin(velocity, 8) for velocity in (1, 16, 17, 127)]
    [1, 1, 2, 8]
    """
    return (velocity - 1) // -(-127 // bins) + 1


def bin_to_velocity(bin_: int, bins: int) -> int:
    """Return the lowest velocity of a bin, as note-seq decodes it."""
    return 1 + (bin_ - 1) * -(-127 // bins)


def encode_events(notes: Iterable[TimedNote], *, steps: int, max_shift_steps: int, bins: int) -> list[PerformanceEvent]:
    """Encode a track as events, with time shifts up to its end.

    Parameters
    ----------
    notes : iterable of TimedNote
    steps : int
        Length of the track.
    max_shift_steps : int
        Longer time shifts are split.
    bins : int
        Number of velocity bins.

    Examples
    --------
    >>> notes = [TimedNote(0.0, pitch=60, velocity=80, step=0, end_step=24)]
    >>> [tuple(event) for event in encode_events(notes, steps=96, max_shift_steps=96, bins=8)]
    [('velocity', 5), ('note on', 60), ('time shift', 24), ('note off', 60), ('time shift', 72)]
    """
    # A note that rounds to the end of the track belongs to what comes next.
    ordered = sorted((note for note in notes if note.step < steps), key=lambda note: (note.onset, note.pitch))
    changes = [(note.step, index, False) for index, note in enumerate(ordered)]
    changes += [(note.end_step, index, True) for index, note in enumerate(ordered)]
    events: list[PerformanceEvent] = []
    current_step, current_bin = 0, 0
    for step, index, is_end in sorted(changes):
        events += _time_shifts(step - current_step, max_shift_steps)
        current_step = max(current_step, step)
        note = ordered[index]
        velocity_bin = velocity_to_bin(note.velocity, bins)
        if not is_end and velocity_bin != current_bin:
            current_bin = velocity_bin
            events.append(PerformanceEvent(VELOCITY, velocity_bin))
        events.append(PerformanceEvent(NOTE_OFF if is_end else NOTE_ON, note.pitch))
    return events + _time_shifts(steps - current_step, max_shift_steps)


def _time_shifts(steps: int, max_shift_steps: int) -> list[PerformanceEvent]:
    if steps <= 0:
        return []
    full_shifts, remainder = divmod(steps, max_shift_steps)
    shifts = [PerformanceEvent(TIME_SHIFT, max_shift_steps)] * full_shifts
    return shifts + ([PerformanceEvent(TIME_SHIFT, remainder)] if remainder else [])
