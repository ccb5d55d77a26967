"""A learned prior over z: a continuous normalizing flow from N(0, I) to the latent vectors of music.

The prior N(0, I) is what training asks for, not where the latent vectors of music are. A small network learns the
velocity field of an ordinary differential equation that carries N(0, I), at time 0, to the latent vectors of the
training songs, at time 1. Source: flow matching, Lipman et al. (2023), arXiv 2210.02747; straight paths, Liu et al.
(2023), arXiv 2209.03003; how it is trained is in `latentpalette.training.flow_matching`.
"""

from __future__ import annotations

import math
from functools import cached_property
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn
from torch.nn import functional

from latentpalette.models.checks import check_z
from latentpalette.models.workers import run_in_chunks

WIDTH, BLOCKS = 512, 4
MAX_WIDTH, MAX_BLOCKS = 4096, 32  # of a file
NUM_FREQUENCIES = 32
_NUM_NORMS = 256
_MIN_ROWS = 4  # BLAS libraries multiply fewer by another kernel, with other last digits
STEPS = 10  # of Heun's method from time 0 to 1; with 50, the samples are as good


class VelocityField(nn.Module):
    """A residual MLP: z at a time to its velocity.

    Parameters
    ----------
    z_size : int
    width, blocks : int
        Units of each residual block, and their number.
    """

    def __init__(self, z_size: int, *, width: int = WIDTH, blocks: int = BLOCKS) -> None:
        super().__init__()
        self.input = nn.Linear(z_size, width)
        self.time = nn.Linear(2 * NUM_FREQUENCIES, width)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(blocks))
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in range(blocks))
        self.output_norm = nn.LayerNorm(width)
        self.output = nn.Linear(width, z_size)
        nn.init.zeros_(self.output.weight)  # at first it moves nothing
        nn.init.zeros_(self.output.bias)

    def forward(self, z: Tensor, time: Tensor) -> Tensor:
        """Return the velocity [n, z] of z [n, z] at times [n] from 0 to 1."""
        phase = time[:, None] * _frequencies(z.device)
        embedding = self.time(torch.cat([phase.sin(), phase.cos()], 1))  # [n, width]
        hidden = self.input(z) + embedding
        for norm, layer in zip(self.norms, self.layers, strict=True):
            hidden = hidden + layer(functional.silu(norm(hidden) + embedding))
        velocity: Tensor = self.output(self.output_norm(hidden))
        return velocity


class FlowPrior:
    """A learned prior over z, which maps N(0, I) to the latent vectors of music and back.

    Parameters
    ----------
    field : VelocityField
        It works on z with mean 0 and variance 1 in each dimension.
    mean, std : Tensor [z], optional
        Of the latent vectors of music; by default 0 and 1.

    Examples
    --------
    >>> prior = FlowPrior(VelocityField(2, width=8, blocks=1))  # untrained: it moves nothing
    >>> prior.transport([[1.0, 2.0]], 0.0, 1.0).tolist()
    [[1.0, 2.0]]
    """

    def __init__(self, field: VelocityField, mean: Tensor | None = None, std: Tensor | None = None) -> None:
        self.field = field.eval()
        self.z_size = field.input.in_features
        self.mean = torch.zeros(self.z_size) if mean is None else mean
        self.std = torch.ones(self.z_size) if std is None else std

    def transport(self, z: ArrayLike, start: float, stop: float, *, steps: int = STEPS) -> NDArray[np.float32]:
        """Carry vectors along the flow from one time to another.

        Parameters
        ----------
        z : array-like [shape=(n, z)]
            With mean 0 and variance 1 in each dimension: at time 0 standard normal noise.
        start, stop : float [0 to 1]
            0 is the noise, 1 is music; backwards if `stop` is below `start`.
        steps : int
            Steps of Heun's method for a whole unit of time; shorter ways take fewer.

        Returns
        -------
        ndarray of float32 [shape=(n, z)]
        """
        checked = torch.from_numpy(check_z(z, self.z_size))
        count = max(1, math.ceil(abs(stop - start) * steps))
        times = torch.linspace(start, stop, count + 1).tolist()
        if start == stop or not len(checked):
            return checked.numpy()
        padded = functional.pad(checked, (0, 0, 0, max(0, _MIN_ROWS - len(checked))))
        with torch.inference_mode():
            moved = run_in_chunks(lambda rows: _heun(self.field, rows, times), padded)
        return moved[: len(checked)].numpy()

    def sample(self, noise: ArrayLike) -> NDArray[np.float32]:
        """Return latent vectors [n, z] for standard normal noise [n, z].

        Examples
        --------
        >>> FlowPrior(VelocityField(2, width=8, blocks=1)).sample(np.zeros((3, 2))).shape
        (3, 2)
        """
        return self.from_time(noise, 0.0)

    @cached_property
    def sample_norms(self) -> NDArray[np.float32]:
        """The distances from the origin of 256 samples, in ascending order."""
        noise = np.random.default_rng(0).standard_normal((_NUM_NORMS, self.z_size))
        return np.sort(np.linalg.norm(self.sample(noise), axis=1))

    def to_time(self, z: ArrayLike, time: float) -> NDArray[np.float32]:
        """Return where latent vectors of music [n, z] come from at a time: 0 is the base space, 1 they themselves.

        They are standardized: divided by the spread of music in each dimension.

        Examples
        --------
        >>> prior = FlowPrior(VelocityField(2, width=8, blocks=1))
        >>> prior.from_time(prior.to_time([[1.0, 2.0]], 0.0), 0.0).tolist()
        [[1.0, 2.0]]
        """
        standardized = (torch.from_numpy(check_z(z, self.z_size)) - self.mean) / self.std
        return self.transport(standardized.numpy(), 1.0, time)

    def from_time(self, z: ArrayLike, time: float) -> NDArray[np.float32]:
        """Invert `to_time`, but for the error of the integration, a few thousandths of the spread."""
        moved: NDArray[np.float32] = (torch.from_numpy(self.transport(z, time, 1.0)) * self.std + self.mean).numpy()
        return moved


def _heun(field: VelocityField, z: Tensor, times: list[float]) -> Tensor:
    """Integrate dz/dt = field(z, t) over times by Heun's method: two evaluations a step."""
    for start, stop in pairwise(times):
        step = stop - start
        first = field(z, z.new_full((len(z),), start))
        second = field(z + step * first, z.new_full((len(z),), stop))
        z = z + step / 2 * (first + second)
    return z


def _frequencies(device: torch.device) -> Tensor:
    """Return the angular frequencies of the time embedding, from half a turn to 128 turns in a unit of time."""
    return math.pi * 2.0 ** torch.linspace(0.0, 8.0, NUM_FREQUENCIES, device=device)
