"""A corpus: MIDI files read once, cut into windows, without repeats, split by song.

Reading one file is one pure function, `windows_of`; everything else is bookkeeping around it.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import MidiError, TrainingError
from latentpalette.training import sources as sources_
from latentpalette.training.hints import Hints
from latentpalette.training.packing import packing
from latentpalette.training.reading import read
from latentpalette.training.sources import SPLITS, Song

FORMAT = 1


@dataclass(frozen=True)
class Found:
    """What one file gave.

    Parameters
    ----------
    song : str
    rows : ndarray [shape=(windows, steps, ...)]
    left_out : mapping of reason to bars
        0 bars where the reason is about the whole file.
    unreadable : str
        Why it could not be read; empty if it could.
    """

    song: str
    rows: NDArray
    left_out: Mapping[str, int]
    unreadable: str = ""


def windows_of(song: Song, spec: Mapping[str, Any], hints: Hints | None = None) -> Found:
    """Read one file: the windows in it, packed, and what was left out.

    Parameters
    ----------
    song : Song
    spec : mapping
        As `ModelConfig.converter`.
    hints : Hints, optional

    Examples
    --------
    >>> windows_of(Song("broken.mid", b"RIFF"), {"name": "drums"}).unreadable
    'not a MIDI file'
    """
    reader, how = packing(spec)
    empty = np.zeros((0, *how.shape(reader.steps)), how.dtype)
    try:
        reading = read(song.data, reader, hints)
    except MidiError as problem:
        return Found(song.name, empty, {}, _general(str(problem).partition(": ")[2]))
    left_out: Counter[str] = Counter()
    for item in reading.left_out:
        bars = 0 if item.first_bar is None else (item.last_bar or item.first_bar) - item.first_bar + 1
        left_out[_general(item.reason)] += bars
    rows = [how.pack(reading.converter, window) for window in reading.windows]
    return Found(song.name, np.stack(rows).astype(how.dtype) if rows else empty, dict(left_out))


@dataclass(frozen=True, eq=False)
class Corpus:
    """Windows of music for training and for judging what was learned.

    Parameters
    ----------
    rows : ndarray [shape=(n, steps, ...)]
        Packed as `latentpalette.training.packing` says; for drums uint16 labels [n, 32].
    song : ndarray of int32 [shape=(n,)]
        Which of `songs` a window is from.
    split : ndarray of uint8 [shape=(n,)]
        Place in `SPLITS`: 0 train, 1 validation, 2 test.
    songs : tuple of str
    converter : mapping
        What they are windows for, as `ModelConfig.converter`.
    report : mapping
        How it was made: files, windows, what was left out, licence files.

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

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        counts = [f"{np.sum(self.split == k)} {name}" for k, name in enumerate(SPLITS) if np.any(self.split == k)]
        songs = f"{len(self.songs)} song{'' if len(self.songs) == 1 else 's'}"
        return f"Corpus({len(self)} windows of {songs}{': ' if counts else ''}{', '.join(counts)})"

    def part(self, split: str) -> NDArray:
        """The windows [n, steps, ...] of one split: ``"train"``, ``"validation"`` or ``"test"``."""
        if split not in SPLITS:
            raise TrainingError(f"No split is called {split!r}; there are {', '.join(SPLITS)}.")
        return self.rows[self.split == SPLITS.index(split)]

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write an ``.npz`` of plain arrays and JSON; nothing in it can run."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        about = {
            "format": FORMAT, "songs": list(self.songs), "converter": dict(self.converter), "report": dict(self.report)
        }  # fmt: skip
        text = np.frombuffer(json.dumps(about).encode(), np.uint8)
        with path.open("wb") as file:
            np.savez_compressed(file, rows=self.rows, song=self.song, split=self.split, about=text)
        return path

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
                about = json.loads(file["about"].tobytes())
            songs, made_for, report = tuple(about["songs"]), about["converter"], about["report"]
        except Exception as problem:  # zipfile, zlib, NumPy and json each have their own way to say "not mine"
            raise TrainingError(f"{path}: not a corpus ({problem}). Make it again.") from problem
        fits = len(rows) == len(song) == len(split) and (len(song) == 0 or 0 <= song.min() <= song.max() < len(songs))
        if about.get("format") != FORMAT or not fits or (len(split) and split.max() >= len(SPLITS)):
            raise TrainingError(f"{path}: not a corpus of format {FORMAT}. Make it again.")
        return cls(rows, song, split, songs, made_for, report)


