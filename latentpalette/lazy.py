"""Public names of a package, imported when they are first used."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def attach(
    package: str, names: Mapping[str, Iterable[str]], *, modules: Iterable[str] = (), defined: Iterable[str] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` for a package whose names are imported on first use.

    Importing a module sets it as an attribute of its package, so no public name may be the name of a module.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    names : mapping of module to names
        For each module of the package, without the package's name, the public names that it defines.
    modules : iterable of str
        Modules and packages that are public themselves.
    defined : iterable of str
        Public names that the package's own file defines.

    Returns
    -------
    __getattr__ : function
        Raises an AttributeError that lists the public names and suggests the nearest.
    __dir__ : function
    __all__ : list of str

    Examples
    --------
    >>> get, _, public = attach("latentpalette.latent", {"paths": ["lerp", "slerp"]})
    >>> public
    ['lerp', 'slerp']
    >>> get("lerp")([0.0], [2.0], [0.5])
    array([[1.]])
    >>> get("slrp")
    Traceback (most recent call last):
    AttributeError: latentpalette.latent has no 'slrp'; it has lerp, slerp. Did you mean 'slerp'?
    """
    modules = frozenset(modules)
    module_of = {name: module for module, listed in names.items() for name in listed}
    public = sorted({*module_of, *modules, *defined})

    def get(name: str) -> Any:
        if name in modules:
            return importlib.import_module(f"{package}.{name}")
        if name not in module_of:
            from latentpalette.errors import suggest

            message = f"{package} has no {name!r}; it has {', '.join(public)}.{suggest(name, public)}"
            raise AttributeError(message, name=name)  # with a name but no `obj`, Python adds no suggestion of its own
        from latentpalette.calls import explain_function

        module = importlib.import_module(f"{package}.{module_of[name]}")
        value = explain_function(getattr(module, name))
        for place in (module, sys.modules[package]):
            setattr(place, name, value)
        return value

    return get, lambda: list(public), public


def import_on_first_call(module: str, name: str) -> Callable[..., Any]:
    """Return a function that imports the function of this name when it is called, and calls it."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return getattr(importlib.import_module(module), name)(*args, **kwargs)

    return call
