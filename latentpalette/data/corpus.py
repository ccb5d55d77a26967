"""A corpus: deduplicated windows of music, split by song, in one file of plain arrays.

`latentpalette.data.build` makes one from MIDI files, `Corpus.from_sequences` from music in memory.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.calls import explain_methods
from latentpalette.converters.base import music_steps
from latentpalette.data.corpus_file import read_corpus, write_corpus
from latentpalette.data.packing import PACKINGS, find_packing
from latentpalette.data.sources import split_of
from latentpalette.data.split_tables import SPLITS
from latentpalette.errors import LatentPaletteError, TrainingError
from latentpalette.files import expand_path, is_file, path_exists, short_path
from latentpalette.music.sequence import NoteSequence
from latentpalette.old_names import rename_fields
from latentpalette.validation import check_number, short_repr
from latentpalette.wording import counted


@explain_methods
@dataclass(frozen=True, eq=False)
class Corpus:
    """Windows of music for training and evaluation.

    Parameters
    ----------
    windows : ndarray [shape=(n, steps, ...)]
        Packed, see `latentpalette.data.packing`; for drums, uint16 tokens [n, 32].
    song_index : ndarray of int32 [shape=(n,)]
        The song of each window, an index of `songs`.
    split_index : ndarray of uint8 [shape=(n,)]
        The split of each window, an index of `SPLITS`: 0 train, 1 validation, 2 test.
    songs : tuple of str
        Names. A name that begins with ``synthetic/`` is of a song with drums from other songs.
    converter : mapping
        The converter of the windows, as `ModelConfig.converter`.
    report : mapping
        How the corpus was built: files, windows, what was left out, license files.
    qpm : ndarray of float32 [shape=(n,), quarter notes per minute], optional
        The tempo of each window; 120 if unknown.

    Raises
    ------
    TrainingError
        If an array is of another type or shape, or an index is out of range.

    Examples
    --------
    >>> corpus = Corpus(np.zeros((2, 32), np.uint16), np.zeros(2, np.int32), np.array([0, 1], np.uint8), ("a.mid",))
    >>> corpus
    Corpus(2 windows of 1 song: 1 train, 1 validation)
    """

    windows: NDArray
    song_index: NDArray[np.int32]
    split_index: NDArray[np.uint8]
    songs: tuple[str, ...]
    converter: Mapping[str, Any] = field(default_factory=dict)
    report: Mapping[str, Any] = field(default_factory=dict)
    qpm: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))

    def __post_init__(self) -> None:
        _check_array(self.windows, "windows", "iu", None)
        count = len(self.windows)
        _check_index(self.song_index, "song_index", count, len(self.songs))
        _check_index(self.split_index, "split_index", count, len(SPLITS))
        for number, song in enumerate(self.songs):
            if not isinstance(song, str):
                raise TrainingError(f"The name of song {number} is text; got {short_repr(song)}.")
        if self.qpm.ndim and not len(self.qpm):
            object.__setattr__(self, "qpm", np.full(count, 120.0, np.float32))
        _check_array(self.qpm, "qpm", "fiu", count)
        if count and not (np.isfinite(self.qpm).all() and self.qpm.min() > 0):
            raise TrainingError("A tempo is a number over 0; qpm has others.")

    def __len__(self) -> int:
        return len(self.windows)

    def __repr__(self) -> str:
        counts = {name: int(np.sum(self.split_index == index)) for index, name in enumerate(SPLITS)}
        return describe(len(self.songs), counts)

    def split(self, name: str) -> NDArray:
        """Return the windows [n, steps, ...] of one split: ``"train"``, ``"validation"`` or ``"test"``."""
        if name not in SPLITS:
            raise TrainingError(f"No split is called {name!r}; there are {', '.join(SPLITS)}.")
        return self.windows[self.split_index == SPLITS.index(name)]

    @classmethod
    def from_sequences(
        cls, songs: Mapping[str, Sequence[NoteSequence]], converter: Mapping[str, Any], *, validation: float = 0.1
    ) -> Corpus:
        """Make a corpus from windows in memory.

        Parameters
        ----------
        songs : mapping of a song's name to its windows
            Each window as long as the converter's. Unlike `build_corpus`, this keeps duplicates.
        converter : mapping
            As `ModelConfig.converter`.
        validation : float [0 to 1]
            The share of songs to hold out, chosen by a hash of their names.

        Returns
        -------
        Corpus

        Raises
        ------
        TrainingError
            If there are no windows, or one has another length.

        Examples
        --------
        >>> loop = NoteSequence.from_steps({"kick": [0, 8]}, steps=32)
        >>> Corpus.from_sequences({f"song {n}": [loop] * 3 for n in range(20)}, {"name": "drums", "steps": 32})
        Corpus(60 windows of 20 songs: 54 train, 6 validation)
        """
        check_number(validation, "validation, the share of songs to hold out,", 0, 1, error=TrainingError)
        reader, packing = find_packing(converter)
        steps = music_steps(reader)
        packed, song_index, split_index = [], [], []
        for index, (name, windows) in enumerate(songs.items()):
            for window in windows:
                if window.steps != steps:
                    raise TrainingError(f"{name}: a window of {window.steps} steps; the converter reads {steps}.")
                packed.append(packing.pack(reader, window))
                song_index.append(index)
                split_index.append(SPLITS.index(split_of(name, validation=validation)))
        if not packed:
            raise TrainingError(f"There is no window in {counted(len(songs), 'song')}.")
        return cls(
            np.stack(packed).astype(packing.dtype),
            np.array(song_index, np.int32),
            np.array(split_index, np.uint8),
            tuple(songs),
            dict(converter),
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write an ``.npz`` of plain arrays and JSON, without pickled objects."""
        return write_corpus(
            expand_path(path),
            {"rows": [self.windows], "song": [self.song_index], "split": [self.split_index], "qpm": [self.qpm]},
            count=len(self),
            shape=self.windows.shape[1:],
            dtype=self.windows.dtype,
            songs=self.songs,
            converter=self.converter,
            report=self.report,
        )

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Corpus:
        """Read a file that `save` wrote.

        Raises
        ------
        TrainingError
            If there is no such file, or it is not a corpus.
        """
        path = expand_path(path)
        if path_exists(path) and not is_file(path):
            raise TrainingError(
                f"{short_path(path)}: not a corpus but a folder, a pipe or a device. Name its .npz file."
            )
        if not is_file(path):
            name = short_path(path.name)
            raise TrainingError(
                f"{short_path(path)}: no such corpus. Make one: latentpalette corpus SOURCES --out {name}"
            )
        content = read_corpus(path)
        songs, report, converter = (content.about.get(name) for name in ("songs", "report", "converter"))
        if not isinstance(songs, list) or not isinstance(report, dict) or not isinstance(converter, dict):
            raise TrainingError(f"{path}: not a corpus: its songs, report or converter are missing. Make it again.")
        try:
            converter = rename_fields("Converter", converter)
            corpus = cls(
                content.windows, content.song_index, content.split_index, tuple(songs), converter, report, content.qpm
            )
            if converter.get("name") in PACKINGS:
                reader, packing = find_packing(converter)
                packing.check_windows(reader, corpus.windows)
        except LatentPaletteError as problem:
            raise TrainingError(f"{path}: not a corpus. {problem} Make it again.") from problem
        return corpus


