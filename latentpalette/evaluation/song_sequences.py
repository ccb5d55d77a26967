"""Songs as sequences of latent vectors: windows that follow each other without a gap, in their order.

A corpus keeps of equal windows one, and no order; here a song repeats itself where it does.
"""

from __future__ import annotations

import dataclasses
import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.data.build import Sources
from latentpalette.data.scanning import scan_sources
from latentpalette.data.sources import Song, split_of
from latentpalette.data.split_tables import SPLITS
from latentpalette.errors import LatentPaletteError, TrainingError
from latentpalette.models.musicvae import MusicVAE, check_model
from latentpalette.music import midi
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence
from latentpalette.validation import check_choice, short_repr
from latentpalette.windows.passages import consecutive

MIN_PLACES = 4  # windows of a passage


@dataclass(frozen=True, eq=False)
class SongSequence:
    """A passage of a song as a model reads it.

    Parameters
    ----------
    song : str
        Its name.
    windows : tuple of NoteSequence
        They follow each other without a gap.
    z : ndarray of float32 [shape=(windows, z)]
        Their posterior means.
    """

    song: str
    windows: tuple[NoteSequence, ...]
    z: NDArray[np.float32]


def read_song_sequences(
    model: MusicVAE,
    sources: Sources,
    *,
    split: str = "train",
    progress: Callable[[int, int], None] | None = None,
) -> list[SongSequence]:
    """Read the songs of folders and archives as sequences of latent vectors.

    Parameters
    ----------
    model : MusicVAE
        Of windows of whole bars.
    sources : path, or list of path
        As for `latentpalette.data.build.build_corpus_file`.
    split : {"train", "validation", "test"}
        By the names of the songs, as a corpus of the same sources is split.
    progress : callable of (files read, files), optional

    Returns
    -------
    list of SongSequence
        Of at least four windows each. A song that begins between two bars of a window has a sequence for either.

    Raises
    ------
    TrainingError
        If a source cannot be read, or the model's windows are not of whole bars.
    """
    if check_model(model).config.steps % STEPS_PER_BAR:
        raise TrainingError(f"{model.name} reads windows of {model.config.steps} steps, which are not whole bars.")
    listed = [sources] if isinstance(sources, (str, os.PathLike)) else sources
    if not isinstance(listed, (list, tuple)) or not all(isinstance(source, (str, os.PathLike)) for source in listed):
        raise TrainingError(f"Sources are paths of folders, archives and MIDI files; got {short_repr(sources)}.")
    check_choice(split, "split", SPLITS, error=TrainingError)
    scanned = scan_sources(listed)
    splits: Mapping[str, str] = {name: value for info in scanned.infos for name, value in info.splits.items()}
    found: list[SongSequence] = []
    for number, song in enumerate(scanned.iter_songs(), 1):
        if split_of(song.name, splits=splits) == split:
            found += _sequences_of(model, song)
        if progress is not None:
            progress(number, scanned.num_songs)
    return found


def _sequences_of(model: MusicVAE, song: Song) -> list[SongSequence]:
    if song.problem:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            excerpts = model.excerpts(dataclasses.replace(midi.read_score(song.data), name=song.name))
    except LatentPaletteError:
        return []
    hop = model.config.steps // STEPS_PER_BAR
    passages = [passage for passage in consecutive([each.bar for each in excerpts], hop) if len(passage) >= MIN_PLACES]
    if not passages:
        return []
    z = model.encode(list(excerpts))
    return [SongSequence(song.name, tuple(excerpts[at] for at in passage), z[passage]) for passage in passages]
