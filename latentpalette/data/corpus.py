"""A corpus: deduplicated windows of music, split by song, in one file of plain arrays.

`latentpalette.data.build` makes one from MIDI files, `Corpus.from_sequences` from music in memory.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.data.packing import find_packing
from latentpalette.data.sources import split_of
from latentpalette.data.split_tables import SPLITS
from latentpalette.errors import TrainingError
from latentpalette.music.sequence import NoteSequence
from latentpalette.old_names import rename_fields

FORMAT = 1


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
        if len(self.qpm) != len(self.windows):
            object.__setattr__(self, "qpm", np.full(len(self.windows), 120.0, np.float32))

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
        reader, packing = find_packing(converter)
        packed, song_index, split_index = [], [], []
        for index, (name, windows) in enumerate(songs.items()):
            for window in windows:
                if window.steps != reader.steps:
                    raise TrainingError(
                        f"{name}: a window of {window.steps} steps; the converter reads {reader.steps}."
                    )
                packed.append(packing.pack(reader, window))
                song_index.append(index)
                split_index.append(SPLITS.index(split_of(name, validation=validation)))
        if not packed:
            raise TrainingError(f"There is no window in {len(songs)} songs.")
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
            path,
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
        path = Path(path)
        if not path.is_file():
            raise TrainingError(f"{path}: no such corpus. Make one: latentpalette corpus SOURCES --out {path.name}")
        try:
            with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                windows, song_index, split_index = file["rows"], file["song"], file["split"]
                qpm = file["qpm"] if "qpm" in file else np.zeros(0, np.float32)
                about = json.loads(file["about"].tobytes())
            songs, report = tuple(about["songs"]), about["report"]
            converter = rename_fields("Converter", about["converter"])
        except Exception as problem:  # zipfile, zlib, NumPy and json each raise errors of their own
            raise TrainingError(f"{path}: not a corpus ({problem}). Make it again.") from problem
        same_length = len(windows) == len(song_index) == len(split_index)
        has_songs = len(song_index) == 0 or 0 <= song_index.min() <= song_index.max() < len(songs)
        has_splits = len(split_index) == 0 or split_index.max() < len(SPLITS)
        if about.get("format") != FORMAT or not (same_length and has_songs and has_splits):
            raise TrainingError(f"{path}: not a corpus of format {FORMAT}. Make it again.")
        return cls(windows, song_index, split_index, songs, converter, report, qpm)


def write_corpus(
    path: str | os.PathLike[str],
    columns: Mapping[str, Iterable[NDArray]],
    *,
    count: int,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    songs: Sequence[str],
    converter: Mapping[str, Any],
    report: Mapping[str, Any],
) -> Path:
    """Write a corpus in chunks, as `Corpus.load` reads it; the same windows give the same bytes.

    Parameters
    ----------
    path : path
        Replaced atomically when all is written.
    columns : mapping of name to iterable of ndarray
        Chunks of the windows (``rows``), their song and split indices (``song``, ``split``) and tempos (``qpm``).
    count : int
        The number of windows.
    shape, dtype
        Of one window.
    songs, converter, report
        As in `Corpus`.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".writing")
    about = {"format": FORMAT, "songs": list(songs), "converter": dict(converter), "report": dict(report)}
    text = np.frombuffer(json.dumps(about).encode(), np.uint8)
    formats: dict[str, tuple[tuple[int, ...], np.dtype[Any]]] = {
        "rows": (shape, dtype),
        "song": ((), np.dtype(np.int32)),
        "split": ((), np.dtype(np.uint8)),
        "qpm": ((), np.dtype(np.float32)),
    }
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (item_shape, item_dtype) in formats.items():
            _write_array(archive, name, columns[name], (count, *item_shape), item_dtype)
        _write_array(archive, "about", [text], text.shape, text.dtype)
    temporary.replace(path)
    return path


def describe(songs: int, windows: Mapping[str, int]) -> str:
    """Describe the size of a corpus by its number of songs and the windows of each split.

    Examples
    --------
    >>> describe(3, {"train": 5, "validation": 0})
    'Corpus(5 windows of 3 songs: 5 train)'
    """
    counts = [f"{count} {name}" for name, count in windows.items() if count]
    total = f"{sum(windows.values())} windows of {songs} song{'' if songs == 1 else 's'}"
    return f"Corpus({total}{': ' if counts else ''}{', '.join(counts)})"


def _write_array(
    archive: zipfile.ZipFile, name: str, chunks: Iterable[NDArray], shape: tuple[int, ...], dtype: np.dtype[Any]
) -> None:
    """Write one array of an ``.npz``, chunk by chunk."""
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    # Opened by name, an entry has no modification time: equal corpora are equal files.
    with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
        np.lib.format.write_array_header_1_0(file, header)
        for chunk in chunks:
            file.write(np.ascontiguousarray(chunk, dtype).tobytes())
