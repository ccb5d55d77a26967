"""The directions along which the music of a model varies most, found once for each model from what it samples."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from latentpalette.latent.directions import Directions, principal_directions, single_dimensions
from latentpalette.models.decoders import weight_versions
from latentpalette.progress.board import show_progress
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.model_clips import ModelClips

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

MAX_DIRECTIONS = 32
NUM_SAMPLES, NUM_LONG_SAMPLES = 256, 128  # of two and four bars, and of sixteen
LONG = 128  # steps
SEED = 1


@dataclass(frozen=True, eq=False)
class MusicDirections:
    """Directions through the latent space of a model, and how far from its middle music lies.

    Parameters
    ----------
    principal : Directions
        Along which the notes of its samples vary most.
    dimensions : Directions
        The single dimensions in which their z vary most.
    norms : ndarray [shape=(101,)]
        The percentiles of the distance of z from the middle, among samples.
    """

    principal: Directions
    dimensions: Directions
    norms: NDArray[np.float64]

    def __getitem__(self, kind: str) -> Directions:
        return self.dimensions if kind == "dimensions" else self.principal

    def packed(self) -> bytes:
        """Return both kinds as the script static/state/directions.js reads them."""
        parts = [self.principal.mean]
        for directions in (self.principal, self.dimensions):
            parts += [directions.weights, directions.steps]
        return b"".join(part.astype("<f4").tobytes() for part in parts)


_known: MutableMapping[MusicVAE, tuple[object, MusicDirections]] = WeakKeyDictionary()


def music_directions(music: ModelClips) -> MusicDirections:
    """Find the directions of a model from a few hundred samples, the same each time.

    Parameters
    ----------
    music : ModelClips

    Returns
    -------
    MusicDirections
        Kept until the weights of the model change.

    Examples
    --------
    >>> import latentpalette as lp
    >>> found = music_directions(ModelClips.of(lp.load("drums-2d")))
    >>> len(found.principal), len(found.dimensions), found.norms.shape
    (2, 2, (101,))
    """
    model = music.model
    versions = weight_versions(model.parameters())
    known = _known.get(model)
    if known is None or known[0] != versions:
        with show_progress("Looking for directions"):
            known = _known[model] = versions, _find(ModelClips.of(model))  # whatever it plays over
    return known[1]


def _find(music: ModelClips) -> MusicDirections:
    model = music.model
    number = NUM_SAMPLES if music.steps < LONG else NUM_LONG_SAMPLES
    z = model.sample_z(number, seed=SEED, **music.arguments)
    samples = model.decode(z, **music.arguments)
    if model.prior is None:  # N(0, I) is alike in all directions: the encoder knows in which of them music differs
        z = model.encode(samples)
    norms = np.linalg.norm(z, axis=1) if model.prior is None else model.prior.sample_norms
    played = _which_notes([music.clip(sequence) for sequence in samples])
    principal = principal_directions(z, MAX_DIRECTIONS, features=played)
    return MusicDirections(
        principal=_rounded(principal),
        dimensions=_rounded(single_dimensions(z, len(principal))),
        norms=np.percentile(norms, np.arange(101)),
    )


def _which_notes(clips: list[Clip]) -> NDArray[np.float32]:
    """Return for each clip [n, notes] which of all the notes that begin somewhere it has."""
    played = [
        {tuple(note) for note in clip.notes[["stream", "pitch", "step"]].tolist()} or {(-1, -1, -1)} for clip in clips
    ]
    index = {note: column for column, note in enumerate(sorted(set().union(*played)))}
    table = np.zeros((len(clips), len(index)), np.float32)
    for row, notes in enumerate(played):
        table[row, [index[note] for note in notes]] = 1
    return table


def _rounded(directions: Directions) -> Directions:
    """Return directions in the numbers that a page gets, so that both move z to the same place."""
    mean, weights, steps = (
        part.astype(np.float32).astype(np.float64) for part in (directions.mean, directions.weights, directions.steps)
    )
    return replace(directions, mean=mean, weights=weights, steps=steps)
