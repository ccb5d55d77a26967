"""`latentpalette extract`: the windows of a piece that a model can read, each as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import say
from latentpalette.cli.options import As, Format, Model, Out, Plot
from latentpalette.cli.writing import by_bars, stems, tell, tell_left_out, write
from latentpalette.errors import LatentPaletteError, MidiError


def extract(
    midi: Annotated[list[Path], typer.Argument(help="MIDI files.")],
    model: Model = "drums-2bar",
    out: Out = Path(),
    form: As = Format.MID,
    plot: Plot = False,
) -> None:
    """Cut MIDI files into the windows that a model can read, in order, with their bars in the files' names.

    What is left out is said, and why. It fails if a file gives nothing, after the others are done.
    """
    files: list[Path] = []
    problems: list[str] = []
    with say.progress() as progress:
        task = progress.add_task("Loading the model", total=len(midi) + 1)
        from latentpalette.models import store
        from latentpalette.models.inputs import nothing

        loaded = store.load(model)
        for file, stem in zip(midi, stems(midi), strict=True):
            progress.update(task, advance=1, description=f"Reading {file.name}")
            try:
                found = loaded.excerpts(file)
            except LatentPaletteError as problem:
                problems.append(str(problem))
                continue
            tell_left_out(found)
            if not found:
                problems.append(nothing(found, loaded.name))
            files += write(found, by_bars(stem, found), out, form=form, plot=plot, bar=progress)
        progress.update(task, advance=1)
    tell(files, plot=plot)
    if problems:
        raise MidiError("\n".join(problems))
