"""`latentpalette humanize`: give a quantized beat the dynamics and timing of a drummer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import console
from latentpalette.cli.options import (
    DrumsOption,
    Format,
    PlotOption,
    SeedOption,
    TemperatureOption,
    resolve_seed,
    temperature_or_none,
)
from latentpalette.cli.writing import print_files, write_files
from latentpalette.errors import MidiError


def humanize(
    midi: Annotated[Path, typer.Argument(help="A MIDI file with drums, of any length.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file to write. Default: NAME_humanized.mid.", show_default=False),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="A groove model that was trained to humanize.")
    ] = "groove-humanize",
    replace_hits: Annotated[
        bool, typer.Option("--replace-hits", help="Replace the hits by the model's own: it may add some and omit some.")
    ] = False,
    drums: DrumsOption = None,
    temperature: TemperatureOption = 0.0,
    seed: SeedOption = None,
    plot: PlotOption = False,
) -> None:
    """Add velocities and microtiming to the drums of a MIDI file; the hits stay the same."""
    target = out or midi.with_name(f"{midi.stem}_humanized.mid")
    file_format = target.suffix.lower().lstrip(".")
    if file_format not in {known.value for known in Format}:
        raise MidiError(f"{target}: files end in {', '.join('.' + known.value for known in Format)}.")
    with console.progress() as progress:
        task = progress.add_task("Loading the model", total=2)
        from latentpalette.models import groove, store
        from latentpalette.music.midi import read_score
        from latentpalette.music.track_choice import TrackChoice, select_tracks
        from latentpalette.windows.drums import no_drums

        loaded = store.load(model)
        progress.update(task, advance=1, description="Decoding")
        score = select_tracks(read_score(midi), TrackChoice(drums=drums))
        beat = score.quantize()
        if not any(note.is_drum for note in beat.notes):
            raise MidiError(f"{midi.name}: {no_drums(score)}.")
        if len(score.tempos) > 1:
            console.note(f"{midi.name}: the tempo changes; the result keeps the first, {score.qpm:g}.")
        seed = resolve_seed(seed)
        humanized = groove.humanize(
            loaded, beat, keep_hits=not replace_hits, temperature=temperature_or_none(temperature), seed=seed
        )
        progress.update(task, advance=1)
        files = write_files([humanized], [target.stem], target.parent, file_format=Format(file_format), plot=plot)
    print_files(files, plot=plot)
    if replace_hits and temperature:
        console.note(f"seed {seed}; to repeat: --seed {seed}")
