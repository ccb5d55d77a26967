"""A learned prior over songs: sequences of latent vectors, of which some may be given."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from latentpalette.errors import ModelError
from latentpalette.models.checks import check_z
from latentpalette.models.flow import STEPS
from latentpalette.models.song_field import MAX_PLACES, SongField
from latentpalette.models.workers import torch_threads


class SongPrior:
    """A learned prior over sequences of latent vectors, one for each window of a song.

    Parameters
    ----------
    field : SongField
    mean, std : Tensor [z], optional
        Of the latent vectors of music; by default 0 and 1.

    Examples
    --------
    >>> prior = SongPrior(SongField(2, width=8, blocks=1))  # untrained: noise stays noise
    >>> prior.sample([[[1.0, 2.0], [3.0, 4.0]]]).round(2).tolist()
    [[[1.0, 2.0], [3.0, 4.0]]]
    """

    def __init__(self, field: SongField, mean: Tensor | None = None, std: Tensor | None = None) -> None:
        self.field = field.requires_grad_(False).eval()
        self.z_size = field.input.in_features
        self.mean = torch.zeros(self.z_size) if mean is None else mean
        self.std = torch.ones(self.z_size) if std is None else std

    def sample(
        self, noise: ArrayLike, given: ArrayLike | None = None, is_given: ArrayLike | None = None, *, steps: int = STEPS
    ) -> NDArray[np.float32]:
        """Return latent vectors [n, places, z] of songs for standard normal noise [n, places, z].

        Parameters
        ----------
        noise : array-like [shape=(n, places, z)]
            Of at most 16 places.
        given : array-like [shape=(n, places, z)], optional
            Latent vectors that stay where they are, at the places that are given; the others are ignored.
        is_given : array-like of bool [shape=(n, places)]
            Which places are given; none by default.
        steps : int
            Of Heun's method.

        Raises
        ------
        LatentError, ModelError
            If the arrays have other shapes or numbers that are not finite, or there are more than 16 places.
        """
        shape = np.shape(noise)
        if len(shape) != 3 or not 1 <= shape[1] <= MAX_PLACES:
            raise ModelError(f"A song has 1 to {MAX_PLACES} places at once, noise [n, places, z]; got shape {shape}.")
        z = torch.from_numpy(check_z(np.reshape(np.asarray(noise, np.float32), (-1, shape[2])), self.z_size))
        z = z.view(shape)
        kept = torch.zeros(shape[:2], dtype=torch.bool)
        if given is not None and is_given is not None:
            kept = torch.from_numpy(np.broadcast_to(np.asarray(is_given, bool), shape[:2]).copy())
            music = np.where(kept.numpy()[..., None], np.asarray(given, np.float32), 0.0)
            music = check_z(music.reshape(-1, shape[2]), self.z_size).reshape(shape)
            z = torch.where(kept[..., None], (torch.from_numpy(music) - self.mean) / self.std, z)
        with torch.inference_mode(), torch_threads(1):
            z = self._transport(z, kept, steps) * self.std + self.mean
        made: NDArray[np.float32] = z.numpy()
        return np.where(kept.numpy()[..., None], np.asarray(given, np.float32), made) if kept.any() else made

    def _transport(self, z: Tensor, kept: Tensor, steps: int) -> Tensor:
        """Integrate the flow of the places that are made, by Heun's method."""
        moves = (~kept)[..., None]
        for step in range(steps):
            start, stop = step / steps, (step + 1) / steps
            first = self.field(z, torch.where(kept, 1.0, start))
            ahead = torch.where(moves, z + (stop - start) * first, z)
            second = self.field(ahead, torch.where(kept, 1.0, stop))
            z = torch.where(moves, z + (stop - start) / 2 * (first + second), z)
        return z
