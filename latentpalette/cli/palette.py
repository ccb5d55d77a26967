"""`latentpalette palette`: a palette without a notebook, as a page and as MIDI files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from latentpalette.cli.console import say
from latentpalette.cli.writing import tell_left_out
from latentpalette.errors import PaletteError

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE
    from latentpalette.music.sequence import NoteSequence


def palette(
    midi: Annotated[
        list[Path] | None,
        typer.Argument(
            help="MIDI files for the corners, up to four; loops are sampled for the others.", show_default=False
        ),
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write the palette as one page that plays anywhere.")] = None,
    folder: Annotated[
        Path | None, typer.Option("--midi", help="Write every cell as a MIDI file into this folder.")
    ] = None,
    model: Annotated[str, typer.Option(help="A model's name, or a path to one.")] = "drums-2bar",
    size: Annotated[int, typer.Option(min=3, max=21, help="Cells along a side.")] = 11,
    qpm: Annotated[float, typer.Option(min=40, max=240, help="Tempo.")] = 120.0,
    temperature: Annotated[float, typer.Option(min=0.05, max=3, help="Of the sampled corners.")] = 0.7,
    seed: Annotated[int, typer.Option(help="Of the sampled corners.")] = 0,
) -> None:
    """Make a palette between four drum loops."""
    if html is None and folder is None:
        raise PaletteError("Nothing to make: give --html PAGE, --midi FOLDER, or both.")
    with say.progress() as bar:
        steps = bar.add_task("Loading the model", total=4)
        from latentpalette.models import store
        from latentpalette.widgets.palette import Palette

        loaded = store.load(model)
        bar.update(steps, advance=1, description="Reading the corners")
        corners, labels = _corners(loaded, midi or [], temperature, seed)
        bar.update(steps, advance=1, description=f"Decoding {size} by {size} cells")
        made = Palette(loaded, corners=corners, labels=labels, size=size, qpm=qpm)
        bar.update(steps, advance=1, description="Writing")
        if html is not None:
            html.parent.mkdir(parents=True, exist_ok=True)
            made.to_html(html)
            say.done(f"{html}  ({html.stat().st_size / 1000:,.0f} kB; open it in a browser)")
        if folder is not None:
            files = made.save_grid(folder)
            say.done(f"{folder}  ({len(files)} MIDI files, {files[0].name} to {files[-1].name})")
        bar.update(steps, advance=1)


def _corners(model: MusicVAE, files: list[Path], temperature: float, seed: int) -> tuple[list[NoteSequence], list[str]]:
    """Four loops: windows of the files first, samples for the rest."""
    if len(files) > 4:
        raise PaletteError(f"A palette has four corners; got {len(files)} files.")
    corners: list[NoteSequence] = []
    labels: list[str] = []
    for file in files:
        # One file gives as many corners as it can, several give one each.
        wanted = 4 if len(files) == 1 else 1
        found = model.excerpts(file)
        tell_left_out(found)
        if not found:
            why = "; ".join(map(str, found.left_out)) or "it is empty"
            raise PaletteError(f"{file.name}: nothing in it fits a corner: {why}.")
        last = len(found) - 1
        places = range(len(found)) if last < wanted else [round(i * last / max(wanted - 1, 1)) for i in range(wanted)]
        for place in places:
            corners.append(found[place])
            labels.append(f"{file.stem}, {found[place].where}")
            say.note(f"corner {'ABCD'[len(corners) - 1]}: {file.name}, {found[place].where}")
    missing = 4 - len(corners)
    if missing:
        corners += model.sample(missing, temperature=temperature, seed=seed)
        labels += [f"Sampled {seed}.{index + 1}" for index in range(missing)]
    return corners, labels
