"""Drums for songs that have none: loops of real drummers, laid under the windows of constructed trios."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from latentpalette.data.corpus import Corpus
from latentpalette.errors import TrainingError

CONSTRUCTED = "constructed/"  # what the name of a song begins with whose drums are borrowed
_PHRASE = (0, 0, 0, 1)  # the first of two loops three times, then the second


class Loops:
    """Drum loops to borrow.

    Parameters
    ----------
    corpus : Corpus
        Of drum loops; its training songs lend them.

    Raises
    ------
    TrainingError
        If it is a corpus of something else, or has no loops for training.
    """

    def __init__(self, corpus: Corpus) -> None:
        training = corpus.split == 0
        self.rows, self.song = corpus.rows[training], corpus.song[training]
        if corpus.converter.get("name") != "drums" or not len(self.rows):
            raise TrainingError(
                f"Drums are borrowed from a corpus of drum loops; got {corpus} for {dict(corpus.converter)}. "
                "Make one: latentpalette corpus SOURCES --config drums-2bar"
            )
        self.firsts = np.searchsorted(self.song, np.unique(self.song))

    def under(self, trios: NDArray[np.uint16], song: str) -> NDArray[np.uint16]:
        """Trios [n, steps, 3] with drums: each window two loops of one drummer's song, the same whenever it is asked.

        Examples
        --------
        >>> loops = np.array([[1] * 32, [2] * 32], np.uint16)
        >>> song, split, names = np.zeros(2, np.int32), np.zeros(2, np.uint8), ("a.mid",)
        >>> borrowed = Loops(Corpus(loops, song, split, names, {"name": "drums"}))
        >>> sorted(set(borrowed.under(np.zeros((9, 64, 3), np.uint16), "b.mid")[:, :, 2].flatten().tolist()))
        [1, 2]
        """
        seed = hashlib.blake2b(song.encode(), digest_size=8).digest()
        draw = np.random.default_rng(int.from_bytes(seed, "big"))
        units = -(-trios.shape[1] // self.rows.shape[1])
        filled = trios.copy()
        for window in filled:
            place = int(draw.integers(len(self.firsts)))
            stop = self.firsts[place + 1] if place + 1 < len(self.firsts) else len(self.rows)
            pair = draw.integers(self.firsts[place], stop, size=2)
            pattern = (_PHRASE if units > 2 else (0, 1)) * units
            window[:, 2] = np.concatenate([self.rows[pair[loop]] for loop in pattern[:units]])[: len(window)]
        return filled
