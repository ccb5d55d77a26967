"""What changes while a model learns: the weight of the KL term, the learning rate, how often it hears itself.

Each is a pure function of the step, so that a run taken up again goes on exactly as it would have.
Source: Magenta's ``music_vae`` trainer and model; the cosine is Loshchilov & Hutter (2017), arXiv 1608.03983.
"""

from __future__ import annotations

import math

from latentpalette.errors import TrainingError


def beta(step: int, *, max_beta: float = 1.0, beta_rate: float = 0.0) -> float:
    """The weight of the KL term.

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
    """Magenta's learning rate: ``(start - end) * decay**step + end``.

    Examples
    --------
    >>> round(exponential_rate(6931) * 1000, 3)
    0.505
    """
    return (start - end) * decay**step + end


def cosine_rate(step: int, *, steps: int, start: float = 1e-3, end: float = 1e-5, warmup: int = 100) -> float:
    """A learning rate that rises over `warmup` steps and then falls along half a cosine to `end` at `steps`.

    Examples
    --------
    >>> [round(cosine_rate(step, steps=1000, start=1.0, end=0.0, warmup=10), 3) for step in (0, 9, 500, 1000)]
    [0.1, 1.0, 0.5, 0.0]
    """
    if step < warmup:
        return start * (step + 1) / warmup
    done = min(step / max(steps, 1), 1.0)
    return end + (start - end) * 0.5 * (1.0 + math.cos(math.pi * done))


def trapezoid_rate(
    step: int, *, steps: int, start: float = 1e-3, end: float = 1e-5, warmup: int = 100, fall: float = 0.3
) -> float:
    """A learning rate that rises over `warmup` steps, stays, and falls in a line to `end` over the last share `fall`.

    Until it falls, a run does not depend on how long it is going to be: one that was stopped early has only to fall.
    Source: Hägele et al. (2024), arXiv 2405.18392.

    Examples
    --------
    >>> [round(trapezoid_rate(step, steps=1000, start=1.0, end=0.0, warmup=10), 3) for step in (0, 9, 700, 850, 1000)]
    [0.1, 1.0, 1.0, 0.5, 0.0]
    """
    if step < warmup:
        return start * (step + 1) / warmup
    left = max(1.0 - step / max(steps, 1), 0.0)
    return end + (start - end) * min(left / fall, 1.0)


def sampling_probability(step: int, *, schedule: str = "constant", rate: float = 0.0) -> float:
    """How likely a step is fed the model's own row instead of the true one.

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
        # exp(step / k) leaves the floats' range long after the probability has become 1.
        return 1.0 - rate / (rate + math.exp(min(step / rate, 700.0)))
    if schedule == "exponential":
        return 1.0 - rate**step
    raise TrainingError(f"No sampling schedule is called {schedule!r}: constant, inverse-sigmoid, exponential.")
