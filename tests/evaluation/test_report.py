from __future__ import annotations

import json
import math

import numpy as np
import pytest

from latentpalette.converters.streams import DrumStream
from latentpalette.data.corpus import Corpus
from latentpalette.errors import TrainingError
from latentpalette.evaluation.eval_data import EvalData
from latentpalette.evaluation.reconstruction import evaluate_reconstruction
from latentpalette.evaluation.report import evaluate
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE
from tests.evaluation.tiny_corpora import DRUMS, drum_corpus, random_loops


def test_an_untrained_model_has_no_accuracy_and_a_uniform_loss():
    reconstruction = evaluate_reconstruction(MusicVAE(DRUMS), random_loops(20))
    assert reconstruction.num_windows == 20
    assert reconstruction.free_running < 0.1
    assert reconstruction.loss_nats == pytest.approx(32 * math.log(512), rel=0.02)
    assert reconstruction.active_units == 0


def test_without_training_songs_every_second_song_fits_the_ngrams_and_nothing_counts_as_memorized():
    corpus = drum_corpus()
    all_held_out = np.ones(60, np.uint8)
    held_out = Corpus(corpus.windows, corpus.song_index, all_held_out, corpus.songs, dict(DRUMS.converter))
    evaluation = evaluate(
        MusicVAE(DRUMS), held_out, num_samples=8, temperatures=(1.0,), interpolation_pairs=0, hole_grid=0
    )
    assert evaluation.reconstruction.num_windows == 60
    assert evaluation.samples[0].memorized is None
    hits = DrumStream.from_map("reduced").features(random_loops(60)[20:40].astype(int))["hits"]
    assert evaluation.samples[0].features["hits"].data_mean == pytest.approx(hits.mean())


def test_one_song_alone_cannot_be_compared_with():
    one_song = Corpus(random_loops(5), np.zeros(5, np.int32), np.ones(5, np.uint8), ("a",), dict(DRUMS.converter))
    with pytest.raises(TrainingError, match="One song is too few"):
        evaluate(MusicVAE(DRUMS), one_song, num_samples=8)
    evaluation = evaluate(MusicVAE(DRUMS), one_song, num_samples=0, interpolation_pairs=0, hole_grid=0)
    assert (evaluation.samples, evaluation.interpolation, evaluation.holes) == ((), None, None)


def test_training_songs_may_come_from_another_corpus():
    windows = random_loops(7, 9)
    other = Corpus(windows, np.zeros(7, np.int32), np.zeros(7, np.uint8), ("t",), dict(DRUMS.converter))
    data = EvalData.from_corpus(MusicVAE(DRUMS), drum_corpus(), train_corpus=other)
    assert np.array_equal(data.train, other.windows)
    assert data.song_index.tolist() == [1] * 20 + [2] * 20


def test_a_corpus_for_another_representation_is_refused():
    melody = MAGENTA_CONFIGS["cat-mel_2bar_small"].replace(dec_rnn_size=(8,), enc_rnn_size=(8,))
    with pytest.raises(TrainingError, match=r"the corpus was made for \{'name': 'drums'"):
        EvalData.from_corpus(MusicVAE(melody), drum_corpus())


def test_an_evaluation_uses_the_songs_asked_for_and_is_json(tmp_path):
    options = {"num_samples": 8, "temperatures": (0.5, 1.0), "interpolation_pairs": 4, "hole_grid": 4}
    evaluation = evaluate(MusicVAE(DRUMS), drum_corpus(), song_prefix="b/", **options)
    values = json.loads(evaluation.save(tmp_path / "evaluation.json").read_text())
    assert values["reconstruction"]["num_windows"] == 20
    assert [quality["temperature"] for quality in values["samples"]] == [0.5, 1.0]
    assert len(values["interpolation"]["alphas"]) == 11
    assert len(values["holes"]["error"]) == 4


def test_a_corpus_without_held_out_songs_is_refused():
    with pytest.raises(TrainingError, match="has no test windows"):
        evaluate(MusicVAE(DRUMS), drum_corpus(), split="test")


def test_an_unknown_split_is_refused_by_name():
    with pytest.raises(TrainingError, match="'dev'"):
        evaluate(MusicVAE(DRUMS), drum_corpus(), split="dev")
