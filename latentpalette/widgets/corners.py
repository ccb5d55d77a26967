"""Corners of a palette: sequences, presets, MIDI files or latent vectors, read as drum patterns of 32 steps."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from latentpalette.converters.drums import DrumsConverter
from latentpalette.errors import LatentPaletteError, PaletteError, suggest
from latentpalette.files import expand_path
from latentpalette.latent.grids import CORNERS
from latentpalette.music.presets import presets
from latentpalette.music.sequence import NoteSequence
from latentpalette.windows.excerpt import Excerpt

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

# Four presets that differ in kick, snare and cymbal, so that the cells between them differ audibly.
DEFAULT_CORNERS = ("Four on the floor", "Boom bap", "Samba", "Ride and roll")
NUM_STEPS = 32


@dataclass(frozen=True)
class Corner:
    """A drum pattern with its label.

    Parameters
    ----------
    pattern : tuple of int [length 32]
        A token for each step: bit k is set where drum k is hit.
    label : str
    """

    pattern: tuple[int, ...]
    label: str


def display_name(model: MusicVAE) -> str:
    """Return the name that a model was loaded by, else that of its configuration."""
    config = getattr(model, "config", None)
    return str(getattr(model, "name", None) or getattr(config, "name", None) or type(model).__name__)


def require_drum_converter(model: MusicVAE) -> DrumsConverter:
    """Return the converter of a drum model with two bars.

    Raises
    ------
    PaletteError
        If it is another model.
    """
    converter = getattr(model, "converter", None)
    if not isinstance(converter, DrumsConverter):
        raise PaletteError(
            f'A drum palette needs a drum model; {display_name(model)!r} is not one. Try lp.load("drums-2bar").'
        )
    if converter.steps != NUM_STEPS:
        raise PaletteError(f"A drum palette needs a model of {NUM_STEPS} steps; this one makes {converter.steps}.")
    return converter


def read_corners(model: MusicVAE, corners: Iterable[Any]) -> list[Corner]:
    """Read four corners, A to D; see `read_corner`.

    Raises
    ------
    PaletteError
        If there are not four, or one of them cannot be read; the message names it.
    """
    if isinstance(corners, str | NoteSequence):
        raise PaletteError(f"A palette has four corners, as a list; got one alone, {corners!r}.")
    sources = list(corners)
    if len(sources) != 4:
        raise PaletteError(f"A palette has four corners: A, B, C, D; got {len(sources)}.")
    return [read_corner(model, source, letter) for source, letter in zip(sources, CORNERS, strict=True)]


def read_corner(model: MusicVAE, source: Any, letter: str) -> Corner:
    """Read one corner.

    Parameters
    ----------
    model : MusicVAE
    source : NoteSequence, str, path, or ndarray [shape=(z,)]
        Music, the name of a preset, a MIDI file (its first window), or a latent vector.
    letter : str
        Letter of the corner, for its label and for messages.

    Raises
    ------
    PaletteError
        If it is none of these, or fits no corner.
    """
    converter = require_drum_converter(model)
    try:
        if isinstance(source, NoteSequence):
            return Corner(tokens_of(converter, source), _label_of(source, letter))
        if isinstance(source, str) and source in presets():
            return Corner(tokens_of(converter, presets()[source]), source)
        if isinstance(source, np.ndarray) and source.ndim == 1:
            return Corner(tokens_of(converter, model.decode(source[None])[0]), f"z {letter}")
        if isinstance(source, str | os.PathLike):
            return _read_file(model, source, letter)
    except PaletteError:
        raise
    except LatentPaletteError as error:
        raise PaletteError(f"Corner {letter}: {error}") from error
    raise PaletteError(
        f"Corner {letter} is a {type(source).__name__}; it can be a NoteSequence, the name of a preset, "
        "the path of a MIDI file, or a z (an array of one dimension)."
    )


def tokens_of(converter: DrumsConverter, sequence: NoteSequence) -> tuple[int, ...]:
    """Return the tokens of a loop [32]; a loop of one bar is repeated.

    Raises
    ------
    PaletteError
        If it has another length, or notes but no drums.
    """
    if sequence.steps not in (NUM_STEPS // 2, NUM_STEPS):
        raise PaletteError(
            f"A corner is a loop of {NUM_STEPS} steps (2 bars), or of {NUM_STEPS // 2}, which is played twice; "
            f"this one has {sequence.steps}. Cut it with model.excerpts(sequence)."
        )
    tokens = converter.tokens(sequence).tolist()
    if sequence.notes and not any(tokens):
        raise PaletteError(
            f"A corner is a drum loop; none of these {len(sequence.notes)} notes is a drum that the model knows."
        )
    return tuple(tokens * (NUM_STEPS // sequence.steps))


def _label_of(sequence: NoteSequence, letter: str) -> str:
    if isinstance(sequence, Excerpt):
        return f"{sequence.source}, {sequence.bar_range}"
    return next((name for name, preset in presets().items() if preset == sequence), f"Loop {letter}")


def _read_file(model: MusicVAE, source: str | os.PathLike[str], letter: str) -> Corner:
    path = expand_path(source)
    if isinstance(source, str) and not path.suffix and not path.exists():
        hint = suggest(source, presets(), cutoff=0.5)
        raise PaletteError(f"Corner {letter}: no preset is called {source!r}.{hint} There are: {', '.join(presets())}.")
    excerpts = model.excerpts(path)
    if not excerpts:
        reasons = "; ".join(map(str, excerpts.left_out)) or "it is empty"
        raise PaletteError(f"Corner {letter}: no window of {path.name} fits a corner: {reasons}.")
    first = excerpts[0]
    return Corner(tokens_of(require_drum_converter(model), first), f"{path.name}, {first.bar_range}")
