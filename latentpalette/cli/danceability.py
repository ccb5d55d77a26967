"""`latentpalette danceability`: estimate the danceability of songs, for training and evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from latentpalette.cli.console import console
from latentpalette.cli.not_read import print_not_read
from latentpalette.cli.song_values import SavedColumn
from latentpalette.errors import TrainingError
from latentpalette.wording import counted

if TYPE_CHECKING:
    from latentpalette.data.sources import Song


def danceability(
    sources: Annotated[list[Path], typer.Argument(help="Folders, .zip and .tar archives, or MIDI files.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The table to write, .csv or .json, a line for each song.")],
    seconds: Annotated[
        float, typer.Option(help="How much of a song is rendered, from its first note.", min=1, max=1800)
    ] = 60.0,
    drums_only: Annotated[bool, typer.Option("--drums-only", help="Render only the drums.")] = False,
    column: Annotated[str, typer.Option(help="The column of the table to write.")] = "danceability",
    soundfont: Annotated[Path | None, typer.Option(help="The SoundFont that renders.", show_default=False)] = None,
    workers: Annotated[int | None, typer.Option(help="Processes. Default: the number of cores.", min=0)] = None,
) -> None:
    """Estimate the danceability of songs from their rendered sound, and write it to a table.

    After Streich and Herrera (2005); about 0.5 to 3 for songs, the higher the more danceable. A song is called as in a
    corpus, so that the table goes with one. Songs that are in the table keep their value, and other columns stay: an
    interrupted run continues where it stopped. Files that cannot be read are listed.
    """
    from latentpalette.audio.song_danceability import estimate_songs
    from latentpalette.data.scanning import scan_sources

    scanned = scan_sources(sources)
    not_read = [{"name": name, "reason": reason} for name, reason in scanned.problems]
    silent = 0
    with SavedColumn(out, column) as table, console.progress() as progress:
        task = progress.add_task("Listening", total=scanned.num_songs)
        kept = len(table.known)

        def wanted() -> Iterator[Song]:
            for song in scanned.iter_songs():
                if song.name in table.known:
                    progress.update(task, advance=1)
                else:
                    yield song

        for found in estimate_songs(
            wanted(), seconds=seconds, drums_only=drums_only, soundfont=soundfont, workers=workers
        ):
            progress.update(task, advance=1)
            if found.problem:
                not_read.append({"name": found.song, "reason": found.problem})
            else:
                silent += found.value is None
                table.add(found.song, found.value)
    print_not_read(not_read)
    if kept:
        console.note(f"{counted(kept, 'song')} had a value in {out.name}")
    if silent:
        console.note(f"{counted(silent, 'song')} without a value: there is nothing but silence or a constant sound")
    if not table.known:
        raise TrainingError(
            f"No song has a value: {counted(len(not_read), 'file')} not read, {silent:,} without sound."
        )
    console.result(f"{out}: {column} of {counted(len(table.known), 'song')}")
