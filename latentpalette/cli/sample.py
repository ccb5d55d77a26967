"""`latentpalette sample`: music out of nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import say
from latentpalette.cli.options import (
    As,
    Chords,
    Format,
    Model,
    Name,
    Out,
    Plot,
    Rehearsals,
    Seed,
    Temperature,
    named_chords,
    seeded,
    warmth,
)
from latentpalette.cli.writing import numbered, stamped, tell, write


def sample(
    model: Model = "drums-2bar",
    n: Annotated[int, typer.Option("--n", "-n", min=1, max=10_000, help="How many.")] = 5,
    temperature: Temperature = 0.5,
    rehearsals: Rehearsals = None,
    seed: Seed = None,
    qpm: Annotated[float, typer.Option(min=20, max=400, help="Tempo.")] = 120.0,
    chords: Chords = None,
    out: Out = Path(),
    name: Name = None,
    form: As = Format.MID,
    plot: Plot = False,
) -> None:
    """Draw music from a model."""
    seed = seeded(seed)
    with say.progress() as bar:
        task = bar.add_task("Loading the model", total=2)
        from latentpalette.models import store

        loaded = store.load(model)
        bar.update(task, advance=1, description="Sampling")
        music = loaded.sample(
            n,
            temperature=warmth(temperature),
            seed=seed,
            rehearsals=rehearsals,
            qpm=qpm,
            controls=named_chords(chords),
        )
        bar.update(task, advance=1)
        names = numbered(name or stamped(loaded.name, "sample"), n)
        files = write(music, names, out, form=form, plot=plot, bar=bar)
    tell(files, plot=plot)
    say.note(f"seed {seed}, temperature {temperature:g}; the same again: --seed {seed}")
