"""Write music to files: file names, the files and their pictures, and a printed line for each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import Progress

from latentpalette.cli.console import console
from latentpalette.cli.options import Format
from latentpalette.errors import MidiError

if TYPE_CHECKING:
    from latentpalette.music.sequence import NoteSequence
    from latentpalette.windows.excerpt import Excerpt, Excerpts


_MAX_TRACK_LENGTH = 60  # [characters] of a track's name in the name of a file


def numbered_names(base: str, n: int) -> list[str]:
    """Return file names for a series, numbered from 1 and padded so that they sort in order.

    Examples
    --------
    >>> numbered_names("walk", 10)[::9]
    ['walk-01-of-10', 'walk-10-of-10']
    """
    return [f"{base}-{number:0{len(str(n))}}-of-{n}" for number in range(1, n + 1)]


def default_basename(model: str, command: str) -> str:
    """Return a base name with the current time, so that no run overwrites another's files."""
    return f"{slugify(model)}_{command}_{datetime.now().astimezone():%Y-%m-%d_%H%M%S}"


def unique_stems(files: Sequence[Path]) -> list[str]:
    """Return the stems of files, numbered where different files share one.

    Examples
    --------
    >>> unique_stems([Path("old/song.mid"), Path("new/song.mid"), Path("new/song.mid")])
    ['song', 'song-2', 'song-2']
    """
    names = _UniqueNames(separator="-")
    stems: dict[Path, str] = {}
    for file in files:
        if file not in stems:
            stems[file] = names.add(file.stem)
    return [stems[file] for file in files]


def window_filenames(stem: str, windows: Sequence[Excerpt]) -> list[str]:
    """Return file names for the windows of a piece: its stem, the bars, and the track where several share a bar.

    Examples
    --------
    >>> from latentpalette.windows.excerpt import Excerpt
    >>> from latentpalette.music.sequence import NoteSequence
    >>> windows = [Excerpt(NoteSequence(steps=32), bar=bar, source="song.mid") for bar in (1, 9, 9)]
    >>> window_filenames("song", windows)
    ['song_bars-01-02', 'song_bars-09-10', 'song_bars-09-10_2']
    """
    digits = len(str(max((window.bar + window.bars - 1 for window in windows), default=1)))
    windows_at = Counter(window.bar for window in windows)
    names = _UniqueNames(separator="_")
    filenames: list[str] = []
    for window in windows:
        first, last = window.bar, window.bar + window.bars - 1
        name = f"{stem}_bars-{first:0{digits}}-{last:0{digits}}" if last > first else f"{stem}_bar-{first:0{digits}}"
        if windows_at[window.bar] > 1 and window.track:
            name += f"_{slugify(window.track)[:_MAX_TRACK_LENGTH]}"
        filenames.append(names.add(name))
    return filenames


class _UniqueNames:
    """Names that are numbered where they would occur again, in upper or lower case: ``"a", "a-2", "A-3"``."""

    def __init__(self, *, separator: str) -> None:
        self._separator = separator
        self._used: set[str] = set()
        self._counts: Counter[str] = Counter()

    def add(self, name: str) -> str:
        """Return a name, or the next numbered one that is not in use."""
        unique = name
        while unique.casefold() in self._used:
            self._counts[name.casefold()] += 1
            unique = f"{name}{self._separator}{self._counts[name.casefold()] + 1}"
        self._used.add(unique.casefold())
        return unique


def write_files(
    sequences: Iterable[NoteSequence],
    names: Sequence[str],
    folder: Path,
    *,
    file_format: Format = Format.MID,
    plot: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """Write a file for each sequence, and with `plot` a picture of it beside; return the files.

    Raises
    ------
    MidiError
        If the folder cannot be written to.
    """
    sequences = list(sequences)
    files: list[Path] = []
    task = progress.add_task(f"Writing {file_format.value}", total=len(sequences)) if progress else None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for sequence, name in zip(sequences, names, strict=True):
            files.append(sequence.save(folder / f"{name}.{file_format.value}"))
            if plot:
                from latentpalette.plots.pianoroll_png import pianoroll_png

                (folder / f"{name}.png").write_bytes(pianoroll_png([sequence], [name]))
            if progress and task is not None:
                progress.update(task, advance=1)
    except OSError as problem:
        raise MidiError(f"{folder}: cannot be written to ({problem.strerror or problem}).") from problem
    return files


def print_files(files: Sequence[Path], *, plot: bool = False) -> None:
    """Print the files that were written, one a line."""
    for file in files:
        console.result(f"{file}{' and .png' if plot else ''}")


def print_left_out(excerpts: Excerpts) -> None:
    """Print what of a piece is not among its windows, and why."""
    for reason in excerpts.left_out:
        console.note(f"{excerpts.source}: {reason}")


def slugify(text: str) -> str:
    """Return text with all but letters, digits and ``_.+-`` replaced, for a file name.

    Examples
    --------
    >>> slugify("Acoustic Grand Piano / left")
    'Acoustic-Grand-Piano-left'
    """
    return re.sub(r"[^\w.+-]+", "-", text).strip("-")
