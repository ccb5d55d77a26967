"""`latentpalette whiten`: whiten the latent space of a trained model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import console
from latentpalette.cli.options import Float16Option


def whiten(
    model: Annotated[str, typer.Option(help="A model's name or folder.")],
    corpus: Annotated[Path, typer.Option(help="The corpus it was trained on; z of its training songs is whitened.")],
    out: Annotated[Path, typer.Option(help="A folder for the new model.")],
    fp16: Float16Option = False,
) -> None:
    """Whiten z: map it linearly so that z of the training songs has the prior's mean and covariance.

    Reconstructions stay the same; samples from the prior sound more like the music. A learned prior is left out, as it
    is one of the old z.
    """
    from latentpalette.data.corpus import Corpus
    from latentpalette.evaluation.eval_data import EvalData
    from latentpalette.models import store
    from latentpalette.training.whitening import variance_range, whiten

    before = store.load(model)
    windows = EvalData.from_corpus(before, Corpus.load(corpus), split="train").held_out
    after = whiten(before, windows)
    store.save(after, out, fp16=fp16)
    for label, loaded in (("before", before), ("after", after)):
        smallest, largest = variance_range(loaded, windows)
        console.note(f"{label}: z has variances from {smallest:.2f} to {largest:.2f}; the prior has 1")
    if before.prior is not None:
        console.note(f"the learned prior is that of the old z; fit another: latentpalette fit-prior --model {out}")
    console.result(f"wrote {out}")
