"""What lies between two loops, on models whose ways are known."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.errors import TrainingError
from latentpalette.evaluation.interpolation import interpolation
from latentpalette.evaluation.ngrams import NGrams
from latentpalette.models.config import CONFIGS
from latentpalette.models.musicvae import MusicVAE
from tests.models.tiny_models import model_of

DRUMS = CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))


def loops(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 4, (n, 32)).astype(np.uint16)


def curves(model=None, rows=None, **options):
    rows = loops(20) if rows is None else rows
    return interpolation(model or model_of(DRUMS), rows, [NGrams(loops(50, 1))], pairs=8, **options)


def test_cross_fading_begins_with_one_end_and_ends_with_the_other():
    found = curves(steps=5)
    assert found.places == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert found.mixed_distance[0] == 0.0
    assert found.mixed_distance[-1] == pytest.approx(3 / 4, abs=0.08)  # four labels, drawn at random
    assert list(found.mixed_distance) == sorted(found.mixed_distance)
    assert found.mixed_cost[0] == found.mixed_cost[-1] == pytest.approx(1.0)


def test_cross_fading_two_grooves_costs_more_than_either():
    march, waltz = np.tile([1, 0, 2, 0], 8), np.tile([3, 3, 0, 1], 8)
    found = interpolation(
        model_of(DRUMS), np.array([march, waltz], np.uint16), [NGrams(np.array([march, waltz] * 20))], pairs=6, steps=3
    )
    assert found.mixed_cost[1] > 3


def test_the_models_way_begins_where_its_own_version_of_the_first_end_is():
    model, rows = model_of(DRUMS), loops(2)
    found = interpolation(model, rows, [NGrams(loops(50, 1))], pairs=4, steps=2, temperature=None)
    told = [model.converter.from_masks(row) for row in rows]
    own = model.decode_classes(model.encode(told))
    lost = (own != rows).mean(1)
    # Both windows are drawn as a first end or as a second; the mean loss lies between theirs.
    assert lost.min() <= found.distance[0] <= lost.max()


def test_the_same_seed_walks_the_same_ways():
    assert curves(seed=1) == curves(seed=1) != curves(seed=2)


def test_one_window_is_no_pair():
    with pytest.raises(TrainingError, match="takes two; there are 1"):
        curves(rows=loops(1))


def test_a_model_with_controls_is_refused():
    steered = MusicVAE(CONFIGS["cat-mel_2bar_med_chords"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8,)))
    with pytest.raises(TrainingError, match="takes controls"):
        interpolation(steered, np.zeros((2, 32)), [], pairs=1)
