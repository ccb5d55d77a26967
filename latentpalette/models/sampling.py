"""Takes: what a model makes up is heard before it is handed over, and taken again where it is silent or stuck.

A prior puts some weight on places that no music comes from. To draw again until music is heard is rejection sampling:
what is handed over is as it would have been, given that it is neither silent nor stuck.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from latentpalette.converters.base import Converter
from latentpalette.converters.streams import parts
from latentpalette.errors import ModelError
from latentpalette.models import checks
from latentpalette.models.network import Network, Rows
from latentpalette.models.rehearsal import rehearsed
from latentpalette.models.tokens import labels_of, side_by_side

Tokens = list[Tensor]


class Taken(NamedTuple):
    """What was kept of several takes.

    Parameters
    ----------
    tokens : list of Tensor
        For each core of the decoder its tokens [n, t, ...].
    again : ndarray of bool [shape=(n,)]
        Which pieces were dull at first, and taken again.
    """

    tokens: Tokens
    again: NDArray[np.bool_]


def dull(network: Network, tokens: Tokens) -> NDArray[np.bool_]:
    """Which pieces [n] are silent in one of their parts, or stuck for a bar.

    Where nothing is known of the labels that a network says, none is.

    Examples
    --------
    >>> import torch
    >>> from latentpalette.models.config import CONFIGS
    >>> moving = [1, 0, 4, 0] * 8
    >>> said = torch.tensor([moving, moving[:16] + [4] * 16, [0] * 32])
    >>> dull(Network(CONFIGS["cat-drums_2bar_small"], empty=True), [said]).tolist()
    [False, True, True]
    """
    found = parts(network.config.converter)
    if not found:
        return np.zeros(len(tokens[0]), bool)
    labels = labels_of(network.config, side_by_side(tokens))
    each = [part.silent(labels[..., k]) | part.stuck(labels[..., k]) for k, part in enumerate(found)]
    return np.asarray(np.any(each, axis=0))


def taken(
    network: Network,
    converter: Converter,
    z: Rows,
    noise: Rows | None,
    *,
    temperature: float | None = None,
    controls: ArrayLike | None = None,
    seed: int | None = None,
    rehearsals: int = 0,
    takes: int = 1,
    stay: bool = False,
) -> Taken:
    """Music from places in latent space; where it is dull, from others.

    Parameters
    ----------
    network : Network
    converter : Converter
        Of its rows.
    z : ndarray of float32 [shape=(n, z)]
        Where the first take is from.
    noise : ndarray of float32 [shape=(n, t, draws)]
        That the first take is performed by; None without a temperature.
    temperature, controls, seed
        See `latentpalette.models.musicvae.MusicVAE.sample`.
    rehearsals : int
        How often the places of further takes are rehearsed.
    takes : int >= 1
        How many takes a piece may have. Of sixteen, even where each fourth is dull, all are in one of four billions.
    stay : bool
        Draw no other places: take the dull ones again where they are.

    Returns
    -------
    Taken
        The first take of each piece that is not dull, or the last of all.

    Raises
    ------
    ModelError
        If there is to be no take at all.
    """
    if takes < 1:
        raise ModelError(f"Takes are counted from 1; got {takes!r}.")
    n, size = z.shape
    kept = network.decode_tokens(z, temperature=temperature, noise=noise, controls=controls)
    takes = 1 if stay and noise is None else takes  # more would be the same
    at_first = dull(network, kept) if takes > 1 else np.zeros(n, bool)
    again = np.flatnonzero(at_first)
    for take in range(1, takes):
        if not len(again):
            break
        steer = checks.controls_of(controls, again)
        places = z[again]
        if not stay:
            # Drawn for all, so that a piece is the same whichever others are taken again.
            places = checks.normal(seed, "z", (n, size), take)[again]
            moves = checks.normal(seed, "rehearsals", (n, rehearsals, size), take)[again]
            places = rehearsed(network, converter, places, moves, steer)
        draws = None if noise is None else network.noise(n, seed=seed, take=take)[again]
        tokens = network.decode_tokens(places, temperature=temperature, noise=draws, controls=steer)
        with torch.inference_mode():
            for mine, new in zip(kept, tokens, strict=True):
                mine[again] = new
        again = again[dull(network, tokens)]
    return Taken(kept, at_first)
