"""`latentpalette corpus`: MIDI files to a corpus for training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from latentpalette.cli.console import say


def corpus(
    sources: Annotated[list[Path], typer.Argument(help="Folders, .zip and .tar archives, or MIDI files.")],
    out: Annotated[Path, typer.Option(help="The corpus to write (.npz).")],
    config: Annotated[str, typer.Option(help="What to make it for: a recipe, or a recipe's file.")] = "drums-2bar",
    melodies: Annotated[
        str | None, typer.Option(help="Parts called so are melodies, whatever they are played on (regular expression).")
    ] = None,
    basses: Annotated[
        str | None, typer.Option(help="Parts called so are basses, where a trio is to be constructed.")
    ] = None,
    kit: Annotated[str, typer.Option(help="The drum map of the recordings: roland for the Groove MIDI Dataset.")] = "",
    drums: Annotated[
        Path | None,
        typer.Option(help="A corpus of drum loops, to construct trios with of songs that have no drums."),
    ] = None,
    validation: Annotated[float, typer.Option(help="The share of songs to hold out.", min=0.0, max=1.0)] = 0.1,
    workers: Annotated[int | None, typer.Option(help="Processes; as many as there are cores by default.")] = None,
    dask: Annotated[
        str | None, typer.Option(help="Read on a Dask cluster instead: its scheduler, like tcp://host:8786.")
    ] = None,
) -> None:
    """Read MIDI files once, cut them into windows, and split them by song.

    A run that was broken off goes on where it was.
    """
    from latentpalette.data.build import build_file
    from latentpalette.data.corpus import Corpus
    from latentpalette.data.options import Hints
    from latentpalette.training.recipe import recipe

    named: dict[str, Any] = {
        name: said for name, said in (("melodies", melodies), ("basses", basses)) if said is not None
    }
    with say.progress() as bar:
        task = bar.add_task("reading", total=None)
        made = build_file(
            out,
            sources,
            recipe(config).config.converter,
            hints=Hints(**named, kit=kit),
            drums=None if drums is None else Corpus.load(drums),
            validation=validation,
            workers=workers,
            dask=dask,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    report = made.report
    for item in report["left_out"]:
        say.note(f"left out: {item['reason']} ({item['bars']} bars in {item['files']} files)")
    for item in report["unreadable"]:
        say.note(f"not read: {item['reason']} ({item['files']} files)")
    if report["constructed"]["songs"]:
        say.note(f"constructed: {report['constructed']['windows']} windows of {report['constructed']['songs']} songs")
    say.note(f"licences: {', '.join(report['licences']) or 'none found; make sure that you may use this music'}")
    say.done(f"{made.path}: {made.text} from {report['files']} files")
