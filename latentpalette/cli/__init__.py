"""The same verbs on the command line: one file a command."""

from latentpalette.cli.app import app as app

__all__ = ["app"]
