"""Methods that move z to where music is as it is asked for: latent constraints, and attribute vectors beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.streams import Labels
from latentpalette.errors import TrainingError
from latentpalette.evaluation.conditions import measure_conditions
from latentpalette.evaluation.predict import decode_latents, require_streams
from latentpalette.latent.attributes import attribute_vector
from latentpalette.models.conditions import CategoryCondition, Condition, NumberCondition
from latentpalette.models.constraining import constrain_z
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.tokens import tokens_to_labels

Method = Callable[[NDArray, Condition, Sequence], NDArray]  # z [n, z] and what is asked of each, to z [n, z]


def decode_labels(model: MusicVAE, z: NDArray) -> Labels:
    """Return the labels [n, t, streams] of the music that z [n, z] stand for."""
    return tokens_to_labels(model.config, decode_latents(model, z))


def measurable(model: MusicVAE, measured: Mapping[str, NDArray]) -> list[Condition]:
    """Return the conditions that a model takes and that are measured of any music: all but the style."""
    return [condition for name, condition in model.conditions.items() if name in measured]


def ask_at_random(condition: Condition, values: NDArray, rng: np.random.Generator) -> list:
    """Return what is asked of each window: what another one has, at random, within the range of the condition.

    Parameters
    ----------
    condition : Condition
    values : ndarray [shape=(n,)]
        Of the windows; those that have none are asked for one, too.
    rng : Generator
    """
    known = values != "" if isinstance(condition, CategoryCondition) else np.isfinite(values)
    drawn = rng.choice(values[known], len(values))
    if isinstance(condition, NumberCondition):
        drawn = np.clip(drawn, condition.low, condition.high)
    asked: list = drawn.tolist()
    return asked


def by_constraints(model: MusicVAE, similarity: float) -> Method:
    """Return the method of `MusicVAE.constrain`."""
    return lambda z, condition, asked: constrain_z(model, z, {condition.name: list(asked)}, similarity=similarity)


def by_attribute_vectors(model: MusicVAE, z: NDArray, labels: Labels) -> Method:
    """Return the method of moving z along attribute vectors, as far as their examples say.

    Parameters
    ----------
    model : MusicVAE
    z : ndarray [shape=(m, z)]
        Of windows of training songs.
    labels : ndarray of int [shape=(m, t, streams)]
        Of these windows.
    """
    streams = require_streams(model.config)
    examples = measure_conditions(labels, streams)

    def move(start_z: NDArray, condition: Condition, asked: Sequence) -> NDArray:
        if isinstance(condition, CategoryCondition):
            raise TrainingError(f"An attribute vector is of a number; {condition.name} is a name.")
        values = examples[condition.name]
        known = np.isfinite(values)
        vector = attribute_vector(z[known], values[known], name=condition.name)
        start = measure_conditions(decode_labels(model, start_z), streams)[condition.name]
        distance = np.array(asked) - np.nan_to_num(start, nan=condition.mean)
        return vector.apply(start_z, distance / (vector.high - vector.low))

    return move
