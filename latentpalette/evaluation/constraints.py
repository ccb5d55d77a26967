"""The quality of latent constraints, beside attribute vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.streams import Labels
from latentpalette.errors import ModelError, TrainingError
from latentpalette.evaluation.conditions import corpus_conditions, holds_key, measure_conditions
from latentpalette.evaluation.constraint_methods import (
    Method,
    ask_at_random,
    by_attribute_vectors,
    by_constraints,
    decode_labels,
    measurable,
)
from latentpalette.evaluation.constraint_realism import ConstraintRealism
from latentpalette.evaluation.copies import count_changed_notes, note_columns
from latentpalette.evaluation.eval_data import EvalData
from latentpalette.evaluation.predict import encode_windows, require_streams
from latentpalette.evaluation.rank_correlation import rank_correlation
from latentpalette.evaluation.real_windows import Realism
from latentpalette.evaluation.two_sample import MAX_WINDOWS, choose_windows
from latentpalette.models.conditions import CategoryCondition, Condition, NumberCondition
from latentpalette.models.musicvae import MusicVAE, check_model
from latentpalette.progress.board import track
from latentpalette.validation import check_type
from latentpalette.wording import counted

MIN_WINDOWS = 50
SIMILARITIES = (0.3, 0.5, 0.7)
VECTORS = "attribute vectors"
UNCHANGED = "reconstructions"


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
    num_windows : int
    """

    error: float
    before: float
    correlation: float
    changed: float
    drift: float
    identity: float
    num_windows: int


class ConstraintBench:
    """Windows of held-out songs, and what may be asked of them.

    Parameters
    ----------
    model : MusicVAE
    data : EvalData
        With held-out songs.
    songs : list of str
        Names, as in the corpus.
    max_windows : int
        At most a dozen of each song.
    seed : int

    Raises
    ------
    TrainingError
        If there are too few windows.
    """

    def __init__(
        self,
        model: MusicVAE,
        data: EvalData,
        songs: Sequence[str],
        *,
        max_windows: int = MAX_WINDOWS,
        seed: int = 0,
    ) -> None:
        self._model, self._seed = model, seed
        self._streams = require_streams(model.config)
        rng = np.random.default_rng([seed, 7])
        chosen = np.sort(rng.permutation(choose_windows(data.song_index, rng))[:max_windows])
        if len(chosen) < MIN_WINDOWS:
            raise TrainingError(
                f"Constraints are evaluated on at least {MIN_WINDOWS} windows of held-out songs, a dozen of each song "
                f"at most; there are {counted(len(chosen), 'window')}."
            )
        self.z, labels = encode_windows(model, data.held_out[chosen])
        self._values = corpus_conditions(labels, self._streams, songs, data.song_index[chosen])
        self._before = decode_labels(model, self.z)
        self._measured = measure_conditions(self._before, self._streams)
        self._points = note_columns(self._before, self._streams).reshape(len(self.z), -1)

    def measure(self, z: NDArray) -> dict[str, NDArray]:
        """Return the conditions of the music that z [n, z] stand for."""
        return measure_conditions(decode_labels(self._model, z), self._streams)

    def ask(self, condition: Condition) -> list:
        """Return what is asked of each window: what another one has, at random."""
        return ask_at_random(condition, self._values[condition.name], np.random.default_rng([self._seed, 8]))

    def judge(self, condition: Condition, asked: list, z: NDArray) -> ConstraintQuality:
        """Return how well z [n, z] do what is asked for, and what else they change."""
        labels = decode_labels(self._model, z)
        measured = measure_conditions(labels, self._streams)
        points = note_columns(labels, self._streams).reshape(len(z), -1)
        nearest = [int((self._points != point).sum(1).argmin()) for point in points]
        own = [np.array_equal(self._points[at], self._points[row]) for row, at in enumerate(nearest)]
        changed = count_changed_notes(np.stack([self._before, labels], 1), self._streams)
        drift = [
            np.nanmean(np.abs(measured[other.name] - self._measured[other.name])) / other.std
            for other in self.conditions
            if isinstance(other, NumberCondition) and other.name != condition.name
        ]
        error, correlation = _error(condition, asked, labels, measured)
        return ConstraintQuality(
            error=error,
            before=_error(condition, asked, self._before, self._measured)[0],
            correlation=correlation,
            changed=float(changed.mean()),
            drift=float(np.mean(drift)),
            identity=float(np.mean(own)),
            num_windows=len(z),
        )

    @property
    def conditions(self) -> list[Condition]:
        """Those that can be measured of any music: all but the style."""
        return measurable(self._model, self._measured)


