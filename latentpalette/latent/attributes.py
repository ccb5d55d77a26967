"""Attribute vectors: directions in latent space that change one feature of the music, like "more notes".

An attribute vector points from the mean z of examples with little of an attribute to that of examples with much of it.
Source: Roberts et al. (2018), arXiv 1803.05428, section 5.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import LatentError
from latentpalette.latent.arrays import check_coordinates, check_mapping
from latentpalette.latent.paths import Latents
from latentpalette.latent.protocols import Model, SamplingModel
from latentpalette.music.sequence import NoteSequence
from latentpalette.validation import short_repr
from latentpalette.wording import counted

MIN_EXAMPLES = 8  # two in each quarter, for a mean

_NUM_PRIOR_SAMPLES = 256  # as in the paper

FeatureFunction = Callable[[NoteSequence], float]


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
        Mean of the attribute in either quarter: the difference that a strength of 1 stands for.
    num_examples : int
    """

    name: str
    vector: Latents
    low: float
    high: float
    num_examples: int

    def __repr__(self) -> str:
        return f"AttributeVector({self.name}: {self.low:.3g} to {self.high:.3g}, {self.num_examples} examples)"

    def apply(self, z: ArrayLike, strength: ArrayLike = 1.0) -> Latents:
        """Move latent vectors along the direction.

        Parameters
        ----------
        z : array-like [shape=(z,) or (n, z)]
        strength : float, or array-like [shape=(n,)]
            Factor of the vector; negative strengths reduce the attribute. The paper shows -1.5 to 1.5.

        Returns
        -------
        ndarray
            Of z's shape; [n, z] for a single z and n strengths.

        Raises
        ------
        LatentError
            If z has another width, or strengths do not match.

        Examples
        --------
        >>> more = AttributeVector("note density", np.array([2.0, 0.0]), 0.2, 0.6, 100)
        >>> more.apply([0.0, 1.0], [-0.5, 0.0, 0.5]).tolist()
        [[-1.0, 1.0], [0.0, 1.0], [1.0, 1.0]]
        """
        z = check_coordinates(z, "Latent vectors z")
        if z.ndim not in (1, 2) or z.shape[-1] != len(self.vector):
            raise LatentError(f"The vector of {self.name} is for z [n, {len(self.vector)}]; got shape {z.shape}.")
        factor = check_coordinates(strength, "Strengths")
        if factor.ndim > 1 or (factor.ndim == z.ndim - 1 == 1 and len(factor) != len(z)):
            raise LatentError(f"A strength is one number, or one for each z; got shape {factor.shape}.")
        return z + (factor[:, None] if factor.ndim else factor) * self.vector


@dataclass(frozen=True, eq=False)
class AttributeEffects:
    """Effect of each attribute vector on every attribute.

    Parameters
    ----------
    vectors, attributes : tuple of str
        Names of the rows and of the columns.
    before : ndarray [shape=(attributes,)]
        Mean of each attribute before the change.
    change : ndarray [shape=(vectors, attributes)]
        Change of the mean, in the attribute's own unit.
    """

    vectors: tuple[str, ...]
    attributes: tuple[str, ...]
    before: NDArray[np.float64]
    change: NDArray[np.float64]

    @property
    def percent(self) -> NDArray[np.float64]:
        """The change relative to the mean before [percent], as in the paper; NaN where that is 0."""
        base = np.where(self.before == 0, np.nan, np.abs(self.before))
        return 100 * self.change / base

    def __repr__(self) -> str:
        name_width = max(len(name) for name in self.vectors)
        columns = [max(len(name), 7) for name in self.attributes]
        head = "  ".join(f"{name:>{width}}" for name, width in zip(self.attributes, columns, strict=True))
        lines = [f"{'':{name_width}}  {head}"]
        for name, row in zip(self.vectors, self.percent, strict=True):
            cells = "  ".join(
                f"{'-' if np.isnan(value) else f'{value:+.0f} %':>{width}}"
                for value, width in zip(row, columns, strict=True)
            )
            lines.append(f"{name:{name_width}}  {cells}")
        return "\n".join(lines)


