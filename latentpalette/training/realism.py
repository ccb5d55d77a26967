"""Whether what a model makes up sounds like the music it learned from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.music.sequence import STEPS_PER_BAR
from latentpalette.training.ngrams import NGrams


@dataclass(frozen=True)
class Attribute:
    """One number a loop, over many loops: those made up beside those of the data.

    Parameters
    ----------
    mean, spread : float
        Mean and standard deviation over the loops made up.
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
    """Loops made up at one temperature, beside the data.

    Parameters
    ----------
    temperature : float
    samples : int
    cost_ratio : float
        How unexpected they are to 5-grams of the training songs, by how unexpected the held-out songs are. Above 1:
        less plausible than music; far below: commonplaces.
    silent : float [0 to 1]
        The share of loops without a single hit.
    stuck : float [0 to 1]
        The share of loops with a bar that is one unchanging label throughout, silence included.
    data_stuck : float [0 to 1]
        The same of the held-out songs.
    known : float [0 to 1]
        The share of loops that occur in the training songs, hit for hit.
    attributes : mapping of name to Attribute
    """

    temperature: float
    samples: int
    cost_ratio: float
    silent: float
    stuck: float
    data_stuck: float
    known: float
    attributes: Mapping[str, Attribute]

    @property
    def shift(self) -> float:
        """The largest shift of any attribute, without its sign."""
        return max(abs(each.shift) for each in self.attributes.values())


def attributes(loops: NDArray, names: tuple[str, ...]) -> dict[str, NDArray[np.float64]]:
    """What a loop is like, in numbers: name to values [n].

    Parameters
    ----------
    loops : ndarray of int [shape=(n, steps)]
        Labels; bit k is drum ``names[k]``.

    Examples
    --------
    >>> found = attributes(np.array([[1, 0, 3, 0]]), ("kick", "snare"))
    >>> {name: float(values[0]) for name, values in found.items()}["kick"]
    2.0
    """
    rolls = (loops[..., None] >> np.arange(len(names))) & 1  # [n, steps, drums]
    first, second = loops[:, :STEPS_PER_BAR], loops[:, -STEPS_PER_BAR:]
    return {
        "hits": rolls.sum((1, 2)).astype(float),
        "sounding steps": (loops != 0).sum(1).astype(float),
        "hits between eighths": rolls[:, 1::2].sum((1, 2)).astype(float),
        "steps that differ between bars": (first != second).sum(1).astype(float),
    } | {name: rolls[:, :, drum].sum(1).astype(float) for drum, name in enumerate(names)}


def stuck(loops: NDArray) -> NDArray[np.bool_]:
    """Which loops [n] have a bar that is one unchanging label throughout.

    Examples
    --------
    >>> stuck(np.array([[4] * 16 + [1] + [0] * 15, [1, 0] * 16])).tolist()
    [True, False]
    """
    bars = loops.reshape(len(loops), -1, STEPS_PER_BAR)
    return (bars == bars[..., :1]).all(-1).any(-1)


def realism(
    made: NDArray, *, held_out: NDArray, training: NDArray, language: NGrams, names: tuple[str, ...], temperature: float
) -> Realism:
    """Compare loops that were made up with those of held-out songs.

    Parameters
    ----------
    made, held_out, training : ndarray of int [shape=(., steps)]
        Labels.
    language : NGrams
        Learned from the training songs.
    names : tuple of str
        What the bits of a label are called.
    temperature : float
        That the loops were drawn at.
    """
    ours, theirs = attributes(made, names), attributes(held_out, names)
    learned = {row.tobytes() for row in training.astype(np.int64)}
    return Realism(
        temperature,
        len(made),
        float(language.cost(made).mean() / language.cost(held_out).mean()),
        silent=float((made == 0).all(1).mean()),
        stuck=float(stuck(made).mean()),
        data_stuck=float(stuck(held_out).mean()),
        known=float(np.mean([row.tobytes() in learned for row in made.astype(np.int64)])),
        attributes={
            name: Attribute(float(ours[name].mean()), float(ours[name].std()), float(each.mean()), float(each.std()))
            for name, each in theirs.items()
        },
    )
