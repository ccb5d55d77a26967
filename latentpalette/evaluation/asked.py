"""Evaluation of the conditions of a model: whether asking for more gives more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.streams import Labels
from latentpalette.evaluation.conditions import measure_conditions
from latentpalette.evaluation.predict import decode_latents, encode_windows, require_streams
from latentpalette.evaluation.rank_correlation import rank_correlation
from latentpalette.models.conditioned_z import ask_of_z
from latentpalette.models.conditions import NumberCondition
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.tokens import tokens_to_labels

LEVELS = 9  # that each z is asked for
_OUTER = 0.05  # share of the held-out windows below the lowest level, and above the highest
MAX_WINDOWS = 256

Measures = Mapping[str, Callable[[Labels], NDArray[np.float64]]]  # of labels [n, t, streams] to values [n]


@dataclass(frozen=True)
class AskedFor:
    """Values that were asked for, compared with those that are measured of the decoded music.

    Parameters
    ----------
    num_windows : int
        Latent vectors, each decoded (arg-max) at every level.
    levels : tuple of float
        The values that were asked for: quantiles of the held-out windows, from 5 to 95 percent.
    medians : tuple of float
        Of what was measured at each level.
    rank_correlation : float [-1 to 1]
        Spearman's, over all vectors and levels.
    within : float [-1 to 1]
        The mean over the vectors of each one's own.
    mean_absolute_error : float
        What is out of the condition's range counts as its end.
    """

    num_windows: int
    levels: tuple[float, ...]
    medians: tuple[float, ...]
    rank_correlation: float
    within: float
    mean_absolute_error: float


def evaluate_conditions(
    model: MusicVAE, windows: NDArray, *, measures: Measures | None = None, seed: int = 0
) -> dict[str, dict[str, AskedFor]]:
    """Return `evaluate_asked` of held-out windows, packed, and of as many sampled z at most; empty without conditions.

    Parameters
    ----------
    model : MusicVAE
    windows : ndarray
    measures
        See `evaluate_asked`.
    seed : int
    """
    if not model.config.conditions or model.config.control_depth:
        return {}
    mu, labels = encode_windows(model, windows)
    of = {"held-out": mu, "sampled": model.sample_z(min(len(mu), MAX_WINDOWS), seed=seed)}
    return {name: evaluate_asked(model, z, labels, measures=measures) for name, z in of.items()}


def evaluate_asked(
    model: MusicVAE, z: NDArray[np.float32], held_out: Labels, *, measures: Measures | None = None
) -> dict[str, AskedFor]:
    """Ask latent vectors for several values of each condition of a model, and measure what they decode to.

    Parameters
    ----------
    model : MusicVAE
    z : ndarray of float32 [shape=(n, z)]
        Of held-out windows, or sampled.
    held_out : ndarray of int [shape=(m, t, streams)]
        Labels of the held-out windows, whose values are asked for.
    measures : mapping of name to function, optional
        Further measures than those of `latentpalette.evaluation.conditions`. A condition without one is left out.

    Returns
    -------
    dict of name to AskedFor
    """
    z = z[:: -(-len(z) // MAX_WINDOWS)] if len(z) else z
    held_out = held_out[:: -(-len(held_out) // (4 * MAX_WINDOWS))] if len(held_out) else held_out
    results = {}
    for condition in model.config.conditions:
        known = _measure(model, condition.name, held_out, measures or {})
        if known is not None and len(z):
            results[condition.name] = _evaluate(model, z, condition, known, measures or {})
    return results


def _evaluate(
    model: MusicVAE,
    z: NDArray[np.float32],
    condition: NumberCondition,
    known: NDArray[np.float64],
    measures: Measures,
) -> AskedFor:
    known = np.clip(known[np.isfinite(known)], condition.low, condition.high)
    levels = np.quantile(known, np.linspace(_OUTER, 1 - _OUTER, LEVELS))
    measured = []
    for level in levels.tolist():
        tokens = decode_latents(model, ask_of_z(z, model.config.conditions, {condition.name: level}))
        values = _measure(model, condition.name, tokens_to_labels(model.config, tokens), measures)
        assert values is not None  # it was measured of the held-out windows
        measured.append(np.where(np.isfinite(values), values, condition.low))
    got = np.stack(measured, 1)  # [n, levels]
    asked = np.broadcast_to(levels, got.shape)
    return AskedFor(
        len(z),
        tuple(levels.round(3).tolist()),
        tuple(np.median(got, 0).round(3).tolist()),
        rank_correlation(asked, got, if_constant=0.0),
        float(np.mean([rank_correlation(levels, row, if_constant=0.0) for row in got])),
        float(np.abs(np.clip(got, condition.low, condition.high) - asked).mean()),
    )


def _measure(model: MusicVAE, name: str, labels: Labels, measures: Measures) -> NDArray[np.float64] | None:
    if name in measures:
        return measures[name](labels)
    values = measure_conditions(labels, require_streams(model.config)).get(name)
    return None if values is None or values.dtype.kind not in "fiu" else values.astype(float)
