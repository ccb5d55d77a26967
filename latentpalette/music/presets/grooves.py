"""The drum presets as a drummer plays them: accents, swing, and drums that are early or late; four bars with a fill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from latentpalette.music.accents import ACCENTS
from latentpalette.music.drums import DRUM_NAMES, REDUCED
from latentpalette.music.presets.arrangement import with_fill
from latentpalette.music.presets.drum_loops import DRUM_LOOPS, read_loop
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence, concatenate

GRID = 64  # timing is in fractions of a step that are exact in every representation


class Feel(NamedTuple):
    """The dynamics and timing of a loop.

    Parameters
    ----------
    swing : int [64ths of a step]
        How late every second sixteenth is.
    late : mapping of str to int [64ths of a step]
        How late a drum is, whatever its step; early is negative.
    accent : float
        How far velocities are from their mean: 1 is as `latentpalette.music.accents` has them.
    """

    swing: int = 0
    late: Mapping[str, int] = MappingProxyType({})
    accent: float = 1.0


FEELS = MappingProxyType(
    {
        "Four on the floor": Feel(late={"snare": 1, "open hat": -2}, accent=0.8),
        "Boom bap": Feel(swing=16, late={"snare": 6, "kick": 2}, accent=1.1),
        "Rock steady": Feel(late={"snare": 3, "closed hat": -1, "kick": -1}),
        "Half-time": Feel(swing=6, late={"snare": 5, "closed hat": 1}, accent=1.2),
        "Funk sixteenths": Feel(swing=5, late={"snare": 2, "closed hat": -2}, accent=1.2),
        "Breakbeat": Feel(swing=8, late={"kick": -2, "snare": -1}, accent=1.1),
        "Bossa": Feel(swing=3, late={"snare": 2}, accent=0.7),
        "Samba": Feel(swing=-4, late={"snare": -3, "ride": -1}, accent=1.1),
        "Ride and roll": Feel(swing=4, late={"ride": -2, "snare": 4}),
        "Trap": Feel(late={"closed hat": 1, "snare": 2}, accent=1.3),
    }
)

_MEAN_VELOCITY = 84


def groove(name: str) -> NoteSequence:
    """Return four bars of a drum preset as a drummer plays it, with a fill at the end.

    Parameters
    ----------
    name : str
        Of a drum preset.

    Examples
    --------
    >>> loop = groove("Boom bap")
    >>> loop.steps, len({note.velocity for note in loop.notes}) > 5
    (64, True)
    """
    loop = read_loop(DRUM_LOOPS[name])
    return play(with_fill(concatenate([loop, loop])), FEELS[name])


def play(drums: NoteSequence, feel: Feel) -> NoteSequence:
    """Return drums with the velocities and the timing of a feel."""
    return drums.replace(notes=[_play_note(note, feel) for note in drums.notes])


def _play_note(note: Note, feel: Feel) -> Note:
    drum = REDUCED.classes[note.pitch]
    accent = ACCENTS[drum][note.step % STEPS_PER_BAR]
    velocity = round(_MEAN_VELOCITY + feel.accent * (accent - _MEAN_VELOCITY))
    late = feel.late.get(DRUM_NAMES[drum], 0) + (feel.swing if note.step % 2 else 0)
    offset = max(late, 0) if note.step == 0 else late  # nothing plays before the loop begins
    return replace(note, velocity=min(max(velocity, 1), 127), offset=offset / GRID)
