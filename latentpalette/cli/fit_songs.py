"""`latentpalette fit-songs`: fit a prior over songs, for `latentpalette compose`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import console
from latentpalette.cli.fitted_model import load_to_fit
from latentpalette.errors import ModelError
from latentpalette.wording import counted


def fit_songs(
    sources: Annotated[list[Path], typer.Argument(help="Folders and archives of MIDI files, whole songs.")],
    model: Annotated[Path, typer.Option(help="The model's folder; the prior over songs is written into it.")],
    max_steps: Annotated[int, typer.Option(min=1, help="Training steps.")] = 12_000,
    width: Annotated[int, typer.Option(min=4, max=4096, help="Units of each block, a multiple of 4.")] = 256,
    blocks: Annotated[int, typer.Option(min=1, max=32, help="Blocks of attention.")] = 4,
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 0,
) -> None:
    """Fit a prior over songs: how the windows of a song follow each other in latent space.

    `compose` then draws from it. One in ten songs is held out, the same as in a corpus of these sources.
    """
    from latentpalette.evaluation.song_sequences import read_song_sequences
    from latentpalette.models.song_field import HEADS
    from latentpalette.models.song_file import save_songs
    from latentpalette.training.song_matching import fit_songs

    if width % HEADS:
        raise ModelError(f"--width is a multiple of {HEADS}; got {width}.")
    loaded = load_to_fit(model)
    with console.progress() as progress:
        task = progress.add_task("Reading songs", total=None)
        sequences = read_song_sequences(
            loaded, sources, progress=lambda done, total: progress.update(task, completed=done, total=total)
        )
        task = progress.add_task("Fitting", total=max_steps)
        prior = fit_songs(
            [sequence.z for sequence in sequences],
            max_steps=max_steps,
            width=width,
            blocks=blocks,
            seed=seed,
            progress=lambda step, _, loss: progress.update(task, completed=step, description=f"Loss {loss:.4f}"),
        )
    path = save_songs(prior, model)
    songs = len({sequence.song for sequence in sequences})
    windows = sum(len(sequence.z) for sequence in sequences)
    console.note(f"learned from {counted(windows, 'window')} of {counted(songs, 'song')}")
    console.result(f"wrote {path} ({path.stat().st_size / 1e6:.1f} MB)")
