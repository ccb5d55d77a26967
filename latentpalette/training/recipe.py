"""Recipes: a model's configuration and how to train it, by name or from a JSON file."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentpalette.data.augment.drums import Recombination
from latentpalette.errors import TrainingError, suggest
from latentpalette.models.config import CONFIGS, ModelConfig
from latentpalette.training.config import Settings

SHIPPED = Path(__file__).parent / "recipes"


@dataclass(frozen=True)
class Recipe:
    """What to train, and how.

    Parameters
    ----------
    config : ModelConfig
    settings : Settings
    """

    config: ModelConfig
    settings: Settings


def recipe(name: str | os.PathLike[str]) -> Recipe:
    """Find a recipe.

    Parameters
    ----------
    name : str or path
        A recipe that comes with the package (``"drums-2bar"``: how the model of that name was trained), one of
        Magenta's configurations (``"cat-drums_2bar_small"``: trained as Magenta does), or a JSON file with any of
        ``"like"`` (a configuration to start from), ``"config"`` and ``"settings"`` (fields that differ). The
        ``run.json`` of a run is such a file.

    Raises
    ------
    TrainingError
        If there is none, or the file is no recipe.

    Examples
    --------
    >>> found = recipe("drums-2bar")
    >>> found.config.name, found.config.steps
    ('drums-2bar', 32)
    """
    text = os.fspath(name)
    shipped = SHIPPED / f"{text}.json"
    if text in CONFIGS:
        return Recipe(CONFIGS[text], _as_magenta(CONFIGS[text]))
    path = shipped if "/" not in text and shipped.is_file() else Path(text)
    if not path.is_file():
        names = [*sorted(each.stem for each in SHIPPED.glob("*.json")), *CONFIGS]
        raise TrainingError(
            f"No recipe is called {text!r}, and there is no such file.{suggest(text, names)} There are: {names}."
        )
    return _read(path)


def _as_magenta(config: ModelConfig) -> Settings:
    """Batches as they are, an exponential rate, and the weights themselves rather than their average."""
    return Settings(
        steps=200_000,
        batch=config.batch_size,
        schedule="exponential",
        word_dropout=0.0,
        recombination=Recombination.none(),
        average=0.0,
    )


def _read(path: Path) -> Recipe:
    try:
        content: Any = json.loads(path.read_text())
        settings = Settings.from_dict(content.get("settings", {}))
        like, changes = content.get("like"), content.get("config", {})
        if like is not None and like not in CONFIGS:
            raise TrainingError(f"{path}: like {like!r}, which is no configuration; there are {', '.join(CONFIGS)}.")
        config = CONFIGS[like].replace(**changes) if like else ModelConfig.from_dict(changes)
    except (ValueError, TypeError, AttributeError) as problem:
        raise TrainingError(f"{path}: no recipe ({problem}).") from problem
    return Recipe(config, settings)
