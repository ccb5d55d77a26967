"""Train the learned prior of a model by flow matching.

Noise x0 and a latent vector x1 of a training song are joined by a straight line; the field learns the velocity
x1 - x0 at a point between them. Source: Lipman et al. (2023), arXiv 2210.02747; times between are drawn from a
logit-normal distribution, Esser et al. (2024), arXiv 2403.03206.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from latentpalette.errors import TrainingError
from latentpalette.models.conditions import Conditions
from latentpalette.models.flow import AUTOGUIDANCE, BLOCKS, WIDTH, FlowPrior, VelocityField
from latentpalette.models.workers import torch_threads
from latentpalette.training.conditions import drop_conditions, make_conditions
from latentpalette.training.schedules import cosine_rate

LEARNING_RATE = 1.5e-3
MAX_EMA_DECAY = 0.999
MIN_RELATIVE_STD = 0.5  # dimensions that hardly vary hold no music, and would take most of the loss if standardized
MIN_VECTORS = 16
WEAKER_WIDTH, WEAKER_BLOCKS = 256, 2


@torch_threads(1)
def fit_prior(
    z: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    conditions: Mapping[str, ArrayLike] | None = None,
    max_steps: int = 40_000,
    batch_size: int = 512,
    width: int = WIDTH,
    blocks: int = BLOCKS,
    weaker_steps: int = 0,
    weaker_width: int = WEAKER_WIDTH,
    autoguidance: float = AUTOGUIDANCE,
    seed: int = 0,
    progress: Callable[[int, int, float], None] | None = None,
) -> FlowPrior:
    """Fit a learned prior to latent vectors.

    Parameters
    ----------
    z : array-like [shape=(n, z)]
        Posterior means of the training songs' windows.
    weights : array-like [shape=(n,), >= 0], optional
        How often each vector is drawn, relative to the others; see `song_weights`. By default all alike.
    conditions : mapping of name to array-like [shape=(n,)], optional
        Values of each window for a conditional prior: texts, empty for none, or numbers, NaN for none. See
        `latentpalette.evaluation.conditions`.
    max_steps, batch_size : int
        About twelve minutes on one core. On 15,000 vectors of melodies the loss still fell after 30,000 steps.
    width, blocks : int
        See `latentpalette.models.flow.VelocityField`.
    weaker_steps : int
        Steps of a smaller field, which guides samples if there are any: see `latentpalette.models.flow`. It should have
        learned the same much less well: 3,000 beside 75,000.
    weaker_width : int
        Units of each block of the smaller field; a large z takes fewer, or the file is long.
    autoguidance : float [1 to 10]
        Weight of the field that the smaller one guides, see `latentpalette.models.flow`; fewer songs take less.
    seed : int
    progress : callable, optional
        Called now and then with the step, the number of all steps and the mean squared error of the velocity.

    Returns
    -------
    FlowPrior
        In evaluation mode; the exponential moving average of the weights.

    Raises
    ------
    TrainingError
        If there are too few vectors, or they are not finite, or there is not one weight, or value of a condition, for
        each.

    Examples
    --------
    >>> z = np.random.default_rng(0).normal(3.0, 0.1, size=(64, 2))
    >>> prior = fit_prior(z, max_steps=20, batch_size=32, width=16, blocks=1)
    >>> bool(abs(prior.sample(np.zeros((1, 2))) - 3).max() < 0.1)
    True
    """
    vectors = np.asarray(z, np.float32)
    if vectors.ndim != 2 or len(vectors) < MIN_VECTORS or not np.isfinite(vectors).all():
        raise TrainingError(
            f"A prior is fitted to at least {MIN_VECTORS} finite latent vectors [n, z]; got shape {vectors.shape}."
        )
    data = torch.from_numpy(vectors)
    shares = shares_of(weights, len(data))
    mean = shares @ data
    std = (shares @ (data - mean).square()).sqrt()
    std = std.clamp(min=max(MIN_RELATIVE_STD * float(std.max()), 1e-6))
    data = (data - mean) / std
    described, values = make_conditions(conditions or {}, len(data))
    columns = torch.from_numpy(values)
    fields = _FieldTraining(data, shares, batch_size)
    field = VelocityField(data.shape[1], width=width, blocks=blocks, num_conditions=columns.shape[1])

    def report(step: int, loss: float) -> None:
        if progress is not None:
            progress(step, max_steps + weaker_steps, loss)

    fields.train(field, max_steps, seed, conditions=(described, columns), report=report)
    weaker = None
    if weaker_steps:
        weaker = VelocityField(data.shape[1], width=weaker_width, blocks=WEAKER_BLOCKS)
        fields.train(weaker, weaker_steps, seed + 1, report=lambda step, loss: report(max_steps + step, loss))
    return FlowPrior(field, mean, std, described, weaker, autoguidance)


@dataclass(frozen=True)
class _FieldTraining:
    """Training of velocity fields on standardized vectors [n, z], drawn in these shares [n] (which sum to 1)."""

    data: Tensor
    shares: Tensor
    batch_size: int

    def train(
        self,
        field: VelocityField,
        max_steps: int,
        seed: int,
        *,
        report: Callable[[int, float], None],
        conditions: tuple[Conditions, Tensor] = ((), torch.empty(0)),
    ) -> None:
        """Train a field, from random weights to the moving average of its weights; report steps and loss."""
        generator = torch.Generator().manual_seed(seed)
        described, columns = conditions
        init_field(field, generator)
        field.variance.copy_((self.shares @ self.data.square()).clamp(min=1e-6))
        optimizer = torch.optim.AdamW(field.parameters(), LEARNING_RATE, weight_decay=0.01)
        average = AveragedModel(field, multi_avg_fn=update_average)
        cumulative = self.shares.double().cumsum(0)
        mean_loss = 0.0
        for step in range(max_steps):
            for group in optimizer.param_groups:
                group["lr"] = cosine_rate(step, max_steps=max_steps, start=LEARNING_RATE, end=0.0)
            places = torch.rand(self.batch_size, generator=generator, dtype=torch.float64) * cumulative[-1]
            rows = torch.searchsorted(cumulative, places, right=True).clamp(max=len(self.data) - 1)
            x1 = self.data[rows]
            x0 = torch.randn(x1.shape, generator=generator)
            time = torch.randn(self.batch_size, generator=generator).sigmoid()
            asked = drop_conditions(columns[rows], described, generator) if described else None
            with torch.autocast("cpu", dtype=torch.bfloat16):
                velocity = field(torch.lerp(x0, x1, time[:, None]), time, asked)
            loss = (velocity.float() - (x1 - x0)).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            average.update_parameters(field)
            mean_loss += (loss.item() - mean_loss) * max(0.01, 1 / (step + 1))
            if step % 50 == 49 or step == max_steps - 1:
                report(step + 1, mean_loss)
        field.load_state_dict(average.module.state_dict())


def update_average(averages: Any, values: Any, num_averaged: Tensor | int) -> None:
    """Update the exponential moving average of the weights; at first it forgets faster."""
    steps = float(num_averaged)
    torch._foreach_lerp_(averages, values, 1 - min(MAX_EMA_DECAY, steps / (steps + 10)))


def song_weights(song: NDArray, max_windows: int) -> NDArray[np.float64]:
    """Return weights of windows [n] with which no song counts for more than so many windows.

    Long songs would dominate otherwise: one quartet has as many windows as fifty tunes.

    Parameters
    ----------
    song : ndarray of int [shape=(n,)]
        The song of each window.
    max_windows : int >= 1

    Examples
    --------
    >>> song_weights(np.array([0, 0, 0, 0, 1]), 2).tolist()
    [0.5, 0.5, 0.5, 0.5, 1.0]
    """
    _, index, count = np.unique(song, return_inverse=True, return_counts=True)
    return np.minimum(1.0, max_windows / count)[index]


def shares_of(weights: ArrayLike | None, n: int) -> Tensor:
    """Return weights that sum to 1 [n]; without any, all are the same.

    Raises
    ------
    TrainingError
        If there is not one weight of at least 0 for each of n vectors, or all are 0.

    Examples
    --------
    >>> shares_of([3, 1], 2).tolist()
    [0.75, 0.25]
    """
    given = np.ones(n) if weights is None else np.asarray(weights, float)
    if given.shape != (n,) or not np.isfinite(given).all() or not (given >= 0).all() or not given.any():
        raise TrainingError(f"There is a weight of at least 0 for each of {n} vectors; got shape {given.shape}.")
    return torch.from_numpy(given / given.sum()).float()


@torch.no_grad()
def init_field(field: VelocityField, generator: torch.Generator) -> None:
    """Initialize a field: its matrices with variance 1 / inputs, but the last with zeros: there is no correction."""
    for name, value in field.named_parameters():
        if value.ndim == 2:
            scale = 0.0 if name == "output.weight" else value.shape[1] ** -0.5
            value.normal_(0.0, 1.0, generator=generator).mul_(scale)
        elif name.endswith("bias"):
            value.zero_()
