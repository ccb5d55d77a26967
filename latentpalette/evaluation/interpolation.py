"""What lies between two pieces of music: the model's way, and cross-fading the data for comparison.

Source: Roberts et al. (2018), arXiv 1803.05428, section 5.2 and its figure: along the way from A to B, how far the
music is from A (the Hamming distance) and how plausible it is to a 5-gram model of the training songs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from latentpalette.converters.streams import Labels
from latentpalette.errors import TrainingError
from latentpalette.evaluation.ngrams import NGrams
from latentpalette.evaluation.predict import decoded, encoded
from latentpalette.latent.paths import evenly
from latentpalette.models.checks import round_about
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.tokens import labels_of

Curve = tuple[float, ...]


@dataclass(frozen=True)
class Interpolation:
    """Two curves of the model's way and the same of cross-fading, each a number for every place on the way.

    Parameters
    ----------
    places : tuple of float [0 to 1]
        0 is A, 1 is B.
    pairs : int
    temperature : float or None
        That the model's way was decoded at.
    distance, mixed_distance : tuple of float [0 to 1]
        The share of steps that differ from A, mean over the pairs.
    cost, mixed_cost : tuple of float
        The mean cost at that place, by the mean of ``(1 - place) * cost of A + place * cost of B``: 1 is as plausible
        as the ends, above it less.
    """

    places: Curve
    pairs: int
    temperature: float | None
    distance: Curve
    cost: Curve
    mixed_distance: Curve
    mixed_cost: Curve


def interpolation(
    model: MusicVAE,
    rows: NDArray,
    languages: list[NGrams],
    *,
    pairs: int = 256,
    steps: int = 11,
    temperature: float | None = 0.5,
    seed: int = 0,
) -> Interpolation:
    """Walk from window to window, through latent space and through the data.

    Parameters
    ----------
    model : MusicVAE
        In evaluation mode; without controls.
    rows : ndarray [shape=(n, steps, ...)]
        Packed windows of held-out songs, as a corpus holds them.
    languages : list of NGrams
        One for each part, learned from the training songs.
    pairs : int
        How many pairs to draw.
    steps : int
        Places on the way, both ends included.
    temperature : float or None
        None takes the likeliest at each step.
    seed : int

    Returns
    -------
    Interpolation

    Raises
    ------
    TrainingError
        If there are fewer than two windows, or the model takes controls.

    Notes
    -----
    The ends are the windows themselves; the model's way begins and ends with what it makes of them, so that its first
    distance is what encoding and decoding lose. Means of costs are divided, not ratios averaged: a window that is all
    commonplace has next to no cost, and would outweigh all others.
    """
    config = model.config
    if config.control_depth:
        raise TrainingError(f"{config.name} takes controls; there is no one way between two pieces of music.")
    if len(rows) < 2:
        raise TrainingError(f"To walk from one window to another takes two; there are {len(rows)}.")
    ends = _pairs(len(rows), pairs, seed)  # [pairs, 2]
    needed, place = np.unique(ends, return_inverse=True)
    mu, labels = encoded(model, rows[needed])
    first, second = place.reshape(ends.shape).T
    start, end = labels[first], labels[second]  # [pairs, t, parts]
    of_start, of_end = _cost(languages, start), _cost(languages, end)
    dice = torch.Generator(next(model.parameters()).device).manual_seed(seed)
    mixing = np.random.default_rng([seed, 1])
    ways = np.stack([round_about(mu[a], mu[b], evenly(steps)) for a, b in zip(first, second, strict=True)], 1)
    found: list[tuple[float, float, float, float]] = []
    for at, z in zip(evenly(steps).tolist(), ways, strict=True):  # z [pairs, z]
        said = _decode(model, z.astype(np.float32), temperature, dice)
        mixed = np.where(mixing.random((*start.shape[:2], 1)) < at, end, start)
        between = (1 - at) * of_start.mean() + at * of_end.mean()
        found.append(
            (
                float((said != start).mean()),
                float(_cost(languages, said).mean() / between),
                float((mixed != start).mean()),
                float(_cost(languages, mixed).mean() / between),
            )
        )
    distance, cost, mixed_distance, mixed_cost = zip(*found, strict=True)
    return Interpolation(tuple(evenly(steps).tolist()), pairs, temperature, distance, cost, mixed_distance, mixed_cost)


def _pairs(n: int, pairs: int, seed: int) -> NDArray[np.intp]:
    """Pairs [pairs, 2] of different windows."""
    dice = np.random.default_rng(seed)
    first = dice.integers(n, size=pairs)
    return np.stack([first, (first + dice.integers(1, n, size=pairs)) % n], 1)


def _decode(model: MusicVAE, z: NDArray[np.float32], temperature: float | None, dice: torch.Generator) -> Labels:
    places = torch.from_numpy(z).to(dice.device)
    noise = None
    if temperature is not None:
        shape = len(z), model.config.steps, model.head.draws
        noise = torch.rand(shape, generator=dice, device=dice.device)
    with torch.inference_mode():
        return labels_of(model.config, decoded(model, places, temperature=temperature, noise=noise))


def _cost(languages: list[NGrams], labels: Labels) -> NDArray[np.float64]:
    """What windows [n, t, parts] cost [n, bits a step], all parts together."""
    return np.sum([language.cost(labels[..., k]) for k, language in enumerate(languages)], 0)
