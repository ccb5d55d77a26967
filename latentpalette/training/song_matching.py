"""Train a song prior by flow matching: sequences of latent vectors, some places of which are given.

In some of the training sequences all is made. In the others a beginning, or places at random, are at time 1 already:
they are given, and the velocity of the rest is learned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from latentpalette.errors import TrainingError
from latentpalette.evaluation.song_sequences import MIN_PLACES
from latentpalette.models.song_field import BLOCKS, MAX_PLACES, WIDTH, SongField
from latentpalette.models.song_prior import SongPrior
from latentpalette.models.workers import torch_threads
from latentpalette.training.flow_matching import MIN_RELATIVE_STD, update_average
from latentpalette.training.schedules import cosine_rate

LEARNING_RATE = 1e-3
MIN_SONGS = 8
_ALL_MADE, _BEGINNING = 0.4, 0.3  # shares of sequences; in the others places at random are given


@torch_threads(1)
def fit_songs(
    songs: Sequence[ArrayLike],
    *,
    max_steps: int = 6_000,
    batch_size: int = 64,
    width: int = WIDTH,
    blocks: int = BLOCKS,
    dropout: float = 0.1,
    seed: int = 0,
    progress: Callable[[int, int, float], None] | None = None,
) -> SongPrior:
    """Fit a song prior to sequences of latent vectors.

    Parameters
    ----------
    songs : sequence of array-like [shape=(places, z)]
        Posterior means of consecutive windows, at least four; of a song as many sequences as it has. A long one counts
        for more, but not in proportion to its length: by its square root.
    max_steps, batch_size : int
        A batch has so many sequences of at most 16 places.
    width, blocks : int
        See `SongField`.
    dropout : float [0 to 1)
        The share of the numbers of given places that are set to 0: a handful of songs is soon known by heart.
    seed : int
    progress : callable, optional
        Called now and then with the step, the number of all steps and the mean squared error of the velocity.

    Returns
    -------
    SongPrior

    Raises
    ------
    TrainingError
        If there are too few sequences, or they are too short, or not finite.

    Examples
    --------
    >>> songs = np.random.default_rng(0).normal(3.0, 0.1, size=(8, 6, 2))
    >>> prior = fit_songs(songs, max_steps=20, batch_size=8, width=8, blocks=1)
    >>> prior.sample(np.zeros((1, 4, 2))).shape
    (1, 4, 2)
    """
    sequences = [torch.from_numpy(np.asarray(song, np.float32)) for song in songs]
    if len(sequences) < MIN_SONGS or any(
        song.ndim != 2 or len(song) < MIN_PLACES or not torch.isfinite(song).all() for song in sequences
    ):
        raise TrainingError(
            f"A song prior is fitted to at least {MIN_SONGS} sequences of at least {MIN_PLACES} finite latent vectors; "
            f"got {len(sequences)}."
        )
    joined = torch.cat(sequences)
    mean, std = joined.mean(0), joined.std(0)
    std = std.clamp(min=max(MIN_RELATIVE_STD * float(std.max()), 1e-6))
    batches = _SongBatches([(song - mean) / std for song in sequences], batch_size, seed)
    field = SongField(joined.shape[1], width=width, blocks=blocks)
    init_song_field(field, batches.generator)
    field.variance.copy_(((joined - mean) / std).square().mean(0).clamp(min=1e-6))
    optimizer = torch.optim.AdamW(field.parameters(), LEARNING_RATE, weight_decay=0.05)
    average = AveragedModel(field, multi_avg_fn=update_average)
    mean_loss = 0.0
    for step in range(max_steps):
        for group in optimizer.param_groups:
            group["lr"] = cosine_rate(step, max_steps=max_steps, start=LEARNING_RATE, end=0.0)
        x1, is_there, is_given = batches.draw()
        loss = song_loss(field, x1, is_there, is_given, batches.generator, dropout)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        average.update_parameters(field)
        mean_loss += (loss.item() - mean_loss) * max(0.01, 1 / (step + 1))
        if progress is not None and (step % 50 == 49 or step == max_steps - 1):
            progress(step + 1, max_steps, mean_loss)
    field.load_state_dict(average.module.state_dict())
    return SongPrior(field, mean, std)


def song_loss(
    field: SongField, x1: Tensor, is_there: Tensor, is_given: Tensor, generator: torch.Generator, dropout: float = 0.0
) -> Tensor:
    """Return the mean squared error of the velocity at the places of sequences [n, places, z] that are made.

    Parameters
    ----------
    field : SongField
    x1 : Tensor [n, places, z]
        Standardized latent vectors of music.
    is_there, is_given : Tensor of bool [n, places]
        Which places a sequence has, and which of those are given.
    generator : torch.Generator
        Of the noise and the times.
    dropout : float [0 to 1)
        See `fit_songs`.
    """
    x0 = torch.randn(x1.shape, generator=generator)
    time = torch.randn((len(x1), 1), generator=generator).sigmoid().expand(x1.shape[:2])
    time = torch.where(is_given, 1.0, time)
    mixed = torch.lerp(x0, x1, time[..., None])
    if dropout:
        kept = torch.rand(x1.shape, generator=generator) >= dropout
        mixed = torch.where(is_given[..., None], mixed * kept, mixed)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        velocity = field(mixed, time, is_there)
    error = (velocity.float() - (x1 - x0)).square().mean(-1)
    made = (is_there & ~is_given).float()
    return (error * made).sum() / made.sum().clamp(min=1)


class _SongBatches:
    """Random pieces of sequences, padded with zeros to 16 places."""

    def __init__(self, sequences: list[Tensor], batch_size: int, seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)
        self._sequences, self._batch_size = sequences, batch_size
        self._lengths = torch.tensor([len(song) for song in sequences])
        self._cumulative = self._lengths.double().sqrt().cumsum(0)

    def draw(self) -> tuple[Tensor, Tensor, Tensor]:
        """Return latent vectors [n, places, z], which places are there, and which are given, both [n, places]."""
        n, generator = self._batch_size, self.generator
        uniform = torch.rand((5, n), generator=generator, dtype=torch.float64)
        songs = torch.searchsorted(self._cumulative, uniform[0] * self._cumulative[-1], right=True)
        songs = songs.clamp(max=len(self._sequences) - 1)
        longest = self._lengths[songs].clamp(max=MAX_PLACES)
        lengths = MIN_PLACES + (uniform[1] * (longest - MIN_PLACES + 1)).long()
        starts = (uniform[2] * (self._lengths[songs] - lengths + 1)).long()
        x1 = torch.zeros(n, MAX_PLACES, self._sequences[0].shape[1])
        for row, (song, start, length) in enumerate(
            zip(songs.tolist(), starts.tolist(), lengths.tolist(), strict=True)
        ):
            x1[row, :length] = self._sequences[song][start : start + length]
        places = torch.arange(MAX_PLACES)
        is_there = places < lengths[:, None]
        beginning = places < (1 + uniform[3] * (lengths - 1)).long()[:, None]
        at_random = torch.rand((n, MAX_PLACES), generator=generator) < uniform[3][:, None]
        kind = uniform[4][:, None]
        is_given = torch.where(
            kind < _ALL_MADE, False, torch.where(kind < _ALL_MADE + _BEGINNING, beginning, at_random)
        )
        return x1, is_there, is_given & is_there


@torch.no_grad()
def init_song_field(field: SongField, generator: torch.Generator) -> None:
    """Initialize a field: its matrices with variance 1 / inputs, but the last with zeros: there is no correction."""
    for name, value in field.named_parameters():
        if name == "place":
            value.normal_(0.0, 0.1, generator=generator)
        elif value.ndim == 2:
            scale = 0.0 if name == "output.weight" else value.shape[1] ** -0.5
            value.normal_(0.0, 1.0, generator=generator).mul_(scale)
        elif name.endswith("bias"):
            value.zero_()
