"""Settings that have an effect with certain values of another setting only."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from latentpalette.errors import LatentPaletteError
from latentpalette.validation import short_repr


@dataclass(frozen=True)
class Needs:
    """The condition under which a setting has an effect.

    Parameters
    ----------
    is_met : function
        Takes the settings by name.
    words : str
        The condition, for a message: ``'lr_schedule="exponential"'``.
    """

    is_met: Callable[[Mapping[str, Any]], bool]
    words: str


def needs_choice(name: str, *choices: Any) -> Needs:
    """Return the condition that a setting has one of some values."""
    words = " or ".join(f"{name}={short_repr(choice)}" for choice in choices)
    return Needs(lambda values: values[name] in choices, words)


def needs_one_of(*names: str) -> Needs:
    """Return the condition that one of some numbers is above 0."""

    def is_met(values: Mapping[str, Any]) -> bool:
        return any(isinstance(values[name], (int, float)) and values[name] > 0 for name in names)

    return Needs(is_met, f"{' or '.join(names)} above 0")


def list_without_effect(config: Any, needs: Mapping[str, Needs]) -> list[str]:
    """List the settings of a dataclass that differ from their default, are not 0, and have no effect."""
    values = {field.name: getattr(config, field.name) for field in dataclasses.fields(config)}
    defaults = {field.name: field.default for field in dataclasses.fields(config)}
    return [
        name
        for name, condition in needs.items()
        if values[name] not in (defaults[name], 0) and not condition.is_met(values)
    ]


def check_effects(config: Any, needs: Mapping[str, Needs], *, prefix: str, error: type[LatentPaletteError]) -> None:
    """Raise if a setting of a dataclass was changed from its default and has no effect.

    Parameters
    ----------
    config : dataclass
    needs : mapping of name to Needs
    prefix : str
        What the message puts before the name.
    error : class
        The exception that is raised.
    """
    for name in list_without_effect(config, needs):
        raise error(
            f"{prefix}{name}={short_repr(getattr(config, name))} has no effect here: it needs {needs[name].words}. "
            f"Set that, or leave {name} out."
        )


def reset_without_effect(
    values: Mapping[str, Any], owner: type[Any], needs: Mapping[str, Needs], *, given: Collection[str] = ()
) -> dict[str, Any]:
    """Return settings of which those without effect, and not given by the user, have their default."""
    defaults: dict[str, Any] = {field.name: field.default for field in dataclasses.fields(owner)}
    complete = defaults | dict(values)
    idle: Iterable[str] = [name for name in needs if name not in given and not needs[name].is_met(complete)]
    return dict(values) | {name: defaults[name] for name in idle if name in values and values[name] != 0}
