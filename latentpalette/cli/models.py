"""`latentpalette models`: what `lp.load` takes by name."""

from __future__ import annotations

from latentpalette.cli.console import say


def models() -> None:
    """List the models that come with the package."""
    from latentpalette.models import store

    for model in store.available():
        say.done(f"{model.name:<16} {model.summary}")
