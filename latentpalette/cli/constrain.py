"""`latentpalette constrain`: change a piece as it is asked for, and keep it recognizable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from latentpalette.cli.asked_options import takes_asked
from latentpalette.cli.console import console
from latentpalette.cli.options import DrumsOption, HtmlOption, LoopOption, ModelOption, PlotOption, TrackOption
from latentpalette.cli.pieces import preset_or_path
from latentpalette.cli.writing import print_left_out, write_one
from latentpalette.wording import counted

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE
    from latentpalette.windows.excerpt import Excerpt


@takes_asked
def constrain(
    piece: Annotated[Path, typer.Argument(help="A MIDI file, of any length, or a preset.")],
    model: ModelOption = "drums-2bar",
    asked: dict[str, Any] | None = None,
    similarity: Annotated[
        float, typer.Option(min=0, max=1, help="1 leaves the piece as it is, 0 keeps the least of it.")
    ] = 0.5,
    guidance: Annotated[
        float, typer.Option(min=0, max=20, help="Weight of what is asked for: more of it, and more else changes.")
    ] = 3.0,
    track: TrackOption = None,
    drums: DrumsOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="The file to write: .mid, or .wav, .mp3, .flac, .ogg for audio. Default: NAME_constrained.mid.",
            show_default=False,
        ),
    ] = None,
    loop: LoopOption = False,
    plot: PlotOption = False,
    html: HtmlOption = None,
) -> None:
    """Change a piece as it is asked for, window by window, and keep it recognizable: --density 0.8, --key Eb.

    An error lists what a model can be asked for, with its values.
    """
    with console.progress() as progress:
        task = progress.add_task("Loading the model", total=2)
        from latentpalette.models import store
        from latentpalette.music.sequence import concatenate

        loaded = store.load(model)
        progress.update(task, advance=1, description="Constraining")
        windows = _windows(loaded, piece, track=track, drums=drums)
        z = loaded.constrain(loaded.encode(windows), similarity=similarity, guidance=guidance, **(asked or {}))
        music = concatenate(loaded.decode(z, qpm=windows[0].qpm))
        progress.update(task, advance=1)
    write_one(music, out or Path(f"{piece.stem}_constrained.mid"), loop=loop, plot=plot, html=html)
    console.note(f"{counted(len(windows), 'window')} changed")


def _windows(model: MusicVAE, piece: Path, **choice: Any) -> list[Excerpt]:
    """Return the windows of a piece, one after the other; none overlaps the one before."""
    from latentpalette.errors import MidiError
    from latentpalette.models.inputs import no_windows_message
    from latentpalette.music.sequence import STEPS_PER_BAR

    excerpts = model.excerpts(preset_or_path(piece), **choice)
    if not excerpts:
        raise MidiError(no_windows_message(excerpts, model.name))
    print_left_out(excerpts)
    windows: list[Excerpt] = []
    for excerpt in excerpts:
        if not windows or excerpt.bar >= windows[-1].bar + windows[-1].steps // STEPS_PER_BAR:
            windows.append(excerpt)
    return windows
