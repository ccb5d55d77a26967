"""Copies: windows that are the same as one of the training songs, note for note or nearly so, in any key."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.melody import FIRST_NOTE_ON
from latentpalette.converters.performance_stream import PerformanceStream, onset_roll
from latentpalette.converters.streams import DrumStream, Labels, Stream

MAX_NOTES = 2  # by which a near copy differs


@dataclass(frozen=True)
class Copies:
    """Shares of windows that are copies of training windows.

    Parameters
    ----------
    identical : float [0 to 1]
        Note for note; melodies in any key.
    near : float [0 to 1]
        With at most two notes added, missing or changed; those that are identical included.
    """

    identical: float
    near: float


class CopyFinder:
    """Finds copies of windows.

    Parameters
    ----------
    training : ndarray of int [shape=(n, t, streams)]
        Labels of the training songs.
    streams : tuple of Stream

    Examples
    --------
    >>> drums = (DrumStream.from_map("reduced"),)
    >>> loops = np.tile([1, 0, 4, 0], (3, 8))[..., None]
    >>> loops[1, 0] = 0  # without its first kick
    >>> loops[2] = 2
    >>> CopyFinder(loops[:1], drums).find(loops)
    Copies(identical=0.3333333333333333, near=0.6666666666666666)
    """

    def __init__(self, training: Labels, streams: tuple[Stream, ...]) -> None:
        self._streams = streams
        self._training = note_columns(training, streams)
        # A window that differs at two places is the same in at least one of three parts.
        self._parts = np.array_split(np.arange(training.shape[1]), MAX_NOTES + 1)
        self._rows: list[dict[bytes, list[int]]] = [defaultdict(list) for _ in self._parts]
        for part, rows in zip(self._parts, self._rows, strict=True):
            for row, key in enumerate(_keys(self._training, part)):
                rows[key].append(row)

    def find(self, windows: Labels) -> Copies:
        """Return the shares of windows [n, t, streams] that are copies."""
        distance = self.distances(windows)
        return Copies(float((distance == 0).mean()), float((distance <= MAX_NOTES).mean()))

    def distances(self, windows: Labels) -> NDArray[np.int64]:
        """Return by how many notes each window differs from the nearest training window; `MAX_NOTES` + 1 for more."""
        columns = note_columns(windows, self._streams)
        nearest = np.full(len(windows), MAX_NOTES + 1)
        for part, rows in zip(self._parts, self._rows, strict=True):
            for index, key in enumerate(_keys(columns, part)):
                candidates = rows.get(key)
                if candidates and nearest[index]:
                    differing = (self._training[candidates] != columns[index]).sum((1, 2)).min()
                    nearest[index] = min(nearest[index], differing)
        return nearest


def note_columns(labels: Labels, streams: tuple[Stream, ...]) -> NDArray[np.int8]:
    """Return labels [n, t, streams] as notes [n, t, columns], in which each differing value is a differing note.

    A drum is a column of zeros and ones. Of several tracks, the 512 steps hold the notes that begin at each sixteenth,
    whoever plays them. A melody is one column, of its onsets' pitches relative to the first note; a
    moved note differs twice.

    Examples
    --------
    >>> note_columns(np.array([[[1], [0], [5]]]), (DrumStream.from_map("reduced"),))[0, :, :3].tolist()
    [[1, 0, 0], [0, 0, 0], [1, 0, 1]]
    """
    columns = []
    for k, stream in enumerate(streams):
        one = labels[..., k]
        if isinstance(stream, DrumStream):
            columns.append((one[..., None] >> np.arange(len(stream.drum_names))) & 1)
            continue
        if isinstance(stream, PerformanceStream):
            columns.append(onset_roll(one, any_key=True).reshape(*one.shape, -1))
            continue
        is_onset = one >= FIRST_NOTE_ON
        first = np.take_along_axis(one, is_onset.argmax(1)[:, None], 1)
        no_note = np.iinfo(np.int8).min
        columns.append(np.where(is_onset, one - first, no_note)[..., None])
    return np.concatenate(columns, 2).astype(np.int8)


def count_changed_notes(labels: Labels, streams: tuple[Stream, ...]) -> NDArray[np.int64]:
    """Count the notes that change from each window of paths [paths, n, t, streams] to the next [paths, n - 1].

    Notes count at their own pitch; a moved note counts twice.

    Examples
    --------
    >>> path = np.array([[[[1], [0]], [[5], [0]], [[0], [4]]]])
    >>> count_changed_notes(path, (DrumStream.from_map("reduced"),)).tolist()
    [[1, 3]]
    """
    before, after = labels[:, :-1], labels[:, 1:]
    counts = []
    for k, stream in enumerate(streams):
        old, new = before[..., k], after[..., k]
        if isinstance(stream, DrumStream):
            counts.append((((old ^ new)[..., None] >> np.arange(len(stream.drum_names))) & 1).sum((-1, -2)))
        elif isinstance(stream, PerformanceStream):
            rolls = [onset_roll(part.reshape(-1, part.shape[-1])) for part in (old, new)]
            counts.append((rolls[0] != rolls[1]).sum((-1, -2)).reshape(old.shape[:2]))
        else:
            is_note = (old >= FIRST_NOTE_ON) | (new >= FIRST_NOTE_ON)
            counts.append(((old != new) & is_note).sum(-1))
    return np.sum(counts, 0)


def _keys(columns: NDArray[np.int8], part: NDArray[np.intp]) -> list[bytes]:
    return [row.tobytes() for row in columns[:, part]]