def attribute_vector(z: ArrayLike, values: ArrayLike, *, name: str = "the attribute") -> AttributeVector:
    """Compute the attribute vector of one attribute.

    Parameters
    ----------
    z : array-like [shape=(n, z)]
        Of examples; several hundred are needed for a vector that generalizes.
    values : array-like [shape=(n,)]
        Value of the attribute of each example.
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
    Examples that tie with a quartile belong to its quarter, so that the order of equal examples does not matter. If
    both quartiles are the same value (half of all melodies have no syncopation at all), the examples above it are
    compared with those below it; if there are none on one side, with those that have it.

    Examples
    --------
    >>> z = np.arange(16.0).reshape(8, 2)
    >>> attribute_vector(z, values=range(8), name="place").vector.tolist()
    [12.0, 12.0]
    """
    z, values = check_coordinates(z, f"{name}: z"), check_coordinates(values, f"{name}: values")
    if z.ndim != 2 or values.shape != (len(z),):
        raise LatentError(
            f"An attribute vector takes z [n, z] and values [n]; got shapes {z.shape} and {values.shape}."
        )
    if len(z) < MIN_EXAMPLES:
        raise LatentError(
            f"{name}: {counted(len(z), 'example')} can have no quartiles; give at least {MIN_EXAMPLES}, better "
            "hundreds."
        )
    if values.min() == values.max():
        raise LatentError(
            f"{name}: all {len(z)} examples have the value {values[0]:g}, so there is no direction towards more of it. "
            "Give examples that differ in it."
        )
    low, high = _quarters(values)
    vector = z[high].mean(axis=0) - z[low].mean(axis=0)
    return AttributeVector(name, vector, float(values[low].mean()), float(values[high].mean()), len(z))


def attribute_vectors(
    model: Model, music: Sequence[NoteSequence], features: Mapping[str, FeatureFunction]
) -> dict[str, AttributeVector]:
    """Compute an attribute vector for each feature, from examples of music.

    Parameters
    ----------
    model : something with `encode`
    music : list of NoteSequence
        Of the model's length; several hundred that differ in every feature.
    features : mapping of name to function
        For example `latentpalette.music.features.MUSICVAE_ATTRIBUTES`.

    Raises
    ------
    LatentError
        See `attribute_vector`; the message names the feature.
    """
    features = check_mapping(features, None, "Features")
    given: object = music
    if not isinstance(given, Sequence) or isinstance(given, (str, bytes)):
        raise LatentError(f"Examples of music are a list of NoteSequences; got {short_repr(music)}.")
    z = model.encode(music)
    return {
        name: attribute_vector(z, [feature(sequence) for sequence in music], name=name)
        for name, feature in features.items()
    }


def measure_effects(
    model: SamplingModel,
    vectors: Mapping[str, AttributeVector],
    features: Mapping[str, FeatureFunction],
    *,
    z: ArrayLike | None = None,
    strength: float = 1.0,
    temperature: float | None = None,
    seed: int | None = None,
) -> AttributeEffects:
    """Move z along each attribute vector and measure all features before and after.

    Attributes are correlated (more notes, more syncopation), so a vector is characterized by its whole row.

    Parameters
    ----------
    model : something with `decode`
    vectors : mapping of name to AttributeVector
    features : mapping of name to function
    z : array-like [shape=(n, z)], optional
        Latent vectors to move; 256 samples of N(0, I) by default. For a model with a learned prior give
        ``model.sample_z(256)``, which lie where its music is. Moved vectors are decoded where they come to lie.
    strength : float
        See `AttributeVector.apply`.
    temperature, seed
        See the model's `decode`; the seed is that of the prior's samples, too.

    Raises
    ------
    LatentError
        If there are no vectors or no features.

    Examples
    --------
    >>> class Beats:
    ...     "One kick more for each unit of z."
    ...     def decode(self, z, *, temperature=None, seed=None):
    ...         counts = np.clip(np.round(np.asarray(z)[:, 0]), 0, 16).astype(int)
    ...         return [NoteSequence.from_steps({"kick": range(n)}, steps=16) for n in counts]
    >>> from latentpalette.music.features import note_density
    >>> more = AttributeVector("density", np.array([4.0]), 0.0, 0.25, 8)
    >>> measure_effects(Beats(), {"density": more}, {"density": note_density}, z=[[4.0], [8.0]])
             density
    density   +67 %
    """
    vectors, features = check_mapping(vectors, AttributeVector, "Vectors"), check_mapping(features, None, "Features")
    if not vectors or not features:
        raise LatentError("The effects of attribute vectors take at least one vector and one feature.")
    if z is None:
        width = len(next(iter(vectors.values())).vector)
        z = np.random.default_rng(seed).standard_normal((_NUM_PRIOR_SAMPLES, width))
    z = check_coordinates(z, "Latent vectors z", "[n, z]", ndim=2)

    def measure(moved: Latents) -> NDArray[np.float64]:
        music = model.decode(moved, temperature=temperature, seed=seed)
        return np.array([np.mean([feature(sequence) for sequence in music]) for feature in features.values()])

    before = measure(z)
    change = [measure(vector.apply(z, strength)) - before for vector in vectors.values()]
    return AttributeEffects(tuple(vectors), tuple(features), before, np.array(change))


def _quarters(values: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return masks of the lowest and the highest quarter of the examples; see `attribute_vector` for ties."""
    first, third = np.quantile(values, [0.25, 0.75])
    if first < third:
        return values <= first, values >= third
    below, common, above = values < first, values == first, values > first
    return (below if below.any() else common), (above if above.any() else common)
