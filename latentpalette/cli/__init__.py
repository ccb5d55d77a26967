"""The command line: one file per command."""

try:
    from latentpalette.cli.app import app as app
except KeyboardInterrupt:  # Ctrl-C while the libraries load: the commands, which handle it, are not there yet
    raise SystemExit(130) from None

__all__ = ["app"]
