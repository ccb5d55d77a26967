"""The work on one file of a corpus: one pure function from its bytes to packed windows, wherever it runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.data.options import ExtractOptions
from latentpalette.data.packing import find_packing
from latentpalette.data.sources import Song
from latentpalette.data.windows_of_file import extract_windows
from latentpalette.errors import MidiError


@dataclass(frozen=True)
class SongWindows:
    """What one file gave.

    Parameters
    ----------
    song : str
    rows : ndarray [shape=(windows, steps, ...)]
    left_out : mapping of reason to bars
        0 bars where the reason is about the whole file.
    unreadable : str
        Why it could not be read; empty if it could.
    qpm : ndarray of float32 [shape=(windows,), quarter notes per minute]
        The tempo of each window.
    constructed : bool
        Whether these are trios that still lack their drums; see `latentpalette.data.drum_loop_pool`.
    """

    song: str
    windows: NDArray
    left_out: Mapping[str, int] = field(default_factory=dict)
    unreadable: str = ""
    qpm: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    synthetic: bool = False


def extract_song(song: Song, spec: Mapping[str, Any], options: ExtractOptions | None = None) -> SongWindows:
    """Read one file: the windows in it, packed, and what was left out.

    Parameters
    ----------
    song : Song
    spec : mapping
        As `ModelConfig.converter`.
    hints : Hints, optional

    Examples
    --------
    >>> extract_song(Song("broken.mid", b"RIFF"), {"name": "drums"}).unreadable
    'not a MIDI file'
    """
    reader, how = find_packing(spec)
    empty = np.zeros((0, *how.shape(reader.steps)), how.dtype)
    try:
        reading = extract_windows(song.data, reader, options)
    except MidiError as problem:
        return SongWindows(song.name, empty, unreadable=_generalize_reason(str(problem).partition(": ")[2]))
    left_out: Counter[str] = Counter()
    for item in reading.left_out:
        bars = 0 if item.first_bar is None else (item.last_bar or item.first_bar) - item.first_bar + 1
        left_out[_generalize_reason(item.reason)] += bars
    rows = [how.pack(reading.converter, window) for window in reading.windows]
    return SongWindows(
        song.name,
        np.stack(rows).astype(how.dtype) if rows else empty,
        dict(left_out),
        qpm=np.array([window.qpm for window in reading.windows], np.float32),
        synthetic=reading.synthetic,
    )


# What is said of an instrument, after its name and how many of its notes it is about.
_PARTICULAR = re.compile(
    r"notes under the top line|plays too briefly|not among programs \d+ to \d+|notes outside MIDI pitch \d+ to \d+"
)


def _generalize_reason(reason: str) -> str:
    """A reason without the particulars of one file, so that it can be counted."""
    if known := _PARTICULAR.search(reason):
        return known[0]
    short = re.split(r"[;:(.]| by | it begins", reason, maxsplit=1)[0].strip(" ,")
    return re.sub(r"^(is|are) |^\d+ (?=hit)", "", short)
