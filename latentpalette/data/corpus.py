"""A corpus: windows of music, without repeats, split by song, in one file of plain arrays.

`latentpalette.data.build` makes one.
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

from latentpalette.data.sources import SPLITS
from latentpalette.errors import TrainingError

FORMAT = 1


@dataclass(frozen=True, eq=False)
class Corpus:
    """Windows of music for training and for judging what was learned.

    Parameters
    ----------
    rows : ndarray [shape=(n, steps, ...)]
        Packed as `latentpalette.data.packing` says; for drums uint16 labels [n, 32].
    song : ndarray of int32 [shape=(n,)]
        Which of `songs` a window is from.
    split : ndarray of uint8 [shape=(n,)]
        Place in `SPLITS`: 0 train, 1 validation, 2 test.
    songs : tuple of str
        A name that begins with ``constructed/`` is of a song whose drums are borrowed.
    converter : mapping
        What they are windows for, as `ModelConfig.converter`.
    report : mapping
        How it was made: files, windows, what was left out, licence files.
    qpm : ndarray of float32 [shape=(n,), quarter notes per minute], optional
        The tempo of each window; 120 where nobody said.

    Examples
    --------
    >>> corpus = Corpus(np.zeros((2, 32), np.uint16), np.zeros(2, np.int32), np.array([0, 1], np.uint8), ("a.mid",))
    >>> corpus
    Corpus(2 windows of 1 song: 1 train, 1 validation)
    """

    rows: NDArray
    song: NDArray[np.int32]
    split: NDArray[np.uint8]
    songs: tuple[str, ...]
    converter: Mapping[str, Any] = field(default_factory=dict)
    report: Mapping[str, Any] = field(default_factory=dict)
    qpm: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))

    def __post_init__(self) -> None:
        if len(self.qpm) != len(self.rows):
            object.__setattr__(self, "qpm", np.full(len(self.rows), 120.0, np.float32))

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return in_words(len(self.songs), {name: int(np.sum(self.split == k)) for k, name in enumerate(SPLITS)})

    def part(self, split: str) -> NDArray:
        """The windows [n, steps, ...] of one split: ``"train"``, ``"validation"`` or ``"test"``."""
        if split not in SPLITS:
            raise TrainingError(f"No split is called {split!r}; there are {', '.join(SPLITS)}.")
        return self.rows[self.split == SPLITS.index(split)]

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write an ``.npz`` of plain arrays and JSON; nothing in it can run."""
        return write(
            path,
            {"rows": [self.rows], "song": [self.song], "split": [self.split], "qpm": [self.qpm]},
            windows=len(self),
            shape=self.rows.shape[1:],
            dtype=self.rows.dtype,
            songs=self.songs,
            converter=self.converter,
            report=self.report,
        )

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Corpus:
        """Read what `save` wrote.

        Raises
        ------
        TrainingError
            If there is no such file, or it is no corpus.
        """
        path = Path(path)
        if not path.is_file():
            raise TrainingError(f"{path}: no such corpus. Make one: latentpalette corpus SOURCES --out {path.name}")
        try:
            with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                rows, song, split = file["rows"], file["song"], file["split"]
                qpm = file["qpm"] if "qpm" in file else np.zeros(0, np.float32)
                about = json.loads(file["about"].tobytes())
            songs, made_for, report = tuple(about["songs"]), about["converter"], about["report"]
        except Exception as problem:  # zipfile, zlib, NumPy and json each have their own way to say "not mine"
            raise TrainingError(f"{path}: not a corpus ({problem}). Make it again.") from problem
        fits = len(rows) == len(song) == len(split) and (len(song) == 0 or 0 <= song.min() <= song.max() < len(songs))
        if about.get("format") != FORMAT or not fits or (len(split) and split.max() >= len(SPLITS)):
            raise TrainingError(f"{path}: not a corpus of format {FORMAT}. Make it again.")
        return cls(rows, song, split, songs, made_for, report, qpm)


def write(
    path: str | os.PathLike[str],
    columns: Mapping[str, Iterable[NDArray]],
    *,
    windows: int,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    songs: Sequence[str],
    converter: Mapping[str, Any],
    report: Mapping[str, Any],
) -> Path:
    """Write a corpus piece by piece, as `Corpus.load` reads it; the same windows make the same bytes.

    Parameters
    ----------
    path : path
        Replaced at once, when all is written.
    columns : mapping of name to iterable of ndarray
        ``rows``, ``song``, ``split`` and ``qpm`` as in `Corpus`, in pieces.
    windows : int
        How many there are.
    shape, dtype
        Of one window.
    songs, converter, report
        As in `Corpus`.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".writing")
    about = {"format": FORMAT, "songs": list(songs), "converter": dict(converter), "report": dict(report)}
    text = np.frombuffer(json.dumps(about).encode(), np.uint8)
    kinds: dict[str, tuple[tuple[int, ...], np.dtype[Any]]] = {
        "rows": (shape, dtype),
        "song": ((), np.dtype(np.int32)),
        "split": ((), np.dtype(np.uint8)),
        "qpm": ((), np.dtype(np.float32)),
    }
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (each, kind) in kinds.items():
            _array(archive, name, columns[name], (windows, *each), kind)
        _array(archive, "about", [text], text.shape, text.dtype)
    beside.replace(path)
    return path


def in_words(songs: int, windows: Mapping[str, int]) -> str:
    """How much a corpus holds.

    Examples
    --------
    >>> in_words(3, {"train": 5, "validation": 0})
    'Corpus(5 windows of 3 songs: 5 train)'
    """
    counts = [f"{many} {name}" for name, many in windows.items() if many]
    total = f"{sum(windows.values())} windows of {songs} song{'' if songs == 1 else 's'}"
    return f"Corpus({total}{': ' if counts else ''}{', '.join(counts)})"


def _array(
    archive: zipfile.ZipFile, name: str, chunks: Iterable[NDArray], shape: tuple[int, ...], dtype: np.dtype[Any]
) -> None:
    """One array of an ``.npz``, chunk by chunk."""
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    # A name alone gets no date of today: equal corpora are equal files.
    with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
        np.lib.format.write_array_header_1_0(file, header)
        for chunk in chunks:
            file.write(np.ascontiguousarray(chunk, dtype).tobytes())
