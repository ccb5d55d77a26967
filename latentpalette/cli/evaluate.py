"""`latentpalette evaluate`: a model, judged by songs it never saw."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from latentpalette.cli.console import say


def evaluate(
    model: Annotated[str, typer.Option(help="A model's name or folder.")],
    corpus: Annotated[Path, typer.Option(help="Made by `latentpalette corpus`; its held-out songs judge.")],
    split: Annotated[str, typer.Option(help="train, validation or test.")] = "validation",
    songs: Annotated[str, typer.Option(help="Only songs whose name begins so, like gmd/")] = "",
    samples: Annotated[int, typer.Option(help="Loops to make up at each temperature.", min=1)] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed makes up the same loops.")] = 0,
    json: Annotated[Path | None, typer.Option(help="Write everything to this file, too.")] = None,
) -> None:
    """Say how much of held-out songs comes back, and whether what the model makes up sounds like music."""
    from latentpalette.models.store import load
    from latentpalette.training.corpus import Corpus
    from latentpalette.training.evaluation import evaluate

    found = evaluate(load(model), Corpus.load(corpus), split=split, songs=songs, samples=samples, seed=seed)
    table = Table("", *(f"T {each.temperature:g}" for each in found.samples), box=None, pad_edge=False)
    for name, values in {
        "cost ratio": [each.cost_ratio for each in found.samples],
        "silent": [each.silent for each in found.samples],
        "stuck": [each.stuck for each in found.samples],
        "in the training songs": [each.known for each in found.samples],
        "largest shift of an attribute": [each.shift for each in found.samples],
    }.items():
        table.add_row(name, *(f"{value:.3f}" for value in values))
    back = found.reconstruction
    say.done(
        f"{back.windows} windows: step accuracy {back.free_running:.3f} (teacher-forced {back.teacher_forced:.3f}, "
        f"z drawn {back.sampled:.3f}), onsets {back.onsets:.3f}, hits F1 {back.hits.f1:.3f}, whole {back.whole:.3f}, "
        f"KL {back.kl_bits:.1f} bits, {back.active_units} active units"
    )
    say.out.print(table)
    if json:
        say.note(f"wrote {found.save(json)}")
