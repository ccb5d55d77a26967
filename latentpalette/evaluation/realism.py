"""Realism of what a model makes: samples, blends and reconstructions, compared with songs that it has not met."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from latentpalette.evaluation.eval_data import EvalData
from latentpalette.evaluation.interpolation import random_pairs
from latentpalette.evaluation.interpolation_kinds import InterpolationOfKind, interpolation_kinds, measure_paths
from latentpalette.evaluation.predict import decode_latents, encode_windows
from latentpalette.evaluation.real_windows import Realism, RealWindows
from latentpalette.models.interpolation import default_kind, interpolate_pairs
from latentpalette.models.musicvae import MusicVAE

NUM_BLENDS = 1000


def evaluate_realism(
    model: MusicVAE, data: EvalData, samples: Mapping[str, NDArray], *, curve: bool = False, seed: int = 0
) -> tuple[dict[str, Realism], tuple[InterpolationOfKind, ...]]:
    """Compare what a model makes with held-out songs, by a classifier, for coverage, and for copies.

    Parameters
    ----------
    model : MusicVAE
    data : EvalData
        With training songs: one half of them is blended and reconstructed, the other trains the classifier, too.
    samples : mapping of name to ndarray [shape=(n, t, k)]
        Tokens of sampled windows.
    curve : bool
        Whether to compare the kinds of interpolation, too.
    seed : int

    Returns
    -------
    dict of name to Realism
        ``"songs"``: training songs against held-out ones, at most a dozen windows each, what remains for the best of
        reconstructions; ``"windows"``: windows of the training songs drawn at random, what remains for the best of
        samples; ``"reconstructions"`` of training songs; ``"halfway"`` between pairs of their windows, as
        `MusicVAE.interpolate` blends; and the samples.
        Where a model takes controls or has no encoder, no reconstructions and no blends. Empty for fewer than six
        held-out songs or ten training songs.
    tuple of InterpolationOfKind
        Each kind of interpolation that the model has; empty without `curve`, and likewise.
    """
    if not RealWindows.has_enough_songs(data):
        return {}, ()
    real = RealWindows(model.config, data, seed)
    results = {"songs": real.compare_songs(), "windows": real.compare_windows()}
    kinds: list[InterpolationOfKind] = []
    if not model.config.control_depth and model.config.has_encoder:
        mu, _ = encode_windows(model, real.source)
        results["reconstructions"] = real.compare(decode_latents(model, mu), real.source_song)
        first, second = random_pairs(len(mu), min(NUM_BLENDS, len(mu)), np.random.default_rng([seed, 5])).T
        ends = mu[first], mu[second]

        def halfway(kind: str | float) -> Realism:
            z = interpolate_pairs(model, *ends, [0.5], interpolation=kind)[:, 0]
            return real.compare(decode_latents(model, z))

        default = default_kind(model)
        results["halfway"] = halfway(default)
        for kind in interpolation_kinds(model) if curve else ():
            blends = results["halfway"] if kind == default else halfway(kind)
            kinds += [InterpolationOfKind(kind, blends, measure_paths(model, *ends, kind))]
    return results | {name: real.compare(tokens) for name, tokens in samples.items()}, tuple(kinds)
