"""`latentpalette palette`: write a palette as a page and as MIDI files, without a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from latentpalette.cli.console import console
from latentpalette.cli.options import DrumsOption, OnlyTrackOption, parse_interpolation
from latentpalette.cli.writing import print_left_out
from latentpalette.data.members import clean_name
from latentpalette.errors import LatentPaletteError, PaletteError

if TYPE_CHECKING:
    from latentpalette.cli.pieces import Piece
    from latentpalette.models.musicvae import MusicVAE
    from latentpalette.music.sequence import NoteSequence
    from latentpalette.windows.excerpt import Excerpts

_NUM_CORNERS = 4


def palette(
    midi: Annotated[
        list[Path] | None,
        typer.Argument(
            help="MIDI files or presets for up to four corners, or a folder or an archive; the others are sampled.",
            show_default=False,
        ),
    ] = None,
    track: OnlyTrackOption = None,
    drums: DrumsOption = None,
    html: Annotated[
        Path | None, typer.Option(help="Write the palette as one HTML file that plays in any browser.")
    ] = None,
    midi_out: Annotated[Path | None, typer.Option(help="Write every cell as a MIDI file to this folder.")] = None,
    model: Annotated[str, typer.Option(help="A model's name, or a path to one.")] = "drums-2bar",
    size: Annotated[int, typer.Option(min=3, max=21, help="Cells along a side.")] = 11,
    interpolation: Annotated[
        str | None,
        typer.Option(
            help="How the corners are blended: with a learned prior a number from 0 (musical) to 1 (smooth), 0.4 by "
            "default; or lerp (straight), as without one.",
            show_default=False,
        ),
    ] = None,
    qpm: Annotated[
        float | None,
        typer.Option(
            min=20,
            max=400,
            help="Tempo in quarter notes per minute. Default: that of most corners, else 120.",
            show_default=False,
        ),
    ] = None,
    temperature: Annotated[float, typer.Option(min=0.05, max=3, help="Temperature of the sampled corners.")] = 0.7,
    seed: Annotated[int, typer.Option(help="Random seed of the sampled corners.")] = 0,
) -> None:
    """Make a palette from four drum loops.

    Of several files, those that cannot be read are listed, and their corners are sampled.
    """
    if html is None and midi_out is None:
        raise PaletteError("Nothing to make: give --html PAGE, --midi-out FOLDER, or both.")
    with console.progress() as progress:
        task = progress.add_task("Loading the model", total=4)
        from latentpalette.models import store
        from latentpalette.widgets.palette import Palette

        loaded = store.load(model)
        progress.update(task, advance=1, description="Reading the corners")
        corners, labels = _make_corners(loaded, midi or [], {"track": track, "drums": drums}, temperature, seed)
        progress.update(task, advance=1, description=f"Decoding {size} by {size} cells")
        settings: dict[str, Any] = {} if qpm is None else {"qpm": qpm}
        settings["interpolation"] = parse_interpolation(interpolation)
        widget = Palette(loaded, corners=corners, labels=labels, size=size, **settings)
        if widget.tempo_note:
            console.note(widget.tempo_note)
        progress.update(task, advance=1, description="Writing")
        if html is not None:
            widget.to_html(html)
            console.result(f"{html}  ({html.stat().st_size / 1000:,.0f} kB; open it in a browser)")
        if midi_out is not None:
            files = widget.save_grid(midi_out)
            console.result(f"{midi_out}  ({len(files)} MIDI files, {files[0].name} to {files[-1].name})")
        progress.update(task, advance=1)


def _make_corners(
    model: MusicVAE, files: list[Path], choice: Mapping[str, Any], temperature: float, seed: int
) -> tuple[list[NoteSequence | str], list[str]]:
    """Return four corners and their labels: presets and windows of the files first, samples for the rest."""
    from latentpalette.cli.pieces import count_pieces, iter_pieces, preset_or_path
    from latentpalette.widgets.tempo import common_tempo

    if len(files) > _NUM_CORNERS:
        raise PaletteError(f"A palette has four corners; got {len(files)} files.")
    corners: list[NoteSequence | str] = []
    labels: list[str] = []
    problems: list[LatentPaletteError] = []
    # One file gives as many corners as it can, several give one each.
    wanted = _NUM_CORNERS if count_pieces(files) == 1 else 1
    for piece in iter_pieces(files):
        if len(corners) == _NUM_CORNERS:
            console.note(f"not used: {piece.name} and what follows; a palette has four corners")
            break
        preset = preset_or_path(piece.path)
        if isinstance(preset, str) and preset in model.presets:
            corners.append(preset)
            labels.append(preset)
            continue
        try:
            excerpts = _read_corner(model, piece, choice)
        except LatentPaletteError as error:
            problems.append(error)
            continue
        last = len(excerpts) - 1
        if last < wanted:
            indices = list(range(len(excerpts)))
        else:
            indices = [round(i * last / max(wanted - 1, 1)) for i in range(wanted)]
        for index in indices:
            excerpt = excerpts[index]
            corners.append(excerpt)
            labels.append(f"{clean_name(piece.path.stem)}, {excerpt.bar_range}")
            console.note(f"corner {'ABCD'[len(corners) - 1]}: {piece.name}, {excerpt.bar_range}")
    if problems and not corners:
        raise problems[0]
    for problem in problems:
        console.note(f"not read: {problem}")
    missing = _NUM_CORNERS - len(corners)
    if missing:
        qpms = [None if isinstance(corner, str) else corner.qpm for corner in corners]
        tempo, _ = common_tempo([*qpms, *([None] * missing)])
        corners += model.sample(missing, temperature=temperature, seed=seed, qpm=tempo or 120.0)
        labels += [f"Sampled {seed}.{index + 1}" for index in range(missing)]
    return corners, labels


def _read_corner(model: MusicVAE, piece: Piece, choice: Mapping[str, Any]) -> Excerpts:
    """Return the windows of a piece; raise if there are none."""
    from latentpalette.cli.pieces import read_excerpts

    excerpts = read_excerpts(model, piece, **choice)
    print_left_out(excerpts)
    if not excerpts:
        reasons = "; ".join(map(str, excerpts.left_out)) or "it is empty"
        raise PaletteError(f"{piece.name}: no window of it fits a corner: {reasons}.")
    return excerpts
