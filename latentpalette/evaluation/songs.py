"""The quality of composed songs, beside interpolation, independent samples and real songs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import TrainingError
from latentpalette.evaluation.self_similarity import SelfSimilarity, measure_self_similarity
from latentpalette.evaluation.song_sequences import SongSequence
from latentpalette.models.composing import TEMPERATURE, decode_song, require_song_prior, song_z
from latentpalette.models.musicvae import MusicVAE, check_model
from latentpalette.music.sequence import NoteSequence
from latentpalette.progress.board import track
from latentpalette.validation import check_integer, short_repr

MIN_PASSAGES = 10


@dataclass(frozen=True)
class SongQuality:
    """Songs of one kind, compared with real ones.

    Parameters
    ----------
    similarity : SelfSimilarity
    scores : mapping of name to float [0 to 1]
        See `SelfSimilarity.compare`; 1 is as real songs are.
    repeated : float [0 to 1]
        The share of windows that are note for note the same as an earlier one of their song.
    """

    similarity: SelfSimilarity
    scores: Mapping[str, float]
    repeated: float


def evaluate_songs(
    model: MusicVAE,
    passages: Sequence[SongSequence],
    *,
    n: int = 8,
    num_songs: int = 200,
    temperature: float | None = TEMPERATURE,
    seed: int = 0,
) -> dict[str, SongQuality]:
    """Compare songs that a model composes with passages of real songs.

    Parameters
    ----------
    model : MusicVAE
        With a prior over songs.
    passages : sequence of SongSequence
        Of songs that it was not fitted to, see `latentpalette.evaluation.song_sequences.read_song_sequences`.
    n : int [4 to 16]
        Windows of each song; shorter passages are left out, of longer ones the beginning counts.
    num_songs : int
        Of each kind.
    temperature : float or None
        See `MusicVAE.decode`.
    seed : int

    Returns
    -------
    dict of kind to SongQuality
        ``"real"``; ``"reconstructed"``, real songs encoded and decoded; ``"composed"``; ``"filled"``, the first and the
        last window real; ``"interpolated"`` between the same two; ``"independent"`` samples of the learned prior.

    Raises
    ------
    TrainingError
        If there are fewer than ten passages of n windows.
    ModelError
        If the model has no prior over songs.
    """
    require_song_prior(check_model(model))
    n = check_integer(n, "The number of windows, n,", 4, 16, error=TrainingError)
    if not isinstance(passages, (list, tuple)) or not all(isinstance(passage, SongSequence) for passage in passages):
        raise TrainingError(f"Passages are a list of SongSequence; got {short_repr(passages)}.")
    long_enough = [passage for passage in passages if len(passage.z) >= n]
    if len(long_enough) < MIN_PASSAGES:
        raise TrainingError(
            f"Songs are compared with at least {MIN_PASSAGES} passages of {n} windows; there are {len(long_enough)}."
        )
    order = np.random.default_rng(seed).permutation(len(long_enough))[:num_songs]
    chosen = [long_enough[at] for at in order]
    real = [list(passage.windows[:n]) for passage in chosen]
    ends = [(passage.z[0], passage.z[n - 1]) for passage in chosen]
    places = np.linspace(0, 1, n)
    kinds: dict[str, list[NDArray]] = {
        "reconstructed": [passage.z[:n] for passage in chosen],
        "composed": [song_z(model, n, {}, seed=seed + at) for at in range(len(chosen))],
        "filled": [song_z(model, n, {0: a, n - 1: b}, seed=seed + at) for at, (a, b) in enumerate(ends)],
        "interpolated": [model.interpolate_z(a, b, places) for a, b in ends],
        "independent": list(model.sample_z(n * len(chosen), seed=seed).reshape(len(chosen), n, -1)),
    }
    ours = measure_self_similarity(real)
    results = {"real": SongQuality(ours, ours.compare(ours), _share_repeated(real))}
    for kind, songs in track(list(kinds.items()), "Comparing songs", len(kinds)):
        windows = iter(decode_song(model, np.concatenate(songs), temperature=temperature, seed=seed))
        music = [[next(windows) for _ in song] for song in songs]
        similarity = measure_self_similarity(music)
        results[kind] = SongQuality(similarity, similarity.compare(ours), _share_repeated(music))
    return results


def _share_repeated(songs: Sequence[Sequence[NoteSequence]]) -> float:
    repeated, total = 0, 0
    for windows in songs:
        notes = [window.notes for window in windows]
        repeated += len(notes) - len(set(notes))
        total += len(notes)
    return repeated / total
