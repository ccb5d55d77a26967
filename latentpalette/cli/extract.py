"""`latentpalette extract`: write the windows of a piece that a model can read, each to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import console
from latentpalette.cli.options import (
    DrumsOption,
    Format,
    FormatOption,
    LoopOption,
    ModelOption,
    OutOption,
    PlotOption,
    TrackOption,
)
from latentpalette.cli.writing import print_files, print_left_out, unique_stems, window_filenames, write_files
from latentpalette.errors import LatentPaletteError, MidiError


def extract(
    midi: Annotated[list[Path], typer.Argument(help="MIDI files.")],
    model: ModelOption = "drums-2bar",
    track: TrackOption = None,
    drums: DrumsOption = None,
    out: OutOption = Path(),
    file_format: FormatOption = Format.MID,
    loop: LoopOption = False,
    plot: PlotOption = False,
) -> None:
    """Write the windows of MIDI files that a model can read, with their bars in the file names.

    Prints what is left out, and why. If a file has no such window, the command fails after the others are done.
    """
    files: list[Path] = []
    problems: list[str] = []
    with console.progress() as progress:
        task = progress.add_task("Loading the model", total=len(midi) + 1)
        from latentpalette.models import store
        from latentpalette.models.inputs import no_windows_message

        loaded = store.load(model)
        for file, stem in zip(midi, unique_stems(midi), strict=True):
            progress.update(task, advance=1, description=f"Reading {file.name}")
            try:
                excerpts = loaded.excerpts(file, track=track, drums=drums)
            except LatentPaletteError as problem:
                problems.append(str(problem))
                continue
            print_left_out(excerpts)
            if not excerpts:
                problems.append(no_windows_message(excerpts, loaded.name))
            names = window_filenames(stem, excerpts)
            files += write_files(excerpts, names, out, file_format=file_format, loop=loop, plot=plot, progress=progress)
        progress.update(task, advance=1)
    print_files(files, plot=plot)
    if problems:
        raise MidiError("\n".join(problems))
