"""A model is trained with conditions: described by the training songs, measured of augmented windows, or given."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
import torch

from latentpalette.data.augment.config import Augmentation
from latentpalette.data.batches.registry import make_batches
from latentpalette.errors import TrainingError
from latentpalette.models import store
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.training.asked_loss import asked_loss, encoder_frames
from latentpalette.training.condition_values import ConditionValues, add_conditions
from latentpalette.training.losses import ShardedRNG, elbo_loss
from latentpalette.training.recipe import load_recipe
from latentpalette.training.trainer import train
from tests.training.test_trainer import ON_CPU, SHORT, TINY, tiny_corpus


def test_a_condition_is_described_by_the_training_songs(tmp_path):
    run = train(TINY, tiny_corpus(), tmp_path, train_config=SHORT, conditions=["density"], **ON_CPU)
    (density,) = store.load(run.model_dir).config.conditions
    assert density.name == "density"
    assert 0 < density.low <= density.mean <= density.high <= 1


def test_given_values_are_those_of_the_training_windows(tmp_path):
    corpus = tiny_corpus()
    years = np.arange(2000.0, 2016.0)
    run = train(TINY, corpus, tmp_path, train_config=SHORT, conditions=["year"], values={"year": years}, **ON_CPU)
    (year,) = store.load(run.model_dir).config.conditions
    assert year.mean == pytest.approx(years[corpus.split_index == 0].mean())


def test_a_run_with_conditions_is_resumed_exactly(tmp_path):
    corpus = tiny_corpus()
    half = dataclasses.replace(SHORT, max_steps=12)
    first = train(TINY, corpus, tmp_path, train_config=half, conditions=["density"], **ON_CPU)
    again = train(TINY, corpus, tmp_path, train_config=half, conditions=["density"], resume=True, **ON_CPU)
    assert again.global_step == first.global_step
    run = json.loads((tmp_path / "run.json").read_text())
    assert run["config"]["conditions"][0]["name"] == "density"
    assert load_recipe(tmp_path / "run.json").config.conditions[0].name == "density"


@pytest.mark.parametrize(
    ("conditions", "values", "message"),
    [
        (["densety"], {}, "no values of 'densety'.*Did you mean 'density'"),
        (["key"], {}, "no values of 'key'"),
        (["year"], {"year": np.zeros(3)}, "a number for each of the 16 windows"),
        (["year"], {"year": ["a"] * 16}, "a number for each of the 16 windows"),
        (["year"], {"year": np.ones(16)}, "the same value in all windows"),
        (["year"], {"year": np.full(16, np.nan)}, "the same value in all windows"),
        (["density"], {"year": np.ones(16)}, "'year' have no effect"),
    ],
)
def test_conditions_without_sensible_values_are_refused(tmp_path, conditions, values, message):
    with pytest.raises(TrainingError, match=message):
        train(TINY, tiny_corpus(), tmp_path, train_config=SHORT, conditions=conditions, values=values, **ON_CPU)


def test_a_measure_is_that_of_the_window_after_augmentation():
    windows = np.tile(np.array([1, 0] * 16, np.uint16), (4, 1))
    windows[1:, 16:] = 0
    config = add_conditions(TINY, ["density"], windows, {})
    batches = make_batches(windows, TINY.converter)
    thinning = dataclasses.replace(Augmentation.none(), p_keep=0.0, p_thin=1.0, note_dropout=0.5)
    batch = batches.sample(64, thinning, generator=torch.Generator().manual_seed(0))
    (density,) = config.conditions
    measured = ConditionValues(config, {}).of(batch)[:, 0] * density.std + density.mean
    hits = (batch.inputs[..., :-1].sum(-1) > 0).float().mean(1)
    np.testing.assert_allclose(measured, hits.clamp(density.low, density.high), atol=1e-5)


def test_a_given_value_is_that_of_the_window_that_was_chosen():
    windows = np.array([[1, 0] * 16, [0, 1] * 16, [2, 0] * 16], np.uint16)
    years = {"year": np.array([1.0, 2.0, np.nan])}
    config = add_conditions(TINY, ["year"], windows, years)
    batch = make_batches(windows, TINY.converter).sample(
        32, Augmentation.none(), generator=torch.Generator().manual_seed(0)
    )
    (year,) = config.conditions
    values = ConditionValues(config, years).of(batch)[:, 0].numpy() * year.std + year.mean
    np.testing.assert_allclose(values, years["year"][batch.chosen.numpy()])


def test_a_further_measure_reads_the_labels(tmp_path):
    def kicks(labels):
        return (labels[..., 0] & 1).sum(1).astype(float)

    run = train(
        TINY, tiny_corpus(), tmp_path, train_config=SHORT, conditions=["kicks"], measures={"kicks": kicks}, **ON_CPU
    )
    (condition,) = store.load(run.model_dir).config.conditions
    assert 2 <= condition.low <= condition.mean <= condition.high


def test_what_is_asked_for_teaches_the_decoder_and_not_the_encoder():
    windows = np.array([[1, 0] * 16, [1, 1] * 16], np.uint16)
    model = store.MusicVAE(add_conditions(TINY, ["density"], windows, {}))
    asked_loss(model, torch.zeros(8, TINY.z_size), torch.full((8, 1), 1.5), std=0.3).backward()
    taught = {name.split(".")[0] for name, weight in model.named_parameters() if weight.grad is not None}
    assert taught == {"decoder"}
    assert all(weight.requires_grad for weight in model.parameters())


def test_grooves_cannot_be_trained_on_what_is_asked_for():
    with pytest.raises(TrainingError, match="asked_weight"):
        encoder_frames(MAGENTA_CONFIGS["groovae_2bar_humanize"])


def test_the_encoder_learns_to_measure_and_what_is_unknown_teaches_it_nothing():
    windows = np.array([[1, 0] * 16, [1, 1] * 16], np.uint16)
    model = store.MusicVAE(add_conditions(TINY, ["density"], windows, {}))
    batch = make_batches(windows, TINY.converter).sample(
        8, Augmentation.none(), generator=torch.Generator().manual_seed(0)
    )

    def gradient(values):
        model.zero_grad()
        terms = elbo_loss(model, batch, rng=ShardedRNG(torch.Generator().manual_seed(0)), conditions=values)
        terms.total.backward()
        return terms, model.mu.weight.grad[-1]

    known, taught = gradient(torch.ones(8, 1))
    unknown, not_taught = gradient(torch.full((8, 1), torch.nan))
    assert known.estimate > 0
    assert taught.abs().sum() > 0
    assert unknown.estimate == 0
    assert not_taught.abs().sum() == 0
    assert all(torch.isfinite(weight.grad).all() for weight in model.parameters())
