"""Where latent space is hollow: places whose music the model itself does not recognise.

Five ways to look at a place, each a function of places [n, z], and one number for a whole model, `Holes.area`. A model
is anything with `encode` and `decode`; for the decoder's own doubts it has `step_probabilities`, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import LatentError
from latentpalette.latent.paths import Latents
from latentpalette.latent.projection import Plane, grid, plane
from latentpalette.music.sequence import NoteSequence

Values = NDArray[np.float64]

_AT_ONCE = 512  # places
_FEW = 128  # places whose probabilities are looked at together: 32 steps of 512 classes are 64 kB each


class Model(Protocol):
    """Something with encode and decode."""

    def encode(self, music: Iterable[NoteSequence]) -> NDArray[np.floating]:
        """Places [n, z] of music."""

    def decode(self, z: NDArray[np.floating]) -> Sequence[NoteSequence]:
        """Music at places [n, z]."""


class Doubtful(Protocol):
    """Something that says how likely each of its rows was."""

    def step_probabilities(self, z: NDArray[np.floating]) -> NDArray[np.floating]:
        """Probabilities [n, t, depth] at places [n, z]."""


def prior_density(z: ArrayLike) -> Values:
    """How much a sampler comes by: the log-density [n, nats] of the prior N(0, I) at places [n, z].

    Examples
    --------
    >>> prior_density([[0.0, 0.0], [3.0, 0.0]]).round(2).tolist()
    [-1.84, -6.34]
    """
    places = _places(z)
    return -0.5 * ((places**2).sum(1) + places.shape[1] * np.log(2 * np.pi))


def distance_to_data(z: ArrayLike, data: ArrayLike) -> Values:
    """How far it is from places [n, z] to the nearest of the data [m, z]: [n], in units of z.

    Examples
    --------
    >>> distance_to_data([[0.0, 0.0], [3.0, 4.0]], [[0.0, 1.0], [3.0, 4.0]]).tolist()
    [1.0, 0.0]
    """
    places, known = _places(z), _places(data)
    if not len(known) or places.shape[1] != known.shape[1]:
        raise LatentError(f"Places and data are [n, z] of one z; got shapes {places.shape} and {known.shape}.")
    squares = (known**2).sum(1)
    found = [
        ((each**2).sum(1)[:, None] - 2 * each @ known.T + squares).min(1)
        for each in (places[start : start + _AT_ONCE] for start in range(0, len(places), _AT_ONCE))
    ]
    return np.sqrt(np.maximum(np.concatenate([*found, np.zeros(0)]), 0))


def returned(model: Model, z: ArrayLike) -> Latents:
    """Where the music decoded at places [n, z] is encoded to: places [n, z]."""
    places = _places(z).astype(np.float32)
    parts = [
        np.asarray(model.encode(model.decode(places[start : start + _AT_ONCE])), np.float64)
        for start in range(0, len(places), _AT_ONCE)
    ]
    return np.concatenate(parts) if parts else np.zeros(places.shape)


def cycle_error(model: Model, z: ArrayLike) -> Values:
    """How far a place is from where its own music is encoded to: ``|encode(decode(z)) - z|`` [n], in units of z.

    Examples
    --------
    >>> class Forgetful:
    ...     def decode(self, z):
    ...         return [NoteSequence(steps=32)] * len(z)
    ...     def encode(self, music):
    ...         return np.zeros((len(music), 2))
    >>> cycle_error(Forgetful(), [[0.0, 0.0], [3.0, 4.0]]).tolist()
    [0.0, 5.0]
    """
    return np.linalg.norm(returned(model, z) - _places(z), axis=1)


def unrecognised(model: Model, z: ArrayLike) -> Values:
    """How much of a place's music the model does not recognise: [n, 0 to 1].

    Decode the place, encode what came out, decode again. One minus the F1 score of the notes (which pitch begins at
    which step) of the second music against the first: 0 where the same comes back, 1 where nothing of it does.

    Examples
    --------
    >>> class Deaf:
    ...     def decode(self, z):
    ...         return [NoteSequence.from_steps({"kick": [int(x)]}, steps=32) for x, _ in z]
    ...     def encode(self, music):
    ...         return np.zeros((len(music), 2))
    >>> unrecognised(Deaf(), [[0.0, 0.0], [3.0, 4.0]]).tolist()
    [0.0, 1.0]
    """
    places = _places(z).astype(np.float32)
    found: list[float] = []
    for start in range(0, len(places), _AT_ONCE):
        first = model.decode(places[start : start + _AT_ONCE])
        again = model.decode(np.asarray(model.encode(first), np.float32))
        found += [1.0 - _agreement(*pair) for pair in zip(first, again, strict=True)]
    return np.array(found)


def decoder_entropy(model: Doubtful, z: ArrayLike, *, hits: int = 0) -> Values:
    """How undecided the decoder is at places [n, z]: the mean entropy of what it says [n, bits a step].

    Parameters
    ----------
    model : something with `step_probabilities`
    z : array-like [shape=(n, z)]
    hits : int
        How many of the first columns are each the probability of a hit, as in a roll or a groove; 0 where a row is a
        distribution over classes (or several, side by side, whose entropies add up).

    Examples
    --------
    >>> class Torn:
    ...     def step_probabilities(self, z):
    ...         return np.full((len(z), 32, 4), 0.25)
    >>> decoder_entropy(Torn(), [[0.0, 0.0]]).tolist(), decoder_entropy(Torn(), [[0.0, 0.0]], hits=1).round(3).tolist()
    ([2.0], [0.811])
    """
    places = _places(z).astype(np.float32)
    found = []
    for start in range(0, len(places), _FEW):
        p = np.asarray(model.step_probabilities(places[start : start + _FEW]), np.float64)
        bits = _surprise(p[..., :hits]) + _surprise(1 - p[..., :hits]) if hits else _surprise(p)
        found.append(bits.sum(-1).mean(-1))
    return np.concatenate([*found, np.zeros(0)])


@dataclass(frozen=True, eq=False)
class Holes:
    """A plane through latent space, cell by cell.

    Parameters
    ----------
    plane : Plane
    points : ndarray [shape=(size, size, 2)]
        The middles of the cells, in standard deviations of the data.
    lost : ndarray [shape=(size, size), 0 to 1]
        How much of each cell's music the model does not recognise; see `unrecognised`.
    reach : float [standard deviations]
        Cells within so far of the middle count.
    tolerance : float [0 to 1]
        A cell is a hole if more than this is lost.
    """

    plane: Plane
    points: Values
    lost: Values
    reach: float
    tolerance: float

    def __repr__(self) -> str:
        size = len(self.lost)
        return f"Holes({self.area:.1f} % of {int(self.counted.sum())} cells, {size} x {size})"

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Which cells [size, size] lie within reach."""
        return np.asarray(np.linalg.norm(self.points, axis=-1) <= self.reach)

    @property
    def hollow(self) -> NDArray[np.bool_]:
        """Which cells [size, size] are holes."""
        return self.counted & (self.lost > self.tolerance)

    @property
    def area(self) -> float:
        """The share of the cells within reach that are holes [percent]."""
        return float(100 * self.hollow.sum() / self.counted.sum())


