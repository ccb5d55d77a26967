"""Coverage is high for windows of the same kind, and low for those of a part of it."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.errors import TrainingError
from latentpalette.evaluation.coverage import measure_coverage, scale_groups


def points(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 3))


def test_as_many_points_of_the_same_kind_cover_nearly_all():
    assert measure_coverage(points(500, 0), np.arange(500), points(500, 1)) > 0.93


def test_points_of_one_half_cover_little_of_the_other():
    one_half = np.abs(points(500, 1)) * [1, 3, 3] + [1, 0, 0]
    assert measure_coverage(points(500, 0), np.arange(500), one_half) < 0.4


def test_one_point_many_times_covers_no_more_than_once():
    real, song = points(200, 0), np.arange(200)
    once = measure_coverage(real, song, real[:1])
    assert measure_coverage(real, song, np.repeat(real[:1], 200, 0)) == once < 0.1


def test_repeats_within_a_song_do_not_make_neighborhoods_smaller():
    repeated = np.repeat(points(100, 0), 10, 0) + 1e-6 * points(1000, 2)
    by_song = measure_coverage(repeated, np.repeat(np.arange(100), 10), points(100, 1))
    assert by_song > 0.4 > 0.05 > measure_coverage(repeated, np.arange(1000), points(100, 1))


def test_coverage_takes_several_songs():
    with pytest.raises(TrainingError, match="several songs"):
        measure_coverage(points(20, 0), np.zeros(20), points(20, 1))


def test_each_group_of_features_weighs_the_same_whatever_its_width_and_unit():
    rng = np.random.default_rng(0)
    groups = {
        "roll": rng.normal(size=(500, 50)),
        "range": 1000 * rng.normal(size=(500, 1)),
        "constant": np.ones((500, 2)),
    }
    scaled = scale_groups(groups, groups)
    assert scaled.shape == (500, 51)
    assert scaled[:, :50].var(0).sum() == pytest.approx(1, rel=1e-4)
    assert scaled[:, 50].var() == pytest.approx(1, rel=1e-4)
