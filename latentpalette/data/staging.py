"""Staging of a corpus that is being built, in an SQLite database: resumable, deduplicated, in bounded memory."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.data.extract import SongWindows
from latentpalette.errors import TrainingError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (text TEXT);
CREATE TABLE IF NOT EXISTS song (entry TEXT, rows BLOB, qpm BLOB);
CREATE TABLE IF NOT EXISTS window (position INTEGER PRIMARY KEY, start INTEGER, key BLOB);
CREATE TEMP TABLE rank (start INTEGER PRIMARY KEY, rank INTEGER);
"""
# Of equal windows, that of the highest rank, then the earliest: both in one number, because MIN needs no memory.
_FIRST = "SELECT MIN((255 - rank) << 48 | position) & ((1 << 48) - 1) FROM window JOIN rank USING (start) GROUP BY key"


class Staging:
    """A folder that a corpus is read into, file by file; an interrupted build resumes from it.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    build_settings : mapping
        Everything that determines the corpus, in a form that JSON can hold.
    shape, dtype : tuple of int, str
        Of one packed window.

    Raises
    ------
    TrainingError
        If something else was being read into this folder, another process is building in it, or it is damaged.
    """

    def __init__(self, folder: Path, build_settings: Mapping[str, Any], *, shape: tuple[int, ...], dtype: str) -> None:
        self.folder, self.shape, self.dtype = folder, shape, np.dtype(dtype)
        folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(folder / "windows.sqlite", timeout=0)
        try:
            self._open(json.dumps(build_settings, sort_keys=True))
        except sqlite3.DatabaseError as problem:
            self.close()
            raise TrainingError(
                f"{folder}: cannot be resumed ({problem}). Unless another process is building in it, "
                "delete it to start again."
            ) from problem
        except TrainingError:
            self.close()
            raise

    def _open(self, text: str) -> None:
        # What a killed process has written is safe with the operating system, so there is no need to wait for the disk.
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("PRAGMA locking_mode = EXCLUSIVE")  # one process at a time
        self._database.executescript(_SCHEMA)
        stored = self._database.execute("SELECT text FROM about").fetchone()
        if stored is None:
            with self._database:
                self._database.execute("INSERT INTO about VALUES (?)", (text,))
        elif stored[0] != text:
            raise TrainingError(
                f"{self.folder}: it holds an interrupted build of other sources or settings. Delete it, or use those."
            )
        (self.songs,) = self._database.execute("SELECT COUNT(*) FROM song").fetchone()
        (self.windows,) = self._database.execute("SELECT COUNT(*) FROM window").fetchone()

    def log(self) -> Iterator[dict[str, Any]]:
        """Yield an entry for each song, in their order: song, windows, left_out, unreadable, synthetic."""
        return map(json.loads, self._column("entry"))

    def add(self, song: SongWindows) -> None:
        """Store the windows of a song, in one transaction: all of them or, if the process is killed, none."""
        windows = np.ascontiguousarray(song.windows, self.dtype)
        keys = [hashlib.blake2b(window.tobytes(), digest_size=16).digest() for window in windows]
        entry = {
            "song": song.song,
            "windows": len(windows),
            "left_out": dict(song.left_out),
            "unreadable": song.unreadable,
            "synthetic": song.synthetic,
        }
        with self._database:
            self._database.execute(
                "INSERT INTO song VALUES (?, ?, ?)",
                (json.dumps(entry), windows.tobytes(), song.qpm.astype("<f4").tobytes()),
            )
            self._database.executemany(
                "INSERT INTO window VALUES (?, ?, ?)",
                [(self.windows + number, self.windows, key) for number, key in enumerate(keys)],
            )
        self.songs += 1
        self.windows += len(windows)

    def packed_windows(self) -> Iterator[NDArray]:
        """Yield all packed windows, one song's [n, steps, ...] at a time."""
        for data in self._column("rows"):
            yield np.frombuffer(data, self.dtype).reshape(-1, *self.shape)

    def qpm(self) -> Iterator[NDArray[np.float32]]:
        """Yield all tempos, as many [n] at a time as `packed_windows` gives windows."""
        for data in self._column("qpm"):
            yield np.frombuffer(data, "<f4")

    def _column(self, name: str) -> Iterator[Any]:
        return (value for (value,) in self._database.execute(f"SELECT {name} FROM song ORDER BY rowid"))  # noqa: S608 # one of the columns above

    def deduplicate(self, rank: NDArray[np.uint8], starts: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return a mask [n] that keeps each window once: of equal ones the first of the song with the highest rank.

        Parameters
        ----------
        rank : ndarray of uint8 [shape=(songs,)]
        starts : ndarray of int64 [shape=(songs,)]
            The first window of each song.
        """
        is_first = np.zeros(self.windows, bool)
        with self._database:
            pairs = zip(starts.tolist(), rank.tolist(), strict=True)
            self._database.executemany("INSERT OR REPLACE INTO rank VALUES (?, ?)", pairs)
        for (position,) in self._database.execute(_FIRST):
            is_first[position] = True
        return is_first

    def close(self) -> None:
        """Close the database; a later build resumes from it."""
        self._database.close()

    def remove(self) -> None:
        """Delete the folder."""
        self.close()
        shutil.rmtree(self.folder)
