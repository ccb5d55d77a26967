"""One family of exceptions. Each says what was wrong, with the value, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class LatentPaletteError(ValueError):
    """The parent of every error that latentpalette raises on purpose."""


class ArgumentError(LatentPaletteError, TypeError):
    """A call without an argument that it needs, or with one that it does not have."""


class MusicError(LatentPaletteError):
    """A note or a sequence that cannot be: a pitch of 200, a length of zero steps."""


class MidiError(LatentPaletteError):
    """A MIDI file that cannot be read, or has none of the requested music."""


class FileError(LatentPaletteError):
    """A file that cannot be written, or a path that is none."""


class ConverterError(LatentPaletteError):
    """A sequence that a representation has no room for: 64 steps for a model that reads 32."""


class ModelError(LatentPaletteError):
    """A model that does not exist, or an operation or argument that a model does not support."""


class CheckpointError(LatentPaletteError):
    """Weights that cannot be read: truncated, of the wrong shape, or not weights at all."""


class LatentError(LatentPaletteError):
    """A place in latent space that does not exist: the middle between two opposite ends."""


class SoundError(LatentPaletteError):
    """No sound can be made: no SoundFont, no synthesiser, a preset the font does not have."""


class PaletteError(LatentPaletteError):
    """A palette that cannot be built: three corners, a size of 100, an unknown preset."""


class TrainingError(LatentPaletteError):
    """A training run that cannot start: no examples, a corpus of another representation."""


class ServiceError(LatentPaletteError):
    """A service on the network that refuses or does not answer: Spotify's Web API."""


def suggest(name: object, options: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return a sentence with the option nearest to a name, to follow another sentence; empty where none is near.

    Parameters
    ----------
    name : object
        The unknown name; its text is compared.
    options : iterable of str
        What there is.
    cutoff : float [0 to 1]
        Smallest similarity, as `difflib.get_close_matches` measures it.

    Examples
    --------
    >>> suggest("z_sise", ["z_size", "steps"])
    " Did you mean 'z_size'?"
    >>> suggest("qpm", ["z_size", "steps"])
    ''
    """
    near = difflib.get_close_matches(str(name), list(options), 1, cutoff)
    return f" Did you mean {near[0]!r}?" if near else ""
