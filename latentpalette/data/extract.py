"""Extract the windows of one MIDI file, as a pure function that can run anywhere."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters import make_window_finder
from latentpalette.converters.base import Converter
from latentpalette.converters.trio import TrioConverter
from latentpalette.data.abc_barlines import infer_barlines
from latentpalette.data.options import ExtractOptions
from latentpalette.data.packing import Packing, find_packing
from latentpalette.data.sources import Song
from latentpalette.data.synthetic_trios import make_trio
from latentpalette.errors import LatentPaletteError
from latentpalette.music import midi
from latentpalette.music.score import Score
from latentpalette.music.sequence import STEPS_PER_BAR, concatenate
from latentpalette.music.track_choice import TrackChoice, select_tracks
from latentpalette.windows.excerpt import Excerpt, LeftOut
from latentpalette.windows.finder import WindowFinder
from latentpalette.windows.groove import GrooveWindowFinder
from latentpalette.windows.melody import MelodyWindowFinder
from latentpalette.windows.trio import MAGENTA_MELODY_PROGRAMS, TrioWindowFinder
from latentpalette.wording import counted

Windows = tuple[list[Excerpt], list[LeftOut]]


@dataclass(frozen=True)
class SongWindows:
    """The packed windows of one file.

    Parameters
    ----------
    song : str
    windows : ndarray [shape=(n, steps, ...)]
    left_out : mapping of reason to bars
        0 bars if the reason is about the whole file.
    unreadable : str
        Why the file could not be read; empty if it could.
    qpm : ndarray of float32 [shape=(n,), quarter notes per minute]
        The tempo of each window.
    synthetic : bool
        Whether these are trios with placeholder drums; see `latentpalette.data.synthetic_trios`.
    """

    song: str
    windows: NDArray
    left_out: Mapping[str, int] = field(default_factory=dict)
    unreadable: str = ""
    qpm: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    synthetic: bool = False


@dataclass(frozen=True)
class ExtractedWindows:
    """The windows of one file, not yet packed.

    Parameters
    ----------
    windows : tuple of Excerpt
    left_out : tuple of LeftOut
    converter : Converter
        The converter of the windows, with the drum map of the file.
    synthetic : bool
        Whether these are trios with placeholder drums.
    """

    windows: tuple[Excerpt, ...]
    left_out: tuple[LeftOut, ...]
    converter: Any
    synthetic: bool = False


def extract_song(song: Song, spec: Mapping[str, Any], options: ExtractOptions | None = None) -> SongWindows:
    """Extract and pack the windows of one file; whatever happens, the answer is windows or the reason for none.

    Parameters
    ----------
    song : Song
    spec : mapping
        As `ModelConfig.converter`.
    options : ExtractOptions, optional

    Returns
    -------
    SongWindows

    Examples
    --------
    >>> extract_song(Song("broken.mid", b"RIFF"), {"name": "drums"}).unreadable
    'not a MIDI file'
    """
    converter, packing = find_packing(spec)
    reason = song.problem
    if not reason:
        try:
            return _pack_song(song, converter, packing, options)
        except LatentPaletteError as problem:
            reason = _generalize_reason(str(problem).removeprefix("MIDI data: ")) or "cannot be read"
        except Exception as problem:  # a defect of ours must not end the reading of all other files
            reason = f"a defect of latentpalette ({type(problem).__name__}: {problem}); please report it"[:200]
    return SongWindows(song.name, np.zeros((0, *packing.shape(converter.steps)), packing.dtype), unreadable=reason)


def _pack_song(song: Song, converter: Converter, packing: Packing, options: ExtractOptions | None) -> SongWindows:
    extracted = extract_windows(song.data, converter, options)
    left_out: Counter[str] = Counter()
    for item in extracted.left_out:
        bars = 0 if item.first_bar is None else (item.last_bar or item.first_bar) - item.first_bar + 1
        left_out[_generalize_reason(item.reason)] += bars
    packed = [packing.pack(extracted.converter, window) for window in extracted.windows]
    return SongWindows(
        song.name,
        np.array(packed, packing.dtype).reshape(-1, *packing.shape(converter.steps)),
        dict(left_out),
        qpm=np.array([window.qpm for window in extracted.windows], np.float32),
        synthetic=extracted.synthetic,
    )


def extract_windows(data: bytes, converter: Converter, options: ExtractOptions | None = None) -> ExtractedWindows:
    """Extract the windows of one file.

    They are those of all tracks that the converter encodes, with three exceptions. If tracks have the name of a melody
    (a singer, the first violin), melodies come from them alone, whatever their instrument. The melodies of trios are
    those on programs 0 to 31, since no best one is chosen here. And windows of grooves begin at every bar.

    Parameters
    ----------
    data : bytes
        A MIDI file.
    converter : Converter
    options : ExtractOptions, optional

    Returns
    -------
    ExtractedWindows

    Raises
    ------
    MidiError
        If the file cannot be read.

    Examples
    --------
    >>> from latentpalette.converters.melody import MelodyConverter
    >>> from latentpalette.music import midi
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> song = NoteSequence([Note(60 + step, step, program=52) for step in range(32)], steps=32)
    >>> voice, choir = (midi.to_bytes(song, name=name) for name in ("Voice", "Choir"))
    >>> [len(extract_windows(data, MelodyConverter(programs=(0, 31))).windows) for data in (voice, choir)]
    [1, 0]
    """
    options = options or ExtractOptions()
    choice = TrackChoice(options.track, options.drums)
    score: Any = select_tracks(midi.read_score(data), TrackChoice(drums=options.drums))
    file_converter: Any = converter
    if options.drum_map and hasattr(file_converter, "drum_map"):
        file_converter = dataclasses.replace(file_converter, drum_map=options.drum_map)
    trio = None
    if isinstance(file_converter, TrioConverter) and options.synthesize_trios and not score.is_drum.any():
        trio = make_trio(score, match_tracks(score, options.melody_tracks), match_tracks(score, options.bass_tracks))
    finder = make_window_finder(file_converter)
    score = harmony = trio or score
    if choice.names_track:
        score = next(finder.candidates(score, dataclasses.replace(choice, drums=None))).piece
        finder, options = finder.for_choice(choice), dataclasses.replace(options, melody_tracks="")
    elif isinstance(finder, TrioWindowFinder) and finder.melody_programs is None:
        finder = dataclasses.replace(finder, melody_programs=MAGENTA_MELODY_PROGRAMS)
    extract = _EXTRACTORS.get(type(finder), _find)
    windows, left_out = extract(score, finder, options, harmony)
    return ExtractedWindows(tuple(windows), tuple(left_out), file_converter, synthetic=trio is not None)


def match_tracks(score: Score, pattern: str) -> list[int]:
    """Return the numbers of the tracks whose names match a regular expression; none for an empty one."""
    regex = re.compile(pattern, re.IGNORECASE)
    return [number for number, name in enumerate(score.track_names) if pattern and regex.search(name)]


def _find(score: Score, finder: WindowFinder, _: ExtractOptions | None = None, harmony: Score | None = None) -> Windows:
    excerpts = finder.find(score, harmony=harmony)
    return list(excerpts), list(excerpts.left_out)


def _find_melodies(score: Score, finder: MelodyWindowFinder, options: ExtractOptions, harmony: Score) -> Windows:
    """Find melodies in the tracks that are named as such, if there are any, and their chords in all tracks."""
    score, harmony = infer_barlines(score), infer_barlines(harmony)
    tracks = match_tracks(score, options.melody_tracks)
    if not tracks:
        return _find(score, finder, harmony=harmony)
    melody_score = score.select(np.isin(score.track, tracks))
    windows, left_out = _find(melody_score, dataclasses.replace(finder, programs=None), harmony=harmony)
    return windows, [LeftOut("tracks beside the melody"), *left_out]


def _find_grooves(score: Score, finder: GrooveWindowFinder, _: ExtractOptions, __: Score) -> Windows:
    """Find grooves that begin at every bar; the finder's own, end to end, are among them."""
    bars, left_out = _find(score, dataclasses.replace(finder, steps=STEPS_PER_BAR))
    bars_per_window = finder.steps // STEPS_PER_BAR
    windows = []
    for start in range(len(bars) - bars_per_window + 1):
        window = bars[start : start + bars_per_window]
        if window[-1].bar - window[0].bar == bars_per_window - 1 and any(len(bar) for bar in window):
            windows.append(Excerpt(concatenate(window), bar=window[0].bar, source=window[0].source))
    if bars and not windows:
        left_out.append(
            LeftOut(f"do not fill a window of {counted(bars_per_window, 'bar')}", bars[0].bar, bars[-1].bar)
        )
    return windows, left_out


_EXTRACTORS: dict[type, Callable[[Score, Any, ExtractOptions, Score], Windows]] = {
    MelodyWindowFinder: _find_melodies,
    GrooveWindowFinder: _find_grooves,
}

# Reasons that follow the name of an instrument and a number of its notes.
_REASON_WITHOUT_PARTICULARS = re.compile(
    r"notes? under the top line|plays too briefly|not among programs \d+ to \d+|notes? outside MIDI pitch \d+ to \d+"
    r"|combinations of tracks"
)
_DRUMS_CHOSEN = re.compile(r"(?:is|are) read as drums")


def _generalize_reason(reason: str) -> str:
    """Return a reason without the particulars of one file, so that it can be counted."""
    if general := _REASON_WITHOUT_PARTICULARS.search(reason):
        return general[0].replace("note ", "notes ")
    if _DRUMS_CHOSEN.search(reason):
        return "channel 10 is empty, and another track is read as drums"
    beginning = re.split(r"[;:(]|\.(?!\d)| by | it begins", reason.lstrip("("), maxsplit=1)[0].strip(" ,")
    return re.sub(r"^(is|are) |^\d+ (?=hit)", "", beginning)
