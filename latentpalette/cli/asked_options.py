"""Options for what is asked of a model, such as a style or a density: the same for every command."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer

from latentpalette.errors import ModelError
from latentpalette.validation import short_repr

Result = TypeVar("Result")

StyleOption = Annotated[
    str | None, typer.Option(help="Ask for a style, of a model that knows some: funk.", show_default=False)
]
KeyOption = Annotated[
    str | None, typer.Option(help="Ask for a key; A minor counts as C: C, Eb, F#.", show_default=False)
]
DensityOption = Annotated[
    float | None,
    typer.Option(help="Ask for a density: the share of the steps at which something begins.", show_default=False),
]
SyncopationOption = Annotated[
    float | None, typer.Option(help="Ask for a share of syncopated notes, or of kicks and snares.", show_default=False)
]
TomsOption = Annotated[float | None, typer.Option(help="Ask for a share of the steps with a tom.", show_default=False)]
VariationOption = Annotated[
    float | None,
    typer.Option(help="Ask for a share of the steps at which the last bar differs from the first.", show_default=False),
]
PitchOption = Annotated[float | None, typer.Option(help="Ask for a mean pitch, as a MIDI number.", show_default=False)]
RangeOption = Annotated[
    float | None,
    typer.Option("--range", help="Ask for semitones from the lowest note to the highest.", show_default=False),
]
IntervalOption = Annotated[
    float | None, typer.Option(help="Ask for a mean interval from note to note, in semitones.", show_default=False)
]
AskOption = Annotated[
    list[str] | None,
    typer.Option(
        "--ask",
        help="Ask for any other condition that the model takes: danceability=4; repeatable.",
        show_default=False,
    ),
]


def _asked(
    style: StyleOption = None,
    key: KeyOption = None,
    density: DensityOption = None,
    syncopation: SyncopationOption = None,
    toms: TomsOption = None,
    variation: VariationOption = None,
    pitch: PitchOption = None,
    pitch_range: RangeOption = None,
    interval: IntervalOption = None,
    ask: AskOption = None,
) -> dict[str, Any]:
    """Return what is asked for, by the names that models give it."""
    named: dict[str, Any] = {
        "style": style,
        "key": key,
        "density": density,
        "syncopation": syncopation,
        "toms": toms,
        "variation": variation,
        "pitch": pitch,
        "range": pitch_range,
        "interval": interval,
    }
    asked = {name: value for name, value in named.items() if value is not None}
    for text in ask or []:
        name, value = _parse_asked(text)
        if name in asked:
            raise ModelError(f"{name} is asked for twice. Ask for it once.")
        asked[name] = value
    return asked


_OPTIONS = inspect.signature(_asked, eval_str=True).parameters


def takes_asked(command: Callable[..., Result]) -> Callable[..., Result]:
    """Give a command the options of all that a model can be asked for, where its argument ``asked`` stands.

    Parameters
    ----------
    command : callable
        With an argument ``asked``: a dict of the names of conditions to values, of those that are asked for.

    Examples
    --------
    >>> @takes_asked
    ... def command(n: int = 1, asked: dict = None) -> dict:
    ...     return asked
    >>> list(inspect.signature(command).parameters)[:3], command(style="funk", ask=["danceability=4"])
    (['n', 'style', 'key'], {'style': 'funk', 'danceability': 4.0})
    """
    signature = inspect.signature(command, eval_str=True)
    parameters: dict[str, inspect.Parameter] = {}
    for name, parameter in signature.parameters.items():
        parameters |= _OPTIONS if name == "asked" else {name: parameter}

    @functools.wraps(command)
    def run(**arguments: Any) -> Result:
        asked = _asked(**{name: arguments.pop(name) for name in _OPTIONS if name in arguments})
        return command(**arguments, asked=asked)

    run.__annotations__ = {name: each.annotation for name, each in parameters.items()}
    run.__dict__["__signature__"] = signature.replace(parameters=list(parameters.values()))
    return run


def _parse_asked(text: str) -> tuple[str, str | float]:
    """Return the name and the value of ``name=value``: a number where it is one.

    Examples
    --------
    >>> _parse_asked("danceability=4"), _parse_asked("mood=calm")
    (('danceability', 4.0), ('mood', 'calm'))
    """
    from latentpalette.models.conditions import ARGUMENTS

    name, equals, value = (part.strip() for part in text.partition("="))
    if not name or not equals or not value:
        raise ModelError(f"--ask takes a condition and its value, like danceability=4; got {short_repr(text)}.")
    if name in ARGUMENTS:
        raise ModelError(f"{name} is no condition, so --ask does not take it.")
    try:
        return name, float(value)
    except ValueError:
        return name, value
