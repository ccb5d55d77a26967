from __future__ import annotations

import numpy as np

from latentpalette.converters.streams import DrumStream
from latentpalette.evaluation.ngrams import NGramModel
from latentpalette.evaluation.samples import SampleQuality, evaluate_samples

DATA = np.tile([1, 0, 4, 0, 3, 0, 4, 0], (10, 4))


def evaluate(samples: np.ndarray, data: np.ndarray) -> SampleQuality:
    ngram_model, stream = NGramModel(data), DrumStream.from_map("reduced")
    return evaluate_samples(
        samples, held_out=data, training=data, ngram_model=ngram_model, stream=stream, temperature=1.0
    )


def test_samples_equal_to_the_data_have_perfect_scores():
    quality = evaluate(DATA, DATA)
    assert quality.nll_ratio == 1.0
    assert (quality.silent, quality.static, quality.memorized, quality.max_standardized_shift) == (0.0, 0.0, 1.0, 0.0)


def test_silent_samples_are_noticed():
    data = DATA.copy()
    data[5:, 3] = 1
    quality = evaluate(np.zeros((4, 32), int), data)
    assert (quality.silent, quality.static, quality.memorized) == (1.0, 1.0, 0.0)
    assert quality.max_standardized_shift > 1 < quality.nll_ratio
