"""Whether what a model makes up sounds like the music it learned from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.streams import Labels, Part
from latentpalette.evaluation.ngrams import NGrams


@dataclass(frozen=True)
class Attribute:
    """One number a window, over many windows: those made up beside those of the data.

    Parameters
    ----------
    mean, spread : float
        Mean and standard deviation over the windows made up.
    data_mean, data_spread : float
        The same of the data.
    """

    mean: float
    spread: float
    data_mean: float
    data_spread: float

    @property
    def shift(self) -> float:
        """How far the mean is off, in standard deviations of the data; within 1 is within its spread.

        Examples
        --------
        >>> Attribute(12.0, 3.0, 10.0, 4.0).shift
        0.5
        """
        return (self.mean - self.data_mean) / self.data_spread if self.data_spread else 0.0


@dataclass(frozen=True)
class Realism:
    """Windows made up at one temperature, beside the data.

    Parameters
    ----------
    temperature : float
    samples : int
    cost_ratio : float
        How unexpected they are to 5-grams of the training songs, by how unexpected the held-out songs are. Above 1:
        less plausible than music; far below: commonplaces.
    silent : float [0 to 1]
        The share of windows in which nothing begins.
    stuck : float [0 to 1]
        The share of windows with a bar that is one unchanging label throughout; see `Part.stuck`.
    data_stuck : float [0 to 1]
        The same of the held-out songs.
    known : float [0 to 1] or None
        The share of windows that occur in the training songs, note for note; None where these are not at hand.
    attributes : mapping of name to Attribute
    part : str
        Of which part of a row all this is said: ``"drums"``, ``"bass"``.
    again : float [0 to 1]
        The share of windows that were silent or stuck (in whichever part) at first, and were taken again.
    """

    temperature: float
    samples: int
    cost_ratio: float
    silent: float
    stuck: float
    data_stuck: float
    known: float | None
    attributes: Mapping[str, Attribute]
    part: str = ""
    again: float = 0.0

    @property
    def shift(self) -> float:
        """The largest shift of any attribute, without its sign."""
        return max(abs(each.shift) for each in self.attributes.values())


def realism(
    made: Labels,
    *,
    held_out: Labels,
    training: Labels | None,
    language: NGrams,
    part: Part,
    temperature: float,
    again: float = 0.0,
) -> Realism:
    """Compare windows that were made up with those of held-out songs.

    Parameters
    ----------
    made, held_out, training : ndarray of int [shape=(., steps)]
        Labels of one part; no training songs where they are not at hand.
    language : NGrams
        Learned from the training songs.
    part : Part
        What the labels mean.
    temperature : float
        That the windows were drawn at.
    again : float
        See `Realism`.

    Examples
    --------
    >>> from latentpalette.converters.streams import Drums
    >>> data = np.tile([1, 0, 4, 0, 3, 0, 4, 0], (10, 4))
    >>> found = realism(data, held_out=data, training=data, language=NGrams(data), part=Drums.of("reduced"),
    ...                 temperature=1.0)
    >>> found.cost_ratio, found.known, found.shift
    (1.0, 1.0, 0.0)
    """
    ours, theirs = part.attributes(made), part.attributes(held_out)
    return Realism(
        temperature,
        len(made),
        float(language.cost(made).mean() / language.cost(held_out).mean()),
        silent=float(part.silent(made).mean()),
        stuck=float(part.stuck(made).mean()),
        data_stuck=float(part.stuck(held_out).mean()),
        known=None if training is None else _known(made, training),
        attributes={
            name: Attribute(float(ours[name].mean()), float(ours[name].std()), float(each.mean()), float(each.std()))
            for name, each in theirs.items()
        },
        part=part.name,
        again=again,
    )


def _known(made: NDArray, training: NDArray) -> float:
    learned = {row.tobytes() for row in training.astype(np.int64)}
    return float(np.mean([row.tobytes() in learned for row in made.astype(np.int64)]))
