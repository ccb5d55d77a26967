"""One file of a corpus, opened: which of its parts count, where its bars begin, and the windows in it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from latentpalette.converters import make_window_finder
from latentpalette.converters.base import Converter
from latentpalette.converters.trio import TrioConverter
from latentpalette.data.abc_barlines import infer_barlines
from latentpalette.data.options import ExtractOptions
from latentpalette.data.synthetic_trios import make_trio
from latentpalette.music import midi_fast
from latentpalette.music.score import Score
from latentpalette.music.sequence import STEPS_PER_BAR, concatenate
from latentpalette.windows.excerpt import Excerpt, LeftOut
from latentpalette.windows.finder import WindowFinder
from latentpalette.windows.groove import GrooveWindowFinder
from latentpalette.windows.melody import MelodyWindowFinder

Found = tuple[list[Excerpt], list[LeftOut]]


@dataclass(frozen=True)
class ExtractedWindows:
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
    synthetic: bool = False


def extract_windows(data: bytes, converter: Converter, options: ExtractOptions | None = None) -> ExtractedWindows:
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
    >>> from latentpalette.converters.melody import MelodyConverter
    >>> from latentpalette.music import midi
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> song = NoteSequence([Note(60 + step, step, program=52) for step in range(32)], steps=32)
    >>> sung, played = (midi.to_bytes(song, name=name) for name in ("Voice", "Choir"))
    >>> [len(extract_windows(data, MelodyConverter(programs=(0, 31))).windows) for data in (sung, played)]
    [1, 0]
    """
    options = options or ExtractOptions()
    score = midi_fast.read_score(data)
    chosen: Any = converter
    if options.drum_map and hasattr(chosen, "drum_map"):
        chosen = dataclasses.replace(chosen, drum_map=options.drum_map)
    made = False
    if isinstance(chosen, TrioConverter) and options.synthesize_trios and not score.is_drum.any():
        trio = make_trio(score, match_tracks(score, options.melody_tracks), match_tracks(score, options.bass_tracks))
        score, made = trio or score, trio is not None
    finder = make_window_finder(chosen)
    windows, left_out = _EXTRACTORS.get(type(finder), _find)(score, finder, options)
    return ExtractedWindows(tuple(windows), tuple(left_out), chosen, made)


def match_tracks(score: Score, names: str) -> list[int]:
    """The numbers of the parts whose names match; none where nothing is to match."""
    pattern = re.compile(names, re.IGNORECASE)
    return [number for number, name in enumerate(score.track_names) if names and pattern.search(name)]


def _find(score: Score, finder: WindowFinder, _: ExtractOptions | None = None) -> Found:
    excerpts = finder.find(score)
    return list(excerpts), list(excerpts.left_out)


def _melodies(score: Score, finder: MelodyWindowFinder, hints: ExtractOptions) -> Found:
    score = infer_barlines(score)
    parts = match_tracks(score, hints.melody_tracks)
    if not parts:
        return _find(score, finder)
    alone = score.select(np.isin(score.track, parts))
    windows, left_out = _find(alone, dataclasses.replace(finder, programs=None))
    return windows, [LeftOut("tracks beside the melody"), *left_out]


def _grooves(score: Score, finder: GrooveWindowFinder, _: ExtractOptions) -> Found:
    """Windows a bar apart, where the converter's own follow one another; those are among them."""
    bars, left_out = _find(score, dataclasses.replace(finder, steps=STEPS_PER_BAR))
    many = finder.steps // STEPS_PER_BAR
    windows = []
    for at in range(len(bars) - many + 1):
        window = bars[at : at + many]
        if window[-1].bar - window[0].bar == many - 1 and any(len(bar) for bar in window):
            windows.append(Excerpt(concatenate(window), bar=window[0].bar, source=window[0].source))
    if bars and not windows:
        left_out.append(LeftOut(f"do not fill a window of {many} bars", bars[0].bar, bars[-1].bar))
    return windows, left_out


_EXTRACTORS: dict[type, Callable[[Score, Any, ExtractOptions], Found]] = {
    MelodyWindowFinder: _melodies,
    GrooveWindowFinder: _grooves,
}
