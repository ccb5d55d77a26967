"""One file of a corpus, opened: which of its parts count, where its bars begin, and the windows in it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from latentpalette.converters.base import Converter
from latentpalette.converters.groove import GrooveConverter
from latentpalette.converters.melody import MelodyConverter
from latentpalette.converters.trio import TrioConverter
from latentpalette.data.abc_barlines import from_accents
from latentpalette.data.options import Hints
from latentpalette.data.synthetic_trios import constructed
from latentpalette.music import midi_fast
from latentpalette.music.score import Score
from latentpalette.music.sequence import STEPS_PER_BAR, concatenate
from latentpalette.windows.common import Excerpt, LeftOut

Found = tuple[list[Excerpt], list[LeftOut]]


@dataclass(frozen=True)
class Reading:
    """What was found in one file.

    Parameters
    ----------
    windows : tuple of Excerpt
    left_out : tuple of LeftOut
    converter : Converter
        The one that understands these windows: as asked for, but with the drum map of the file.
    constructed : bool
        Whether they are trios without drums of their own.
    """

    windows: tuple[Excerpt, ...]
    left_out: tuple[LeftOut, ...]
    converter: Any
    constructed: bool = False


def read(data: bytes, converter: Converter, hints: Hints | None = None) -> Reading:
    """The windows of one file for a corpus.

    A model takes melodies from the instruments its user may play; a corpus knows better where the melody is: with
    the singer, the first violin, in the part that is called so. Where a file has such parts, they alone are read for
    melodies, whatever they are played on; in any other the converter chooses. Grooves overlap: a window begins at
    every bar.

    Parameters
    ----------
    data : bytes
        A MIDI file.
    converter : Converter
    hints : Hints, optional

    Raises
    ------
    MidiError
        If it cannot be read.

    Examples
    --------
    >>> from latentpalette.music import midi
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> song = NoteSequence([Note(60 + step, step, program=52) for step in range(32)], steps=32)
    >>> sung, played = (midi.to_bytes(song, name=name) for name in ("Voice", "Choir"))
    >>> [len(read(data, MelodyConverter(programs=(0, 31))).windows) for data in (sung, played)]
    [1, 0]
    """
    hints = hints or Hints()
    score = midi_fast.read_score(data)
    chosen: Any = converter
    if hints.kit and hasattr(chosen, "map"):
        chosen = dataclasses.replace(chosen, map=hints.kit)
    made = False
    if isinstance(chosen, TrioConverter) and hints.construct and not score.is_drum.any():
        trio = constructed(score, named(score, hints.melodies), named(score, hints.basses))
        score, made = trio or score, trio is not None
    find = _FINDERS.get(type(chosen), _as_they_are)
    windows, left_out = find(score, chosen, hints)
    return Reading(tuple(windows), tuple(left_out), chosen, made)


def named(score: Score, names: str) -> list[int]:
    """The numbers of the parts whose names match; none where nothing is to match."""
    pattern = re.compile(names, re.IGNORECASE)
    return [number for number, name in enumerate(score.instruments) if names and pattern.search(name)]


def _as_they_are(score: Score, converter: Any, _: Hints | None = None) -> Found:
    found = converter.excerpts(score)
    return list(found), list(found.left_out)


def _melodies(score: Score, converter: MelodyConverter, hints: Hints) -> Found:
    score = from_accents(score)
    parts = named(score, hints.melodies)
    if not parts:
        return _as_they_are(score, converter)
    alone = score.only(np.isin(score.part, parts))
    windows, left_out = _as_they_are(alone, dataclasses.replace(converter, programs=None))
    return windows, [LeftOut("parts beside the melody"), *left_out]


def _grooves(score: Score, converter: GrooveConverter, _: Hints) -> Found:
    """Windows a bar apart, where the converter's own follow one another; those are among them."""
    bars, left_out = _as_they_are(score, dataclasses.replace(converter, steps=STEPS_PER_BAR))
    many = converter.steps // STEPS_PER_BAR
    windows = []
    for at in range(len(bars) - many + 1):
        window = bars[at : at + many]
        if window[-1].bar - window[0].bar == many - 1 and any(len(bar) for bar in window):
            windows.append(Excerpt(concatenate(window), bar=window[0].bar, source=window[0].source))
    if bars and not windows:
        left_out.append(LeftOut(f"do not fill a window of {many} bars", bars[0].bar, bars[-1].bar))
    return windows, left_out


_FINDERS: dict[type, Callable[[Score, Any, Hints], Found]] = {MelodyConverter: _melodies, GrooveConverter: _grooves}
