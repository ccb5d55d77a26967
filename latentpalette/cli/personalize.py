"""`latentpalette personalize`: learn your own style from a handful of files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from latentpalette.cli.console import console, printable
from latentpalette.cli.not_read import shorten_name
from latentpalette.cli.options import DrumsOption, ModelOption, TrackOption
from latentpalette.cli.writing import print_left_out
from latentpalette.errors import LatentPaletteError, MidiError
from latentpalette.wording import counted

if TYPE_CHECKING:
    from latentpalette.windows.excerpt import Excerpts


def personalize(
    files: Annotated[list[Path], typer.Argument(help="Your MIDI files, folders of them, .zip and .tar archives.")],
    model: ModelOption = "drums-2bar",
    size: Annotated[int, typer.Option(min=2, max=8, help="Numbers that say a place in your style: its axes.")] = 4,
    similarity: Annotated[
        float,
        typer.Option(min=0, max=1, help="How closely samples follow what was learned; 0 samples from the model."),
    ] = 0.5,
    track: TrackOption = None,
    drums: DrumsOption = None,
    seed: Annotated[int, typer.Option(min=0, help="Random seed; the same seed learns the same style.")] = 0,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")] = Path("mine.safetensors"),
) -> None:
    """Learn your own style from a handful of files, in seconds.

    The small file that it writes is a model for all commands: --model mine.safetensors. It names the model that it is
    based on; if that did not come with the package, its folder lies beside the file.
    """
    from latentpalette.cli.pieces import count_pieces, iter_pieces, read_excerpts

    pieces: list[Excerpts] = []
    problems: list[str] = []
    with console.progress() as progress:
        task = progress.add_task("Loading the model", total=count_pieces(files) + 1)
        from latentpalette.models import store
        from latentpalette.models.inputs import no_windows_message
        from latentpalette.models.style_file import check_style_path
        from latentpalette.training.personalize import personalize

        path = check_style_path(out)
        loaded = store.load(model)
        for piece in iter_pieces(files):
            progress.update(task, advance=1, description=f"Reading {printable(shorten_name(piece.name))}")
            try:
                excerpts = read_excerpts(loaded, piece, track=track, drums=drums)
                if not excerpts:
                    raise MidiError(no_windows_message(excerpts, loaded.name))
            except LatentPaletteError as problem:
                problems.append(str(problem))
                continue
            print_left_out(excerpts)
            pieces.append(excerpts)
    if not pieces:
        raise MidiError("\n".join(problems) or f"There is no file to learn from in {counted(len(files), 'folder')}.")
    for reason in problems:
        console.note(f"not read: {reason}")
    mine = personalize(loaded, pieces, size=size, name=path.stem, similarity=similarity, seed=seed)
    windows = counted(sum(map(len, pieces)), "window")
    console.note(f"learned from {windows} of {counted(len(pieces), 'file')}; based on {loaded.name}")
    console.result(f"wrote {store.save(mine, path)}")
