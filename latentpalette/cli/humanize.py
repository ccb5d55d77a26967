"""`latentpalette humanize`: a drummer's dynamics and timing for a stiff beat."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import say
from latentpalette.cli.options import Format, Plot, Seed, Temperature, seeded, warmth
from latentpalette.cli.writing import tell, write
from latentpalette.errors import MidiError


def humanize(
    midi: Annotated[Path, typer.Argument(help="A MIDI file with drums, of any length.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file to write; NAME_humanized.mid by default.", show_default=False),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="A groove model that was trained to humanize.")
    ] = "groove-humanize",
    whole: Annotated[
        bool, typer.Option("--whole", help="The model's whole performance: it may add strokes, and miss some.")
    ] = False,
    temperature: Temperature = 0.0,
    seed: Seed = None,
    plot: Plot = False,
) -> None:
    """Play the drums of a MIDI file as a drummer would: the same strokes, with dynamics and timing."""
    target = out or midi.with_name(f"{midi.stem}_humanized.mid")
    form = target.suffix.lower().lstrip(".")
    if form not in {each.value for each in Format}:
        raise MidiError(f"{target}: files end in {', '.join('.' + each.value for each in Format)}.")
    with say.progress() as progress:
        task = progress.add_task("Loading the model", total=2)
        from latentpalette.models import groove, store
        from latentpalette.music.midi import read_score

        loaded = store.load(model)
        progress.update(task, advance=1, description="Playing")
        score = read_score(midi)
        beat = score.sequence()
        if not any(note.is_drum for note in beat.notes):
            raise MidiError(f"{midi.name}: no drums to humanize; channel 10 is empty.")
        if len(score.tempos) > 1:
            say.note(f"{midi.name}: the tempo changes; the result keeps the first, {score.qpm:g}.")
        seed = seeded(seed)
        played = groove.humanize(loaded, beat, keep=not whole, temperature=warmth(temperature), seed=seed)
        progress.update(task, advance=1)
        files = write([played], [target.stem], target.parent, form=Format(form), plot=plot)
    tell(files, plot=plot)
    if whole and temperature:
        say.note(f"seed {seed}; the same again: --seed {seed}")