def holes(model: Model, data: ArrayLike, *, size: int = 32, reach: float = 2.0, tolerance: float = 0.1) -> Holes:
    """Look for holes on the plane along which the data vary most.

    Parameters
    ----------
    model : something with `encode` and `decode`
    data : array-like [shape=(n, z)]
        Where music lies: `model.encode` of a few hundred windows.
    size : int
        Cells along a side.
    reach : float [standard deviations of the data]
        Cells whose middle lies within so far of the data's mean count: of a Gaussian, 2 holds 86 %.
    tolerance : float [0 to 1]
        How much of a cell's music may get lost on the way through the model.

    Returns
    -------
    Holes
        Its `area` is the one number.

    Notes
    -----
    A cell is a hole where the decoder says something that the model itself does not recognise: encoded and decoded
    again, it comes back as something else, with an F1 score of its notes below ``1 - tolerance``. The plane promises
    music there that the model has no place for. The cells are counted in standard deviations of the data along the
    plane's two axes, and what is lost is counted in music, so that models compare whatever the scale of their z. (The
    distance in z would not do: where a decoder says the same over a whole region, as at its likeliest it must, all of
    the region is heard at one point of it, and yet none of it is a hole.) Places lie on the plane itself: in every
    other direction they have the data's mean.

    A model that says the same everywhere has no holes. Look at what it brings back, too.

    Examples
    --------
    >>> class Deaf:
    ...     def decode(self, z):
    ...         return [NoteSequence.from_steps({"kick": [int(x > 0)]}, steps=32) for x, _ in z]
    ...     def encode(self, music):
    ...         return np.zeros((len(music), 2))
    >>> holes(Deaf(), [[-1.0, 0.5], [1.0, 0.5], [0.0, -1.0]])  # it takes everything for what lies on the left
    Holes(50.0 % of 812 cells, 32 x 32)
    """
    if not (reach > 0 and 0 <= tolerance < 1):
        raise LatentError(f"Reach is above 0 and tolerance from 0 to 1; got {reach!r} and {tolerance!r}.")
    flat = plane(data)
    points = grid(size, reach=reach)
    lost = unrecognised(model, flat.lifted(points.reshape(-1, 2)))
    return Holes(flat, points, lost.reshape(size, size), float(reach), float(tolerance))


def _places(z: ArrayLike) -> Values:
    places = np.asarray(z, np.float64)
    if places.ndim != 2:
        raise LatentError(f"Places in latent space are [n, z]; got an array of shape {places.shape}.")
    return places


def _surprise(p: Values) -> Values:
    """``-p log2 p``, 0 at 0."""
    return -p * np.log2(np.where(p > 0, p, 1.0))


def _agreement(one: NoteSequence, other: NoteSequence) -> float:
    """The F1 score of the notes of one against those of the other; 1 if both are silent."""
    ours, theirs = ({(note.step, note.pitch, note.is_drum) for note in each.notes} for each in (one, other))
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours or theirs else 1.0
