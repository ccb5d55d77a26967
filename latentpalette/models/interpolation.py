"""Interpolation between latent vectors by the kinds that a model has: great circle, straight line, along its flow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from latentpalette.errors import ModelError
from latentpalette.latent import paths
from latentpalette.latent.flow_paths import FLOW_TIME, pairs_along_flow_in_parts
from latentpalette.latent.paths import Latents
from latentpalette.models.encoding import MusicEncoder
from latentpalette.progress.parts import Task, finish
from latentpalette.validation import short_repr

InterpolationKind = str | float | None
LatentRows = Sequence[ArrayLike] | Latents  # [n, z]


def default_kind(model: MusicEncoder) -> str | float:
    """Return the kind of interpolation of a model by default: a time of its learned prior's flow, or ``"slerp"``.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> default_kind(MusicEncoder(MAGENTA_CONFIGS["cat-drums_2bar_small"], init=False))
    'slerp'
    """
    return "slerp" if model.prior is None else FLOW_TIME


def interpolate_pairs(
    model: MusicEncoder, a: LatentRows, b: LatentRows, t: ArrayLike, *, interpolation: InterpolationKind = None
) -> Latents:
    """Interpolate between pairs of latent vectors, all pairs at once.

    Parameters
    ----------
    model : MusicEncoder
    a, b : array-like [shape=(pairs, z)]
    t : array-like [shape=(n,), 0 to 1]
        Positions; 0 gives `a`, 1 gives `b`.
    interpolation
        See `latentpalette.models.musicvae.MusicVAE.interpolate`.

    Returns
    -------
    ndarray [shape=(pairs, n, z)]

    Raises
    ------
    LatentError, ModelError
        See `latentpalette.models.musicvae.MusicVAE.interpolate`.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> model = MusicEncoder(MAGENTA_CONFIGS["cat-drums_2bar_small"], init=False)
    >>> interpolate_pairs(model, np.eye(3), 2 * np.eye(3), [0.5], interpolation="lerp")[:, 0].diagonal().tolist()
    [1.5, 1.5, 1.5]
    """
    return finish(pairs_in_parts(model, a, b, t, interpolation=interpolation, is_whole=True))


def pairs_in_parts(
    model: MusicEncoder,
    a: LatentRows,
    b: LatentRows,
    t: ArrayLike,
    *,
    interpolation: InterpolationKind = None,
    is_whole: bool = False,
) -> Task[Latents]:
    """Interpolate as `interpolate_pairs` does, in parts; `is_whole`: in one, on all cores."""
    if interpolation is None:
        interpolation = default_kind(model)
    if isinstance(interpolation, str):
        pairs = zip(a, b, strict=True)
        return np.stack([paths.interpolate_z(start, stop, t, interpolation=interpolation) for start, stop in pairs])
    if model.prior is None:
        raise ModelError(
            f"{model.name} has no learned prior, so its interpolations are slerp or lerp; got "
            f"{short_repr(interpolation)}. `latentpalette fit-prior` fits one."
        )
    return (yield from pairs_along_flow_in_parts(model.prior, a, b, t, time=interpolation, is_whole=is_whole))