def evaluate_constraints(
    model: MusicVAE,
    data: EvalData,
    songs: Sequence[str],
    *,
    similarities: Sequence[float] = SIMILARITIES,
    max_windows: int = MAX_WINDOWS,
    realism: bool = True,
    seed: int = 0,
) -> tuple[dict[str, dict[str, ConstraintQuality]], dict[str, Realism]]:
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
    max_windows : int
        To change, at most a dozen of each song.
    realism : bool
        Whether to train classifiers, which tell the results from songs.
    seed : int

    Returns
    -------
    dict of method to dict of condition to ConstraintQuality
        ``"similarity 0.5"`` and so on, with the guidance of `MusicVAE.constrain`; and ``"attribute vectors"``, of
        numbers alone, as far as the lowest and the highest quarter of training songs say.
    dict of method to Realism
        Of windows of training songs, each asked for one number, and of ``"reconstructions"``, which are not changed:
        compared with held-out songs as by `evaluate`. Empty without `realism`.

    Raises
    ------
    ModelError
        If the model has no learned prior that takes conditions.
    TrainingError
        If there are too few windows or songs.
    """
    if not check_model(model).conditions:
        raise ModelError(f"{model.name} takes no conditions, so that nothing can be asked for.")
    check_type(data, EvalData, "Windows to evaluate", "EvalData.from_corpus selects them.", error=TrainingError)
    bench = ConstraintBench(model, data, songs, max_windows=max_windows, seed=seed)
    judges = ConstraintRealism(model, data, max_windows=max_windows, seed=seed) if realism else None
    training = choose_windows(data.train_song_index, np.random.default_rng([seed, 10]))
    methods: dict[str, Method] = {f"similarity {each:g}": by_constraints(model, each) for each in similarities}
    methods[VECTORS] = by_attribute_vectors(model, *encode_windows(model, data.train[training]))
    qualities: dict[str, dict[str, ConstraintQuality]] = {name: {} for name in methods}
    realisms: dict[str, Realism] = {}

    def judge(name: str, condition: Condition) -> None:
        asked = bench.ask(condition)
        qualities[name][condition.name] = bench.judge(condition, asked, methods[name](bench.z, condition, asked))

    def compare(name: str, realism_of: Callable[[], Realism]) -> None:
        realisms[name] = realism_of()

    jobs: list[Callable[[], None]] = [
        partial(judge, name, condition)
        for name in methods
        for condition in bench.conditions
        if name != VECTORS or isinstance(condition, NumberCondition)
    ]
    if judges:
        jobs.append(partial(compare, UNCHANGED, judges.compare_unchanged))
        jobs += [partial(compare, name, partial(judges.compare, method)) for name, method in methods.items()]
    for job in track(jobs, "Constraining", len(jobs)):
        job()
    return qualities, realisms


def _error(
    condition: Condition, asked: Sequence, labels: Labels, measured: Mapping[str, NDArray]
) -> tuple[float, float]:
    """Return the error of what came, and its rank correlation with what was asked for."""
    if isinstance(condition, CategoryCondition):
        return float(1 - holds_key(labels[..., 0], asked).mean()), float("nan")
    came, wanted = measured[condition.name], np.array(asked)
    known = np.isfinite(came)
    if not known.any():
        return float("nan"), float("nan")
    return float(np.abs(came - wanted)[known].mean()), rank_correlation(wanted[known], came[known])
