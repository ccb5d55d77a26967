"""Realism of constrained music: whether a classifier can tell it from held-out songs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import TrainingError
from latentpalette.evaluation.conditions import measure_conditions
from latentpalette.evaluation.constraint_methods import Method, ask_at_random, measurable
from latentpalette.evaluation.eval_data import EvalData
from latentpalette.evaluation.predict import decode_latents, encode_windows, require_streams
from latentpalette.evaluation.real_windows import Realism, RealWindows
from latentpalette.evaluation.two_sample import MAX_WINDOWS
from latentpalette.models.conditions import NumberCondition
from latentpalette.models.musicvae import MusicVAE


class ConstraintRealism:
    """Windows of training songs, each asked for one number, to tell from held-out songs as `evaluate` tells samples.

    Parameters
    ----------
    model : MusicVAE
    data : EvalData
        With at least six held-out songs and ten training songs.
    max_windows : int
        To change.
    seed : int

    Raises
    ------
    TrainingError
        If there are too few songs.
    """

    def __init__(self, model: MusicVAE, data: EvalData, *, max_windows: int = MAX_WINDOWS, seed: int = 0) -> None:
        if not RealWindows.has_enough_songs(data):
            raise TrainingError(
                "A classifier takes at least six held-out songs and ten training songs to tell from them what is "
                "changed. Leave the realism out, or build the corpus from more songs."
            )
        self._model = model
        self._real = RealWindows(model.config, data, seed)
        rng = np.random.default_rng([seed, 9])
        chosen = np.sort(rng.permutation(len(self._real.source))[:max_windows])
        self._song = self._real.source_song[chosen]
        self._z, labels = encode_windows(model, self._real.source[chosen])
        values = measure_conditions(labels, require_streams(model.config))
        numbers = [each for each in measurable(model, values) if isinstance(each, NumberCondition)]
        which = rng.integers(len(numbers), size=len(chosen))
        self._asked = [
            (number, np.flatnonzero(which == k), ask_at_random(number, values[number.name], rng))
            for k, number in enumerate(numbers)
        ]

    def compare(self, method: Method) -> Realism:
        """Compare the windows, changed by a method, with held-out songs."""
        z = self._z.copy()
        for condition, rows, asked in self._asked:
            if len(rows):
                z[rows] = method(self._z[rows], condition, [asked[row] for row in rows])
        return self._compare(z)

    def compare_unchanged(self) -> Realism:
        """Compare the windows as the model reconstructs them with held-out songs."""
        return self._compare(self._z)

    def _compare(self, z: NDArray) -> Realism:
        return self._real.compare(decode_latents(self._model, z), self._song)
