"""`latentpalette whiten`: a trained model whose samples fall where its music lies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import say


def whiten(
    model: Annotated[str, typer.Option(help="A model's name or folder.")],
    corpus: Annotated[Path, typer.Option(help="The one it was trained on; its training songs say where music lies.")],
    out: Annotated[Path, typer.Option(help="A folder for the new model.")],
    half: Annotated[bool, typer.Option("--half", help="Keep the weights as float16: half the size.")] = False,
) -> None:
    """Turn and stretch a model's latent space until its music, taken together, lies as the prior does.

    What comes back of any music is the same as before; random samples sound more like the music.
    """
    from latentpalette.data.corpus import Corpus
    from latentpalette.evaluation.evaluate import Judges
    from latentpalette.models import store
    from latentpalette.training.whitening import spread, whitened

    before = store.load(model)
    rows = Judges.of(before, Corpus.load(corpus), split="train").held_out
    after = whitened(before, rows)
    store.save(after, out, half=half)
    for which, each in (("before", before), ("after", after)):
        least, most = spread(each, rows)
        say.note(f"{which}: all z together have variances from {least:.2f} to {most:.2f}; the prior's are 1")
    say.done(f"wrote {out}")
