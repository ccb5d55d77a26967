"""`latentpalette fit-prior`: fit the learned prior of a trained model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import console
from latentpalette.cli.fitted_model import load_to_fit
from latentpalette.wording import counted


def fit_prior(
    model: Annotated[Path, typer.Option(help="The model's folder; the prior is written into it.")],
    corpus: Annotated[Path, typer.Option(help="The corpus it was trained on; the prior learns where its songs lie.")],
    max_steps: Annotated[int, typer.Option(min=1, help="Training steps; 40,000 take about twelve minutes.")] = 40_000,
    width: Annotated[int, typer.Option(min=1, max=4096, help="Units of each block.")] = 512,
    blocks: Annotated[int, typer.Option(min=1, max=32, help="Residual blocks.")] = 4,
    weaker_steps: Annotated[
        int,
        typer.Option(
            min=0, help="Training steps of a second, smaller network, which guides samples; 3,000 help melodies."
        ),
    ] = 0,
    weaker_width: Annotated[int, typer.Option(min=1, max=4096, help="Units of each block of that network.")] = 256,
    autoguidance: Annotated[
        float, typer.Option(min=1, max=10, help="Weight of the network that it guides; with 1 it does not.")
    ] = 2.0,
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 0,
    windows_per_song: Annotated[
        int, typer.Option(min=1, help="A song counts for at most so many windows, so that long ones do not dominate.")
    ] = 12,
    conditional: Annotated[
        bool,
        typer.Option(
            help="Learn what samples can be asked for, too: density, syncopation and more; the styles of the Groove "
            "MIDI Dataset; the keys of melodies."
        ),
    ] = True,
) -> None:
    """Fit a learned prior: a flow from random noise to where the music of a corpus lies in latent space.

    `sample` and `palette` then draw from it, and `interpolate` stays where music is.
    """
    from latentpalette.converters.stream_registry import streams_of
    from latentpalette.data.corpus import Corpus
    from latentpalette.evaluation.conditions import corpus_conditions
    from latentpalette.evaluation.eval_data import EvalData
    from latentpalette.evaluation.predict import encode_windows
    from latentpalette.models.flow_file import save_prior
    from latentpalette.training.flow_matching import fit_prior, song_weights

    loaded = load_to_fit(model)
    music = Corpus.load(corpus)
    data = EvalData.from_corpus(loaded, music, split="train")
    with console.progress() as progress:
        task = progress.add_task(f"Encoding {counted(len(data.held_out), 'window')}", total=max_steps + weaker_steps)
        mu, labels = encode_windows(loaded, data.held_out)
        streams = streams_of(loaded.config.converter) if conditional else ()
        prior = fit_prior(
            mu,
            weights=song_weights(data.song_index, windows_per_song),
            conditions=corpus_conditions(labels, streams, music.songs, data.song_index),
            max_steps=max_steps,
            width=width,
            blocks=blocks,
            weaker_steps=weaker_steps,
            weaker_width=weaker_width,
            autoguidance=autoguidance,
            seed=seed,
            progress=lambda step, _, loss: progress.update(task, completed=step, description=f"Loss {loss:.4f}"),
        )
    path = save_prior(prior, model)
    for condition in prior.conditions:
        console.note(f"{condition.name}: {condition!r}")
    console.result(f"wrote {path} ({path.stat().st_size / 1e6:.1f} MB)")
