"""Random numbers for a seed: independent streams for each purpose, and the first of more are the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import ModelError
from latentpalette.validation import check_integer

_PURPOSES = ("z", "frames", "gibbs")  # the index is part of the seed, so the order must not change


def make_rng(seed: int | None, purpose: str, attempt: int = 0) -> np.random.Generator:
    """Return a random generator of its own for each seed, purpose and attempt.

    Parameters
    ----------
    seed : int >= 0, optional
        Without one, the generator is seeded from the operating system.
    purpose : {"z", "frames", "gibbs"}
    attempt : int
        Of rejection sampling; 0 is the first.

    Raises
    ------
    ModelError
        If the seed is negative or not a whole number.

    Examples
    --------
    >>> make_rng(7, "z").random() == make_rng(7, "z").random()
    True
    """
    if seed is None:
        return np.random.default_rng()
    seed = check_integer(seed, "A seed", 0, error=ModelError)
    return np.random.default_rng([seed, _PURPOSES.index(purpose), attempt])


def standard_normal(seed: int | None, purpose: str, shape: tuple[int, ...], attempt: int = 0) -> NDArray[np.float32]:
    """Draw from the standard normal distribution; see `make_rng`.

    The first axis counts samples: for the same seed, the first k of n samples do not depend on n.

    Examples
    --------
    >>> bool((standard_normal(7, "z", (2, 3)) == standard_normal(7, "z", (5, 3))[:2]).all())
    True
    """
    return make_rng(seed, purpose, attempt).standard_normal(shape, dtype=np.float32)
