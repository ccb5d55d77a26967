"""Variations: latent vectors that are like that of a piece of music, more or less."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from latentpalette.errors import ModelError
from latentpalette.latent.flow_paths import vary_along_flow
from latentpalette.models.inputs import Controls
from latentpalette.models.memory import check_count
from latentpalette.models.music_sampler import MusicSampler
from latentpalette.models.network import FloatArray
from latentpalette.models.rng import standard_normal
from latentpalette.validation import check_numbers


def vary_z(
    model: MusicSampler,
    mu: FloatArray,
    n: int,
    similarity: ArrayLike,
    *,
    seed: int | None = None,
    controls: Controls | None = None,
) -> FloatArray:
    """Return latent vectors [n, z] of variations on a piece; see `latentpalette.models.musicvae.MusicVAE.similar`.

    Parameters
    ----------
    model : MusicSampler
    mu : ndarray [shape=(z,)]
        Of the piece.
    n, similarity, seed, controls
        See `MusicVAE.similar`.

    Raises
    ------
    ModelError
        If n or the similarity is out of range.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> tiny = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> vary_z(MusicSampler(tiny), np.ones(4, np.float32), 2, [1, 1, 1, 0], seed=7)[:, 0].tolist()
    [1.0, 1.0]
    """
    n = check_count(n, model.config.steps)
    size = model.config.z_size
    weight = check_numbers(similarity, "A similarity", error=ModelError).astype(np.float32)
    if weight.shape not in ((), (size,)) or not ((weight >= 0) & (weight <= 1)).all():
        raise ModelError(f"A similarity lies between 0 and 1, one for all or {size} of them; got {similarity!r}.")
    if model.prior is not None and not weight.shape:
        noise = standard_normal(seed, "z", (n, size))  # that of `sample`, with the same seed
        return vary_along_flow(model.prior, mu, noise, similarity=float(weight)).astype(np.float32)
    return weight * mu + (1 - weight) * model.sample_z(n, seed=seed, controls=controls)
