"""Windows on their way into a corpus, on disk: what was read stays read, and memory stays small."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from latentpalette.data.extract import SongWindows
from latentpalette.errors import TrainingError

KEY = np.dtype("<u8,<u8")  # of a window: equal windows have equal keys
_CHUNK = 1 << 22  # bytes read at once
_BUCKET = 500_000  # windows compared with one another at once


class Staging:
    """A folder that a corpus is read into, file by file; after a break it goes on where it was.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    about : mapping
        What determines the outcome, in a form that JSON can hold.
    shape, dtype : tuple of int, str
        Of one packed window.

    Raises
    ------
    TrainingError
        If something else was being read into this folder.
    """

    def __init__(self, folder: Path, about: Mapping[str, Any], *, shape: tuple[int, ...], dtype: str) -> None:
        self.folder, self.shape, self.dtype = folder, shape, np.dtype(dtype)
        self.bytes = int(np.prod(shape)) * self.dtype.itemsize
        self.songs = self.windows = 0
        folder.mkdir(parents=True, exist_ok=True)
        told = folder / "about.json"
        text = json.dumps(about, sort_keys=True)
        if told.is_file() and told.read_text() != text:
            raise TrainingError(
                f"{folder}: a corpus of other sources or settings was begun here. Delete it, or ask as then."
            )
        told.write_text(text)
        whole = 0
        for line in self._lines():
            whole += len(line)
            self.songs += 1
            self.windows += json.loads(line)["windows"]
        self._files = {
            "journal": self._opened("journal", whole),
            "rows": self._opened("rows", self.windows * self.bytes),
            "qpm": self._opened("qpm", self.windows * 4),
            "keys": self._opened("keys", self.windows * KEY.itemsize),
        }

    def _opened(self, name: str, size: int) -> BinaryIO:
        """A file cut to what the journal vouches for, and open at its end."""
        file = (self.folder / name).open("ab")
        file.truncate(size)
        return file

    def _lines(self) -> Iterator[bytes]:
        """The journal, line by line; one that a killed run left unfinished is none."""
        journal = self.folder / "journal"
        if journal.is_file():
            with journal.open("rb") as file:
                yield from (line for line in file if line.endswith(b"\n"))

    def log(self) -> Iterator[dict[str, Any]]:
        """What is known of each song, in their order: song, windows, left_out, unreadable, constructed."""
        return map(json.loads, self._lines())

    def add(self, found: SongWindows) -> None:
        """Keep what a file gave. Its line in the journal comes last: it vouches for the rest."""
        rows = np.ascontiguousarray(found.windows, self.dtype)
        keys = [hashlib.blake2b(row.tobytes(), digest_size=KEY.itemsize).digest() for row in rows]
        entry = {
            "song": found.song,
            "windows": len(rows),
            "left_out": dict(found.left_out),
            "unreadable": found.unreadable,
            "constructed": found.synthetic,
        }
        for name, data in (
            ("rows", rows.tobytes()),
            ("qpm", found.qpm.astype("<f4").tobytes()),
            ("keys", b"".join(keys)),
            ("journal", json.dumps(entry).encode() + b"\n"),
        ):
            self._files[name].write(data)
            self._files[name].flush()
        self.songs += 1
        self.windows += len(rows)

    def rows(self) -> Iterator[NDArray]:
        """All windows, some [n, steps, ...] at a time."""
        for data in self._read("rows", self.bytes):
            yield np.frombuffer(data, self.dtype).reshape(-1, *self.shape)

    def qpm(self) -> Iterator[NDArray[np.float32]]:
        """All tempos, as many [n] at a time as `rows` gives windows."""
        for data in self._read("qpm", 4):
            yield np.frombuffer(data, "<f4")

    def _read(self, name: str, size: int) -> Iterator[bytes]:
        many = max(_CHUNK // self.bytes, 1)
        with (self.folder / name).open("rb") as file:
            while data := file.read(many * size):
                yield data

    def deduplicate(self, rank: NDArray[np.uint8], starts: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which windows [n] to keep: each once, from the song of the highest rank that has it, there the first.

        Parameters
        ----------
        rank : ndarray of uint8 [shape=(songs,)]
        starts : ndarray of int64 [shape=(songs,)]
            The first window of each song.
        """
        kept = np.zeros(self.windows, bool)
        buckets = -(-self.windows // _BUCKET)
        for bucket in range(buckets):  # equal windows are in one bucket
            keys, places = [np.zeros(0, KEY)], [np.zeros(0, np.int64)]
            at = 0
            for data in self._read("keys", KEY.itemsize):
                some = np.frombuffer(data, KEY)
                mine = np.flatnonzero(some["f0"] % buckets == bucket)
                keys.append(some[mine])
                places.append(mine + at)
                at += len(some)
            key, place = np.concatenate(keys), np.concatenate(places)
            ranks = rank[np.searchsorted(starts, place, side="right") - 1]
            order = np.lexsort((place, 255 - ranks, key["f1"], key["f0"]))
            ordered = key[order]
            is_first = np.ones(len(order), bool)
            is_first[1:] = ordered[1:] != ordered[:-1]
            kept[place[order[is_first]]] = True
        return kept

    def close(self) -> None:
        """Leave it as it is, to go on later."""
        for file in self._files.values():
            file.close()

    def remove(self) -> None:
        """Delete the folder."""
        self.close()
        shutil.rmtree(self.folder)
