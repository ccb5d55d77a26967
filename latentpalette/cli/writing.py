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
from latentpalette.cli.options import Format, format_of
from latentpalette.cli.unique_names import UniqueNames, safe_stem
from latentpalette.files import write_bytes

if TYPE_CHECKING:
    from latentpalette.music.sequence import NoteSequence
    from latentpalette.windows.excerpt import Excerpt, Excerpts

MAX_TRACK_BYTES = 60


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
    """Return the stems of files as `safe_stem` makes them, numbered where different files share one.

    Examples
    --------
    >>> unique_stems([Path("old/song.mid"), Path("new/song.mid"), Path("new/song.mid")])
    ['song', 'song-2', 'song-2']
    """
    names = UniqueNames("-")
    stems = {file: names.add(safe_stem(file.name)) for file in dict.fromkeys(files)}
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
    windows_per_bar = Counter(window.bar for window in windows)
    unique_names, names = UniqueNames("_"), []
    for window in windows:
        first, last = window.bar, window.bar + window.bars - 1
        name = f"{stem}_bars-{first:0{digits}}-{last:0{digits}}" if last > first else f"{stem}_bar-{first:0{digits}}"
        if windows_per_bar[window.bar] > 1 and window.track:
            name += f"_{safe_stem(slugify(window.track) + '.', MAX_TRACK_BYTES)}"
        names.append(unique_names.add(name))
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
    try:
        for index, (sequence, name) in enumerate(zip(sequences, names, strict=True)):
            target = folder / f"{name}.{file_format.value}"
            files.append(written[index] if written else sequence.save(target, loop=loop))
            if plot:
                from latentpalette.plots.pianoroll_png import pianoroll_png

                write_bytes(folder / f"{name}.png", pianoroll_png([sequence], [name]))
            if progress and task is not None:
                progress.update(task, advance=1)
    finally:
        if progress and task is not None:
            progress.remove_task(task)
    return files


def write_page(path: Path | None, sequences: Sequence[NoteSequence], labels: Sequence[str]) -> None:
    """Write a page with a piano roll and a player for each sequence, and print its name; without a path do nothing.

    Raises
    ------
    FileError
        If the file cannot be written.
    """
    if path is None:
        return
    from latentpalette.widgets.pianorolls import MAX_SHOWN, show

    path.parent.mkdir(parents=True, exist_ok=True)
    show(sequences[:MAX_SHOWN], list(labels)[:MAX_SHOWN]).to_html(path)
    console.result(f"{path}  ({path.stat().st_size / 1000:,.0f} kB; open it in a browser)")
    if len(sequences) > MAX_SHOWN:
        console.note(f"{path}: the first {MAX_SHOWN} of {len(sequences)} are shown.")


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


def write_one(
    music: NoteSequence, out: Path, *, loop: bool, plot: bool, html: Path | None, qpm: float | None = None
) -> None:
    """Write a piece to the file that is named, in the format of its suffix, and print a line; pictures if asked for."""
    if qpm is not None:
        music = music.replace(qpm=qpm)
    files = write_files([music], [out.stem], out.parent, file_format=format_of(out), loop=loop, plot=plot)
    print_files(files, plot=plot)
    write_page(html, [music], [out.stem])
