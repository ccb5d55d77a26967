"""The quality of latent constraints, beside attribute vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.streams import Labels
from latentpalette.errors import ModelError, TrainingError
from latentpalette.evaluation.conditions import corpus_conditions, holds_key, measure_conditions
from latentpalette.evaluation.copies import count_changed_notes, note_columns
from latentpalette.evaluation.eval_data import EvalData
from latentpalette.evaluation.predict import decode_latents, encode_windows, require_streams
from latentpalette.evaluation.rank_correlation import rank_correlation
from latentpalette.evaluation.two_sample import NUM_FOLDS, choose_windows, two_sample_test
from latentpalette.evaluation.window_features import feature_groups
from latentpalette.latent.attributes import attribute_vector
from latentpalette.models.conditions import CategoryCondition, Condition, NumberCondition
from latentpalette.models.constraining import constrain_z
from latentpalette.models.musicvae import MusicVAE, check_model
from latentpalette.models.tokens import tokens_to_labels
from latentpalette.progress.board import track
from latentpalette.validation import check_type
from latentpalette.wording import counted

MIN_WINDOWS = 50
SIMILARITIES = (0.3, 0.5, 0.7)

Method = Callable[[Condition, list], NDArray]


@dataclass(frozen=True)
class ConstraintQuality:
    """Change of one condition of music by a method: what was asked for, what came, and what else changed.

    Parameters
    ----------
    error : float
        Mean absolute difference of what was asked for and what came; of a key, the share of windows that are not in it.
    before : float
        The same of the music before it was changed.
    correlation : float [-1 to 1]
        Spearman's, of what was asked for and what came; NaN for a key.
    changed : float
        Notes that are added, missing or moved, per window.
    drift : float
        Mean absolute change of the other numbers, in standard deviations of songs.
    identity : float [0 to 1]
        Share of the windows whose nearest one, of all before they were changed, is the one that it was made of.
    auc : float [0.5 to 1]
        Area under the ROC curve with which a classifier tells the results from other held-out songs; NaN where it was
        not asked.
    """

    error: float
    before: float
    correlation: float
    changed: float
    drift: float
    identity: float
    auc: float


class ConstraintBench:
    """Windows of held-out songs, and what may be asked of them.

    Parameters
    ----------
    model : MusicVAE
    data : EvalData
        With held-out and with training songs.
    songs : list of str
        Names, as in the corpus.
    seed : int

    Raises
    ------
    TrainingError
        If there are too few windows or songs.
    """

    def __init__(self, model: MusicVAE, data: EvalData, songs: Sequence[str], *, seed: int = 0) -> None:
        self._model = check_model(model)
        if not model.conditions:
            raise ModelError(f"{model.name} takes no conditions, so that nothing can be asked for.")
        check_type(data, EvalData, "Windows to evaluate", "EvalData.from_corpus selects them.", error=TrainingError)
        self._streams = require_streams(model.config)
        self._seed, self._songs = seed, tuple(songs)
        rng = np.random.default_rng([seed, 7])
        chosen = choose_windows(data.song_index, rng)
        self._song = data.song_index[chosen]
        order = rng.permutation(np.unique(self._song))
        if len(chosen) < MIN_WINDOWS or len(order) < 2 * NUM_FOLDS:
            raise TrainingError(
                f"Constraints are evaluated on at least {MIN_WINDOWS} windows of {2 * NUM_FOLDS} held-out songs; there "
                f"are {counted(len(chosen), 'window')} of {counted(len(order), 'song')}."
            )
        self._is_changed = np.isin(self._song, order[: len(order) // 2])  # the others are compared with these
        self.z, labels = encode_windows(model, data.held_out[chosen])
        self._real = self._features(labels)
        self._values = corpus_conditions(labels, self._streams, songs, self._song)
        self._before = self.decode(self.z)
        self._measured = measure_conditions(self._before, self._streams)
        self._points = note_columns(self._before, self._streams).reshape(len(self.z), -1)
        training = choose_windows(data.train_song_index, rng)
        self.train_z, train_labels = encode_windows(model, data.train[training])
        self._train_values = measure_conditions(train_labels, self._streams)
        self._more_real = self._features(train_labels)

    def decode(self, z: NDArray) -> Labels:
        """Return the labels [n, t, streams] of what z [n, z] stand for."""
        return tokens_to_labels(self._model.config, decode_latents(self._model, z))

    def measure(self, z: NDArray) -> dict[str, NDArray]:
        """Return the conditions of the music that z [n, z] stand for."""
        return measure_conditions(self.decode(z), self._streams)

    def ask(self, condition: Condition) -> list:
        """Return what is asked of each window: what another one has, at random."""
        values = self._values[condition.name]
        known = values != "" if isinstance(condition, CategoryCondition) else np.isfinite(values)
        drawn = np.random.default_rng([self._seed, 8]).choice(values[known], len(values))
        if isinstance(condition, NumberCondition):
            drawn = np.clip(drawn, condition.low, condition.high)
        asked: list = drawn.tolist()
        return asked

    def constrain(self, similarity: float) -> Method:
        """Return the method of `MusicVAE.constrain`."""
        model, z = self._model, self.z
        return lambda condition, asked: constrain_z(model, z, {condition.name: asked}, similarity=similarity)

    def attribute_vectors(self, condition: Condition, asked: list) -> NDArray:
        """Move z along attribute vectors of the training songs, as far as their examples say."""
        if isinstance(condition, CategoryCondition):
            raise TrainingError(f"An attribute vector is of a number; {condition.name} is a name.")
        values = self._train_values[condition.name]
        known = np.isfinite(values)
        vector = attribute_vector(self.train_z[known], values[known], name=condition.name)
        start = np.nan_to_num(self._measured[condition.name], nan=condition.mean)
        return vector.apply(self.z, (np.array(asked) - start) / (vector.high - vector.low))

    def judge(self, condition: Condition, asked: list, z: NDArray, *, realism: bool = True) -> ConstraintQuality:
        """Return how well z [n, z] do what is asked for, and what else they change."""
        labels = self.decode(z)
        measured = measure_conditions(labels, self._streams)
        points = note_columns(labels, self._streams).reshape(len(z), -1)
        nearest = [int((self._points != point).sum(1).argmin()) for point in points]
        own = [np.array_equal(self._points[at], self._points[row]) for row, at in enumerate(nearest)]
        changed = count_changed_notes(np.stack([self._before, labels], 1), self._streams)
        drift = [
            np.nanmean(np.abs(measured[other.name] - self._measured[other.name])) / other.std
            for other in self.numbers
            if other.name != condition.name
        ]
        error, correlation = self._error(condition, asked, labels, measured)
        return ConstraintQuality(
            error=error,
            before=self._error(condition, asked, self._before, self._measured)[0],
            correlation=correlation,
            changed=float(changed.mean()),
            drift=float(np.mean(drift)),
            identity=float(np.mean(own)),
            auc=self.auc(labels) if realism else float("nan"),
        )

    def auc(self, labels: Labels) -> float:
        """Return how well a classifier tells changed windows of one half of the songs from windows of the other half.

        Both halves are changed in turn; the windows of training songs make the classifier stronger.
        """
        features = self._features(labels)
        tests = [
            two_sample_test(
                self._real[~half],
                self._song[~half],
                features[half],
                self._song[half],
                more_real=self._more_real,
                seed=self._seed,
            )
            for half in (self._is_changed, ~self._is_changed)
        ]
        return float(np.mean([test.auc for test in tests]))

    @property
    def unchanged_auc(self) -> float:
        """The same of reconstructions."""
        return self.auc(self._before)

    @property
    def conditions(self) -> list[Condition]:
        """Those that can be measured of any music: all but the style."""
        return [each for each in self._model.conditions.values() if each.name in self._measured]

    @property
    def numbers(self) -> list[NumberCondition]:
        """Those that are numbers."""
        return [each for each in self.conditions if isinstance(each, NumberCondition)]

    def _error(
        self, condition: Condition, asked: list, labels: Labels, measured: Mapping[str, NDArray]
    ) -> tuple[float, float]:
        """Return the error of what came, and its rank correlation with what was asked for."""
        if isinstance(condition, CategoryCondition):
            return float(1 - holds_key(labels[..., 0], asked).mean()), float("nan")
        came, wanted = measured[condition.name], np.array(asked)
        known = np.isfinite(came)
        if not known.any():
            return float("nan"), float("nan")
        return float(np.abs(came - wanted)[known].mean()), rank_correlation(wanted[known], came[known])

    def _features(self, labels: Labels) -> NDArray:
        return np.concatenate(list(feature_groups(labels, self._streams).values()), 1)


def evaluate_constraints(
    model: MusicVAE,
    data: EvalData,
    songs: Sequence[str],
    *,
    similarities: Sequence[float] = SIMILARITIES,
    realism: bool = True,
    seed: int = 0,
) -> tuple[dict[str, dict[str, ConstraintQuality]], float]:
    """Ask for one condition at a time of held-out windows: what other windows have, drawn at random.

    Parameters
    ----------
    model : MusicVAE
        With a learned prior that takes conditions.
    data : EvalData
        With training songs.
    songs : list of str
        Names of the songs, as in the corpus.
    similarities : list of float
        See `MusicVAE.constrain`.
    realism : bool
        Whether to train classifiers, which tell the results from songs.
    seed : int

    Returns
    -------
    dict of method to dict of condition to ConstraintQuality
        ``"similarity 0.5"`` and so on, with the guidance of `MusicVAE.constrain`; and ``"attribute vectors"``, of
        numbers alone, as far as the lowest and the highest quarter of training songs say.
    float
        The area under the curve of windows that are encoded and decoded, and not changed.

    Raises
    ------
    ModelError
        If the model has no learned prior that takes conditions.
    TrainingError
        If there are too few windows.
    """
    bench = ConstraintBench(model, data, songs, seed=seed)
    methods: dict[str, Method] = {f"similarity {each:g}": bench.constrain(each) for each in similarities}
    jobs = [(name, method, condition) for name, method in methods.items() for condition in bench.conditions]
    jobs += [("attribute vectors", bench.attribute_vectors, number) for number in bench.numbers]
    results: dict[str, dict[str, ConstraintQuality]] = {}
    for name, method, condition in track(jobs, "Constraining", len(jobs)):
        asked = bench.ask(condition)
        quality = bench.judge(condition, asked, method(condition, asked), realism=realism)
        results.setdefault(name, {})[condition.name] = quality
    return results, bench.unchanged_auc if realism else float("nan")
