"""Cross-fade of two pieces of music: the notes of both at once, which is what a blend in latent space is not."""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Iterable

from latentpalette.errors import MusicError
from latentpalette.music.sequence import Note, NoteSequence, as_sequence
from latentpalette.validation import check_number

Place = tuple[int, int, bool, int]  # step, pitch, is_drum, program


def crossfade(
    a: NoteSequence | str | os.PathLike[str] | bytes, b: NoteSequence | str | os.PathLike[str] | bytes, t: float
) -> NoteSequence:
    """Return the notes of `a`, softer the larger `t` is, together with those of `b`, louder the larger it is.

    Parameters
    ----------
    a, b : NoteSequence, name of a preset, MIDI file
    t : float [0 to 1]
        0 gives `a`, 1 gives `b`.

    Returns
    -------
    NoteSequence
        At the tempo of `a`, and as long as the longer of both. The velocities of `a` are times ``1 - t``, those of `b`
        times `t`, rounded; a note without velocity is left out. A note that both have (of one step, pitch and
        instrument) is one: its velocity, length and timing lie between the two.

    Raises
    ------
    MusicError
        If `a` or `b` is no music, or `t` is no number from 0 to 1.

    Notes
    -----
    The notes are mixed here, not what they mean: halfway one hears two pieces, where a model makes a third. For the
    same comparison the MusicVAE paper (Roberts et al. 2018, section 5.2) draws each step from one of the two at random,
    with probability `t` from `b`; `latentpalette.evaluation.evaluate_interpolation` measures that. To a listener such
    draws are notes that break off, other ones at each draw. A cross-fade is the same each time, and changes evenly.

    Examples
    --------
    >>> a = NoteSequence.from_steps({"kick": [0, 8]}, steps=16, velocity=100)
    >>> b = NoteSequence.from_steps({"kick": [0], "snare": [4]}, steps=16, velocity=60)
    >>> [(note.step, note.pitch, note.velocity) for note in crossfade(a, b, 0.25).notes]
    [(0, 36, 90), (4, 38, 15), (8, 36, 75)]
    """
    a, b = as_sequence(a, "The first piece"), as_sequence(b, "The second piece")
    t = check_number(t, "t, the place between the two pieces,", 0, 1, error=MusicError)
    pairs = _pairs(a.notes, b.notes)
    notes = (_mixed(one, other, t) if one and other else _faded(one, 1 - t) or _faded(other, t) for one, other in pairs)
    return NoteSequence([note for note in notes if note is not None], max(a.steps, b.steps), a.qpm)


def _pairs(a: Iterable[Note], b: Iterable[Note]) -> list[tuple[Note | None, Note | None]]:
    """Return the notes of both, those of one step, pitch and instrument together."""
    waiting: dict[Place, list[Note]] = {}
    for note in b:
        waiting.setdefault(_place(note), []).append(note)
    pairs: list[tuple[Note | None, Note | None]] = [
        (note, others.pop(0) if (others := waiting.get(_place(note))) else None) for note in a
    ]
    return pairs + [(None, note) for others in waiting.values() for note in others]


def _place(note: Note) -> Place:
    return note.step, note.pitch, note.is_drum, note.program


def _faded(note: Note | None, weight: float) -> Note | None:
    velocity = _rounded(weight * note.velocity) if note else 0
    return dataclasses.replace(note, velocity=velocity) if note and velocity else None


def _mixed(one: Note, other: Note, t: float) -> Note:
    return dataclasses.replace(
        one,
        velocity=_rounded((1 - t) * one.velocity + t * other.velocity),
        length=_rounded((1 - t) * one.length + t * other.length),
        offset=(1 - t) * one.offset + t * other.offset,
    )


def _rounded(value: float) -> int:
    """Round, halves up, as browsers do."""
    return math.floor(value + 0.5)