def describe(songs: int, windows: Mapping[str, int]) -> str:
    """Describe the size of a corpus by its number of songs and the windows of each split.

    Examples
    --------
    >>> describe(3, {"train": 5, "validation": 0})
    'Corpus(5 windows of 3 songs: 5 train)'
    """
    counts = [f"{count} {name}" for name, count in windows.items() if count]
    num_windows = sum(windows.values())
    total = f"{num_windows} window{'' if num_windows == 1 else 's'} of {counted(songs, 'song')}"
    return f"Corpus({total}{': ' if counts else ''}{', '.join(counts)})"


def _check_array(array: Any, name: str, kinds: str, count: int | None) -> None:
    """Raise `TrainingError` unless this is an array of some kinds of numbers, one-dimensional if it has a count."""
    if not isinstance(array, np.ndarray) or array.dtype.kind not in kinds or not array.ndim:
        got = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else short_repr(array)
        raise TrainingError(f"{name} is an array of {'integers' if 'f' not in kinds else 'numbers'}; got {got}.")
    if count is not None and array.shape != (count,):
        raise TrainingError(f"{name} has one number for each of {counted(count, 'window')}; got shape {array.shape}.")


def _check_index(array: Any, name: str, count: int, stop: int) -> None:
    _check_array(array, name, "iu", count)
    if count and not 0 <= int(array.min()) <= int(array.max()) < stop:
        raise TrainingError(f"{name} is from 0 to {stop - 1}; got {array.min()} to {array.max()}.")
