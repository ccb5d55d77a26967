"""The training loss, and gradient clipping.

``mean(reconstruction) + beta * mean(max(KL - free_bits * ln 2, 0))``, the reconstruction summed over steps, the KL
over the whole latent vector. Source: Roberts et al. (2018), arXiv 1803.05428; free bits: Kingma et al. (2016).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from latentpalette.data.batches.base import AnyBatch, Batch
from latentpalette.data.batches.performance import PerformanceBatch
from latentpalette.errors import TrainingError
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.network import kl_to_standard_normal
from latentpalette.models.packed_segments import can_pack, packed_losses, packed_posterior
from latentpalette.training.asked_loss import MAX_ROWS, asked_loss

ESTIMATE_STD = 0.3  # of the encoder's estimate of a condition, in standard deviations of the training songs


@dataclass(frozen=True)
class LossTerms:
    """The loss and its terms, each a scalar tensor.

    Parameters
    ----------
    total : Tensor [nats]
        What is minimized.
    reconstruction : Tensor [nats]
        Mean over the batch; per sequence summed over steps.
    kl : Tensor [nats]
        Above the free bits, not yet weighted by beta.
    kl_bits : Tensor [bits]
        All of it.
    estimate : Tensor [nats]
        Of the conditions: how far the encoder is from measuring them; 0 without.
    asked : Tensor [nats]
        How far music is from what was asked for, not yet weighted; 0 without a weight.
    """

    total: Tensor
    reconstruction: Tensor
    kl: Tensor
    kl_bits: Tensor
    estimate: Tensor
    asked: Tensor


def dip_penalty(mu: Tensor, sigma: Tensor) -> Tensor:
    """Return the squared distance of the aggregate posterior from N(0, I), in mean and covariance.

    The KL term alone hardly prevents correlated dimensions of z, which make samples from the prior fall between the
    music. Source: DIP-VAE-II, Kumar et al. (2018), arXiv 1711.00848.

    Parameters
    ----------
    mu, sigma : Tensor [n, z]
        Of all posteriors of a batch.

    Examples
    --------
    >>> mu, zeros = torch.tensor([[1.0, 1.0], [-1.0, -1.0]]), torch.zeros(2, 2)
    >>> dip_penalty(mu, zeros), dip_penalty(mu * torch.tensor([1.0, 0.0]), zeros)
    (tensor(2.), tensor(1.))
    """
    mean = mu.mean(0)
    # Not a matrix product, which autocast would round to bfloat16.
    covariance = (mu[:, :, None] * mu[:, None]).mean(0) - mean[:, None] * mean + sigma.square().mean(0).diag()
    identity = torch.eye(len(mean), device=mu.device)
    return mean.square().sum() + (covariance - identity).square().sum()


def above_free_bits(nats: Tensor, free_bits: float) -> Tensor:
    """Return the part of each sequence's KL [n, nats] above `free_bits`; at least 0.

    Examples
    --------
    >>> above_free_bits(torch.tensor([20.0, 40.0]), 48.0).round(decimals=2)
    tensor([0.0000, 6.7300])
    """
    return (nats - free_bits * math.log(2)).clamp(min=0.0)


@dataclass(frozen=True)
class ShardedRNG:
    """Random numbers for one process of several: all draw for the whole batch, and each uses its share.

    So several processes learn exactly what one would have.

    Parameters
    ----------
    generator : torch.Generator
        In the same state in every process.
    rank, world : int
        The number of this process, and of processes.

    Examples
    --------
    >>> alone, second = (ShardedRNG(torch.Generator().manual_seed(0), *shard) for shard in ((), (1, 2)))
    >>> bool((alone.uniform(4)[1::2] == second.uniform(2)).all())
    True
    """

    generator: torch.Generator
    rank: int = 0
    world: int = 1

    def uniform(self, n: int, *shape: int) -> Tensor:
        """Draw uniform numbers from 0 to 1 [n, ...]."""
        return self._draw(torch.rand, n, shape)

    def normal(self, n: int, *shape: int) -> Tensor:
        """Draw standard normal numbers [n, ...]."""
        return self._draw(torch.randn, n, shape)

    def _draw(self, distribution: Callable[..., Tensor], n: int, shape: tuple[int, ...]) -> Tensor:
        values = distribution((n * self.world, *shape), generator=self.generator, device=self.generator.device)
        return values[self.rank :: self.world]


def apply_word_dropout(previous: Tensor, rate: float, *, rng: ShardedRNG) -> Tensor:
    """Set the previous frame to zero at a share `rate` of the steps.

    A decoder that cannot rely on the previous frame has to use z (Bowman et al., 2016, arXiv 1511.06349).

    Parameters
    ----------
    previous : Tensor [n, t, depth]
    rate : float [0 to 1]
    rng : ShardedRNG

    Returns
    -------
    Tensor [n, t, depth]
    """
    if rate == 0.0:
        return previous
    is_kept = rng.uniform(*previous.shape[:2]) >= rate
    return previous * is_kept[..., None]


def elbo_loss(
    model: MusicVAE,
    batch: AnyBatch,
    *,
    rng: ShardedRNG,
    beta: float = 1.0,
    free_bits: float = 0.0,
    word_dropout: float = 0.0,
    sampling: float = 0.0,
    dip_weight: float = 0.0,
    conditions: Tensor | None = None,
    asked_weight: float = 0.0,
) -> LossTerms:
    """Return the negative evidence lower bound of one batch, with a weighted KL term.

    Parameters
    ----------
    model : MusicVAE
    batch : AnyBatch
        Of performances, the tokens in use alone are computed where the model's layers allow it.
    rng : ShardedRNG
        For z, word dropout and scheduled sampling.
    beta : float
        Weight of the KL term.
    free_bits : float [bits, for the whole latent vector]
    word_dropout : float [0 to 1]
        The share of steps at which the decoder does not get the previous frame.
    sampling : float [0 to 1]
        The share of steps at which the decoder gets its own previous frame instead of the target (scheduled sampling).
    dip_weight : float
        Weight of `dip_penalty`.
    conditions : Tensor [n, conditions], optional
        What the windows have of each condition of the model, standardized; NaN where it is unknown. The decoder gets
        them, the encoder learns to measure them. Unknown ones are as the encoder estimates them.
    asked_weight : float
        Weight of `latentpalette.training.asked_loss.asked_loss`.

    Returns
    -------
    LossTerms
    """
    if isinstance(batch, PerformanceBatch) and can_pack(model) and not sampling:
        terms = _packed_terms(model, batch, conditions, rng=rng, word_dropout=word_dropout)
    else:
        terms = _dense_terms(model, batch, conditions, rng=rng, word_dropout=word_dropout, sampling=sampling)
    mu, sigma, reconstruction = terms
    nats = kl_to_standard_normal(mu, sigma)
    kl = above_free_bits(nats, free_bits).mean()
    estimate = _estimate_loss(mu, conditions)
    total = reconstruction + beta * kl + estimate
    asked = torch.zeros((), device=mu.device)
    if conditions is not None and asked_weight:
        asked = _asked_terms(model, batch, mu + sigma * rng.normal(*mu.shape), conditions, rng=rng)
        total = total + asked_weight * asked
    if dip_weight:
        total = total + dip_weight * dip_penalty(mu, sigma)
    return LossTerms(total, reconstruction, kl, nats.mean() / math.log(2), estimate, asked)


def _known_or_estimated(mu: Tensor, conditions: Tensor) -> Tensor:
    """Return the values [n, conditions] that the decoder gets; those that are unknown as the encoder estimates them."""
    return torch.where(conditions.isnan(), mu[:, -conditions.shape[1] :].detach(), conditions)


def _with_conditions(z: Tensor, mu: Tensor, conditions: Tensor | None) -> Tensor:
    """Return z [n, z] with the values of the conditions in the place of its last numbers."""
    if conditions is None:
        return z
    return torch.cat([z[:, : -conditions.shape[1]], _known_or_estimated(mu, conditions)], 1)


def _estimate_loss(mu: Tensor, conditions: Tensor | None) -> Tensor:
    """Return how far the encoder is from measuring the conditions, as a mean over the batch [nats]."""
    if conditions is None:
        return torch.zeros((), device=mu.device)
    errors = mu[:, -conditions.shape[1] :] - _known_or_estimated(mu, conditions)
    return 0.5 * (errors / ESTIMATE_STD).square().sum(1).mean()


def _asked_terms(model: MusicVAE, batch: AnyBatch, z: Tensor, conditions: Tensor, *, rng: ShardedRNG) -> Tensor:
    """Return the penalty where the first rows of a batch are asked for the conditions of random others."""
    if not isinstance(batch, Batch):
        raise TrainingError(f"{model.config.name}: asked_weight has no effect on performances; set 0.")
    order = rng.uniform(len(z)).argsort()
    rows = slice(0, min(len(z), MAX_ROWS))
    asked = _known_or_estimated(z, conditions)[order][rows]
    controls = None if batch.controls is None else batch.controls[rows]
    return asked_loss(model, z[rows], asked, controls, std=ESTIMATE_STD)


def _dense_terms(
    model: MusicVAE,
    batch: AnyBatch,
    conditions: Tensor | None,
    *,
    rng: ShardedRNG,
    word_dropout: float,
    sampling: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return mu and sigma [n, z] and the mean reconstruction loss of a batch's frames."""
    moments = model.posterior_torch(batch.inputs, batch.lengths, batch.controls)
    mu, sigma = (parameter.float() for parameter in moments)
    z = _with_conditions(mu + sigma * rng.normal(*mu.shape), mu, conditions)  # [n, z]
    previous = apply_word_dropout(batch.previous, word_dropout, rng=rng)
    if sampling:
        n, steps, _ = previous.shape
        use_own = rng.uniform(n, steps) < sampling
        noise = rng.uniform(n, steps, model.head.num_uniforms)
        params = model.decoder.scheduled_sampling(z, previous, use_own, batch.controls, noise=noise)
    else:
        params = model.teacher_forced(z, previous, batch.controls)
    return mu, sigma, model.head.loss(params.float(), batch.targets).sum(-1).mean()


