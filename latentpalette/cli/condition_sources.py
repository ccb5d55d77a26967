"""Sources of the values of a model's conditions: measures of the music, and tables of songs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentpalette.cli.console import console
from latentpalette.errors import TrainingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from latentpalette.data.corpus import Corpus
    from latentpalette.models.config import ModelConfig
    from latentpalette.training.condition_values import Measures


def sound_measures(config: ModelConfig) -> Measures:
    """Return what is measured of the sound of a model's music, by name: the danceability of drum loops."""
    if config.converter.get("name") != "drums" or config.head != "categorical":
        return {}

    def danceability(labels: NDArray[Any]) -> NDArray[Any]:
        from latentpalette.audio.loop_danceability import loop_danceability

        return loop_danceability(labels[..., 0])

    return {"danceability": danceability}


def read_values(path: Path | None, names: Sequence[str], corpus: Corpus) -> dict[str, NDArray[Any]]:
    """Return the values of the windows of a corpus that a table of songs has, of the conditions that it has."""
    if path is None:
        return {}
    from latentpalette.data.song_values import read_song_values

    table = read_song_values(path)
    found = {name: table.look_up(name, corpus.songs) for name in names if name in table.columns}
    if not found:
        raise TrainingError(
            f"{path}: its columns are {', '.join(table.columns) or 'none'}, and the recipe's conditions "
            f'{", ".join(names) or "none"}. Name a column in the recipe: "conditions": ["danceability"].'
        )
    for values in found.values():
        if values.note:
            console.note(values.note)
    return {name: values.values[corpus.song_index] for name, values in found.items()}
