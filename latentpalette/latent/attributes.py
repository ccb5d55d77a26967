"""Directions in latent space that mean something: "more notes", "busier hats".

A direction is the way from where little of an attribute lies to where much of it lies. Source: Roberts et al. (2018),
arXiv 1803.05428, section 5.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import LatentError
from latentpalette.latent.paths import Latents
from latentpalette.music.sequence import NoteSequence

FEWEST = 8  # examples; two in each quartile is the least that can be called a mean

_PRIOR_DRAWS = 256  # as many as the paper moves

Measure = Callable[[NoteSequence], float]


class Model(Protocol):
    """Something with encode and decode."""

    def encode(self, music: Iterable[NoteSequence]) -> NDArray[np.floating]:
        """Places [n, z] of music."""

    def decode(
        self, z: NDArray[np.floating], *, temperature: float | None = None, seed: int | None = None
    ) -> Sequence[NoteSequence]:
        """Music at places [n, z]."""


@dataclass(frozen=True, eq=False)
class AttributeVector:
    """A direction in latent space that changes one attribute.

    Parameters
    ----------
    name : str
        Of the attribute.
    vector : ndarray [shape=(z,)]
        From the mean of the lowest quarter of the examples to the mean of the highest.
    low, high : float
        Mean of the attribute in either quarter: what a strength of 1 stands for.
    examples : int
        How many it was found from.
    """

    name: str
    vector: Latents
    low: float
    high: float
    examples: int

    def __repr__(self) -> str:
        return f"AttributeVector({self.name}: {self.low:.3g} to {self.high:.3g}, {self.examples} examples)"

    def apply(self, z: ArrayLike, strength: ArrayLike = 1.0) -> Latents:
        """Move places along the direction.

        Parameters
        ----------
        z : array-like [shape=(z,) or (n, z)]
        strength : float, or array-like [shape=(n,)]
            How far, as a share of the way between the quarters; below 0 it goes backwards. The paper shows
            -1.5 to 1.5.

        Returns
        -------
        ndarray
            Of z's shape; [n, z] for one place and n strengths.

        Raises
        ------
        LatentError
            If z is of another width.

        Examples
        --------
        >>> more = AttributeVector("note density", np.array([2.0, 0.0]), 0.2, 0.6, 100)
        >>> more.apply([0.0, 1.0], [-0.5, 0.0, 0.5]).tolist()
        [[-1.0, 1.0], [0.0, 1.0], [1.0, 1.0]]
        """
        places = np.asarray(z, np.float64)
        if places.ndim not in (1, 2) or places.shape[-1] != len(self.vector):
            raise LatentError(
                f"The direction of {self.name} is for places [n, {len(self.vector)}]; got shape {places.shape}."
            )
        amount = np.asarray(strength, np.float64)
        if amount.ndim > 1 or (amount.ndim == places.ndim - 1 == 1 and len(amount) != len(places)):
            raise LatentError(f"A strength is one number, or one for each place; got shape {amount.shape}.")
        return places + (amount[:, None] if amount.ndim else amount) * self.vector


@dataclass(frozen=True, eq=False)
class Effects:
    """What each direction does to every attribute.

    Parameters
    ----------
    directions, attributes : tuple of str
        Names of the rows and of the columns.
    before : ndarray [shape=(attributes,)]
        Mean of each attribute where nothing was moved.
    change : ndarray [shape=(directions, attributes)]
        By how much the mean moves, in the attribute's own unit.
    """

    directions: tuple[str, ...]
    attributes: tuple[str, ...]
    before: NDArray[np.float64]
    change: NDArray[np.float64]

    @property
    def percent(self) -> NDArray[np.float64]:
        """The change as a share of what was there [percent], as the paper has it; NaN where nothing was."""
        base = np.where(self.before == 0, np.nan, np.abs(self.before))
        return 100 * self.change / base

    def __repr__(self) -> str:
        wide = max(len(name) for name in self.directions)
        columns = [max(len(name), 7) for name in self.attributes]
        head = "  ".join(f"{name:>{width}}" for name, width in zip(self.attributes, columns, strict=True))
        lines = [f"{'':{wide}}  {head}"]
        for name, row in zip(self.directions, self.percent, strict=True):
            cells = "  ".join(
                f"{'-' if np.isnan(value) else f'{value:+.0f} %':>{width}}"
                for value, width in zip(row, columns, strict=True)
            )
            lines.append(f"{name:{wide}}  {cells}")
        return "\n".join(lines)


def attribute_vector(z: ArrayLike, values: ArrayLike, *, name: str = "the attribute") -> AttributeVector:
    """The direction from places with little of an attribute to places with much of it.

    Parameters
    ----------
    z : array-like [shape=(n, z)]
        Where examples lie; several hundred make a direction that holds elsewhere, too.
    values : array-like [shape=(n,)]
        How much of the attribute each has.
    name : str
        Of the attribute, for messages and tables.

    Returns
    -------
    AttributeVector
        Mean of the highest quarter minus mean of the lowest.

    Raises
    ------
    LatentError
        If there are fewer than eight examples, all have the same value, or shapes do not fit.

    Notes
    -----
    Examples that tie with a quartile belong to its quarter: which of two equals came first must not matter. Where
    both quartiles are one value (half of all melodies have no syncopation at all), the examples above it are set
    against those below it; if there are none on one side, against those that have it.

    Examples
    --------
    >>> z = np.arange(16.0).reshape(8, 2)
    >>> attribute_vector(z, values=range(8), name="place").vector.tolist()
    [12.0, 12.0]
    """
    places, amounts = np.asarray(z, np.float64), np.asarray(values, np.float64)
    if places.ndim != 2 or amounts.shape != (len(places),):
        raise LatentError(
            f"A direction takes places [n, z] and a value for each, [n]; got shapes {places.shape} and {amounts.shape}."
        )
    if len(places) < FEWEST:
        raise LatentError(
            f"{name}: {len(places)} examples are too few for quartiles; give {FEWEST} at least, better several hundred."
        )
    if not (np.isfinite(places).all() and np.isfinite(amounts).all()):
        raise LatentError(f"{name}: places and values must be finite numbers.")
    if amounts.min() == amounts.max():
        raise LatentError(
            f"{name}: all {len(places)} examples measure {amounts[0]:g}, so nothing says where more of it lies. "
            "Give examples that differ in it."
        )
    low, high = _quarters(amounts)
    vector = places[high].mean(axis=0) - places[low].mean(axis=0)
    return AttributeVector(name, vector, float(amounts[low].mean()), float(amounts[high].mean()), len(places))


def attribute_vectors(
    model: Model, music: Sequence[NoteSequence], measures: Mapping[str, Measure]
) -> dict[str, AttributeVector]:
    """A direction for each measure, from examples of music.

    Parameters
    ----------
    model : something with encode
    music : list of NoteSequence
        As the model reads them; several hundred that differ in every measure.
    measures : mapping of name to function
        `latentpalette.music.features.PAPER`, for one.

    Raises
    ------
    LatentError
        See `attribute_vector`; the message names the measure.
    """
    z = model.encode(music)
    return {
        name: attribute_vector(z, [measure(each) for each in music], name=name) for name, measure in measures.items()
    }


def effects(
    model: Model,
    vectors: Mapping[str, AttributeVector],
    measures: Mapping[str, Measure],
    *,
    z: ArrayLike | None = None,
    strength: float = 1.0,
    temperature: float | None = None,
    seed: int | None = None,
) -> Effects:
    """Move places along each direction and measure everything before and after: what else changes?

    Attributes hang together (more notes, more syncopation), so a direction is only known by its whole row.

    Parameters
    ----------
    model : something with decode
    vectors : mapping of name to AttributeVector
    measures : mapping of name to function
    z : array-like [shape=(n, z)], optional
        What to move; 256 places from the prior by default.
    strength : float
        See `AttributeVector.apply`.
    temperature, seed
        See the model's `decode`; the seed draws the places, too.

    Raises
    ------
    LatentError
        If there is no direction or nothing to measure.

    Examples
    --------
    >>> class Beats:
    ...     "One kick more for each unit of z."
    ...     def decode(self, z, *, temperature=None, seed=None):
    ...         counts = np.clip(np.round(np.asarray(z)[:, 0]), 0, 16).astype(int)
    ...         return [NoteSequence.from_steps({"kick": range(n)}, steps=16) for n in counts]
    >>> from latentpalette.music.features import note_density
    >>> more = AttributeVector("density", np.array([4.0]), 0.0, 0.25, 8)
    >>> effects(Beats(), {"density": more}, {"density": note_density}, z=[[4.0], [8.0]])
             density
    density   +67 %
    """
    if not vectors or not measures:
        raise LatentError("The effects of directions take at least one direction and one measure.")
    if z is None:
        width = len(next(iter(vectors.values())).vector)
        z = np.random.default_rng(seed).standard_normal((_PRIOR_DRAWS, width))
    places = np.asarray(z, np.float64)

    def measured(where: Latents) -> NDArray[np.float64]:
        music = model.decode(where, temperature=temperature, seed=seed)
        return np.array([np.mean([measure(each) for each in music]) for measure in measures.values()])

    before = measured(places)
    change = [measured(vector.apply(places, strength)) - before for vector in vectors.values()]
    return Effects(tuple(vectors), tuple(measures), before, np.array(change))


def _quarters(values: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which examples are the lowest and which the highest quarter; see `attribute_vector` for ties."""
    first, third = np.quantile(values, [0.25, 0.75])
    if first < third:
        return values <= first, values >= third
    below, common, above = values < first, values == first, values > first
    return (below if below.any() else common), (above if above.any() else common)
