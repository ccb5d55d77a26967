"""Holes in latent space: regions whose decoded music the model itself does not reconstruct.

Functions of latent vectors z [n, z], and one number for a whole model, `Holes.area`. A model is anything with `encode`
and `decode`; `decoder_entropy` needs `step_probabilities`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import LatentError
from latentpalette.latent.arrays import check_coordinates
from latentpalette.latent.paths import Latents
from latentpalette.latent.projection import Plane, cell_centers, fit_plane
from latentpalette.latent.protocols import HasStepProbabilities, Model
from latentpalette.music.sequence import NoteSequence
from latentpalette.progress.board import show_progress
from latentpalette.validation import check_integer, check_number

Values = NDArray[np.float64]

_BATCH = 512  # latent vectors
_HOLE_BATCH = 128  # latent vectors, whose cells are shown before the next are decoded
_PROB_BATCH = 128  # latent vectors; their probabilities, 32 steps of 512 classes, take 64 kB each


def prior_log_density(z: ArrayLike) -> Values:
    """Return the log-density [n, nats] of the prior N(0, I) at z [n, z].

    It is the prior that training asks for, also where a model samples from a learned one.

    Examples
    --------
    >>> prior_log_density([[0.0, 0.0], [3.0, 0.0]]).round(2).tolist()
    [-1.84, -6.34]
    """
    z = _check_z(z)
    return -0.5 * ((z**2).sum(1) + z.shape[1] * np.log(2 * np.pi))


def distance_to_data(z: ArrayLike, data: ArrayLike) -> Values:
    """Return the Euclidean distance [n] from each z [n, z] to the nearest of the data [m, z].

    Raises
    ------
    LatentError
        If there are no data, or the widths differ.

    Examples
    --------
    >>> distance_to_data([[0.0, 0.0], [3.0, 4.0]], [[0.0, 1.0], [3.0, 4.0]]).tolist()
    [1.0, 0.0]
    """
    z, data = _check_z(z), _check_z(data)
    if not len(data) or z.shape[1] != data.shape[1]:
        raise LatentError(f"z [n, z] and data [m, z] have one width; got shapes {z.shape} and {data.shape}.")
    data_norms = (data**2).sum(1)
    squares = [
        ((batch**2).sum(1)[:, None] - 2 * batch @ data.T + data_norms).min(1)
        for batch in (z[start : start + _BATCH] for start in range(0, len(z), _BATCH))
    ]
    return np.sqrt(np.maximum(np.concatenate([*squares, np.zeros(0)]), 0))


def cycle_z(model: Model, z: ArrayLike) -> Latents:
    """Decode z [n, z] and encode the result: encode(decode(z)) [n, z]."""
    z = _check_z(z)
    batches = [
        np.asarray(model.encode(model.decode(z[start : start + _BATCH].astype(np.float32))), np.float64)
        for start in range(0, len(z), _BATCH)
    ]
    return np.concatenate(batches) if batches else np.zeros(z.shape)


def cycle_error(model: Model, z: ArrayLike) -> Values:
    """Return the cycle error in latent space, ``|encode(decode(z)) - z|`` [n].

    Examples
    --------
    >>> class Constant:
    ...     def decode(self, z):
    ...         return [NoteSequence(steps=32)] * len(z)
    ...     def encode(self, music):
    ...         return np.zeros((len(music), 2))
    >>> cycle_error(Constant(), [[0.0, 0.0], [3.0, 4.0]]).tolist()
    [0.0, 5.0]
    """
    return np.linalg.norm(cycle_z(model, z) - _check_z(z), axis=1)


def cycle_note_error(model: Model, z: ArrayLike) -> Values:
    """Return the cycle error in music, from 0 (all notes are reconstructed) to 1 (none) [n].

    Decode z, encode the result, decode again. The error is one minus the F1 score of the notes (pitch and onset) of
    the second music against the first.

    Examples
    --------
    >>> class Constant:
    ...     def decode(self, z):
    ...         return [NoteSequence.from_steps({"kick": [int(x)]}, steps=32) for x, _ in z]
    ...     def encode(self, music):
    ...         return np.zeros((len(music), 2))
    >>> cycle_note_error(Constant(), [[0.0, 0.0], [3.0, 4.0]]).tolist()
    [0.0, 1.0]
    """
    return np.array([error for batch in _cycle_note_errors(model, z, _BATCH) for error in batch])


def decoder_entropy(model: HasStepProbabilities, z: ArrayLike, *, num_hits: int = 0) -> Values:
    """Return the mean entropy of the decoder's outputs [n, bits per step] at z [n, z].

    Parameters
    ----------
    model : something with `step_probabilities`
    z : array-like [shape=(n, z)]
    num_hits : int
        Number of leading columns that are probabilities of hits, as in a drum roll or a groove; 0 where a frame is a
        distribution over classes (or several, side by side, whose entropies add up).

    Examples
    --------
    >>> class Uniform:
    ...     def step_probabilities(self, z):
    ...         return np.full((len(z), 32, 4), 0.25)
    >>> decoder_entropy(Uniform(), [[0.0, 0.0]]).tolist()
    [2.0]
    >>> decoder_entropy(Uniform(), [[0.0, 0.0]], num_hits=1).round(3).tolist()
    [0.811]
    """
    z = _check_z(z).astype(np.float32)
    check_integer(num_hits, "num_hits", 0, error=LatentError)
    entropies = []
    for start in range(0, len(z), _PROB_BATCH):
        p = np.asarray(model.step_probabilities(z[start : start + _PROB_BATCH]), np.float64)
        hits = p[..., :num_hits]
        bits = _entropy_term(hits) + _entropy_term(1 - hits) if num_hits else _entropy_term(p)
        entropies.append(bits.sum(-1).mean(-1))
    return np.concatenate([*entropies, np.zeros(0)])


@dataclass(frozen=True, eq=False)
class Holes:
    """The cycle error on a grid of cells on a plane through latent space.

    Parameters
    ----------
    plane : Plane
    cell_centers : ndarray [shape=(size, size, 2)]
        In standard deviations of the data.
    error : ndarray [shape=(size, size), 0 to 1]
        Of each cell; see `cycle_note_error`.
    radius : float [standard deviations]
        Cells whose center is within this distance of the origin count.
    tolerance : float [0 to 1]
        A cell is a hole if its error is larger.
    """

    plane: Plane
    cell_centers: Values
    error: Values
    radius: float
    tolerance: float

    def __repr__(self) -> str:
        size = len(self.error)
        return f"Holes({self.area:.1f} % of {int(self.within_radius.sum())} cells, {size} x {size})"

    @property
    def within_radius(self) -> NDArray[np.bool_]:
        """The cells [size, size] within the radius."""
        return np.asarray(np.linalg.norm(self.cell_centers, axis=-1) <= self.radius)

    @property
    def is_hole(self) -> NDArray[np.bool_]:
        """The cells [size, size] that are holes."""
        return self.within_radius & (self.error > self.tolerance)

    @property
    def area(self) -> float:
        """Fraction of the cells within the radius that are holes [percent]."""
        return float(100 * self.is_hole.sum() / self.within_radius.sum())


def find_holes(model: Model, data: ArrayLike, *, size: int = 32, radius: float = 2.0, tolerance: float = 0.1) -> Holes:
    """Find holes on the plane along which the data vary most.

    Parameters
    ----------
    model : something with `encode` and `decode`
    data : array-like [shape=(n, z)]
        Latent vectors of music: `model.encode` of a few hundred windows.
    size : int
        Cells along a side.
    radius : float [standard deviations of the data]
        Cells whose center is within this distance of the data's mean count: of a Gaussian, 2 contains 86 %.
    tolerance : float [0 to 1]
        Cycle error above which a cell is a hole.

    Returns
    -------
    Holes
        Its `area` summarizes it in one number.

    Raises
    ------
    LatentError
        If the radius or the tolerance is out of range, or no plane can be fitted to the data.

    Notes
    -----
    A cell is a hole where the decoded music, encoded and decoded again, is other music: its F1 score is below
    ``1 - tolerance``. Cells are measured in standard deviations of the data along the plane's two components, and the
    error in notes, so that models compare whatever the scale of their z. (A distance in z would not: where a decoder
    returns the same music over a whole region, as arg-max does, the whole region is encoded to one point, and yet none
    of it is a hole.) The z of the cells lie on the plane: in every other direction they have the data's mean.

    A model that decodes everything to the same music has no holes. Look at its reconstruction, too.

    Examples
    --------
    >>> class LeftOnly:
    ...     "Encodes everything as music from the left half of the plane."
    ...     def decode(self, z):
    ...         return [NoteSequence.from_steps({"kick": [int(x > 0)]}, steps=32) for x, _ in z]
    ...     def encode(self, music):
    ...         return np.zeros((len(music), 2))
    >>> find_holes(LeftOnly(), [[-1.0, 0.5], [1.0, 0.5], [0.0, -1.0]])
    Holes(50.0 % of 812 cells, 32 x 32)
    """
    radius = check_number(radius, "radius", error=LatentError)
    tolerance = check_number(tolerance, "tolerance", error=LatentError)
    if not (radius > 0 and 0 <= tolerance < 1):
        raise LatentError(f"radius is above 0 and tolerance from 0 to below 1; got {radius!r} and {tolerance!r}.")
    plane = fit_plane(data)
    centers = cell_centers(size, radius=radius)
    error = np.full(size * size, np.nan)
    with show_progress("Searching for holes", len(error)) as task:
        task.grid = error.reshape(size, size)  # a view, which fills
        for batch in _cycle_note_errors(model, plane.unproject(centers.reshape(-1, 2)), _HOLE_BATCH):
            error[task.done : task.done + len(batch)] = batch
            task.advance(len(batch))
    return Holes(plane, centers, error.reshape(size, size), float(radius), float(tolerance))


def _cycle_note_errors(model: Model, z: ArrayLike, batch_size: int) -> Iterator[list[float]]:
    """Yield the `cycle_note_error` of batches of z."""
    z = _check_z(z).astype(np.float32)
    for start in range(0, len(z), batch_size):
        first = model.decode(z[start : start + batch_size])
        second = model.decode(np.asarray(model.encode(first), np.float32))
        yield [1.0 - _note_f1(*pair) for pair in zip(first, second, strict=True)]


def _check_z(z: ArrayLike) -> Values:
    return check_coordinates(z, "Latent vectors z", "[n, z]", ndim=2)


def _entropy_term(p: Values) -> Values:
    """Return ``-p log2 p``, 0 at 0."""
    return -p * np.log2(np.where(p > 0, p, 1.0))


def _note_f1(a: NoteSequence, b: NoteSequence) -> float:
    """Return the F1 score of the notes of one sequence against those of another; 1 if both are silent."""
    notes_a, notes_b = ({(note.step, note.pitch, note.is_drum) for note in music.notes} for music in (a, b))
    return 2 * len(notes_a & notes_b) / (len(notes_a) + len(notes_b)) if notes_a or notes_b else 1.0
