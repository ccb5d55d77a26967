"""The windows that a model is evaluated on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.data.corpus import Corpus
from latentpalette.data.packing import packing_key
from latentpalette.data.split_tables import SPLITS
from latentpalette.errors import TrainingError
from latentpalette.models.musicvae import MusicVAE


@dataclass(frozen=True, eq=False)
class EvalData:
    """Held-out windows, and the training windows that samples are compared with.

    Parameters
    ----------
    held_out : ndarray [shape=(n, steps, ...)]
        Packed windows of songs that the model was not trained on.
    song_index : ndarray of int [shape=(n,)]
        The song of each of these.
    train : ndarray [shape=(m, steps, ...)]
        Packed windows of the training songs; empty where they are not available.
    """

    held_out: NDArray
    song_index: NDArray
    train: NDArray

    @classmethod
    def from_corpus(
        cls,
        model: MusicVAE,
        corpus: Corpus,
        *,
        split: str = "validation",
        song_prefix: str = "",
        train_corpus: Corpus | None = None,
    ) -> EvalData:
        """Select the windows of one split of a corpus, and its training windows.

        Parameters
        ----------
        model : MusicVAE
        corpus : Corpus
        split : str
        song_prefix : str
            Only songs whose name starts with this.
        train_corpus : Corpus, optional
            The corpus to take the training windows from. Default: `corpus`.

        Raises
        ------
        TrainingError
            If a corpus is for another representation, or no window is held out.
        """
        _require_same_representation(model, corpus)
        if train_corpus is not None:
            _require_same_representation(model, train_corpus)
        if split not in SPLITS:
            raise TrainingError(f"No split is called {split!r}; there are {', '.join(SPLITS)}.")
        selected = np.array([name.startswith(song_prefix) for name in corpus.songs])[corpus.song_index]
        selected &= corpus.split_index == SPLITS.index(split)
        if not selected.any():
            raise TrainingError(f"{corpus} has no {split} windows of songs {song_prefix!r}. Build it from more songs.")
        train = (train_corpus or corpus).split("train")
        return cls(corpus.windows[selected], corpus.song_index[selected], train)


def _require_same_representation(model: MusicVAE, corpus: Corpus) -> None:
    """Raise `TrainingError` if the corpus is for another representation."""
    expected, actual = dict(model.config.converter), dict(corpus.converter)
    if actual and packing_key(actual) != packing_key(expected):
        raise TrainingError(f"{model.name} reads {expected}; the corpus was made for {actual}.")
