"""Recipes: a model's configuration and how to train it, by name or from a JSON file."""

from __future__ import annotations

import dataclasses
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentpalette.data.augment.config import Augmentation
from latentpalette.errors import TrainingError, suggest
from latentpalette.files import expand_path, is_file
from latentpalette.models.conditions import MAX_CONDITIONS
from latentpalette.models.config import MAX_NAME_LENGTH, ModelConfig
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.old_names import rename_fields, rename_value
from latentpalette.training.config import TrainConfig
from latentpalette.validation import check_list, check_text, short_repr

_DEFAULT_BATCH_SIZE = next(field.default for field in dataclasses.fields(ModelConfig) if field.name == "batch_size")
RECIPES_DIR = Path(__file__).parent / "recipes"


@dataclass(frozen=True)
class Recipe:
    """A model to train, and how to train it.

    Parameters
    ----------
    config : ModelConfig
    train_config : TrainConfig
    conditions : tuple of str
        Features of the music that are the last numbers of z, described by the training songs; see
        `latentpalette.training.trainer.train`.
    """

    config: ModelConfig
    train_config: TrainConfig
    conditions: tuple[str, ...] = ()


def load_recipe(name: str | os.PathLike[str]) -> Recipe:
    """Load a recipe by name, or from a JSON file.

    Parameters
    ----------
    name : str or path
        A recipe of the package (``"drums-2bar"``: how the model of that name was trained), one of Magenta's
        configurations (``"cat-drums_2bar_small"``: trained as by Magenta), or a JSON file with any of ``"like"`` (a
        configuration to start from), ``"config"`` and ``"train_config"`` (fields that differ), and ``"conditions"``
        (names of features). The ``run.json`` of a run is such a file.

    Returns
    -------
    Recipe

    Raises
    ------
    TrainingError
        If there is no such recipe, the file is not a recipe, or a setting in it has no effect.

    Examples
    --------
    >>> recipe = load_recipe("drums-2bar")
    >>> recipe.config.name, recipe.config.steps
    ('drums-2bar', 32)
    """
    path, text = expand_path(name), rename_value("recipe", os.fspath(name))
    shipped = RECIPES_DIR / f"{text}.json"
    if text in MAGENTA_CONFIGS:
        return Recipe(MAGENTA_CONFIGS[text], _magenta_train_config(MAGENTA_CONFIGS[text]))
    path = shipped if "/" not in text and is_file(shipped) else path
    if not is_file(path):
        names = [*sorted(path.stem for path in RECIPES_DIR.glob("*.json")), *MAGENTA_CONFIGS]
        raise TrainingError(
            f"No recipe is called {short_repr(text)}, and there is no such file.{suggest(text, names)} "
            f"There are: {names}."
        )
    return _read(path)


def _magenta_train_config(config: ModelConfig) -> TrainConfig:
    """Return Magenta's training: no augmentation, an exponential learning rate, no moving average of the weights."""
    return TrainConfig(
        max_steps=200_000,
        batch_size=config.batch_size,
        lr_schedule="exponential",
        word_dropout=0.0,
        augmentation=Augmentation.none(),
        ema_decay=0.0,
    )


def _read(path: Path) -> Recipe:
    try:
        content: Any = rename_fields("Recipe", json.loads(path.read_text()))
        train_config = TrainConfig.from_dict(content.get("train_config", {}))
        like, changes = content.get("like"), content.get("config", {})
        is_run = "corpus" in content  # whose configuration has every field
        harmless = (train_config.batch_size, _DEFAULT_BATCH_SIZE)  # one with every field has the default
        if not is_run and changes.get("batch_size", _DEFAULT_BATCH_SIZE) not in harmless:
            raise TrainingError(
                f"{path}: config.batch_size={short_repr(changes['batch_size'])} has no effect; the windows of an "
                "update are train_config.batch_size. Move it there."
            )
        if like is not None and like not in MAGENTA_CONFIGS:
            choices = ", ".join(MAGENTA_CONFIGS)
            raise TrainingError(f"{path}: like {like!r}, which is not a configuration; there are {choices}.")
        config = MAGENTA_CONFIGS[like].replace(**changes) if like else ModelConfig.from_dict(changes)
    except (ValueError, TypeError, AttributeError) as problem:
        raise TrainingError(f"{path}: not a recipe ({problem}).") from problem
    names = check_list(
        content.get("conditions", []), f"{path}: conditions", 0, MAX_CONDITIONS, of="names", error=TrainingError
    )
    for name in names:
        check_text(name, f"{path}: each of conditions", MAX_NAME_LENGTH, error=TrainingError)
    return Recipe(config, train_config, tuple(names))
