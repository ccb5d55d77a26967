"""The model that a command fits a prior to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from latentpalette.errors import ModelError
from latentpalette.files import is_file, short_path

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE


def load_to_fit(folder: Path) -> MusicVAE:
    """Load a model from its folder, not the one of the package that has its name; its priors may be damaged.

    Raises
    ------
    ModelError
        If it is not a model's folder.
    """
    from latentpalette.models import store

    if not is_file(folder / "config.json"):
        raise ModelError(
            f"{short_path(folder)}: not a model's folder. Write one with `latentpalette import`, or lp.save in Python."
        )
    return store.load_folder(folder.resolve(), with_prior=False)
