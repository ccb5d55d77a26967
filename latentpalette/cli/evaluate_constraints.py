"""`latentpalette evaluate-constraints`: how well latent constraints do what is asked for, and what else they change."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from latentpalette.cli.console import console
from latentpalette.cli.options import ModelOption
from latentpalette.wording import counted


def evaluate_constraints(
    corpus: Annotated[Path, typer.Option(help="A corpus written by `latentpalette corpus`: its held-out songs.")],
    model: ModelOption = "drums-2bar",
    song_prefix: Annotated[str, typer.Option(help="Only songs whose name starts with this, like gmd/")] = "",
    windows: Annotated[int, typer.Option(min=50, help="Windows to change, at most a dozen of each song.")] = 1000,
    realism: Annotated[
        bool,
        typer.Option("--realism/--no-realism", help="Tell the results from songs by a classifier, with scikit-learn."),
    ] = True,
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 0,
) -> None:
    """Ask held-out windows for what others have, by latent constraints and by attribute vectors.

    docs/constraints.md says what the columns are.
    """
    from latentpalette.data.corpus import Corpus
    from latentpalette.evaluation.constraints import evaluate_constraints
    from latentpalette.evaluation.eval_data import EvalData
    from latentpalette.models import store

    loaded = store.load(model)
    music = Corpus.load(corpus)
    with console.progress():
        data = EvalData.from_corpus(loaded, music, song_prefix=song_prefix)
        qualities, realisms = evaluate_constraints(
            loaded, data, music.songs, max_windows=windows, realism=realism, seed=seed
        )
    num_windows = next(iter(next(iter(qualities.values())).values())).num_windows
    title = f"{loaded.name}: {counted(num_windows, 'window')} of held-out songs"
    table = Table("", "", "error", "before", "rank", "notes", "drift", "identity", title=title)
    for method, of_method in qualities.items():
        for name, each in of_method.items():
            numbers = [each.error, each.before, each.correlation, each.changed, each.drift, each.identity]
            table.add_row(method, name, *("" if math.isnan(number) else f"{number:.2f}" for number in numbers))
    console.result_table(table)
    if realisms:
        areas = Table("", "area", "standard error", "coverage", title="told from held-out songs")
        for name, each_realism in realisms.items():
            numbers = [each_realism.auc, each_realism.standard_error, each_realism.coverage]
            areas.add_row(name, *(f"{number:.2f}" for number in numbers))
        console.result_table(areas)
