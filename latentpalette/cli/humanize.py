"""`latentpalette humanize`, `add-hihat`, `tap-to-drums`, `transfer-groove`: the drums of a file by a groove model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from latentpalette.cli.console import console
from latentpalette.cli.drum_files import rewrite_drums
from latentpalette.cli.options import (
    DrumsOption,
    HtmlOption,
    LoopOption,
    PlotOption,
    SeedOption,
    TemperatureOption,
    resolve_seed,
    temperature_or_none,
)

MidiArgument = Annotated[Path, typer.Argument(help="A MIDI file with drums, of any length.")]


def humanize(
    midi: MidiArgument,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file to write. Default: NAME_humanized.mid.", show_default=False),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="A groove model that was trained to humanize.")
    ] = "groove-humanize",
    drums: DrumsOption = None,
    replace_hits: Annotated[
        bool, typer.Option("--replace-hits", help="Replace the hits by the model's own: it may add some and omit some.")
    ] = False,
    temperature: TemperatureOption = 0.0,
    seed: SeedOption = None,
    loop: LoopOption = False,
    plot: PlotOption = False,
    html: HtmlOption = None,
) -> None:
    """Add velocities and microtiming to the drums of a MIDI file; the hits, and all else of it, stay the same."""
    if temperature and not replace_hits:
        raise typer.BadParameter("--temperature has no effect on hits that are kept; add --replace-hits.")
    seed = resolve_seed(seed)

    def humanize_drums(loaded: Any, beat: Any) -> Any:
        from latentpalette.models import groove

        return groove.humanize(
            loaded, beat, keep_hits=not replace_hits, temperature=temperature_or_none(temperature), seed=seed
        )

    target = out or midi.with_name(f"{midi.stem}_humanized.mid")
    rewrite_drums(midi, target, model, humanize_drums, drums=drums, loop=loop, plot=plot, html=html)
    if replace_hits and temperature:
        _print_seed(seed)


def add_hihat(
    midi: MidiArgument,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file to write. Default: NAME_hihat.mid.", show_default=False),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="A groove model that was trained to add hi-hats.")
    ] = "groove-hihat",
    drums: DrumsOption = None,
    temperature: TemperatureOption = 0.0,
    seed: SeedOption = None,
    loop: LoopOption = False,
    plot: PlotOption = False,
    html: HtmlOption = None,
) -> None:
    """Add closed hi-hats to the drums of a MIDI file, in place of those it has; all else of it stays the same."""
    seed = resolve_seed(seed)

    def add_hats(loaded: Any, beat: Any) -> Any:
        from latentpalette.models import groove

        return groove.add_hihat(loaded, beat, temperature=temperature_or_none(temperature), seed=seed)

    target = out or midi.with_name(f"{midi.stem}_hihat.mid")
    rewrite_drums(midi, target, model, add_hats, drums=drums, loop=loop, plot=plot, html=html)
    if temperature:
        _print_seed(seed)


def tap_to_drums(
    midi: Annotated[
        Path,
        typer.Argument(help="A MIDI file with taps: its drums, of any pitch, or all notes if it has none."),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file to write. Default: NAME_drums.mid.", show_default=False),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="A groove model that was trained on taps.")
    ] = "groove-tap",
    drums: DrumsOption = None,
    temperature: TemperatureOption = 0.0,
    seed: SeedOption = None,
    loop: LoopOption = False,
    plot: PlotOption = False,
    html: HtmlOption = None,
) -> None:
    """Turn a tapped rhythm into a beat for a whole kit, which replaces the drums of its file; all else stays."""
    seed = resolve_seed(seed)

    def make_beat(loaded: Any, music: Any) -> Any:
        from latentpalette.models import groove

        taps = [note for note in music.notes if note.is_drum] or music.notes
        return groove.tap_to_drums(
            loaded, music.replace(notes=taps), temperature=temperature_or_none(temperature), seed=seed
        )

    target = out or midi.with_name(f"{midi.stem}_drums.mid")
    rewrite_drums(midi, target, model, make_beat, drums=drums, may_lack_drums=True, loop=loop, plot=plot, html=html)
    if temperature:
        _print_seed(seed)


def transfer_groove(
    midi: MidiArgument,
    groove: Annotated[
        str,
        typer.Option("--groove", "-g", help="A MIDI file whose drums are played as these shall be; it is repeated."),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file to write. Default: NAME_groove.mid.", show_default=False),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="A groove model that takes hits as controls.")
    ] = "groove-hits",
    drums: DrumsOption = None,
    loop: LoopOption = False,
    plot: PlotOption = False,
    html: HtmlOption = None,
) -> None:
    """Play the drums of a MIDI file with the dynamics and timing of another; the hits, and all else, stay the same."""

    def play_alike(loaded: Any, beat: Any) -> Any:
        from latentpalette.models import groove as grooves

        return grooves.transfer_groove(loaded, groove, beat)

    target = out or midi.with_name(f"{midi.stem}_groove.mid")
    rewrite_drums(midi, target, model, play_alike, drums=drums, loop=loop, plot=plot, html=html)


def _print_seed(seed: int) -> None:
    console.note(f"seed {seed}; to repeat: --seed {seed}")
