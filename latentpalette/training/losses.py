"""What training minimises, and how its gradients are kept in hand.

``mean(reconstruction) + beta * mean(max(KL - free_bits * ln 2, 0))``, the reconstruction summed over steps, the KL
over the whole latent vector. Source: Roberts et al. (2018), arXiv 1803.05428; free bits: Kingma et al. (2016).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from latentpalette.data.batches.base import Batch
from latentpalette.errors import TrainingError
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.network import divergence


@dataclass(frozen=True)
class Losses:
    """The parts of the objective, each a scalar tensor.

    Parameters
    ----------
    total : Tensor [nats]
        What is minimised.
    reconstruction : Tensor [nats]
        Mean over the batch; per sequence summed over steps.
    kl : Tensor [nats]
        Above the free bits, not yet weighted by beta.
    kl_bits : Tensor [bits]
        The whole of it.
    """

    total: Tensor
    reconstruction: Tensor
    kl: Tensor
    kl_bits: Tensor


def mismatch(mu: Tensor, sigma: Tensor) -> Tensor:
    """How far all z of a batch together [n, z] are from the prior they are sampled from, in mean and covariance.

    The squares of what the mean has too much, and of what the covariance differs from the identity by, summed. The
    KL term asks for the same, but hardly insists: a latent space whose dimensions are correlated costs it little, and
    makes samples from the prior fall between the music. Source: DIP-VAE-II, Kumar et al. (2018), arXiv 1711.00848.

    Examples
    --------
    >>> mu, none = torch.tensor([[1.0, 1.0], [-1.0, -1.0]]), torch.zeros(2, 2)
    >>> mismatch(mu, none), mismatch(mu * torch.tensor([1.0, 0.0]), none)
    (tensor(2.), tensor(1.))
    """
    mean = mu.mean(0)
    # Not a matrix product: under autocast that would be rounded to bfloat16.
    covariance = (mu[:, :, None] * mu[:, None]).mean(0) - mean[:, None] * mean + sigma.square().mean(0).diag()
    identity = torch.eye(len(mean), device=mu.device)
    return mean.square().sum() + (covariance - identity).square().sum()


def above_free_bits(nats: Tensor, free_bits: float) -> Tensor:
    """What a KL [n, nats] exceeds `free_bits` by, sequence by sequence; below them it costs nothing.

    Examples
    --------
    >>> above_free_bits(torch.tensor([20.0, 40.0]), 48.0).round(decimals=2)
    tensor([0.0000, 6.7300])
    """
    return (nats - free_bits * math.log(2)).clamp(min=0.0)


@dataclass(frozen=True)
class Dice:
    """Random numbers for one process of several: all draw for the whole batch, and each takes its share.

    So several processes learn from exactly what one would have.

    Parameters
    ----------
    generator : torch.Generator
        In the same state in every process.
    rank, world : int
        Which process this is, of how many.

    Examples
    --------
    >>> alone, second = (Dice(torch.Generator().manual_seed(0), *which) for which in ((), (1, 2)))
    >>> bool((alone.uniform(4)[1::2] == second.uniform(2)).all())
    True
    """

    generator: torch.Generator
    rank: int = 0
    world: int = 1

    def uniform(self, n: int, *shape: int) -> Tensor:
        """Between 0 and 1 [n, ...]."""
        return self._share(torch.rand, n, shape)

    def normal(self, n: int, *shape: int) -> Tensor:
        """Standard normal [n, ...]."""
        return self._share(torch.randn, n, shape)

    def _share(self, draw: Callable[..., Tensor], n: int, shape: tuple[int, ...]) -> Tensor:
        drawn = draw((n * self.world, *shape), generator=self.generator, device=self.generator.device)
        return drawn[self.rank :: self.world]


def drop_words(previous: Tensor, rate: float, *, dice: Dice) -> Tensor:
    """Blank out the previous row at a share `rate` of all steps [n, t, depth].

    A decoder that cannot rely on what was just played has to ask z (Bowman et al., 2016, arXiv 1511.06349).
    """
    if rate == 0.0:
        return previous
    kept = dice.uniform(*previous.shape[:2]) >= rate
    return previous * kept[..., None]


def losses(
    model: MusicVAE,
    batch: Batch,
    *,
    dice: Dice,
    beta: float = 1.0,
    free_bits: float = 0.0,
    word_dropout: float = 0.0,
    sampling: float = 0.0,
    prior_match: float = 0.0,
) -> Losses:
    """The objective on one batch.

    Parameters
    ----------
    model : MusicVAE
    batch : Batch
    dice : Dice
        Draws z, the blanked rows and the model's own.
    beta : float
        Weight of the KL term.
    free_bits : float [bits, for the whole latent vector]
    word_dropout : float [0 to 1]
        The share of steps that do not hear the previous row.
    sampling : float [0 to 1]
        The share of steps that hear the model's own previous row instead of the true one (scheduled sampling).
    prior_match : float
        Weight of `mismatch`.
    """
    mu, sigma = (each.float() for each in model.posterior_torch(batch.inputs, None, batch.controls))
    z = mu + sigma * dice.normal(*mu.shape)  # [n, z]
    previous = drop_words(batch.previous, word_dropout, dice=dice)
    if sampling:
        n, steps, _ = previous.shape
        own = dice.uniform(n, steps) < sampling
        draws = dice.uniform(n, steps, model.head.draws)
        params = model.decoder.scheduled(z, previous, own, batch.controls, noise=draws)
    else:
        params = model.teacher_forced(z, previous, batch.controls)
    reconstruction = model.head.loss(params.float(), batch.targets).sum(-1).mean()
    nats = divergence(mu, sigma)
    kl = above_free_bits(nats, free_bits).mean()
    total = reconstruction + beta * kl
    if prior_match:
        total = total + prior_match * mismatch(mu, sigma)
    return Losses(total, reconstruction, kl, nats.mean() / math.log(2))


def clip(
    parameters: Iterable[Tensor], *, mode: str = "global-norm", limit: float = 1.0, hopeless: float = 10_000.0
) -> Tensor:
    """Keep gradients in hand, in place, as Magenta does; answers with their norm before.

    Parameters
    ----------
    parameters : iterable of Tensor
    mode : str
        ``"global-norm"``: shrink them together to a norm of `limit`, or zero them all where the norm is `hopeless` or
        more, or no number. ``"value"``: each element to between minus and plus `limit`.
    limit, hopeless : float

    Raises
    ------
    TrainingError
        If there is no such mode.
    """
    gradients = [each.grad for each in parameters if each.grad is not None]
    norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(each) for each in gradients]))
    if mode == "value":
        for each in gradients:
            each.clamp_(-limit, limit)
    elif mode == "global-norm":
        # A sum of NaN times zero is NaN: such gradients are replaced, not scaled.
        sound = norm < hopeless
        scale = torch.clamp(limit / norm.clamp(min=limit), max=1.0)
        for each in gradients:
            each.copy_(torch.where(sound, each * scale, torch.zeros_like(each)))
    else:
        raise TrainingError(f"Gradients are clipped by 'global-norm' or by 'value'; got {mode!r}.")
    return norm
