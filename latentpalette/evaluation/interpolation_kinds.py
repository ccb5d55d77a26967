"""Kinds of interpolation compared: how musical halfway is, and how smooth the path."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import NDArray

from latentpalette.evaluation.copies import count_changed_notes
from latentpalette.evaluation.predict import decode_latents, require_streams
from latentpalette.evaluation.real_windows import Realism
from latentpalette.latent.paths import even_positions
from latentpalette.models.interpolation import InterpolationKind, interpolate_pairs
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.tokens import tokens_to_labels

FLOW_TIMES = (0.0, 0.2, 0.4, 0.6, 0.8)
NUM_PATHS = 100
NUM_PLACES = 11


@dataclass(frozen=True)
class PathChange:
    """Change along paths, in notes: those added, missing or changed; a moved note counts twice.

    Parameters
    ----------
    step : float
        From each of eleven places to the next, mean.
    largest : float
        Of each path, mean.
    ends : float
        From the first place to the last, mean.
    """

    step: float
    largest: float
    ends: float


@dataclass(frozen=True)
class InterpolationOfKind:
    """One kind of interpolation between training windows.

    Parameters
    ----------
    kind : str or float
        As for `latentpalette.models.musicvae.MusicVAE.interpolate`.
    halfway : Realism
        Of windows halfway.
    change : PathChange
    """

    kind: str | float
    halfway: Realism
    change: PathChange


def interpolation_kinds(model: MusicVAE) -> tuple[str | float, ...]:
    """Return the kinds of interpolation that a model has; of the times of a flow, every fifth.

    Examples
    --------
    >>> from latentpalette.models.store import load
    >>> interpolation_kinds(load("drums-2bar"))[:2]
    ('lerp', 'slerp')
    """
    return ("lerp", "slerp") if model.prior is None else ("lerp", "slerp", *FLOW_TIMES)


def measure_paths(model: MusicVAE, a: NDArray, b: NDArray, kind: InterpolationKind) -> PathChange:
    """Return the change along the paths between the first pairs of latent vectors.

    Parameters
    ----------
    model : MusicVAE
        Without controls.
    a, b : ndarray [shape=(pairs, z)]
        At most `NUM_PATHS` of them count.
    kind : str or float
    """
    z = interpolate_pairs(model, a[:NUM_PATHS], b[:NUM_PATHS], even_positions(NUM_PLACES), interpolation=kind)
    paths, places, size = z.shape
    labels = tokens_to_labels(model.config, decode_latents(model, z.reshape(-1, size)))
    labels = labels.reshape(paths, places, *labels.shape[1:])
    streams = require_streams(model.config)
    change = count_changed_notes(labels, streams)  # [paths, places - 1]
    ends = count_changed_notes(labels[:, [0, -1]], streams)
    return PathChange(float(change.mean()), float(change.max(1).mean()), float(ends.mean()))
