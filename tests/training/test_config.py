"""A training configuration can be changed by text, and fields of earlier versions are still read."""

from __future__ import annotations

import dataclasses
import json

import pytest
from lightning.pytorch import Callback

from latentpalette.data.augment.config import Augmentation
from latentpalette.errors import TrainingError
from latentpalette.models.config import ModelConfig
from latentpalette.old_names import FIELDS
from latentpalette.training.config import TrainConfig, apply_overrides
from latentpalette.training.recipe import load_recipe
from latentpalette.training.trainer import train
from tests.training.test_trainer import ON_CPU, SHORT, TINY, PowerCut, PowerCutError, assert_same_weights, tiny_corpus

# The recipe melody-2bar, as it was written before its fields were renamed.
OLD_RECIPE = """{
 "like": "cat-mel_2bar_small",
 "config": {
  "name": "melody-2bar", "z_size": 128, "enc_rnn_size": [384], "dec_rnn_size": [256, 256], "free_bits": 84.0,
  "max_beta": 1.0, "sampling_schedule": "constant", "sampling_rate": 0.0, "rehearsals": 2, "takes": 16, "beta_rate": 0.0
 },
 "settings": {
  "steps": 1800, "batch": 256, "optimiser": "muon", "muon_rate": 15.0, "schedule": "trapezoid",
  "learning_rate": 0.002, "end_rate": 2e-05, "fall": 0.8, "warmup": 100, "word_dropout": 0.3, "first_mu": 0.05,
  "first_sigma": 0.3, "average": 0.999, "recombination": {"untouched": 0.4, "thin": 0.25}, "validate_every": 450,
  "judged": 600, "prior_match": 0.3, "seed": 5
 }
}"""


def test_fields_are_changed_by_text():
    overrides = ["batch_size=7", "augmentation.p_mix_drums=0.25", "free_bits=48", "name=mine"]
    config, train_config = apply_overrides(TINY, TrainConfig(), overrides)
    assert (train_config.batch_size, train_config.augmentation.p_mix_drums) == (7, 0.25)
    assert (config.free_bits, config.name) == (48.0, "mine")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("batch_size", "name=value"),
        ("batch_sise=1", "'batch_sise'.*Did you mean 'batch_size'"),
        ("batch_size=many", "batch_size is int, now 256"),
        ("batch_size=1.5", "batch_size is a whole number from 1"),
        ("learning_rate=NaN", "learning_rate is a number from 0"),
        ("max_steps=true", "max_steps is a whole number"),
        ("augmentation.p_thin=NaN", "augmentation.p_thin is a number from 0 to 1; got nan"),
        ("augmentation.max_semitones=2.5", "max_semitones is a whole number"),
        ("augmentation=3", "augmentation is a Augmentation"),
        ("clip_mode=nosuch", "clip_mode is 'global-norm' or 'value'"),
        ("augmentation.p_kep=1", "'p_kep'.*Did you mean 'p_keep'"),
    ],
)
def test_overrides_that_make_no_sense_are_refused_by_name(text, message):
    with pytest.raises(TrainingError, match=message):
        apply_overrides(TINY, TrainConfig(), [text])


def test_a_whole_number_may_be_written_with_an_exponent():
    assert apply_overrides(TINY, TrainConfig(), ["max_steps=1e3"])[1].max_steps == 1000


def test_old_names_in_overrides_are_understood():
    old = [
        "steps=9",
        "optimiser=muon",
        "recombination.lanes=0.25",
        "recombination.near=0.5",
        "rehearsals=2",
        "keep=0.25",
    ]
    new = [
        "max_steps=9",
        "optimizer=muon",
        "augmentation.p_mix_drums=0.25",
        "augmentation.p_same_song=0.5",
        "gibbs_steps=2",
        "dropout=0.75",
    ]
    assert apply_overrides(TINY, TrainConfig(), old) == apply_overrides(TINY, TrainConfig(), new)


@pytest.mark.parametrize(("owner", "config"), [("TrainConfig", TrainConfig), ("Augmentation", Augmentation)])
def test_every_old_name_is_of_a_field_that_exists(owner, config):
    names = {field.name for field in dataclasses.fields(config)}
    assert set(FIELDS[owner].values()) <= names
    assert not set(FIELDS[owner]) & names


def test_no_old_name_but_steps_hides_a_field_of_the_model():
    assert set(FIELDS["TrainConfig"]) & {field.name for field in dataclasses.fields(ModelConfig)} == {"steps"}


def test_an_old_recipe_is_the_recipe_it_was(tmp_path):
    (tmp_path / "old.json").write_text(OLD_RECIPE)
    recipe = load_recipe("melody-2bar")
    config = recipe.config.replace(gibbs_steps=2)  # today's needs none: a learned prior came in their place
    assert load_recipe(tmp_path / "old.json") == dataclasses.replace(recipe, config=config)


def with_old_names(owner: str, values: dict) -> dict:
    """The mapping as an earlier version wrote it."""
    old_names = {new: old for old, new in FIELDS[owner].items() if isinstance(new, str)}
    return {old_names.get(name, name): value for name, value in values.items()}


def test_an_old_run_is_a_recipe(tmp_path):
    settings = with_old_names("TrainConfig", SHORT.to_dict())
    settings["recombination"] = with_old_names("Augmentation", settings["recombination"])
    assert not set(settings) & set(FIELDS["TrainConfig"].values())
    (tmp_path / "run.json").write_text(json.dumps({"config": TINY.to_dict(), "settings": settings, "corpus": "any"}))
    recipe = load_recipe(tmp_path / "run.json")
    assert (recipe.config, recipe.train_config) == (TINY, SHORT)


class EarlierVersion(Callback):
    """Saves checkpoints as an earlier version did."""

    def on_save_checkpoint(self, trainer, pl_module, checkpoint):
        checkpoint["callbacks"] = with_old_names("Checkpoint callbacks", checkpoint["callbacks"])
        assert "KeepBest" in checkpoint["callbacks"]
        (state,) = checkpoint["optimizer_states"]
        checkpoint["optimizer_states"] = [with_old_names("CombinedOptimizer", state)]
        assert "parts" in checkpoint["optimizer_states"][0]
        checkpoint["state_dict"] = {
            f"average.{name.removeprefix('ema.')}" if name.startswith("ema.") else name: value
            for name, value in checkpoint["state_dict"].items()
        }


def test_an_old_run_is_resumed_from_its_checkpoint(tmp_path):
    train_config = dataclasses.replace(SHORT, optimizer="muon")
    whole = train(TINY, tiny_corpus(), tmp_path / "whole", train_config=train_config, **ON_CPU)
    old = tmp_path / "old"
    with pytest.raises(PowerCutError):
        train(TINY, tiny_corpus(), old, train_config=train_config, callbacks=[EarlierVersion(), PowerCut(6)], **ON_CPU)
    run = json.loads((old / "run.json").read_text())
    run["train_config"]["augmentation"] = with_old_names("Augmentation", run["train_config"]["augmentation"])
    run["train_config"] = with_old_names("TrainConfig", run["train_config"])
    (old / "run.json").write_text(json.dumps(with_old_names("Recipe", run)))
    resumed = train(TINY, tiny_corpus(), old, train_config=train_config, resume=True, **ON_CPU)
    assert (resumed.best_step, resumed.accuracy) == (whole.best_step, whole.accuracy)
    assert_same_weights(resumed.model_dir, whole.model_dir)