def _packed_terms(
    model: MusicVAE, batch: PerformanceBatch, conditions: Tensor | None, *, rng: ShardedRNG, word_dropout: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the same of a batch's tokens, up to one end token after the end of each track."""
    moments = packed_posterior(model, batch.tokens, batch.lengths, batch.triads)
    mu, sigma = (parameter.float() for parameter in moments)
    z = _with_conditions(mu + sigma * rng.normal(*mu.shape), mu, conditions)  # [n, z]
    is_dropped = rng.uniform(*batch.tokens.shape) < word_dropout if word_dropout else None
    lengths = (batch.lengths + 1).clamp(max=batch.tokens.shape[-1])
    losses = packed_losses(model, z, batch.tokens, lengths, batch.triads, is_dropped=is_dropped)
    return mu, sigma, losses.mean()


def clip_gradients(
    parameters: Iterable[Tensor], *, mode: str = "global-norm", limit: float = 1.0, zero_above: float = 10_000.0
) -> Tensor:
    """Clip gradients in place, as Magenta does, and return their norm before.

    Parameters
    ----------
    parameters : iterable of Tensor
    mode : str
        ``"global-norm"``: scale all gradients to a common norm of at most `limit`, or set them to zero if the norm is
        `zero_above` or more, or not a number. ``"value"``: limit each element to between minus and plus `limit`.
    limit, zero_above : float

    Returns
    -------
    Tensor
        A scalar.

    Raises
    ------
    TrainingError
        If there is no such mode.
    """
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(gradient) for gradient in gradients]))
    if mode == "value":
        for gradient in gradients:
            gradient.clamp_(-limit, limit)
    elif mode == "global-norm":
        # NaN times zero is NaN, so such gradients are replaced, not scaled.
        is_usable = norm < zero_above
        scale = torch.clamp(limit / norm.clamp(min=limit), max=1.0)
        for gradient in gradients:
            gradient.copy_(torch.where(is_usable, gradient * scale, torch.zeros_like(gradient)))
    else:
        raise TrainingError(f"Gradients are clipped by 'global-norm' or by 'value'; got {mode!r}.")
    return norm
