"""`latentpalette corpus`: build a training corpus from MIDI files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from latentpalette.cli.console import console
from latentpalette.cli.not_read import print_not_read
from latentpalette.cli.options import DrumMapOption, DrumsOption, OnlyTrackOption
from latentpalette.wording import counted


def corpus(
    sources: Annotated[list[Path], typer.Argument(help="Folders, .zip and .tar archives, or MIDI files.")],
    out: Annotated[Path, typer.Option(help="The corpus to write (.npz).")],
    recipe: Annotated[
        str, typer.Option(help="The recipe to build it for: a recipe's name, a Magenta configuration, or a file.")
    ] = "drums-2bar",
    melody_tracks: Annotated[
        str | None, typer.Option(help="Regular expression: tracks so named are melodies, whatever their instrument.")
    ] = None,
    bass_tracks: Annotated[
        str | None, typer.Option(help="Regular expression: tracks so named are basses of synthetic trios.")
    ] = None,
    track: OnlyTrackOption = None,
    drums: DrumsOption = None,
    drum_map: DrumMapOption = "",
    drum_corpus: Annotated[
        Path | None,
        typer.Option(help="A corpus of drum loops for synthetic trios: those of songs without drums."),
    ] = None,
    validation: Annotated[float, typer.Option(help="The share of songs to hold out.", min=0.0, max=1.0)] = 0.1,
    workers: Annotated[int | None, typer.Option(help="Processes. Default: the number of cores.", min=0)] = None,
    dask: Annotated[
        str | None, typer.Option(help="Read on a Dask cluster: the address of its scheduler, like tcp://host:8786.")
    ] = None,
) -> None:
    """Build a corpus: read MIDI files, cut them into windows, and split the windows by song.

    An interrupted run continues where it stopped. Files that cannot be read are listed, and the others are read; the
    command fails if there is no window in any of them.
    """
    from latentpalette.data.build import build_corpus_file
    from latentpalette.data.corpus import Corpus
    from latentpalette.data.options import ExtractOptions
    from latentpalette.training.recipe import load_recipe

    if any(name.endswith(".npz") for name in drums or ()):
        raise typer.BadParameter("it names tracks; a corpus of drum loops is --drum-corpus.", param_hint="--drums")
    patterns: dict[str, Any] = {"melody_tracks": melody_tracks, "bass_tracks": bass_tracks}
    given = {name: pattern for name, pattern in patterns.items() if pattern is not None}
    with _note_if_interrupted(), console.progress() as progress:
        task = progress.add_task("Reading", total=None)
        built = build_corpus_file(
            out,
            sources,
            load_recipe(recipe).config.converter,
            options=ExtractOptions(**given, track=track, drums=drums, drum_map=drum_map),
            drum_corpus=None if drum_corpus is None else Corpus.load(drum_corpus),
            validation=validation,
            workers=workers,
            dask_scheduler=dask,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    report = built.report
    if built.recovery:
        console.note(built.recovery)
    for item in report["left_out"]:
        files = counted(item["files"], "file")
        bars = f"left out: {item['reason']} ({counted(item['bars'], 'bar')} in {files})"
        console.note(bars if item["bars"] else f"in {files}: {item['reason']}")
    print_not_read(report["not_read"])
    synthetic = report["synthetic"]
    if synthetic["songs"]:
        console.note(
            f"synthetic trios: {counted(synthetic['windows'], 'window')} of {counted(synthetic['songs'], 'song')}"
        )
    console.note(f"licenses: {', '.join(report['licenses']) or 'none found; make sure that you may use this music'}")
    console.result(f"{built.path}: {built.summary} from {counted(report['files'], 'file')}")


@contextmanager
def _note_if_interrupted() -> Iterator[None]:
    """After Ctrl-C, say how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        console.note("interrupted; the same command goes on where it stopped")
        raise
