"""One file of a corpus, opened: which of its parts count, and where its bars begin."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from latentpalette.converters.base import Converter
from latentpalette.converters.melody import MelodyConverter
from latentpalette.errors import TrainingError
from latentpalette.music import midi
from latentpalette.music.excerpts import Excerpt, LeftOut
from latentpalette.music.score import Score
from latentpalette.training.barlines import from_accents

MELODIES = r"\bvoice\b|\bvocals?\b|\bmelody\b|\bviolin (1|i)\b"


@dataclass(frozen=True)
class Reading:
    """What was found in one file.

    Parameters
    ----------
    windows : tuple of Excerpt
    left_out : tuple of LeftOut
    """

    windows: tuple[Excerpt, ...]
    left_out: tuple[LeftOut, ...]


def read(data: bytes, converter: Converter, *, melodies: str = MELODIES) -> Reading:
    """The windows of one file for a corpus.

    A model takes melodies from the instruments its user may play; a corpus knows better where the melody is: with
    the singer, the first violin, in the part that is called so. Where a file has such parts, they alone are read for
    melodies, whatever they are played on; in any other the converter chooses.

    Parameters
    ----------
    data : bytes
        A MIDI file.
    converter : Converter
    melodies : str
        A regular expression for the names of such parts; empty for none.

    Raises
    ------
    MidiError
        If it cannot be read.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> song = NoteSequence([Note(60 + step, step, program=52) for step in range(32)], steps=32)
    >>> sung, played = (midi.to_bytes(song, name=name) for name in ("Voice", "Choir"))
    >>> [len(read(data, MelodyConverter(programs=(0, 31))).windows) for data in (sung, played)]
    [1, 0]
    """
    score = midi.read_score(data)
    aside: list[LeftOut] = []
    chosen: Any = converter
    if isinstance(converter, MelodyConverter):
        score = from_accents(score)
        named = melody_parts(score, melodies)
        if named:
            score = only(score, named)
            chosen = dataclasses.replace(converter, programs=None)
            aside.append(LeftOut("parts beside the melody"))
    found = chosen.excerpts(score)
    return Reading(tuple(found), (*aside, *found.left_out))


def melody_parts(score: Score, names: str) -> frozenset[int]:
    """The numbers of the parts whose names match; none where nothing is to match.

    Raises
    ------
    TrainingError
        If `names` is no regular expression.
    """
    if not names:
        return frozenset()
    try:
        pattern = re.compile(names, re.IGNORECASE)
    except re.error as problem:
        raise TrainingError(f"The names of melodies: {names!r} is no regular expression ({problem}).") from problem
    return frozenset(number for number, name in enumerate(score.instruments) if pattern.search(name))


def only(score: Score, parts: frozenset[int]) -> Score:
    """A score with these parts alone; numbers and names stay as they are."""
    kept = np.isin(score.part, list(parts))
    columns = ("pitch", "velocity", "program", "part", "is_drum", "start", "end", "start_seconds", "end_seconds")
    changes: dict[str, Any] = {name: getattr(score, name)[kept] for name in columns}
    return dataclasses.replace(score, **changes, pedal=tuple(each for each in score.pedal if each[0] in parts))
