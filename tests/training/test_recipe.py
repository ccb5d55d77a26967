from __future__ import annotations

import json

import pytest

from latentpalette.data.augment.config import Augmentation
from latentpalette.errors import TrainingError
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.training.config import TrainConfig
from latentpalette.training.recipe import load_recipe


def test_the_json_of_a_run_is_a_recipe_for_the_same_run(tmp_path):
    shipped = load_recipe("drums-2bar")
    run = {"config": shipped.config.to_dict(), "train_config": shipped.train_config.to_dict(), "corpus": "any"}
    (tmp_path / "run.json").write_text(json.dumps(run))
    assert load_recipe(tmp_path / "run.json") == shipped


def test_magenta_configurations_are_trained_as_magenta_does():
    recipe = load_recipe("cat-drums_2bar_small")
    assert recipe.config == MAGENTA_CONFIGS["cat-drums_2bar_small"]
    assert recipe.train_config.augmentation == Augmentation.none()
    assert recipe.train_config.learning_rate_at(6931) == pytest.approx(0.505e-3, rel=1e-3)
    assert (recipe.train_config.batch_size, recipe.train_config.ema_decay) == (512, 0.0)


def test_a_recipe_may_hold_only_what_differs(tmp_path):
    (tmp_path / "mine.json").write_text('{"like": "cat-drums_2bar_small", "config": {"z_size": 8}}')
    recipe = load_recipe(tmp_path / "mine.json")
    assert (recipe.config.z_size, recipe.config.steps, recipe.train_config) == (8, 32, TrainConfig())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "not a recipe"),
        ("{", "not a recipe"),
        ('{"like": "cat"}', "like 'cat'"),
        ('{"like": "cat-drums_2bar_small", "config": {"zsize": 8}}', "Did you mean 'z_size'"),
        ('{"like": "cat-drums_2bar_small", "train_config": {"batsh_size": 8}}', "Did you mean 'batch_size'"),
        ('{"config": {"name": "bare"}}', "lacks steps"),
    ],
)
def test_a_file_that_is_not_a_recipe_is_refused_with_the_reason(tmp_path, text, message):
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(TrainingError, match=message):
        load_recipe(tmp_path / "bad.json")


def test_a_misspelt_recipe_is_answered_with_the_nearest():
    with pytest.raises(TrainingError, match="Did you mean 'drums-2bar'"):
        load_recipe("drums-2-bar")
