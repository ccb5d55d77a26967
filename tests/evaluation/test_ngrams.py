"""The n-gram model, on sequences short enough to count by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from latentpalette.errors import TrainingError
from latentpalette.evaluation.ngrams import NGramModel


def random_loops(n: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 512, (n, 32)).astype(np.uint16)


def test_unigram_probabilities_are_those_of_witten_and_bell():
    # Labels 0, 0, 0, 1: four labels, two of them distinct. p(0) = (3 + 2 / 2) / (4 + 2), p(1) = (1 + 2 / 2) / 6.
    model = NGramModel(np.array([[0, 0, 0, 1]]), num_classes=2, order=1)
    bits = model.bits_per_step(np.array([[0, 0, 0, 0], [1, 1, 1, 1]]))
    assert bits.tolist() == pytest.approx([-math.log2(4 / 6), -math.log2(2 / 6)])


def test_bigrams_fall_back_on_unigrams_where_the_context_is_new():
    model = NGramModel(np.array([[0, 0, 0, 1]]), num_classes=2, order=2)
    # After 0 came 0, 0, 1: three labels, two of them distinct; after 1 came none.
    zero, one = 4 / 6, 2 / 6
    start = (1 + 1 * zero) / 2  # the beginning was followed by 0 alone
    after_zero = (1 + 2 * one) / 5
    bits = model.bits_per_step(np.array([[0, 1, 1]]))
    assert bits[0] == pytest.approx(-(math.log2(start) + math.log2(after_zero) + math.log2(one)) / 3)


def test_the_probabilities_after_any_context_add_up_to_one():
    model = NGramModel(random_loops(30) % 4, num_classes=4, order=3)
    for context in ([0, 1], [3, 3], [2, 0]):
        continuations = np.array([[*context, label] for label in range(4)])
        total_bits = model.bits_per_step(continuations) * 3
        context_bits = model.bits_per_step(continuations[:, :2])[0] * 2
        assert np.sum(2.0 ** -(total_bits - context_bits)) == pytest.approx(1.0)


def test_training_data_has_fewer_bits_per_step_than_noise():
    training = np.tile([1, 0, 4, 0, 2, 0, 4, 0], (40, 4))
    model = NGramModel(training)
    assert model.bits_per_step(training).mean() < 0.2 < 5 < model.bits_per_step(random_loops(40)).mean()


def test_orders_beyond_six_are_refused():
    with pytest.raises(TrainingError, match="order of 1 to 6"):
        NGramModel(random_loops(2), order=7)
