"""The command line: one file per command."""

from latentpalette.cli.app import app as app

__all__ = ["app"]
