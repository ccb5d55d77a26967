"""The musician's palette for latent spaces, in Jupyter.

Names resolve when they are first used, so ``import latentpalette as lp`` is instant and loads neither torch nor a
widget library.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from latentpalette.errors import LatentPaletteError as LatentPaletteError
    from latentpalette.models.groove import add_hihat as add_hihat
    from latentpalette.models.groove import humanize as humanize
    from latentpalette.models.groove import tap_to_drums as tap_to_drums
    from latentpalette.models.groove import transfer_groove as transfer_groove
    from latentpalette.models.musicvae import MusicVAE as MusicVAE
    from latentpalette.models.store import available as available
    from latentpalette.models.store import load as load
    from latentpalette.music.presets import presets as presets
    from latentpalette.music.sequence import Note as Note
    from latentpalette.music.sequence import NoteSequence as NoteSequence
    from latentpalette.music.sequence import concatenate as concatenate
    from latentpalette.widgets.palette import Palette as Palette
    from latentpalette.widgets.pianorolls import show as show

__version__ = "0.1.0"

_HOME = {
    "LatentPaletteError": "errors",
    "MusicVAE": "models.musicvae",
    "Note": "music.sequence",
    "NoteSequence": "music.sequence",
    "Palette": "widgets.palette",
    "add_hihat": "models.groove",
    "available": "models.store",
    "concatenate": "music.sequence",
    "humanize": "models.groove",
    "load": "models.store",
    "presets": "music.presets",
    "show": "widgets.pianorolls",
    "tap_to_drums": "models.groove",
    "transfer_groove": "models.groove",
}

__all__ = [*_HOME, "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"latentpalette has no {name!r}; it has {', '.join(sorted(_HOME))}")
    value = getattr(importlib.import_module(f"latentpalette.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
