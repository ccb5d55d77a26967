from __future__ import annotations

import numpy as np
import pytest
import torch

from latentpalette.converters.streams import DrumStream
from latentpalette.errors import TrainingError
from latentpalette.evaluation.predict import require_streams, sample_labels
from latentpalette.evaluation.report import evaluate
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE
from tests.evaluation.tiny_corpora import DRUMS, drum_corpus


def labels(model: MusicVAE, n: int, **options) -> np.ndarray:
    return next(sample_labels(model, n, temperatures=(1.0,), **options)).labels


def test_a_trio_has_three_streams():
    streams = require_streams(MAGENTA_CONFIGS["hier-trio_16bar"])
    assert [(stream.name, stream.num_classes) for stream in streams] == [("melody", 90), ("bass", 90), ("drums", 512)]


def test_a_representation_that_cannot_be_evaluated_is_refused():
    with pytest.raises(TrainingError, match="cannot be evaluated"):
        require_streams(MAGENTA_CONFIGS["nade-drums_2bar_full"])


def test_the_same_seed_samples_the_same_loops():
    model = MusicVAE(DRUMS)
    first, second, other = (labels(model, 6, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_gibbs_steps_are_those_of_the_model_or_those_given():
    one_step = MusicVAE(DRUMS.replace(gibbs_steps=1)).eval()
    no_steps = MusicVAE(DRUMS).eval()
    no_steps.load_state_dict(one_step.state_dict())
    refined = labels(one_step, 4, seed=3)
    assert (refined == labels(no_steps, 4, seed=3, gibbs_steps=1)).all()
    assert (labels(one_step, 4, seed=3, gibbs_steps=0) == labels(no_steps, 4, seed=3)).all()
    assert (refined != labels(no_steps, 4, seed=3)).any()
    evaluations = [
        evaluate(one_step, drum_corpus(), num_samples=3, gibbs_steps=steps, interpolation_pairs=0, hole_grid=0)
        for steps in (None, 0, 2)
    ]
    assert [evaluation.gibbs_steps for evaluation in evaluations] == [1, 0, 2]


def test_samples_rejected_at_first_are_counted_and_resampled():
    sparse = MusicVAE(DRUMS.replace(max_attempts=16)).eval()
    with torch.no_grad():
        sparse.decoder.cores[0].projection.bias[0] += 8.5  # most loops have a silent bar
    sparse.config = DRUMS
    unfiltered = next(sample_labels(sparse, 50, temperatures=(1.0,), seed=3))
    sparse.config = DRUMS.replace(max_attempts=16)
    filtered = next(sample_labels(sparse, 50, temperatures=(1.0,), seed=3))
    assert unfiltered.rejected == 0.0 < filtered.rejected < 1.0
    has_static_bar = DrumStream.from_map("reduced").has_static_bar
    assert has_static_bar(filtered.labels[..., 0]).mean() < has_static_bar(unfiltered.labels[..., 0]).mean()
    evaluation = evaluate(
        sparse, drum_corpus(), num_samples=50, seed=3, temperatures=(1.0,), interpolation_pairs=0, hole_grid=0
    )
    assert evaluation.samples[0].rejected == pytest.approx(filtered.rejected)
