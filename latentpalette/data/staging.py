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
from latentpalette.files import make_folder
from latentpalette.wording import counted

STAGING_FORMAT = 2

_FILE = "windows.sqlite"
# The text of an error, which may quote a damaged file, need not be UTF-8.
_DATABASE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (text TEXT);
CREATE TABLE IF NOT EXISTS song (entry TEXT, rows BLOB, qpm BLOB);
CREATE TABLE IF NOT EXISTS checksum (song INTEGER PRIMARY KEY, value BLOB);
DROP TABLE IF EXISTS window;
CREATE TEMP TABLE rank (start INTEGER PRIMARY KEY, rank INTEGER);
"""
_SONGS = "SELECT song.rowid, entry, rows, qpm, value FROM song LEFT JOIN checksum ON song = song.rowid ORDER BY 1"
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

    Attributes
    ----------
    songs, windows : int
        The number of those that are stored.
    recovery : str
        What was done about a damaged database, in words; empty if it was whole.

    Raises
    ------
    TrainingError
        If something else was being read into this folder, another process is building in it, or it holds no database.
    FileError
        If the folder cannot be made.
    """

    def __init__(self, folder: Path, build_settings: Mapping[str, Any], *, shape: tuple[int, ...], dtype: str) -> None:
        self.folder, self.shape, self.dtype = folder, shape, np.dtype(dtype)
        self.songs = self.windows = 0
        self.recovery = ""
        text = json.dumps(build_settings, sort_keys=True)
        make_folder(folder)
        try:
            self._database = _connect(folder / _FILE)
        except _DATABASE_ERRORS as problem:
            raise TrainingError(f"{folder}: cannot be written ({problem}). Choose another place.") from problem
        try:
            self._open(text)
        except _DATABASE_ERRORS as problem:
            self.close()
            raise TrainingError(
                f"{folder}: cannot be resumed ({problem}). Unless another process is building in it, "
                "delete it to start again."
            ) from problem
        except TrainingError:
            self.close()
            raise

    def _open(self, text: str) -> None:
        _prepare(self._database)
        stored = self._database.execute("SELECT text FROM about").fetchone()
        is_new = stored is None and self._database.execute("SELECT COUNT(*) FROM song").fetchone() == (0,)
        if is_new:
            with self._database:
                self._database.execute("INSERT INTO about VALUES (?)", (text,))
        elif stored != (text,):
            raise TrainingError(
                f"{self.folder}: it holds an interrupted build of other sources or settings, or of another version of "
                "latentpalette, or is damaged. Delete it to start again, or use those."
            )
        try:
            for _ in self._whole_songs():
                pass
            (stored_songs,) = self._database.execute("SELECT COUNT(*) FROM song").fetchone()
            is_whole = stored_songs == self.songs
        except _DATABASE_ERRORS:
            is_whole = False
        if not is_whole:
            self._recover(text)

    def _whole_songs(self) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of songs and count them, up to the first that is not as it was written."""
        self.songs = self.windows = 0
        for number, entry, rows, qpm, checksum in self._database.execute(_SONGS):
            has_types = isinstance(entry, str) and isinstance(rows, bytes) and isinstance(qpm, bytes)
            if number != self.songs + 1 or not has_types or checksum != _checksum(number, entry, rows, qpm):
                return
            self.songs += 1
            self.windows += json.loads(entry)["windows"]
            yield number, entry, rows, qpm

    def _recover(self, text: str) -> None:
        """Write a new database with the songs that are whole, in place of this one."""
        new = self.folder / f"{_FILE}.new"
        new.unlink(missing_ok=True)
        database = _connect(new)
        try:
            _prepare(database)
            with database:
                database.execute("INSERT INTO about VALUES (?)", (text,))
                try:
                    for row in self._whole_songs():
                        _insert(database, *row)
                except _DATABASE_ERRORS:
                    pass  # what comes after is lost
        finally:
            database.close()
        self.close()
        for leftover in self.folder.glob(f"{_FILE}-*"):
            leftover.unlink()
        new.replace(self.folder / _FILE)
        self._database = _connect(self.folder / _FILE)
        _prepare(self._database)
        files = counted(self.songs, "file")
        self.recovery = f"{self.folder}: the interrupted build was damaged after {files}; it goes on from there."

    def log(self) -> Iterator[dict[str, Any]]:
        """Yield an entry for each song, in their order: song, windows, left_out, unreadable, synthetic."""
        return map(json.loads, self._column("entry"))

    def add(self, song: SongWindows) -> None:
        """Store the windows of a song, in one transaction: all of them or, if the process is killed, none.

        Raises
        ------
        TrainingError
            If the disk is full, or the database cannot be written for another reason.
        """
        windows = np.ascontiguousarray(song.windows, self.dtype)
        entry = json.dumps(
            {
                "song": song.song,
                "windows": len(windows),
                "left_out": dict(song.left_out),
                "unreadable": song.unreadable,
                "synthetic": song.synthetic,
            }
        )
        number, rows, qpm = self.songs + 1, windows.tobytes(), song.qpm.astype("<f4").tobytes()
        try:
            with self._database:
                _insert(self._database, number, entry, rows, qpm)
        except _DATABASE_ERRORS as problem:
            raise self._write_error(problem) from problem
        self.songs = number
        self.windows += len(windows)

    def _write_error(self, problem: Exception) -> TrainingError:
        return TrainingError(
            f"{self.folder}: cannot be written ({problem}). Make room on the disk, or choose another place; "
            f"what was read ({counted(self.songs, 'file')}) is safe, and the same command goes on after them."
        )

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

        Raises
        ------
        TrainingError
            As `add`.
        """
        is_first = np.zeros(self.windows, bool)
        try:
            with self._database:
                pairs = zip(starts.tolist(), rank.tolist(), strict=True)
                self._database.executemany("INSERT OR REPLACE INTO rank VALUES (?, ?)", pairs)
                self._database.execute("DROP TABLE IF EXISTS window")
                self._database.execute("CREATE TABLE window (position INTEGER PRIMARY KEY, start INTEGER, key BLOB)")
                self._database.executemany("INSERT INTO window VALUES (?, ?, ?)", self._keys())
            for (position,) in self._database.execute(_FIRST):
                is_first[position] = True
        except _DATABASE_ERRORS as problem:
            raise self._write_error(problem) from problem
        return is_first

    def _keys(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield the position of each window, the first one of its song, and a hash of it."""
        start = 0
        for windows in self.packed_windows():
            for number, window in enumerate(windows):
                yield start + number, start, hashlib.blake2b(window.tobytes(), digest_size=16).digest()
            start += len(windows)

    def close(self) -> None:
        """Close the database; a later build resumes from it."""
        self._database.close()

    def remove(self) -> None:
        """Delete the folder."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=0)


def _prepare(database: sqlite3.Connection) -> None:
    # What a killed process has written is safe with the operating system, so there is no need to wait for the disk.
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA locking_mode = EXCLUSIVE")  # one process at a time
    database.executescript(_SCHEMA)


def _insert(database: sqlite3.Connection, number: int, entry: str, rows: bytes, qpm: bytes) -> None:
    database.execute("INSERT INTO song (rowid, entry, rows, qpm) VALUES (?, ?, ?, ?)", (number, entry, rows, qpm))
    database.execute("INSERT INTO checksum VALUES (?, ?)", (number, _checksum(number, entry, rows, qpm)))


def _checksum(number: int, entry: str, rows: bytes, qpm: bytes) -> bytes:
    """Return a hash of a row; its parts cannot be moved from one to the other, because their lengths are in it."""
    digest = hashlib.blake2b(f"{number} {len(entry)} {len(rows)} {len(qpm)} {entry}".encode(), digest_size=16)
    digest.update(rows)
    digest.update(qpm)
    return digest.digest()
