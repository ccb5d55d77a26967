"""Latent interpolation compared with interpolation of the data.

Source: Roberts et al. (2018), arXiv 1803.05428, section 5.2 and its figure: between A and B, the music's Hamming
distance from A, and its plausibility under a 5-gram model of the training songs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.streams import Labels
from latentpalette.errors import TrainingError
from latentpalette.evaluation.arrays import check_windows
from latentpalette.evaluation.ngrams import NGramModel
from latentpalette.evaluation.predict import decode_latents, encode_windows
from latentpalette.latent.paths import even_positions
from latentpalette.models.config import MAX_STREAMS
from latentpalette.models.interpolation import interpolate_pairs
from latentpalette.models.musicvae import MusicVAE, check_model
from latentpalette.models.tokens import tokens_to_labels
from latentpalette.progress.board import show_progress
from latentpalette.validation import check_integer, check_list

Curve = tuple[float, ...]


@dataclass(frozen=True)
class Interpolation:
    """Distance and plausibility between two pieces, through latent space and by data interpolation.

    Parameters
    ----------
    alphas : tuple of float [0 to 1]
        Positions; 0 is A, 1 is B.
    num_pairs : int
        Number of pairs averaged over.
    temperature : float or None
        Of decoding.
    distance, data_interpolation_distance : tuple of float [0 to 1]
        The share of steps that differ from A, mean over the pairs.
    relative_nll, data_interpolation_relative_nll : tuple of float
        Mean bits per step at that position, divided by the mean of ``(1 - alpha) * bits of A + alpha * bits of B``:
        at 1 as plausible as the ends, above it less.
    """

    alphas: Curve
    num_pairs: int
    temperature: float | None
    distance: Curve
    relative_nll: Curve
    data_interpolation_distance: Curve
    data_interpolation_relative_nll: Curve


def evaluate_interpolation(
    model: MusicVAE,
    windows: NDArray,
    ngram_models: list[NGramModel],
    *,
    num_pairs: int = 256,
    n: int = 11,
    temperature: float | None = 0.5,
    seed: int = 0,
) -> Interpolation:
    """Interpolate between random pairs of windows, through latent space and in the data.

    Parameters
    ----------
    model : MusicVAE
        In evaluation mode; without controls.
    windows : ndarray [shape=(n, steps, ...)]
        Packed windows of held-out songs, as a corpus holds them.
    ngram_models : list of NGramModel
        One for each stream, fitted to the training songs.
    num_pairs : int
        Number of pairs to draw.
    n : int
        Points from A to B, both included.
    temperature : float or None
        None decodes arg-max.
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
    Data interpolation takes each step from B with probability alpha, else from A. Its ends are the windows themselves;
    the model's ends are their reconstructions, so its first distance is the reconstruction error. The relative NLL is a
    ratio of means, not a mean of ratios: a very predictable window has next to no bits and would outweigh all others.
    """
    config = check_model(model).config
    if config.control_depth:
        raise TrainingError(f"{config.name} takes controls, so an interpolation between two windows is not defined.")
    windows = check_windows(windows, config.converter, config.name)
    check_integer(num_pairs, "num_pairs", 1, error=TrainingError)
    check_integer(n, "n, the number of points,", 2, error=TrainingError)
    check_list(ngram_models, "ngram_models", 1, MAX_STREAMS, of="NGramModels", error=TrainingError)
    if len(windows) < 2:
        raise TrainingError(f"Interpolation takes two windows; there are {len(windows)}.")
    ends = random_pairs(len(windows), num_pairs, np.random.default_rng(seed))  # [pairs, 2]
    used, inverse = np.unique(ends, return_inverse=True)
    mu, labels = encode_windows(model, windows[used])
    first, second = inverse.reshape(ends.shape).T
    start, end = labels[first], labels[second]  # [pairs, t, streams]
    start_bits, end_bits = _bits_per_step(ngram_models, start), _bits_per_step(ngram_models, end)
    mixing_rng = np.random.default_rng([seed, 1])
    alphas = even_positions(n)
    paths = interpolate_pairs(model, mu[first], mu[second], alphas).swapaxes(0, 1)  # [n, pairs, z]
    curves: list[tuple[float, float, float, float]] = []
    with show_progress("Interpolating", len(alphas)) as task:
        for position, (alpha, z) in enumerate(zip(alphas.tolist(), paths, strict=True)):  # z [pairs, z]
            noise = None if temperature is None else model.decode_noise(len(z), seed=seed, attempt=position)
            tokens = decode_latents(model, z, temperature=temperature, noise=noise)
            decoded = tokens_to_labels(config, tokens)
            interpolated = np.where(mixing_rng.random((*start.shape[:2], 1)) < alpha, end, start)
            expected_bits = (1 - alpha) * start_bits.mean() + alpha * end_bits.mean()
            curves.append(
                (
                    float((decoded != start).mean()),
                    float(_bits_per_step(ngram_models, decoded).mean() / expected_bits),
                    float((interpolated != start).mean()),
                    float(_bits_per_step(ngram_models, interpolated).mean() / expected_bits),
                )
            )
            task.advance()
            task.add_point("distance from A", alpha, curves[-1][0])
            task.add_point("relative NLL", alpha, curves[-1][1])
    distance, relative_nll, data_distance, data_relative_nll = zip(*curves, strict=True)
    return Interpolation(
        tuple(alphas.tolist()), num_pairs, temperature, distance, relative_nll, data_distance, data_relative_nll
    )


def random_pairs(n: int, pairs: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Draw pairs [pairs, 2] of different windows."""
    first = rng.integers(n, size=pairs)
    return np.stack([first, (first + rng.integers(1, n, size=pairs)) % n], 1)


def _bits_per_step(ngram_models: list[NGramModel], labels: Labels) -> NDArray[np.float64]:
    """Return the bits per step of windows [n, t, streams], summed over the streams [n]."""
    return np.sum([ngram_model.bits_per_step(labels[..., k]) for k, ngram_model in enumerate(ngram_models)], 0)
