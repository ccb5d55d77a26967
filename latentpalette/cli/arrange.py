"""`latentpalette concatenate`, `overlay`, `transpose`, `change-instrument`: loops become a song."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.options import HtmlOption, LoopOption, PlotOption
from latentpalette.cli.pieces import preset_or_path
from latentpalette.cli.writing import write_one

MusicArgument = Annotated[Path, typer.Argument(help="A MIDI file, or a preset by its name.")]
AllMusicArgument = Annotated[list[Path], typer.Argument(help="MIDI files, or presets by their names.")]
OutFileOption = Annotated[
    Path, typer.Option("--out", "-o", help="The file to write: .mid, or .wav, .mp3, .flac, .ogg for audio.")
]
QpmOption = Annotated[
    float | None,
    typer.Option(min=20, max=400, help="Tempo in quarter notes per minute. Default: that of the first."),
]


def concatenate(
    music: AllMusicArgument,
    out: OutFileOption,
    qpm: QpmOption = None,
    loop: LoopOption = False,
    plot: PlotOption = False,
    html: HtmlOption = None,
) -> None:
    """Join music one after the other."""
    from latentpalette.music import sequence

    write_one(sequence.concatenate(map(preset_or_path, music)), out, qpm=qpm, loop=loop, plot=plot, html=html)


def overlay(
    music: AllMusicArgument,
    out: OutFileOption,
    bars: Annotated[
        int | None,
        typer.Option(min=1, max=10_000, help="Length in bars. Default: that of the longest.", show_default=False),
    ] = None,
    qpm: QpmOption = None,
    loop: LoopOption = False,
    plot: PlotOption = False,
    html: HtmlOption = None,
) -> None:
    """Play music at the same time; shorter loops are repeated."""
    from latentpalette.music import arranging
    from latentpalette.music.sequence import STEPS_PER_BAR

    steps = None if bars is None else bars * STEPS_PER_BAR
    write_one(arranging.overlay(map(preset_or_path, music), steps=steps), out, qpm=qpm, loop=loop, plot=plot, html=html)


def transpose(
    music: MusicArgument,
    out: OutFileOption,
    by: Annotated[int, typer.Option(min=-127, max=127, help="Semitones: 12 is an octave up, -5 a fourth down.")],
    loop: LoopOption = False,
    plot: PlotOption = False,
    html: HtmlOption = None,
) -> None:
    """Move music to another key; drums stay as they are."""
    from latentpalette.music import arranging

    write_one(arranging.transpose(preset_or_path(music), by), out, loop=loop, plot=plot, html=html)


def change_instrument(
    music: MusicArgument,
    out: OutFileOption,
    instrument: Annotated[
        str, typer.Option("--instrument", "-i", help="An instrument of General MIDI, as 'Flute', or its number from 0.")
    ],
    loop: LoopOption = False,
    plot: PlotOption = False,
    html: HtmlOption = None,
) -> None:
    """Have music played by another instrument; drums stay as they are."""
    from latentpalette.music import arranging

    chosen = int(instrument) if instrument.isdecimal() else instrument
    write_one(arranging.change_instrument(preset_or_path(music), chosen), out, loop=loop, plot=plot, html=html)
