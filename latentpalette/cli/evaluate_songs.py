"""`latentpalette evaluate-songs`: compare the songs that a model composes with real ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from latentpalette.cli.console import console
from latentpalette.cli.options import ModelOption
from latentpalette.wording import counted


def evaluate_songs(
    sources: Annotated[list[Path], typer.Argument(help="Folders and archives of MIDI files, whole songs.")],
    model: ModelOption = "melody-2bar",
    n: Annotated[int, typer.Option("--n", "-n", min=4, max=16, help="Windows of each song.")] = 8,
    songs: Annotated[int, typer.Option(min=10, help="Songs of each kind, at most.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 0,
) -> None:
    """Compare the songs that a model composes with the held-out ones of some folders, by framewise self-similarity.

    1 is as alike, from frame to frame, as real songs are; see docs/songs.md.
    """
    from latentpalette.evaluation.song_sequences import read_song_sequences
    from latentpalette.evaluation.songs import evaluate_songs
    from latentpalette.models import store

    loaded = store.load(model)
    with console.progress() as progress:
        task = progress.add_task("Reading songs", total=None)
        passages = read_song_sequences(
            loaded,
            sources,
            split="validation",
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    results = evaluate_songs(loaded, passages, n=n, num_songs=songs, seed=seed)
    table = Table("", *results["real"].scores, "repeated", title=f"{counted(n, 'window')} a song")
    for kind, quality in results.items():
        table.add_row(kind, *(f"{score:.2f}" for score in quality.scores.values()), f"{quality.repeated:.2f}")
    console.result_table(table)
