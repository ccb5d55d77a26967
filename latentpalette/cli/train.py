"""`latentpalette train`: train a model on a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import console
from latentpalette.wording import counted


def train(
    corpus: Annotated[Path, typer.Option(help="A corpus written by `latentpalette corpus`.")],
    out: Annotated[Path, typer.Option(help="A folder for the run; the best model is written to its folder model/.")],
    recipe: Annotated[str, typer.Option(help="A recipe's name, a Magenta configuration, or a file.")] = "drums-2bar",
    overrides: Annotated[
        list[str] | None, typer.Option("--set", help="Override a setting of the recipe: name=value; repeatable.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue from the last checkpoint.")] = False,
    init_from: Annotated[
        str | None, typer.Option(help="A model whose weights to start from. Default: random weights.")
    ] = None,
    values: Annotated[
        Path | None,
        typer.Option(help="Values of songs, .csv or .json, for conditions of the recipe that are not measured."),
    ] = None,
    precision: Annotated[str, typer.Option(help="Lightning precision: bf16-mixed, 32-true ...")] = "bf16-mixed",
    accelerator: Annotated[str, typer.Option(help="Lightning accelerator: auto, cpu, gpu ...")] = "auto",
    devices: Annotated[str, typer.Option(help="Lightning devices: a number, a list, or auto.")] = "auto",
    strategy: Annotated[str, typer.Option(help="Lightning strategy: auto, ddp ...")] = "auto",
) -> None:
    """Train a model, and save the one with the best accuracy on held-out songs."""
    from latentpalette.cli.condition_sources import read_values, sound_measures
    from latentpalette.data.corpus import Corpus
    from latentpalette.training.config import apply_overrides
    from latentpalette.training.recipe import load_recipe
    from latentpalette.training.trainer import train

    loaded = load_recipe(recipe)
    model_config, train_config = apply_overrides(loaded.config, loaded.train_config, overrides or [])
    music = Corpus.load(corpus)
    console.note(f"{music}; {counted(train_config.max_steps, 'step')} of batch size {train_config.batch_size}")
    names = loaded.conditions or [condition.name for condition in model_config.conditions]
    run = train(
        model_config,
        music,
        out,
        train_config=train_config,
        resume=resume,
        init_from=init_from,
        precision=precision,
        accelerator=accelerator,
        devices=int(devices) if devices.isdecimal() else devices,
        strategy=strategy,
        conditions=loaded.conditions,
        values=read_values(values, names, music),
        measures=sound_measures(model_config),
    )
    console.result(f"{run.model_dir}: step accuracy {run.accuracy:.3f} on held-out songs, at step {run.best_step}")
