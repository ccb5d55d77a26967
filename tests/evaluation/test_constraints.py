"""Constraints are judged by what comes of what is asked for, and by what else changes."""

from __future__ import annotations

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.data.corpus import Corpus
from latentpalette.errors import ModelError, TrainingError
from latentpalette.evaluation import evaluate_constraints
from latentpalette.evaluation.conditions import holds_key
from latentpalette.evaluation.constraint_methods import by_constraints
from latentpalette.evaluation.constraint_realism import ConstraintRealism
from latentpalette.evaluation.constraints import ConstraintBench
from latentpalette.evaluation.eval_data import EvalData
from latentpalette.evaluation.rank_correlation import rank_correlation

DENSITY = lp.load("drums-2bar").conditions["density"]


@pytest.fixture(scope="module")
def corpus():
    """Return a corpus of the package's loops, two songs for each style; every second song is held out."""
    songs = {f"{name} {part}": loops[part::2] for name, loops in lp.style_loops().items() for part in range(2)}
    made = Corpus.from_sequences(songs, lp.load("drums-2bar").config.converter)
    split = (np.arange(len(made.songs)) % 2).astype(np.uint8)[made.song_index]
    return Corpus(made.windows, made.song_index, split, made.songs, made.converter)


@pytest.fixture
def model():
    return lp.load("drums-2bar")


@pytest.fixture
def bench(model, corpus):
    return ConstraintBench(model, EvalData.from_corpus(model, corpus), corpus.songs)


def test_music_that_stays_as_it_is_has_changed_nothing_and_done_nothing(bench):
    asked = bench.ask(DENSITY)
    quality = bench.judge(DENSITY, asked, bench.z)
    assert (quality.changed, quality.drift, quality.identity) == (0, 0, 1)
    assert quality.error == quality.before > 0


def test_music_that_is_as_it_is_asked_for_has_no_error(bench):
    z = bench.z[::-1].copy()
    asked = bench.judge(DENSITY, [0.5] * len(z), z)
    quality = bench.judge(DENSITY, bench.measure(z)["density"].tolist(), z)
    assert (quality.error, round(quality.correlation, 6)) == (0, 1)
    assert asked.error > 0
    assert quality.identity < 0.5
    assert quality.changed > 5


def test_constraints_do_more_of_what_is_asked_for_than_they_leave(model, corpus):
    results, realism = evaluate_constraints(
        model, EvalData.from_corpus(model, corpus), corpus.songs, similarities=[0.5], realism=False
    )
    assert realism == {}
    assert list(results) == ["similarity 0.5", "attribute vectors"]
    assert list(results["similarity 0.5"]) == ["density", "syncopation", "toms", "variation"]
    for qualities in results.values():
        assert qualities["density"].error < 0.6 * qualities["density"].before
        assert qualities["density"].correlation > 0.7
        assert qualities["density"].identity > 0.5


def test_a_classifier_tells_noise_from_songs_better_than_what_is_changed(model, corpus):
    pytest.importorskip("sklearn")
    realism = ConstraintRealism(model, EvalData.from_corpus(model, corpus))
    noise = realism.compare(lambda z, condition, asked: np.random.default_rng(0).normal(0, 3, z.shape))
    changed = realism.compare(by_constraints(model, 0.5))
    assert noise.auc > 0.8
    assert changed.auc < noise.auc
    assert changed.coverage > noise.coverage


def test_as_many_windows_are_changed_as_are_asked_for(model, corpus):
    data = EvalData.from_corpus(model, corpus)
    bench = ConstraintBench(model, data, corpus.songs, max_windows=60)
    assert bench.judge(DENSITY, bench.ask(DENSITY), bench.z).num_windows == len(bench.z) == 60


def test_a_model_that_takes_no_conditions_is_refused(model, corpus):
    model.prior = None
    with pytest.raises(ModelError, match="takes no conditions"):
        evaluate_constraints(model, EvalData.from_corpus(model, corpus), corpus.songs)


def test_a_few_windows_are_too_few(model, corpus):
    data = EvalData.from_corpus(model, corpus)
    few = EvalData(data.held_out[:20], data.song_index[:20], data.train, data.train_song_index)
    with pytest.raises(TrainingError, match="at least 50 windows"):
        evaluate_constraints(model, few, corpus.songs)


def test_ranks_of_equal_values_are_their_mean():
    assert rank_correlation(np.array([1, 1, 2, 3]), np.array([5, 5, 6, 7])) == pytest.approx(1)
    assert np.isnan(rank_correlation(np.ones(3), np.arange(3)))


def test_a_melody_is_in_a_key_whose_scale_has_all_its_notes():
    c_major = np.array([[41, 1, 43, 0, 45, 46]])  # C D E F above the lowest A, with a rest and a held note
    assert holds_key(c_major, ["C"]).tolist() == [True]
    assert holds_key(c_major, ["F#"]).tolist() == [False]


def test_a_few_songs_are_too_few_for_a_classifier(model, corpus):
    data = EvalData.from_corpus(model, corpus)
    one = np.zeros_like(data.song_index)
    with pytest.raises(TrainingError, match="six held-out songs"):
        ConstraintRealism(model, EvalData(data.held_out, one, data.train, data.train_song_index))
