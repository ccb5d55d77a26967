"""The API of the site: a table of each public module, and a page for each name, from the docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import latentpalette as lp
from docs import api
from latentpalette.widgets.base import Widget
from latentpalette.widgets.instrument import Instrument
from latentpalette.widgets.kit_widget import KitWidget


def write_pages() -> Iterator[tuple[str, str]]:
    """Yield the name and the text [reStructuredText] of each page."""
    modules = api.public_modules()
    yield "api/index.rst", _index(modules)
    for name, module in modules.items():
        yield f"api/{name}.rst", _module(name, module)
        for public in _own_names(module):
            yield f"api/{name}.{public}.rst", _name(name, module, public)


# What every instrument has for its player; the rest of what the widgets' base classes have is for the instruments
# themselves, and for the browser.
_OF_EVERY_INSTRUMENT = {"captured", "model", "observe", "open_state", "save_state", "to_html", "to_png", "to_python"}


def members(cls: type) -> list[str]:
    """Return the public methods and properties of a class that have a docstring of our own.

    What a base class outside of latentpalette brings (a widget has a hundred traits and methods) is left out.
    """
    names: set[str] = set()
    for base in inspect.getmro(cls):
        if base.__module__.split(".")[0] != "latentpalette":
            continue
        for name, value in vars(base).items():
            described = inspect.isroutine(value) or isinstance(value, property | classmethod | staticmethod)
            if name[0] != "_" and described and inspect.getdoc(value):
                names.add(name)
    internal = {name for base in (Widget, KitWidget, Instrument) if issubclass(cls, base) for name in vars(base)}
    return sorted(names - (internal - _OF_EVERY_INSTRUMENT))


def signature(cls: type) -> str:
    """Return the parameters of a class, without types, as its page shows them.

    Of a widget Python reports ``(*args, **kwargs)``, those of the class's metaclass.
    """
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    plain = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    return str(inspect.Signature(plain))


def _own_names(module: ModuleType) -> list[str]:
    """Return the public names of a module without those that stand in `lp` already."""
    return [
        name
        for name in api.public_names(module)
        if module is lp or getattr(lp, name, None) is not getattr(module, name)
    ]


def _index(modules: dict[str, ModuleType]) -> str:
    lines = ["API", "===", "", *_introduction(), "", ".. toctree::", "   :maxdepth: 1", ""]
    return "\n".join([*lines, *(f"   {name}" for name in modules), ""])


def _introduction() -> list[str]:
    paragraph = api.INTRODUCTION.split("\n\n")[1]
    return paragraph.replace("`", "``").splitlines()


def _module(name: str, module: ModuleType) -> str:
    lines = [name, "=" * len(name), ""]
    lines += [f".. module:: {module.__name__}", ""]
    lines += [] if module is lp else [inspect.getdoc(module) or "", ""]
    lines += [".. autosummary::", "   :nosignatures:", ""]
    for public in api.public_names(module):
        lines.append(f"   {public}" if public in _own_names(module) else f"   ~{lp.__name__}.{public}")
    lines += ["", ".. toctree::", "   :hidden:", ""]
    return "\n".join([*lines, *(f"   {name}.{public}" for public in _own_names(module)), ""])


def _name(name: str, module: ModuleType, public: str) -> str:
    value: Any = getattr(module, public)
    title = f"{name}.{public}"
    lines = [title, "=" * len(title), ""]
    if not inspect.isclass(value):
        return "\n".join([*lines, f".. autofunction:: {module.__name__}.{public}", ""])
    own = signature(value) if issubclass(value, Widget) else ""
    lines.append(f".. autoclass:: {module.__name__}.{public}{own}")
    if issubclass(value, Exception):
        lines.append("   :show-inheritance:")
    elif names := members(value):
        lines.append(f"   :members: {', '.join(names)}")
    return "\n".join([*lines, ""])
