"""`latentpalette train`: a model from a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import say


def train(
    corpus: Annotated[Path, typer.Option(help="Made by `latentpalette corpus`.")],
    out: Annotated[Path, typer.Option(help="A folder for the run; the best model is in its folder model/.")],
    config: Annotated[
        str, typer.Option(help="A recipe, one of Magenta's configurations, or a file.")
    ] = "drums-2bar-hikl",
    changes: Annotated[list[str] | None, typer.Option("--set", help="name=value; may be given again.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint.")] = False,
    start: Annotated[str | None, typer.Option(help="A model to go on from, instead of fresh weights.")] = None,
    precision: Annotated[str, typer.Option(help="Lightning's: bf16-mixed, 32-true ...")] = "bf16-mixed",
    accelerator: Annotated[str, typer.Option(help="Lightning's: auto, cpu, gpu ...")] = "auto",
    devices: Annotated[str, typer.Option(help="How many, or which.")] = "auto",
    strategy: Annotated[str, typer.Option(help="Lightning's: auto, ddp ...")] = "auto",
) -> None:
    """Train a model, and keep the one that does best on songs it never saw."""
    from latentpalette.data.corpus import Corpus
    from latentpalette.training.config import assign
    from latentpalette.training.recipe import recipe
    from latentpalette.training.trainer import train

    found = recipe(config)
    what, how = assign(found.config, found.settings, changes or [])
    music = Corpus.load(corpus)
    say.note(f"{music}; {how.steps} steps of {how.batch}")
    done = train(
        what,
        music,
        out,
        settings=how,
        resume=resume,
        start=start,
        precision=precision,
        accelerator=accelerator,
        devices=int(devices) if devices.isdecimal() else devices,
        strategy=strategy,
    )
    say.done(f"{done.model}: step accuracy {done.accuracy:.3f} on held-out songs, at step {done.step}")
