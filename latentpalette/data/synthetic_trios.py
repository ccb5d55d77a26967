"""Synthetic trios, from songs without drums: a melody, the lowest line beneath it, and drum loops of other songs.

Few songs have all three. A song for voice and piano has two of them, and so has a string quartet.
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.data.corpus import Corpus
from latentpalette.errors import TrainingError
from latentpalette.music.instruments import BASS_PROGRAM
from latentpalette.music.score import Score
from latentpalette.music.sequence import STEPS_PER_QUARTER

SYNTHETIC = "synthetic/"  # begins the name of a song that got its drums here
MELODY_PROGRAM = 0
PLACEHOLDER_PITCH = 36  # a kick on every quarter note, until a loop replaces it

_PHRASE = (0, 0, 0, 1)  # the first of two loops three times, then the second


def make_trio(score: Score, melody_tracks: list[int], bass_tracks: list[int]) -> Score | None:
    """Make a score of a melody, a bass and placeholder drums.

    Parameters
    ----------
    score : Score
    melody_tracks, bass_tracks : list of int
        Track numbers; the first of each is used.

    Returns
    -------
    Score or None
        None if the song has no melody or no bass.

    Examples
    --------
    >>> from latentpalette.music import midi
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> score = midi.read_score(midi.to_bytes(NoteSequence([Note(72, 0, 16), Note(48, 0, 16, program=1)], steps=16)))
    >>> trio = make_trio(score, [0], [1])
    >>> trio.program.tolist(), int(trio.is_drum.sum())
    ([0, 33, 0, 0, 0, 0], 4)
    """
    if not melody_tracks or not bass_tracks or melody_tracks[0] == bass_tracks[0]:
        return None
    melody = score.select(score.track == melody_tracks[0])
    bass = _lowest_notes(score.select(score.track == bass_tracks[0]))
    if not len(melody.pitch) or not len(bass.pitch):
        return None
    beats = np.arange(0, np.ceil(score.length)) * STEPS_PER_QUARTER  # [steps]
    count = len(beats)
    seconds = np.interp(beats, *_tempo_points(score))
    drums: dict[str, Any] = {
        "pitch": np.full(count, PLACEHOLDER_PITCH),
        "velocity": np.full(count, 80),
        "program": np.zeros(count, int),
        "track": np.full(count, 2),
        "is_drum": np.ones(count, bool),
        "start": beats,
        "end": beats + 1,
        "start_seconds": seconds,
        "end_seconds": seconds,
    }
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(melody, name), getattr(bass, name), values]) for name, values in drums.items()
    }
    counts = (len(melody.pitch), len(bass.pitch), count)
    columns["track"] = np.repeat([0, 1, 2], counts)
    columns["program"] = np.repeat([MELODY_PROGRAM, BASS_PROGRAM, 0], counts)
    names = (score.track_names[melody_tracks[0]], score.track_names[bass_tracks[0]], "drums")
    return dataclasses.replace(score, **columns, track_names=names, track_origins=(), sustain_pedal=())


def _lowest_notes(score: Score) -> Score:
    """Keep the lowest of the notes that begin at the same step."""
    order = np.lexsort((score.pitch, np.floor(score.start + 0.5)))
    starts = np.floor(score.start[order] + 0.5)
    is_first = np.concatenate([[True], np.diff(starts) > 0]) if len(starts) else np.zeros(0, bool)
    is_lowest = np.zeros(len(order), bool)
    is_lowest[order[is_first]] = True
    return score.select(is_lowest)


def _tempo_points(score: Score) -> tuple[np.ndarray, np.ndarray]:
    """Return steps and their times in seconds, at every tempo change and at the end."""
    steps = [quarters * STEPS_PER_QUARTER for quarters, _, _ in score.tempos]
    seconds = [time for _, time, _ in score.tempos]
    end = max(score.length * STEPS_PER_QUARTER, steps[-1]) + 16
    steps.append(end)
    seconds.append(seconds[-1] + (end - steps[-2]) / STEPS_PER_QUARTER * 60 / score.tempos[-1][2])
    return np.asarray(steps), np.asarray(seconds)


class DrumLoopPool:
    """Drum loops for trios that have none.

    Parameters
    ----------
    corpus : Corpus
        Of drum loops; those for training are used.

    Raises
    ------
    TrainingError
        If the corpus is not of drum loops, or has none for training.
    """

    def __init__(self, corpus: Corpus) -> None:
        is_training = corpus.split_index == 0
        self.windows, self.song_index = corpus.windows[is_training], corpus.song_index[is_training]
        if corpus.converter.get("name") != "drums" or not len(self.windows):
            raise TrainingError(
                f"Drums come from a corpus of drum loops; got {corpus} for {dict(corpus.converter)}. "
                "Make one: latentpalette corpus SOURCES --recipe drums-2bar"
            )
        self.song_starts = np.searchsorted(self.song_index, np.unique(self.song_index))

    def add_drums(self, trios: NDArray[np.uint16], song: str) -> NDArray[np.uint16]:
        """Replace the drums of trios, each window by two loops of one song.

        Parameters
        ----------
        trios : ndarray of uint16 [shape=(n, steps, 3)]
        song : str
            The name of their song, which determines the choice of loops.

        Returns
        -------
        ndarray of uint16 [shape=(n, steps, 3)]

        Examples
        --------
        >>> loops = np.array([[1] * 32, [2] * 32], np.uint16)
        >>> song_index, split_index = np.zeros(2, np.int32), np.zeros(2, np.uint8)
        >>> pool = DrumLoopPool(Corpus(loops, song_index, split_index, ("a.mid",), {"name": "drums"}))
        >>> sorted(set(pool.add_drums(np.zeros((9, 64, 3), np.uint16), "b.mid")[:, :, 2].flatten().tolist()))
        [1, 2]
        """
        seed = hashlib.blake2b(song.encode(), digest_size=8).digest()
        rng = np.random.default_rng(int.from_bytes(seed, "big"))
        loops_per_window = -(-trios.shape[1] // self.windows.shape[1])
        pattern = (_PHRASE if loops_per_window > 2 else (0, 1)) * loops_per_window
        with_drums = trios.copy()
        for window in with_drums:
            index = int(rng.integers(len(self.song_starts)))
            stop = self.song_starts[index + 1] if index + 1 < len(self.song_starts) else len(self.windows)
            pair = rng.integers(self.song_starts[index], stop, size=2)
            drums = np.concatenate([self.windows[pair[loop]] for loop in pattern[:loops_per_window]])
            window[:, 2] = drums[: len(window)]
        return with_drums
