"""A performance as a stream of events: strike, let go, wait, and how hard.

Source: note-seq's `Performance` and the encoding of Oore et al. (2018), with which Magenta's multi-instrument models
write each track of a bar.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

STRIKE, LET_GO, WAIT, VELOCITY = "strike", "let go", "wait", "velocity"


class Event(NamedTuple):
    """One event: a pitch struck or let go, a number of steps to wait, or the velocity bin of what is struck next."""

    kind: str
    value: int


class Played(NamedTuple):
    """A note for a stream: when it was really struck (for order alone), and its steps."""

    at: float
    pitch: int
    velocity: int
    step: int
    until: int


def bin_of(velocity: int, bins: int) -> int:
    """The velocity bin, from 1.

    Examples
    --------
    >>> bin_of(1, 8), bin_of(16, 8), bin_of(17, 8), bin_of(127, 8)
    (1, 1, 2, 8)
    """
    return (velocity - 1) // -(-127 // bins) + 1


def velocity_of(bin_: int, bins: int) -> int:
    """The lowest velocity of a bin, as note-seq decodes it."""
    return 1 + (bin_ - 1) * -(-127 // bins)


def events(notes: Iterable[Played], *, steps: int, longest_wait: int, bins: int) -> list[Event]:
    """The stream of a track, waits at the end included.

    Parameters
    ----------
    notes : iterable of Played
    steps : int
        Length of the track.
    longest_wait : int
        Longer waits are split.
    bins : int
        Velocity bins.

    Examples
    --------
    >>> [tuple(event) for event in events([Played(0.0, 60, 80, 0, 24)], steps=96, longest_wait=96, bins=8)]
    [('velocity', 5), ('strike', 60), ('wait', 24), ('let go', 60), ('wait', 72)]
    """
    # A note so near the end that it rounds to it belongs to what comes next.
    ordered = sorted((note for note in notes if note.step < steps), key=lambda note: (note.at, note.pitch))
    moments = [(note.step, index, False) for index, note in enumerate(ordered)]
    moments += [(note.until, index, True) for index, note in enumerate(ordered)]
    stream: list[Event] = []
    now, loudness = 0, 0
    for step, index, ends in sorted(moments):
        stream += _waits(step - now, longest_wait)
        now = max(now, step)
        note = ordered[index]
        if not ends and bin_of(note.velocity, bins) != loudness:
            loudness = bin_of(note.velocity, bins)
            stream.append(Event(VELOCITY, loudness))
        stream.append(Event(LET_GO if ends else STRIKE, note.pitch))
    return stream + _waits(steps - now, longest_wait)


def _waits(steps: int, longest: int) -> list[Event]:
    if steps <= 0:
        return []
    whole, rest = divmod(steps, longest)
    return [Event(WAIT, longest)] * whole + ([Event(WAIT, rest)] if rest else [])
