"""What a model makes is compared with real songs: by a classifier, for coverage, and for copies."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.data.corpus import Corpus
from latentpalette.evaluation import real_windows
from latentpalette.evaluation.eval_data import EvalData
from latentpalette.evaluation.expression_features import expression_groups
from latentpalette.evaluation.interpolation_kinds import interpolation_kinds
from latentpalette.evaluation.predict import target_tokens
from latentpalette.evaluation.real_windows import RealWindows
from latentpalette.evaluation.report import evaluate
from latentpalette.evaluation.two_sample import TwoSampleTest
from latentpalette.models.musicvae import MusicVAE
from tests.evaluation.tiny_corpora import DRUMS, GROOVE, make_window
from tests.models.test_flow import random_prior


def patterns(songs: int) -> Corpus:
    """Return a corpus of songs of six variations on four patterns; every third song is held out."""
    rng = np.random.default_rng(0)
    beats = np.array([[1, 0, 4, 0], [1, 4, 5, 4], [3, 0, 0, 4], [16, 4, 3, 8]])
    loops = np.stack([np.tile(beats[rng.integers(4)], 8) for _ in range(songs * 6)])
    loops[:, 16:] ^= rng.integers(0, 2, (len(loops), 16))
    song = np.repeat(np.arange(songs, dtype=np.int32), 6)
    split = (song % 3 == 0).astype(np.uint8)
    return Corpus(loops.astype(np.uint16), song, split, tuple(f"song {n}" for n in range(songs)), dict(DRUMS.converter))


@pytest.fixture(scope="module")
def real() -> RealWindows:
    pytest.importorskip("sklearn")
    data = EvalData.from_corpus(MusicVAE(DRUMS), patterns(60))
    return RealWindows(DRUMS, data, seed=0)


def test_training_songs_are_like_held_out_songs(real):
    songs = real.compare_songs()
    assert abs(songs.auc - 0.5) < 0.2
    assert songs.coverage > 0.8
    assert songs.copies.identical <= songs.copies.near


def test_noise_is_not_like_held_out_songs(real):
    noise = real.compare(np.random.default_rng(0).integers(0, 512, (100, 32, 1)))
    assert noise.auc > 0.95
    assert (noise.coverage, noise.copies.near) == (0.0, 0.0)


def test_training_windows_are_copies_of_themselves_but_reconstructions_are_not_asked(real, monkeypatch):
    monkeypatch.setattr(real_windows, "two_sample_test", lambda *_, **__: TwoSampleTest(0.5, 0.0, (1, 1)))
    tokens = target_tokens(DRUMS, real.source)
    assert real.compare(tokens).copies.identical == 1.0
    assert real.compare(tokens, real.source_song).copies is None


def test_an_evaluation_compares_the_kinds_of_interpolation_that_a_model_has(tmp_path, monkeypatch):
    monkeypatch.setattr(real_windows, "two_sample_test", lambda *_, **__: TwoSampleTest(0.5, 0.0, (1, 1)))
    model = MusicVAE(DRUMS)
    options = {"num_samples": 20, "temperatures": (1.0,), "interpolation_pairs": 0, "hole_grid": 0}
    evaluation = evaluate(model, patterns(30), realism=True, interpolation_curve=True, **options)
    assert list(evaluation.realism) == ["songs", "windows", "reconstructions", "halfway", "samples at T 1"]
    assert [result.kind for result in evaluation.interpolation_kinds] == ["lerp", "slerp"]
    assert evaluation.interpolation_kinds[1].halfway == evaluation.realism["halfway"]
    assert evaluation.save(tmp_path / "evaluation.json").stat().st_size > 100
    assert all(result.change.step <= result.change.largest for result in evaluation.interpolation_kinds)


def test_a_model_with_a_learned_prior_interpolates_at_times_of_its_flow_too():
    model = MusicVAE(DRUMS)
    model.prior = random_prior()
    assert interpolation_kinds(model) == ("lerp", "slerp", 0.0, 0.2, 0.4, 0.6, 0.8)


def test_five_held_out_songs_are_too_few_to_compare_with():
    data = EvalData.from_corpus(MusicVAE(DRUMS), patterns(15))
    assert not RealWindows.has_enough_songs(data)


def test_how_a_groove_is_played_counts():
    pytest.importorskip("sklearn")
    songs = {f"song {n}": [make_window(GROOVE, n)] for n in range(80)}
    corpus = Corpus.from_sequences(songs, GROOVE.converter)
    split = (np.arange(80) // 16 % 2).astype(np.uint8)  # both have every pattern
    corpus = Corpus(corpus.windows, corpus.song_index, split, corpus.songs, corpus.converter)
    data = EvalData.from_corpus(MusicVAE(GROOVE), corpus)
    windows = RealWindows(GROOVE, data, seed=0)
    quantized = target_tokens(GROOVE, windows.source)
    quantized[..., 18:] = 0
    assert windows.compare(quantized).auc > 0.95
    assert windows.compare_songs().auc < 0.7


def test_velocities_and_offsets_count_at_hits_alone_and_in_127ths():
    frames = np.random.default_rng(0).uniform(0, 1, (4, 64, 27))
    frames[..., :9] = frames[..., :9] > 0.8
    elsewhere = frames.copy()
    elsewhere[..., 9:18] = np.where(frames[..., :9] > 0, np.rint(frames[..., 9:18] * 127) / 127, 0.3)
    groups = expression_groups(frames), expression_groups(elsewhere)
    assert all(np.array_equal(groups[0][name], groups[1][name]) for name in groups[0])
    assert all(np.isfinite(values).all() for values in groups[0].values())