def build(
    sources: Sequence[str | os.PathLike[str]],
    converter: Mapping[str, Any],
    *,
    hints: Hints | None = None,
    validation: float = 0.1,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Corpus:
    """Read folders and archives of MIDI files into a corpus.

    A window that occurs twice is kept once. Where a held-out song has it, training gives it up, so that nothing a
    model is judged by was learned by heart.

    Parameters
    ----------
    sources : list of path
        Folders, ``.zip`` and ``.tar`` archives, or single files. A source with an ``info.csv`` that names splits is
        split by it; other songs by a hash of their name.
    converter : mapping
        As `ModelConfig.converter`.
    hints : Hints, optional
        What is known of the files; see `latentpalette.training.reading.read`.
    validation : float [0 to 1]
        The share of songs held out where the source does not say.
    workers : int, optional
        Processes that read files; as many as there are cores by default, 0 for none besides this one.
    progress : callable of (files read, files), optional

    Raises
    ------
    TrainingError
        If a source cannot be read, or there is no window in any.
    """
    surveys = [sources_.survey(source) for source in sources]
    total = sum(each.songs for each in surveys)
    splits = {song: split for each in surveys for song, split in each.splits.items()}
    spec = dict(converter)
    found: list[Found] = []
    left_out: Counter[str] = Counter()
    touched: Counter[str] = Counter()
    unreadable: Counter[str] = Counter()
    everything = (song for source in sources for song in sources_.songs(source))
    for done, result in enumerate(_read_all(everything, partial(windows_of, spec=spec, hints=hints), workers), 1):
        if len(result.rows):
            found.append(result)
        left_out.update(result.left_out)
        touched.update(result.left_out.keys())
        unreadable.update([result.unreadable] if result.unreadable else [])
        if progress:
            progress(done, total)
    if not found:
        why = ", ".join(f"{reason} ({n} files)" for reason, n in (touched + unreadable).most_common(5)) or "no files"
        raise TrainingError(f"No windows in {total} MIDI files of {[str(each) for each in sources]}: {why}.")

    split_of_song = [SPLITS.index(sources_.split_of(each.song, validation=validation, splits=splits)) for each in found]
    rows = np.concatenate([each.rows for each in found])
    song = np.repeat(np.arange(len(found), dtype=np.int32), [len(each.rows) for each in found])
    split = np.asarray(split_of_song, np.uint8)[song]
    kept = _first_of_each(rows, split)
    report = {
        "sources": [Path(source).name for source in sources],
        "files": total,
        "songs": len(found),
        "windows": {"found": len(rows), "kept": len(kept)}
        | {name: int(np.sum(split[kept] == k)) for k, name in enumerate(SPLITS)},
        "left_out": [{"reason": r, "files": touched[r], "bars": bars} for r, bars in left_out.most_common()],
        "unreadable": [{"reason": reason, "files": files} for reason, files in unreadable.most_common()],
        "licences": [name for each in surveys for name in each.licences],
    }
    return Corpus(rows[kept], song[kept], split[kept], tuple(each.song for each in found), spec, report)


def _read_all(songs: Iterator[Song], work: Callable[[Song], Found], workers: int | None) -> Iterator[Found]:
    """`work` over all songs, in order, on several cores; only a few files are in memory at a time."""
    workers = os.cpu_count() or 1 if workers is None else workers
    if workers < 2:
        yield from map(work, songs)
        return
    # Fresh processes: a fork would inherit the locks of whatever threads the caller has.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[Found]] = deque()
        for song in songs:
            waiting.append(pool.submit(work, song))
            if len(waiting) > 8 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _first_of_each(rows: NDArray, split: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Indices, in order, of the windows to keep: each once, in the most held-out split that has it."""
    by_split = np.argsort(-split.astype(int), kind="stable")
    flat = np.ascontiguousarray(rows.reshape(len(rows), -1)[by_split])
    keys = flat.view(np.dtype((np.void, flat.dtype.itemsize * flat.shape[1])))[:, 0]
    _, first = np.unique(keys, return_index=True)
    return np.sort(by_split[first])


# What is said of an instrument, after its name and how many of its notes it is about.
_PARTICULAR = re.compile(
    r"notes under the top line|heard too briefly|not among programs \d+ to \d+|notes outside MIDI pitch \d+ to \d+"
)


def _general(reason: str) -> str:
    """A reason without the particulars of one file, so that it can be counted."""
    if known := _PARTICULAR.search(reason):
        return known[0]
    short = re.split(r"[;:(.]| by | it begins", reason, maxsplit=1)[0].strip(" ,")
    return re.sub(r"^(is|are) |^\d+ (?=hit)", "", short)
