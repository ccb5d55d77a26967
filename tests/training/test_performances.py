"""A model of several instruments trains on bars of them, whatever its layers, and plays what it was trained on."""

from __future__ import annotations

import dataclasses

import pytest

from latentpalette.data.augment.config import Augmentation
from latentpalette.models import store
from latentpalette.training.config import TrainConfig
from latentpalette.training.metrics_log import read_metrics
from latentpalette.training.recipe import load_recipe
from latentpalette.training.trainer import train
from tests.evaluation.tiny_corpora import PERFORMANCE, make_corpus

ON_CPU = {"precision": "32-true", "accelerator": "cpu", "devices": 1, "progress": False}
SHORT = TrainConfig(
    max_steps=40, batch_size=8, val_every=20, warmup_steps=2, learning_rate=0.02, augmentation=Augmentation.none()
)
OVER_CHORDS = {"name": "performance", "chords": True, "merge_tracks": True}


@pytest.mark.parametrize("layers", [(8,), (8, 8)], ids=["packed", "as frames"])
def test_a_model_learns_bars_of_several_instruments(tmp_path, layers):
    config = PERFORMANCE.replace(name="band", dec_rnn_size=layers)
    result = train(config, make_corpus(config), tmp_path / "run", train_config=SHORT, **ON_CPU)
    losses = read_metrics(tmp_path / "run")["validation/r_loss"].values
    assert losses[-1] < losses[0]
    model = store.load(result.model_dir)
    for bar in model.sample(2, seed=0):
        assert bar.steps == 16


def test_a_model_over_chords_trains_on_the_chords_of_its_corpus(tmp_path):
    config = PERFORMANCE.replace(name="band", control_depth=49, converter=OVER_CHORDS)
    short = dataclasses.replace(SHORT, max_steps=2, val_every=2)
    result = train(config, make_corpus(config), tmp_path / "run", train_config=short, **ON_CPU)
    (bar,) = store.load(result.model_dir).sample(1, controls=["Am"], seed=0)
    assert bar.steps == 16


def test_a_model_starts_from_its_sibling_over_chords(tmp_path):
    over_chords = PERFORMANCE.replace(name="chords", control_depth=49, converter=OVER_CHORDS)
    short = dataclasses.replace(SHORT, max_steps=2, val_every=2)
    sibling = train(over_chords, make_corpus(over_chords), tmp_path / "chords", train_config=short, **ON_CPU)
    config = PERFORMANCE.replace(name="band")
    result = train(
        config, make_corpus(config), tmp_path / "band", train_config=short, init_from=sibling.model_dir, **ON_CPU
    )
    assert store.load(result.model_dir).config.control_depth == 0


@pytest.mark.parametrize("name", ["arrangement-1bar", "arrangement-1bar-chords"])
def test_the_recipe_reads_the_tracks_of_a_program_as_one(name):
    config = load_recipe(name).config
    assert config.converter["merge_tracks"]
    assert bool(config.converter.get("chords")) == bool(config.control_depth) == name.endswith("chords")
