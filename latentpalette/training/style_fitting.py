"""Fit a style to latent vectors: a small variational autoencoder, trained in seconds.

The loss is the negative evidence lower bound, with a standard deviation of its own for each dimension of z. Some inputs
are dropped, and windows are weighed so that no piece counts for more than a dozen: a handful of pieces is little.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from latentpalette.errors import TrainingError
from latentpalette.models.style import MAX_SIZE, MIN_SIZE, WIDTH, StyleVAE
from latentpalette.models.workers import torch_threads
from latentpalette.progress.board import show_progress
from latentpalette.training.flow_matching import shares_of
from latentpalette.training.schedules import cosine_rate
from latentpalette.validation import check_integer

LEARNING_RATE = 2e-3
MAX_STEPS = 800
MIN_VECTORS = 16
_BATCH = 128
_DROPPED = 0.1  # of the inputs


@torch_threads(1)
def fit_style(
    z: ArrayLike,
    *,
    size: int = 4,
    weights: ArrayLike | None = None,
    max_steps: int = MAX_STEPS,
    width: int = WIDTH,
    seed: int = 0,
) -> StyleVAE:
    """Fit a style to latent vectors.

    Parameters
    ----------
    z : array-like [shape=(n, z)]
        Posterior means of the windows of some pieces.
    size : int [2 to 8]
        Dimensions of the style's latent space.
    weights : array-like [shape=(n,), >= 0], optional
        How often each vector is drawn, relative to the others.
    max_steps : int >= 1
    width : int
        See `latentpalette.models.style.StyleVAE`.
    seed : int

    Returns
    -------
    StyleVAE
        In evaluation mode. The first axis of its latent space tells the most.

    Raises
    ------
    TrainingError
        If there are too few vectors, they are not finite or all the same, or the size is out of range.

    Examples
    --------
    >>> z = np.random.default_rng(0).normal(3.0, 0.1, size=(40, 16))
    >>> style = fit_style(z, size=2, max_steps=20)
    >>> style.decode(torch.zeros(1, 2)).shape
    torch.Size([1, 16])
    """
    vectors = torch.from_numpy(np.asarray(z, np.float32))
    if vectors.ndim != 2 or len(vectors) < MIN_VECTORS or not torch.isfinite(vectors).all():
        raise TrainingError(
            f"A style is fitted to at least {MIN_VECTORS} finite latent vectors [n, z]; got shape "
            f"{tuple(vectors.shape)}."
        )
    size = check_integer(size, "The size of a style", MIN_SIZE, MAX_SIZE, error=TrainingError)
    max_steps = check_integer(max_steps, "max_steps", 1, 1_000_000, error=TrainingError)
    shares = shares_of(weights, len(vectors))
    generator = torch.Generator().manual_seed(check_integer(seed, "A seed", 0, error=TrainingError))
    style = StyleVAE(vectors.shape[1], size, width=width)
    _init(style, generator)
    style.mean.copy_(shares @ vectors)
    style.scale.copy_((shares @ (vectors - style.mean).square()).mean().sqrt())
    if not (vectors != vectors[0]).any():
        raise TrainingError("A style is fitted to windows that differ; all of these are the same.")
    data = (vectors - style.mean) / style.scale
    optimizer = torch.optim.AdamW(style.parameters(), LEARNING_RATE, weight_decay=0.05)
    with show_progress("Learning the style", max_steps) as task:
        for step in range(max_steps):
            for group in optimizer.param_groups:
                group["lr"] = cosine_rate(step, max_steps=max_steps, start=LEARNING_RATE, end=0.0, warmup_steps=20)
            batch = data[torch.multinomial(shares, _BATCH, replacement=True, generator=generator)]
            loss = _loss(style, batch, generator)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            task.advance()
    _sort_axes(style, data)
    return style.requires_grad_(False).eval()


def _loss(style: StyleVAE, batch: Tensor, generator: torch.Generator) -> Tensor:
    """Return the negative evidence lower bound of a batch [n, z], up to a constant, in nats."""
    kept = torch.rand(batch.shape, generator=generator) >= _DROPPED
    mu, log_sigma = style.posterior(batch * kept / (1 - _DROPPED))
    places = mu + log_sigma.exp() * torch.randn(mu.shape, generator=generator)
    error = (batch - style.expected(places)).square()
    reconstruction = (0.5 * error / (2 * style.log_rest).exp() + style.log_rest).sum(1)
    kl = 0.5 * (mu.square() + (2 * log_sigma).exp() - 1).sum(1) - log_sigma.sum(1)
    return (reconstruction + kl).mean()


@torch.no_grad()
def _init(style: StyleVAE, generator: torch.Generator) -> None:
    for value in style.parameters():
        if value.ndim == 2:
            value.normal_(0.0, 1.0, generator=generator).mul_(value.shape[1] ** -0.5)


@torch.no_grad()
def _sort_axes(style: StyleVAE, data: Tensor) -> None:
    """Put the axes along which the posterior means of standardized vectors [n, z] vary most first."""
    order: Any = style.posterior(data)[0].var(0).argsort(descending=True)
    for layer in (style.mu, style.log_sigma):
        layer.weight.copy_(layer.weight[order].clone())
        layer.bias.copy_(layer.bias[order].clone())
    for layer in (style.straight, style.bend):
        layer.weight.copy_(layer.weight[:, order].clone())
