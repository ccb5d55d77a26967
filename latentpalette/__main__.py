"""``python -m latentpalette`` is the command ``latentpalette``."""

from latentpalette.cli import app

if __name__ == "__main__":
    app()
