"""Rehearsals: places in latent space are played, heard, and drawn again, each time nearer to music.

A Gibbs sampler, between music and z. Music has been heard before, so a place that music comes back to is more like
those the model learned. Source: Rezende et al. (2014), arXiv 1401.4082, appendix F; Bengio et al. (2013), arXiv
1305.6663. These draw the music, too; the likeliest is nearer to music.
"""

from __future__ import annotations

from contextlib import suppress

from numpy.typing import ArrayLike

from latentpalette.converters.base import Converter
from latentpalette.errors import ConverterError
from latentpalette.models import checks
from latentpalette.models import inputs as stacking
from latentpalette.models.network import Network, Rows


def rehearsed(network: Network, converter: Converter, z: Rows, noise: Rows, controls: ArrayLike | None = None) -> Rows:
    """Places after some rehearsals. Many make commonplaces.

    Parameters
    ----------
    network : Network
        With an encoder.
    converter : Converter
        Of its rows.
    z : ndarray of float32 [shape=(n, z)]
        The places.
    noise : ndarray of float32 [shape=(n, times, z)]
        Drawn from the standard normal.
    controls : array-like [shape=(t, depth) or (n, t, depth)], optional
        For a network that takes them.

    Returns
    -------
    ndarray of float32 [shape=(n, z)]
        Each time drawn from the posteriors of the likeliest music; where that is silence, or nothing that the
        network hears, from the prior.

    Examples
    --------
    >>> import numpy as np
    >>> from latentpalette import converters
    >>> from latentpalette.models.config import CONFIGS
    >>> tiny = CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> z, noise = np.ones((3, 4), np.float32), np.zeros((3, 2, 4), np.float32)
    >>> rehearsed(Network(tiny), converters.converter(**tiny.converter), z, noise).shape
    (3, 4)
    """
    for draws in noise.transpose(1, 0, 2):
        z = _once(network, converter, z, draws, controls)
    return z


def _once(network: Network, converter: Converter, z: Rows, draws: Rows, controls: ArrayLike | None) -> Rows:
    heard, examples = [], []
    for which, rows in enumerate(network.decode_arrays(z, controls=controls)):
        music = converter.decode(rows)
        with suppress(ConverterError):
            if music.notes:
                examples.append(converter.encode(music))
                heard.append(which)
    moved = draws.copy()
    if heard:
        told = checks.controls_of(controls, heard)
        inputs, lengths = stacking.inputs(examples)
        mu, sigma = network.posterior_arrays(inputs, lengths=lengths, controls=told)
        moved[heard] = mu + sigma * draws[heard]
    return moved
