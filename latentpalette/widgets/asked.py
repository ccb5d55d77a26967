"""Conditions that samples of an instrument meet, of a model whose learned prior takes some: a style, a density."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from latentpalette.errors import ModelError
from latentpalette.models.conditions import MAX_CONDITIONS, Condition, NumberCondition, check_asked
from latentpalette.validation import check_number, check_text, short_repr
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.model_clips import display_name

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

MAX_LENGTH = 100  # of a name
_LIMIT = 1e6
_LEVELS = {"low": -1.2, "medium": 0.0, "high": 1.2}  # in standard deviations of the training songs from their mean

Asked = dict[str, str | float]


def check_conditions(value: Any) -> Asked:
    """Return what samples are asked for, by the name of the condition; None is not asked for.

    Examples
    --------
    >>> check_conditions({"style": "funk", "density": None})
    {'style': 'funk'}
    """
    if not isinstance(value, dict) or len(value) > MAX_CONDITIONS:
        raise SettingError(
            f'conditions are values by their names, {{"style": "funk", "density": 0.4}}; got {short_repr(value)}.'
        )
    asked: Asked = {}
    for name, given in value.items():
        label = check_text(name, "The name of a condition", MAX_LENGTH, error=SettingError)
        if isinstance(given, str):
            asked[label] = check_text(given, f"The value of {label}", MAX_LENGTH, error=SettingError)
        elif given is not None:
            asked[label] = check_number(given, f"The value of {label}", -_LIMIT, _LIMIT, error=SettingError)
    return asked


def require_conditions(asked: Asked, model: MusicVAE) -> None:
    """Raise an error for a condition that the model does not take, or a value that it does not have."""
    if not asked:
        return
    try:
        check_asked(tuple(model.conditions.values()), asked, display_name(model))
    except ModelError as error:
        raise SettingError(str(error)) from error


def offer_conditions(model: MusicVAE) -> list[dict[str, Any]]:
    """Return what there is to choose in the browser: for each condition its name, and values with their texts.

    Of a number these are a low one, that of the average song, and a high one.
    """
    return [{"name": name, "choices": _choices(condition)} for name, condition in model.conditions.items()]


def _choices(condition: Condition) -> list[list[Any]]:
    if not isinstance(condition, NumberCondition):
        return [[value, value] for value in condition.values]
    levels = {text: float(f"{condition.mean + spread * condition.std:.3g}") for text, spread in _LEVELS.items()}
    return [[min(max(level, condition.low), condition.high), text] for text, level in levels.items()]
