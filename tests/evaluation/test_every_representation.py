"""Every representation that can be trained can be evaluated, by the same functions."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.evaluation.predict import target_labels
from latentpalette.evaluation.report import evaluate
from latentpalette.models.musicvae import MusicVAE
from tests.evaluation.tiny_corpora import (
    GROOVE,
    GROOVE_GIVEN_HITS,
    MELODY,
    MELODY_OVER_CHORDS,
    PERFORMANCE,
    TRIO,
    make_corpus,
    make_window,
)

CONFIGS = [MELODY, MELODY_OVER_CHORDS, TRIO, GROOVE, GROOVE_GIVEN_HITS, PERFORMANCE]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.name)
def test_an_evaluation_has_every_result_of_its_representation(config):
    options = {"num_samples": 4, "temperatures": (1.0,), "interpolation_pairs": 2, "hole_grid": 3}
    evaluation = evaluate(MusicVAE(config), make_corpus(config), **options)
    reconstruction = evaluation.reconstruction
    assert reconstruction.num_windows == 8
    assert 0 <= reconstruction.teacher_forced <= 1
    assert 0 <= reconstruction.free_running <= 1
    assert 0 <= reconstruction.posterior_sample <= 1
    assert 0 <= reconstruction.onset_accuracy <= 1
    assert reconstruction.kl_bits > 0
    streams = {"trio": ["melody", "bass", "drums"], "melody": ["melody"], "performance": ["tracks"]}
    streams = streams.get(config.converter["name"], ["drums"])
    assert [quality.stream for quality in evaluation.samples] == streams
    assert list(reconstruction.streams) == (streams if len(streams) > 1 else [])
    has_expression = config.head == "groove"
    assert (reconstruction.expression is not None) == has_expression
    assert (reconstruction.expression_given_hits is not None) == has_expression
    # A model conditioned on the hits of a groove encodes all of it, so a baseline given as much would be perfect.
    baselines = {GROOVE.name: {"quantized", "ridge"}, GROOVE_GIVEN_HITS.name: {"quantized"}}.get(config.name, set())
    assert set(evaluation.groove_baselines) == baselines
    is_conditional = bool(config.control_depth)
    can_be_silent = config.end_token is not None  # and cannot be encoded then, so there are no holes to find
    assert (evaluation.interpolation is None, evaluation.holes is None) == (
        is_conditional,
        is_conditional or can_be_silent,
    )
    assert (evaluation.chord_tones is not None) == (config.name == MELODY_OVER_CHORDS.name)
    assert (evaluation.transfer is not None) == (config.name == GROOVE_GIVEN_HITS.name)


def test_labels_are_the_targets_of_the_converters():
    for config in (MELODY, TRIO):
        converter = MusicVAE(config).converter
        targets = converter.encode(make_window(config, 3)).targets
        depths = config.output_depths or (config.output_depth,)
        streams = np.split(targets, np.cumsum(depths)[:-1], axis=1)
        expected = np.stack([stream.argmax(1) for stream in streams], -1)
        assert np.array_equal(target_labels(config, make_corpus(config).windows)[3], expected)


def test_labels_of_a_groove_are_its_hits():
    labels = target_labels(GROOVE, make_corpus(GROOVE).windows)[1, :, 0]  # kicks, and a snare at step 4
    assert labels[:9].tolist() == [1, 0, 0, 0, 2, 0, 0, 0, 1]


def test_the_quantized_baseline_is_off_by_the_microtiming():
    corpus = make_corpus(GROOVE)
    evaluation = evaluate(MusicVAE(GROOVE), corpus, num_samples=0, interpolation_pairs=0, hole_grid=0, qpm=100)
    held_out = [make_window(GROOVE, n) for n in range(1, 16, 2)]
    offsets = [abs(note.offset) for sequence in held_out for note in sequence.notes]
    quantized, ridge = evaluation.groove_baselines["quantized"], evaluation.groove_baselines["ridge"]
    # A step at 100 is 150 ms; offsets are stored to a 127th of half a step.
    assert quantized.timing_ms == pytest.approx(np.mean(offsets) * 150, abs=1.0)
    # Timing and velocity depend on the drum alone here, which ridge regression finds.
    assert ridge.timing_ms < 0.2 * quantized.timing_ms
    assert ridge.velocity < 0.3 * quantized.velocity
    assert evaluation.reconstruction.expression.qpm == 100


def test_the_accuracy_of_a_trio_is_the_mean_of_its_streams():
    corpus = make_corpus(TRIO)
    reconstruction = evaluate(MusicVAE(TRIO), corpus, num_samples=0, interpolation_pairs=0, hole_grid=0).reconstruction
    mean = np.mean([scores.free_running for scores in reconstruction.streams.values()])
    assert reconstruction.free_running == pytest.approx(mean)
