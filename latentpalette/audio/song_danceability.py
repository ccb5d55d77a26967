"""Danceability of the songs of a corpus, of each its beginning."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from latentpalette.audio.danceability import danceability
from latentpalette.data.parallel import parallel_map
from latentpalette.data.sources import Song
from latentpalette.errors import LatentPaletteError, SoundError
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence
from latentpalette.validation import check_flag, check_number

MIN_SECONDS, MAX_SECONDS = 1.0, 1800.0


@dataclass(frozen=True)
class SongDanceability:
    """The danceability of a song.

    Parameters
    ----------
    song : str
    value : float, optional
        None where there is nothing to measure, and where it cannot be read.
    problem : str
        Why it cannot be read; empty if it can.
    """

    song: str
    value: float | None = None
    problem: str = ""


def estimate_songs(
    songs: Iterable[Song],
    *,
    seconds: float = 60.0,
    drums_only: bool = False,
    soundfont: str | os.PathLike[str] | None = None,
    workers: int | None = None,
) -> Iterator[SongDanceability]:
    """Estimate the danceability of songs from their rendered sound, in their order.

    Parameters
    ----------
    songs : iterable of Song
    seconds : float [1 to 1800]
        How much of a song is rendered, from its first note. One that is shorter than half a minute is repeated.
    drums_only : bool
        Whether only the drums are rendered.
    soundfont : path, optional
        See `latentpalette.audio.synth.render`.
    workers : int, optional
        Processes; by default the number of cores.

    Yields
    ------
    SongDanceability

    Raises
    ------
    SoundError
        If `seconds` is out of range.
    """
    estimate: Callable[[Song], SongDanceability] = partial(
        _estimate,
        seconds=check_number(seconds, "seconds of a song", MIN_SECONDS, MAX_SECONDS, error=SoundError),
        drums_only=check_flag(drums_only, "drums_only", error=SoundError),
        soundfont=None if soundfont is None else os.fspath(soundfont),
    )
    return parallel_map(songs, estimate, workers=workers)


def beginning(music: NoteSequence, seconds: float, *, drums_only: bool = False) -> NoteSequence:
    """Return music from its first note, as long as it may be; without notes it has no steps.

    Examples
    --------
    >>> song = NoteSequence.from_steps({"kick": [32, 40, 96]}, steps=128)  # 16 s
    >>> beginning(song, 2).notes[1].step, beginning(song, 2).seconds
    (8, 2.0)
    """
    if drums_only:
        music = music.replace(notes=[note for note in music.notes if note.is_drum])
    if not music.notes:
        return NoteSequence(qpm=music.qpm)
    first = music.notes[0].step
    return music.slice(first, min(music.steps, first + max(int(seconds / music.step_seconds), 1)))


def _estimate(song: Song, *, seconds: float, drums_only: bool, soundfont: str | None) -> SongDanceability:
    if song.problem:
        return SongDanceability(song.name, problem=song.problem)
    try:
        music = midi.read(song.data)
    except LatentPaletteError as problem:
        return SongDanceability(song.name, problem=str(problem).removeprefix("MIDI data: "))
    value = danceability(beginning(music, seconds, drums_only=drums_only), soundfont=soundfont)
    return SongDanceability(song.name, value or None)
