"""A column of a table of songs that a long command fills, saved now and then."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from latentpalette.cli.console import console
from latentpalette.data.song_values import read_song_values, write_song_values
from latentpalette.files import path_exists

_SAVE_EVERY = 50  # songs: what a power cut may cost


class SavedColumn:
    """A column of a table that is read if it exists, extended, and written as a whole every few songs and at the end.

    Parameters
    ----------
    path : Path
        The table, ``.csv`` or ``.json``. Its other columns stay.
    column : str

    Raises
    ------
    TrainingError
        If there is such a file and it is no table of songs.
    """

    def __init__(self, path: Path, column: str) -> None:
        self._path, self._column = path, column
        values = read_song_values(path) if path_exists(path) else None
        self._columns = dict.fromkeys([*(values.columns if values else ()), column])
        self._songs = {name: dict(known) for name, known in values.songs.items()} if values else {}
        self.known = {name: known[column] for name, known in self._songs.items() if column in known}
        self._unsaved = 0

    def add(self, song: str, value: float | None) -> None:
        """Add the value of a song; None for one that has none."""
        known = self._songs.setdefault(song, {})
        if value is not None:
            self.known[song] = known[self._column] = round(value, 4)
        self._unsaved += 1
        if self._unsaved >= _SAVE_EVERY:
            self.save()

    def save(self) -> None:
        """Write the table."""
        write_song_values(self._path, self._songs, columns=self._columns)
        self._unsaved = 0

    def __enter__(self) -> Self:
        self.save()  # before hours of work: a path that cannot be written, a column that has no name
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.save()
        if kind is KeyboardInterrupt:
            console.note("interrupted; the same command goes on where it stopped")
