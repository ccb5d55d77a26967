"""Music to files: their names, the pictures beside them, and a line about each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import Progress

from latentpalette.cli.console import say
from latentpalette.cli.options import Format
from latentpalette.errors import MidiError

if TYPE_CHECKING:
    from latentpalette.music.sequence import NoteSequence
    from latentpalette.windows.common import Excerpt, Excerpts


def numbered(base: str, n: int) -> list[str]:
    """File names for a series, from 1, so that they sort as they sound.

    Examples
    --------
    >>> numbered("walk", 10)[::9]
    ['walk-01-of-10', 'walk-10-of-10']
    """
    return [f"{base}-{number:0{len(str(n))}}-of-{n}" for number in range(1, n + 1)]


def stamped(model: str, verb: str) -> str:
    """What a series is called if nobody says: no run writes over another's files."""
    return f"{slug(model)}_{verb}_{datetime.now().astimezone():%Y-%m-%d_%H%M%S}"


def stems(files: Sequence[Path]) -> list[str]:
    """What to call files without their endings, so that two songs of one name from two folders stay apart.

    Examples
    --------
    >>> stems([Path("old/song.mid"), Path("new/song.mid"), Path("new/song.mid")])
    ['song', 'song-2', 'song-2']
    """
    called: dict[Path, str] = {}
    for file in files:
        same = sum(other.stem == file.stem for other in called if other != file)
        called.setdefault(file, f"{file.stem}-{same + 1}" if same else file.stem)
    return [called[file] for file in files]


def by_bars(stem: str, windows: Sequence[Excerpt]) -> list[str]:
    """File names for the windows of a piece: its name, the bars, and the instrument where that tells them apart.

    Examples
    --------
    >>> from latentpalette.windows.common import Excerpt
    >>> from latentpalette.music.sequence import NoteSequence
    >>> by_bars("song", [Excerpt(NoteSequence(steps=32), bar=bar, source="song.mid") for bar in (1, 9, 9)])
    ['song_bars-01-02', 'song_bars-09-10', 'song_bars-09-10_2']
    """
    wide = len(str(max((window.bar + window.bars - 1 for window in windows), default=1)))
    names: list[str] = []
    for window in windows:
        first, last = window.bar, window.bar + window.bars - 1
        name = f"{stem}_bars-{first:0{wide}}-{last:0{wide}}" if last > first else f"{stem}_bar-{first:0{wide}}"
        same = [other for other in windows if other.bar == window.bar]
        if len(same) > 1 and window.part:
            name += f"_{slug(window.part)}"
        again = sum(re.fullmatch(re.escape(name) + r"(_\d+)?", other) is not None for other in names)
        names.append(f"{name}_{again + 1}" if again else name)
    return names


def write(
    music: Iterable[NoteSequence],
    names: Sequence[str],
    folder: Path,
    *,
    form: Format = Format.MID,
    plot: bool = False,
    bar: Progress | None = None,
) -> list[Path]:
    """Write one file for each sequence, and with `plot` a picture of it beside.

    Raises
    ------
    MidiError
        If the folder cannot be written to.
    """
    pieces = list(music)
    written: list[Path] = []
    task = bar.add_task(f"Writing {form.value}", total=len(pieces)) if bar else None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for sequence, name in zip(pieces, names, strict=True):
            written.append(sequence.save(folder / f"{name}.{form.value}"))
            if plot:
                from latentpalette.plots import pianoroll_png

                (folder / f"{name}.png").write_bytes(pianoroll_png.png([sequence], [name]))
            if bar and task is not None:
                bar.update(task, advance=1)
    except OSError as problem:
        raise MidiError(f"{folder}: cannot be written to ({problem.strerror or problem}).") from problem
    return written


def tell(files: Sequence[Path], *, plot: bool = False) -> None:
    """Say what was written, one file a line."""
    for file in files:
        say.done(f"{file}{' and .png' if plot else ''}")


def tell_left_out(found: Excerpts) -> None:
    """Say what of a piece is not among its windows, and why."""
    for reason in found.left_out:
        say.note(f"{found.source}: {reason}")


def slug(text: str) -> str:
    """Text as part of a file's name.

    Examples
    --------
    >>> slug("Acoustic Grand Piano / left")
    'Acoustic-Grand-Piano-left'
    """
    return re.sub(r"[^\w.+-]+", "-", text).strip("-")
