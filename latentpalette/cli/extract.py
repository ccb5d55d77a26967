"""`latentpalette extract`: write the windows of a piece that a model can read, each to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import console, printable
from latentpalette.cli.not_read import shorten_name
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
from latentpalette.cli.unique_names import UniqueNames, safe_stem
from latentpalette.cli.writing import print_files, print_left_out, window_filenames, write_files
from latentpalette.errors import FileError, LatentPaletteError, MidiError
from latentpalette.wording import counted


def extract(
    midi: Annotated[list[Path], typer.Argument(help="MIDI files, folders of them, .zip and .tar archives.")],
    model: ModelOption = "drums-2bar",
    track: TrackOption = None,
    drums: DrumsOption = None,
    out: OutOption = Path(),
    file_format: FormatOption = Format.MID,
    loop: LoopOption = False,
    plot: PlotOption = False,
) -> None:
    """Write the windows of MIDI files that a model can read, with their bars in the file names.

    Prints what is left out, and why. If a file that is named here has no such window, or none of a folder or an
    archive has, the command fails after the others are done.
    """
    files: list[Path] = []
    problems: list[str] = []
    notes: list[str] = []
    stems: dict[str, str] = {}
    names = UniqueNames("-")
    from latentpalette.cli.pieces import count_pieces, iter_pieces, read_excerpts

    with console.progress() as progress:
        task = progress.add_task("Loading the model", total=count_pieces(midi) + 1)
        from latentpalette.models import store
        from latentpalette.models.inputs import no_windows_message

        loaded = store.load(model)
        for piece in iter_pieces(midi):
            progress.update(task, advance=1, description=f"Reading {printable(shorten_name(piece.name))}")
            try:
                excerpts = read_excerpts(loaded, piece, track=track, drums=drums)
                print_left_out(excerpts)
                if not excerpts:
                    raise MidiError(no_windows_message(excerpts, loaded.name))
            except LatentPaletteError as problem:
                (problems if piece.is_given else notes).append(str(problem))
                continue
            key = str(piece.path) if piece.is_given else ""  # a file that is named twice is written once
            stem = stems.get(key) or names.add(safe_stem(piece.path.name))
            stems[key] = stem if piece.is_given else ""
            window_names = window_filenames(stem, excerpts)
            try:
                files += write_files(
                    excerpts, window_names, out, file_format=file_format, loop=loop, plot=plot, progress=progress
                )
            except FileError:  # no fault of the piece: the others would fail, too
                print_files(files, plot=plot)
                raise
        progress.update(task, advance=1)
    print_files(files, plot=plot)
    for note in notes:
        console.note(f"not read: {note}")
    if problems or not files:
        raise MidiError(
            "\n".join(problems) or f"No window of {counted(len(notes), 'file')} can be read by {loaded.name}."
        )
