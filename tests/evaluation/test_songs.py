"""Songs are read in order, and their self-similarity is measured as the papers define it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import latentpalette as lp
from latentpalette.errors import ModelError, TrainingError
from latentpalette.evaluation.self_similarity import measure_self_similarity, overlap_of_normals
from latentpalette.evaluation.song_sequences import read_song_sequences
from latentpalette.evaluation.songs import evaluate_songs
from latentpalette.training.song_matching import fit_songs

MEANS, STDS = st.floats(-5, 5), st.floats(0.2, 4)


@given(MEANS, STDS, MEANS, STDS)
def test_the_overlap_is_the_integral_of_the_smaller_density(mean_a, std_a, mean_b, std_b):
    x, width = np.linspace(-40, 40, 80_001, retstep=True)
    a, b = (np.exp(-(((x - m) / s) ** 2) / 2) / s / np.sqrt(2 * np.pi) for m, s in ((mean_a, std_a), (mean_b, std_b)))
    integral = float(np.minimum(a, b).sum() * width)
    assert overlap_of_normals(mean_a, std_a, mean_b, std_b) == pytest.approx(integral, abs=1e-3)


def tune(*pitches: int) -> lp.NoteSequence:
    return lp.NoteSequence([lp.Note(pitch, at * 4, 4) for at, pitch in enumerate(pitches)], 32)


def test_a_song_that_stays_is_more_alike_than_one_that_leaps():
    stays = measure_self_similarity([[tune(60, 62, 64, 65)] * 5])
    leaps = measure_self_similarity(
        [[tune(60, 62, 64, 65), tune(72, 74, 76, 77), tune(40, 41, 43, 45), tune(90, 91, 93, 95)]]
    )
    assert stays.pitch_mean == 1
    assert leaps.pitch_mean < 0.7
    assert leaps.duration_mean == 1


def test_songs_without_two_frames_are_an_error():
    with pytest.raises(TrainingError, match="at least 3 windows"):
        measure_self_similarity([[tune(60), tune(62)]])


@pytest.fixture(scope="module")
def drums():
    return lp.load("drums-2bar")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder of twelve songs: one begins with a silent bar, one has a silence in the middle."""
    folder = tmp_path_factory.mktemp("songs")
    for number, loops in enumerate(list(lp.style_loops().values())[:12]):
        song = [*loops, *loops][:10]
        if number == 1:
            song.insert(0, lp.NoteSequence(steps=16))
        if number == 2:
            song.insert(5, lp.NoteSequence(steps=64))
        lp.concatenate(song).save(folder / f"{number}.mid")
    return folder


@pytest.fixture(scope="module")
def passages(drums, folder):
    return [*read_song_sequences(drums, folder), *read_song_sequences(drums, folder, split="validation")]


def test_windows_follow_each_other_and_repeat_where_the_song_does(drums, passages):
    for passage in passages:
        assert all(
            later.bar - window.bar == 2 for window, later in zip(passage.windows, passage.windows[1:], strict=False)
        )
        assert np.allclose(passage.z, drums.encode(list(passage.windows)), atol=1e-5)
    assert len(passages) > 12, "a song has a passage that begins at its second bar"
    broken = [passage for passage in passages if passage.song.endswith("/2.mid")]
    assert {len(passage.z) for passage in broken} <= {4, 5}


def test_a_file_that_cannot_be_read_is_left_out(drums, tmp_path):
    (tmp_path / "no.mid").write_bytes(b"MThd")
    assert read_song_sequences(drums, tmp_path) == []


def test_each_kind_of_song_is_compared_with_real_ones(drums, passages):
    composer = lp.load("drums-2bar")
    composer.songs = fit_songs([passage.z for passage in passages], max_steps=5, batch_size=4, width=8, blocks=1)
    results = evaluate_songs(composer, passages, n=4, num_songs=12)
    assert list(results) == ["real", "reconstructed", "composed", "filled", "interpolated", "independent"]
    assert set(results["real"].scores.values()) == {1.0}
    assert all(0 <= score <= 1 for quality in results.values() for score in quality.scores.values())
    composer.songs = None
    with pytest.raises(ModelError, match="no learned prior over songs"):
        evaluate_songs(composer, passages)


def test_a_comparison_needs_ten_passages(drums, passages):
    drums.songs = drums.songs or fit_songs([p.z for p in passages], max_steps=1, batch_size=2, width=8, blocks=1)
    with pytest.raises(TrainingError, match="at least 10 passages"):
        evaluate_songs(drums, passages[:3])
