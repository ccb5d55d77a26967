"""The song of Latent Loops: its places, and the turns that they play in.

The browser does the same in static/state/song.js; tests/vectors/loops.json holds both to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from latentpalette.music.scales import fold_pitch
from latentpalette.music.sequence import NoteSequence
from latentpalette.widgets.clips import Clip, Notes, sort_notes


@dataclass(frozen=True)
class Place:
    """A place of a song.

    Parameters
    ----------
    music : NoteSequence
        Its loop, before it is repeated and transposed.
    repeats : int [1 to 16]
    transpose : int [-24 to 24, semitones]
    drums : NoteSequence, optional
        What the drums play meanwhile, again and again.
    notes : NoteSequence, optional
        All of it as it is played. The instrument sets it.
    """

    music: NoteSequence
    repeats: int = 1
    transpose: int = 0
    drums: NoteSequence | None = None
    notes: NoteSequence | None = field(default=None, repr=False)


def map_pitches(clip: Clip, stream: int, move: Any) -> Clip:
    """Return a clip with the pitches of one stream moved by a function of a pitch."""
    notes = clip.notes.copy()
    rows = notes["stream"] == stream
    notes["pitch"][rows] = [move(pitch) for pitch in notes["pitch"][rows].tolist()]
    return Clip(sort_notes(notes), clip.steps)


def turns_of(place: dict[str, Any], low: int, high: int) -> list[Clip]:
    """Return what a place of the song plays: a clip for each repetition, drums included.

    Parameters
    ----------
    place : dict
        As the trait `places` has it.
    low, high : int
        The range of the melody; what is transposed out of it comes back by octaves.
    """
    loop, by = Clip.from_json(place["clip"]), place["transpose"]
    melody = map_pitches(loop, 0, lambda pitch: fold_pitch(pitch + by, low, high)) if by else loop
    if place["drums"] is None:
        return [melody] * place["repeats"]
    drums, steps = Clip.from_json(place["drums"]["clip"]), loop.steps
    return [
        Clip(sort_notes(np.concatenate([melody.notes, _section(drums, turn * steps, steps)])), steps)
        for turn in range(place["repeats"])
    ]


def _section(loop: Clip, start: int, steps: int) -> Notes:
    """Return the notes of a loop that repeats, between two steps, counted from the first of them."""
    laps: list[Notes] = []
    for lap in range(start // loop.steps, -(-(start + steps) // loop.steps)):
        notes = loop.notes.copy()
        places = notes["step"].astype(int) + lap * loop.steps - start
        inside = (places >= 0) & (places < steps)
        notes["step"] = np.clip(places, 0, None)
        laps.append(notes[inside])
    return np.concatenate(laps)


def place_label(label: str, place: int) -> str:
    """Return the text of the marker of a place."""
    return f"{place + 1}: {label}" if label else str(place + 1)


def all_turns(places: Sequence[dict[str, Any]], low: int, high: int) -> list[tuple[int, Clip]]:
    """Return every turn of a song as the index of its place and its clip."""
    return [(index, turn) for index, place in enumerate(places) for turn in turns_of(place, low, high)]
