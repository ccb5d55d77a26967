"""`latentpalette compose`: compose a song, continue one, or fill its gaps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from latentpalette.cli.console import console
from latentpalette.cli.options import (
    HtmlOption,
    LoopOption,
    ModelOption,
    PlotOption,
    SeedOption,
    TemperatureOption,
    resolve_seed,
    temperature_or_none,
)
from latentpalette.cli.pieces import preset_or_path
from latentpalette.cli.writing import write_one
from latentpalette.wording import counted

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE
    from latentpalette.music.sequence import NoteSequence


def compose(
    song: Annotated[
        list[str] | None,
        typer.Argument(
            help="The song: MIDI files and presets that are given, and how many windows come before, between or after "
            "them. Default: 8."
        ),
    ] = None,
    model: ModelOption = "drums-2bar",
    temperature: TemperatureOption = 0.5,
    seed: SeedOption = None,
    qpm: Annotated[
        float | None,
        typer.Option(min=20, max=400, help="Quarter notes per minute. Default: those of the first file, or 120."),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The file to write: .mid, or .wav, .mp3, .flac, .ogg for audio.")
    ] = Path("song.mid"),
    loop: LoopOption = False,
    plot: PlotOption = False,
    html: HtmlOption = None,
) -> None:
    """Compose a song: `compose 8`; continue one: `compose begin.mid 4`; fill a gap: `compose begin.mid 2 end.mid`."""
    seed = resolve_seed(seed)
    with console.progress() as progress:
        task = progress.add_task("Loading the model", total=2)
        from latentpalette.models import composing, store
        from latentpalette.music.sequence import concatenate

        loaded = store.load(model)
        progress.update(task, advance=1, description="Composing")
        places = [place for item in song or ["8"] for place in _places(loaded, item)]
        windows = composing.fill(loaded, places, temperature=temperature_or_none(temperature), seed=seed, qpm=qpm)
        progress.update(task, advance=1)
    write_one(concatenate(windows), out, loop=loop, plot=plot, html=html)
    made = sum(place is None for place in places)
    console.note(f"{counted(made, 'window')} of {len(places)} made; to repeat: --seed {seed}")


def _places(model: MusicVAE, item: str) -> list[NoteSequence | None]:
    """Return the windows of a file or a preset, or so many gaps."""
    from latentpalette.models.composing import MAX_SONG, passage_of

    if item.isdecimal() and not Path(item).exists():
        return [None] * min(int(item), MAX_SONG + 1)  # more is an error of fill's
    return list(passage_of(model, preset_or_path(Path(item))))
