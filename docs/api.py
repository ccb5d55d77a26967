"""The list of public names, from their docstrings: ``python -m docs.api`` writes api.md."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import latentpalette as lp

PAGE = Path(__file__).with_suffix(".md")
INTRODUCTION = """# Public names

`import latentpalette as lp` makes all of this available; a name is imported when it is first used. What is not listed
here may change from one release to the next. `help(lp.load)` shows a docstring in full.

This page is made from the docstrings, by `python -m docs.api`.
"""


def public_modules() -> dict[str, ModuleType]:
    """Return the public modules by name, ``"lp"`` first."""
    modules = {f"lp.{name}": getattr(lp, name) for name in lp.__all__}
    return {"lp": lp} | {name: value for name, value in modules.items() if isinstance(value, ModuleType)}


def public_names(module: ModuleType) -> list[str]:
    """Return the public names of a module, without modules and ``__version__``."""
    if module is lp.errors:
        return [name for name, value in vars(module).items() if inspect.isclass(value) and name.endswith("Error")]
    return [name for name in module.__all__ if name[0] != "_" and not isinstance(getattr(module, name), ModuleType)]


def summary(value: object) -> str:
    """Return the first sentence of a docstring."""
    paragraph = (inspect.getdoc(value) or "").partition("\n\n")[0]
    return re.split(r"(?<=\.)\s", " ".join(paragraph.split()), maxsplit=1)[0]


def call(name: str, value: Any) -> str:
    """Return a name; of a function with the arguments that it requires."""
    if inspect.isclass(value):
        return name
    required = [
        parameter.name
        for parameter in inspect.signature(value).parameters.values()
        if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]
    return f"{name}({', '.join(required)})"


def render() -> str:
    """Return the page."""
    lines = (line for name, module in public_modules().items() for line in _section(name, module))
    return "\n".join([INTRODUCTION, *lines])


def _section(name: str, module: ModuleType) -> Iterator[str]:
    yield f"## {name}\n"
    if module is not lp:
        yield f"{inspect.getdoc(module)}\n".replace("\n\n", "\n")
    yield "| name | |\n|---|---|"
    for public in public_names(module):
        value = getattr(module, public)
        yield f"| `{call(f'{name}.{public}', value)}` | {summary(value).replace('|', chr(92) + '|')} |"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
