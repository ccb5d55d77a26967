"""The sample that is heard first: the seed that an instrument begins with, and how many are drawn to choose from."""

from __future__ import annotations

from types import MappingProxyType

BEST_OF = 8
"""Number of samples of which an instrument plays the best; see `latentpalette.models.music_sampler.MusicSampler`."""

TEMPERATURE = 0.8
"""The temperature that an instrument begins with, and that `first_seed` is chosen for."""

# From these on six seeds in a row give samples that rate well and differ, the best of `BEST_OF` at `TEMPERATURE`.
_SEEDS = MappingProxyType(
    {
        "drums-2bar": 51,
        "drums-2bar-ae": 106,
        "drums-2d": 38,
        "drums-2d-ae": 19,
        "drums-beta-0.02": 92,
        "drums-beta-0.1": 9,
        "drums-beta-0.3": 97,
        "drums-beta-1": 19,
        "drums-beta-3": 47,
        "groove-4bar": 37,
        "groove-hihat": 53,
        "groove-humanize": 90,
        "groove-tap": 38,
        "melody-16bar": 37,
        "melody-2bar": 127,
        "melody-2bar-ae": 117,
        "trio-16bar": 17,
    }
)


def first_seed(name: str) -> int:
    """Return the seed that an instrument begins with, by the name of its model; 1 for a model that is not shipped.

    Examples
    --------
    >>> import latentpalette as lp
    >>> from latentpalette.music.rating import rate
    >>> model = lp.load("drums-2bar")
    >>> rate(model.sample(1, temperature=TEMPERATURE, seed=first_seed(model.name), best_of=BEST_OF)[0])
    1.0
    """
    return _SEEDS.get(name, 1)
