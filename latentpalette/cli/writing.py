"""Write music to files: file names, the files and their pictures, and a printed line for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import Progress

from latentpalette.cli.console import console
from latentpalette.cli.options import Format
from latentpalette.files import write_bytes

if TYPE_CHECKING:
    from latentpalette.music.sequence import NoteSequence
    from latentpalette.windows.excerpt import Excerpt, Excerpts


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
    stems: dict[Path, str] = {}
    for file in files:
        duplicates = sum(other.stem == file.stem for other in stems if other != file)
        stems.setdefault(file, f"{file.stem}-{duplicates + 1}" if duplicates else file.stem)
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
    names: list[str] = []
    for window in windows:
        first, last = window.bar, window.bar + window.bars - 1
        name = f"{stem}_bars-{first:0{digits}}-{last:0{digits}}" if last > first else f"{stem}_bar-{first:0{digits}}"
        same_bar = [other for other in windows if other.bar == window.bar]
        if len(same_bar) > 1 and window.track:
            name += f"_{slugify(window.track)}"
        duplicates = sum(re.fullmatch(re.escape(name) + r"(_\d+)?", other) is not None for other in names)
        names.append(f"{name}_{duplicates + 1}" if duplicates else name)
    return names


def write_files(
    sequences: Iterable[NoteSequence],
    names: Sequence[str],
    folder: Path,
    *,
    file_format: Format = Format.MID,
    loop: bool = False,
    plot: bool = False,
    written: Sequence[Path] | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Write a file for each sequence, and with `plot` a picture of it beside; return the files.

    With `loop`, audio is of exactly the length of the music, so that it can be repeated. Files that are `written`
    already get their pictures only.

    Raises
    ------
    FileError
        If the folder cannot be written to; files that were there before are unchanged.
    """
    sequences = list(sequences)
    files: list[Path] = []
    task = progress.add_task(f"Writing {file_format.value}", total=len(sequences)) if progress else None
    for index, (sequence, name) in enumerate(zip(sequences, names, strict=True)):
        target = folder / f"{name}.{file_format.value}"
        files.append(written[index] if written else sequence.save(target, loop=loop))
        if plot:
            from latentpalette.plots.pianoroll_png import pianoroll_png

            write_bytes(folder / f"{name}.png", pianoroll_png([sequence], [name]))
        if progress and task is not None:
            progress.update(task, advance=1)
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
