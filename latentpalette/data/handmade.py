"""A corpus without files: music made in code, song by song."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from latentpalette.data.corpus import Corpus
from latentpalette.data.packing import packing
from latentpalette.data.sources import SPLITS, split_of
from latentpalette.errors import TrainingError
from latentpalette.music.sequence import NoteSequence


def corpus_of(
    songs: Mapping[str, Sequence[NoteSequence]], converter: Mapping[str, Any], *, validation: float = 0.1
) -> Corpus:
    """Make a corpus of windows that are at hand already.

    Parameters
    ----------
    songs : mapping of a song's name to its windows
        Each as long as the converter says. Unlike `latentpalette.data.corpus.build`, repeats are kept.
    converter : mapping
        As `ModelConfig.converter`.
    validation : float [0 to 1]
        The share of songs to hold out, chosen by a hash of their names.

    Raises
    ------
    TrainingError
        If there is no window, or one has another length.

    Examples
    --------
    >>> loop = NoteSequence.from_steps({"kick": [0, 8]}, steps=32)
    >>> corpus_of({f"song {n}": [loop] * 3 for n in range(20)}, {"name": "drums", "steps": 32})
    Corpus(60 windows of 20 songs: 54 train, 6 validation)
    """
    reader, how = packing(converter)
    rows, song, split = [], [], []
    for number, (name, windows) in enumerate(songs.items()):
        for window in windows:
            if window.steps != reader.steps:
                raise TrainingError(f"{name}: a window of {window.steps} steps; the converter reads {reader.steps}.")
            rows.append(how.pack(reader, window))
            song.append(number)
            split.append(SPLITS.index(split_of(name, validation=validation)))
    if not rows:
        raise TrainingError(f"There is no window in {len(songs)} songs.")
    return Corpus(
        np.stack(rows).astype(how.dtype),
        np.array(song, np.int32),
        np.array(split, np.uint8),
        tuple(songs),
        dict(converter),
    )
