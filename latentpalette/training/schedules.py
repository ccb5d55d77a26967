"""Schedules: the weight of the KL term, the learning rate, the probability of scheduled sampling.

Each is a pure function of the step, the number of an update, so that a resumed run continues exactly as it would have.
Source: Magenta's ``music_vae`` trainer and model; the cosine is Loshchilov & Hutter (2017), arXiv 1608.03983.
"""

from __future__ import annotations

import math

from latentpalette.errors import TrainingError


def beta(step: int, *, max_beta: float = 1.0, beta_rate: float = 0.0) -> float:
    """Return the weight of the KL term.

    ``(1 - beta_rate**step) * max_beta``: a rate of 0 means 0 at step 0 and `max_beta` ever after.

    Examples
    --------
    >>> beta(0, max_beta=0.2), beta(1, max_beta=0.2)
    (0.0, 0.2)
    >>> round(beta(200_000, max_beta=0.5, beta_rate=0.99999), 2)
    0.43
    """
    return (1.0 - beta_rate**step) * max_beta


def exponential_rate(step: int, *, start: float = 1e-3, end: float = 1e-5, decay: float = 0.9999) -> float:
    """Return Magenta's learning rate: ``(start - end) * decay**step + end``.

    Examples
    --------
    >>> round(exponential_rate(6931) * 1000, 3)
    0.505
    """
    return (start - end) * decay**step + end


def cosine_rate(step: int, *, max_steps: int, start: float = 1e-3, end: float = 1e-5, warmup_steps: int = 100) -> float:
    """Return a learning rate that rises over `warmup_steps`, then falls along half a cosine to `end` at `max_steps`.

    Examples
    --------
    >>> rate = lambda step: cosine_rate(step, max_steps=1000, start=1.0, end=0.0, warmup_steps=10)
    >>> [round(rate(step), 3) for step in (0, 9, 500, 1000)]
    [0.1, 1.0, 0.5, 0.0]
    """
    if step < warmup_steps:
        return start * (step + 1) / warmup_steps
    progress = min(step / max(max_steps, 1), 1.0)
    return end + (start - end) * 0.5 * (1.0 + math.cos(math.pi * progress))


def trapezoid_rate(
    step: int,
    *,
    max_steps: int,
    start: float = 1e-3,
    end: float = 1e-5,
    warmup_steps: int = 100,
    decay_fraction: float = 0.3,
) -> float:
    """Return a learning rate that rises over `warmup_steps`, is constant, then falls linearly to `end` at `max_steps`.

    It falls over the last `decay_fraction` of all steps. Before, it does not depend on `max_steps`: a run that was
    stopped early only has to be continued with its fall.
    Source: Hägele et al. (2024), arXiv 2405.18392.

    Examples
    --------
    >>> rate = lambda step: trapezoid_rate(step, max_steps=1000, start=1.0, end=0.0, warmup_steps=10)
    >>> [round(rate(step), 3) for step in (0, 9, 700, 850, 1000)]
    [0.1, 1.0, 1.0, 0.5, 0.0]
    """
    if step < warmup_steps:
        return start * (step + 1) / warmup_steps
    remaining = max(1.0 - step / max(max_steps, 1), 0.0)
    return end + (start - end) * min(remaining / decay_fraction, 1.0)


def sampling_probability(step: int, *, schedule: str = "constant", rate: float = 0.0) -> float:
    """Return the probability that the decoder gets its own previous frame instead of the target.

    Parameters
    ----------
    step : int
    schedule : str
        ``"constant"``: the rate itself. ``"inverse-sigmoid"``: ``1 - k / (k + exp(step / k))`` with k the rate.
        ``"exponential"``: ``1 - rate**step``.
    rate : float

    Raises
    ------
    TrainingError
        If there is no such schedule.

    Examples
    --------
    >>> round(sampling_probability(6908, schedule="inverse-sigmoid", rate=1000.0), 3)
    0.5
    """
    if schedule == "constant":
        return rate
    if schedule == "inverse-sigmoid":
        # exp(step / k) overflows long after the probability has become 1.
        return 1.0 - rate / (rate + math.exp(min(step / rate, 700.0)))
    if schedule == "exponential":
        return 1.0 - rate**step
    raise TrainingError(f"No sampling schedule is called {schedule!r}: constant, inverse-sigmoid, exponential.")
