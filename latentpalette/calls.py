"""Calls of public functions without an argument that they need, or with one that they do not have."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from latentpalette.errors import ArgumentError, suggest

T = TypeVar("T")

_BY_POSITION = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
_PACKAGE = __name__.partition(".")[0]


def explain_function(value: Any) -> Any:
    """Return a function that answers a call that does not fit in our words; what is no function, as it is.

    Parameters
    ----------
    value : object

    Examples
    --------
    >>> def humanize(model, sequence):
    ...     '''Give a beat the timing of a drummer.
    ...
    ...     Parameters
    ...     ----------
    ...     model : MusicVAE
    ...     sequence : NoteSequence or MIDI file
    ...     '''
    >>> explain_function(humanize)("model")
    Traceback (most recent call last):
    latentpalette.errors.ArgumentError: humanize needs sequence (NoteSequence or MIDI file): humanize(model, sequence).
    """
    return _explained(value, value.__name__) if inspect.isfunction(value) else value


def explain_methods(cls: type[T]) -> type[T]:
    """Let the public methods of a class, and those that it inherits from here, answer as `explain_function` says.

    The ``__init__`` of a dataclass is left as it is, since notes are made by the thousand.

    Parameters
    ----------
    cls : type

    Examples
    --------
    >>> import latentpalette as lp
    >>> lp.load("drums-2bar").sample(temprature=0.5)
    Traceback (most recent call last):
    latentpalette.errors.ArgumentError: sample has no argument 'temprature'. Did you mean 'temperature'? It has: ...
    """
    for each in cls.__mro__:
        if each.__module__.partition(".")[0] == _PACKAGE:
            _explain_own_methods(each)
    return cls


def _explain_own_methods(cls: type) -> None:
    for name, member in list(vars(cls).items()):
        if name == "__init__":
            if inspect.isfunction(member) and not hasattr(cls, "__dataclass_fields__"):
                cls.__init__ = _explained(member, cls.__name__, cls.__doc__)  # type: ignore[misc]
        elif not name.startswith("_"):
            if inspect.isfunction(member):
                setattr(cls, name, _explained(member, name))
            elif isinstance(member, (classmethod, staticmethod)) and inspect.isfunction(member.__func__):
                setattr(cls, name, type(member)(_explained(member.__func__, name)))


def _explained(function: Callable[..., Any], name: str, docs: str | None = None) -> Callable[..., Any]:
    """Return a function that answers a call that does not fit; one that does so already, as it is."""
    if hasattr(function, "explains_calls"):
        return function

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError as error:
            if isinstance(error, ArgumentError) or _fits(function, args, kwargs):
                raise
            raise ArgumentError(_describe_misfit(function, name, docs, args, kwargs)) from None

    call.explains_calls = True  # type: ignore[attr-defined]
    return call


def _fits(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    try:
        inspect.signature(function).bind(*args, **kwargs)
    except TypeError:
        return False
    return True


def _describe_misfit(
    function: Callable[..., Any], name: str, docs: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> str:
    parameters = dict(inspect.signature(function).parameters)
    first = next(iter(parameters), None)
    if first in ("self", "cls"):
        parameters, args = {each: parameters[each] for each in parameters if each != first}, args[1:]
    by_position = [each.name for each in parameters.values() if each.kind in _BY_POSITION]
    by_name = [each.name for each in parameters.values() if each.kind in _BY_NAME]
    required = [
        each.name
        for each in parameters.values()
        if each.default is each.empty and each.kind in (*_BY_POSITION, *_BY_NAME)
    ]
    example = f"{name}({', '.join(each if each in by_position else f'{each}=...' for each in required)})"
    unknown = next((each for each in kwargs if each not in by_name), None)
    if unknown is not None:
        return f"{name} has no argument {unknown!r}.{suggest(unknown, by_name)} It has: {', '.join(by_name) or 'none'}."
    if len(args) > len(by_position):
        rest = [each for each in by_name if each not in by_position]
        advice = f" Give others by name: {', '.join(rest)}." if rest else ""
        return f"{name} takes {_count(len(by_position))} by position, {example}; got {len(args)}.{advice}"
    given = by_position[: len(args)]
    twice = next((each for each in kwargs if each in given), None)
    if twice is not None:
        return f"{name} got {twice} twice, by position and by name: {example}."
    kinds = _kinds(docs or function.__doc__ or "")
    missing = [_with_kind(each, kinds) for each in required if each not in given and each not in kwargs]
    return f"{name} needs {_listed(missing)}: {example}."


def _kinds(docs: str) -> dict[str, str]:
    """Return what a NumPy docstring says that each parameter is: ``sequence : NoteSequence or MIDI file``."""
    section = re.search(r"Parameters\n\s*-+\n(.*?)(?:\n\s*\n\s*\w+\n\s*-{3,}|\Z)", docs, re.DOTALL)
    lines = re.findall(r"^ *(\w[\w, ]*?) : (.+?)$", section[1], re.MULTILINE) if section else []
    return {name.strip(): kind for names, kind in lines for name in names.split(",")}


def _with_kind(name: str, kinds: dict[str, str]) -> str:
    return f"{name} ({kinds[name]})" if name in kinds else name


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _count(number: int) -> str:
    return "no arguments" if number == 0 else "1 argument" if number == 1 else f"{number} arguments"
