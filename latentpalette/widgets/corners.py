"""Whatever a person calls a corner, read as a loop of 32 steps with a name."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from latentpalette.converters.drums import DrumsConverter
from latentpalette.errors import LatentPaletteError, PaletteError, suggest
from latentpalette.latent.grids import CORNERS
from latentpalette.music.presets import presets
from latentpalette.music.sequence import NoteSequence
from latentpalette.windows.excerpt import Excerpt

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

# Four that differ in kick, snare and cymbal, so that there is something to hear between them.
DEFAULT = ("Four on the floor", "Boom bap", "Samba", "Ride and roll")
STEPS = 32


@dataclass(frozen=True)
class Corner:
    """A loop in a corner.

    Parameters
    ----------
    pattern : tuple of int
        A bit mask a step; bit k is drum k.
    label : str
        What it is called.
    """

    pattern: tuple[int, ...]
    label: str


def name_of(model: MusicVAE) -> str:
    """What a model is called: as it was loaded, or after its configuration."""
    config = getattr(model, "config", None)
    return str(getattr(model, "name", None) or getattr(config, "name", None) or type(model).__name__)


def drums_of(model: MusicVAE) -> DrumsConverter:
    """The converter of a model that makes drum loops of two bars.

    Raises
    ------
    PaletteError
        If it makes something else.
    """
    converter = getattr(model, "converter", None)
    if not isinstance(converter, DrumsConverter):
        raise PaletteError(f'A drum palette needs a drum model; {name_of(model)!r} is none. Try lp.load("drums-2bar").')
    if converter.steps != STEPS:
        raise PaletteError(f"A drum palette needs a model of {STEPS} steps; this one makes {converter.steps}.")
    return converter


def read_corners(model: MusicVAE, corners: Iterable[Any]) -> list[Corner]:
    """Read four corners, A to D.

    Raises
    ------
    PaletteError
        If there are not four, or one of them cannot be read; the message names it.
    """
    if isinstance(corners, str | NoteSequence):
        raise PaletteError(f"A palette has four corners, as a list; got one alone, {corners!r}.")
    given = list(corners)
    if len(given) != 4:
        raise PaletteError(f"A palette has four corners: A, B, C, D; got {len(given)}.")
    return [read_corner(model, corner, letter) for corner, letter in zip(given, CORNERS, strict=True)]


def read_corner(model: MusicVAE, given: Any, letter: str) -> Corner:
    """Read one corner: a NoteSequence, the name of a preset, a path to a MIDI file, or a z [z]."""
    try:
        if isinstance(given, NoteSequence):
            return Corner(pattern_of(drums_of(model), given), _name_of(given, letter))
        if isinstance(given, str) and given in presets():
            return Corner(pattern_of(drums_of(model), presets()[given]), given)
        if isinstance(given, np.ndarray) and given.ndim == 1:
            return Corner(pattern_of(drums_of(model), model.decode(given[None])[0]), f"z {letter}")
        if isinstance(given, str | os.PathLike):
            return _from_file(model, given, letter)
    except PaletteError:
        raise
    except LatentPaletteError as problem:
        raise PaletteError(f"Corner {letter}: {problem}") from problem
    raise PaletteError(
        f"Corner {letter} is a {type(given).__name__}; it can be a NoteSequence, the name of a preset, "
        "the path of a MIDI file, or a z (an array of one dimension)."
    )


def pattern_of(converter: DrumsConverter, sequence: NoteSequence) -> tuple[int, ...]:
    """The bit masks of a loop; one of a bar is played twice.

    Raises
    ------
    PaletteError
        If it has another length, or no drums though it has notes.
    """
    if sequence.steps not in (STEPS // 2, STEPS):
        raise PaletteError(
            f"A corner is a loop of {STEPS} steps (2 bars), or of {STEPS // 2}, which is played twice; "
            f"this one has {sequence.steps}. Cut it with model.excerpts(sequence)."
        )
    masks = converter.tokens(sequence).tolist()
    if sequence.notes and not any(masks):
        raise PaletteError(
            f"A corner is a drum loop; none of these {len(sequence.notes)} notes is a drum that the model knows."
        )
    return tuple(masks * (STEPS // sequence.steps))


def _name_of(sequence: NoteSequence, letter: str) -> str:
    if isinstance(sequence, Excerpt):
        return f"{sequence.source}, {sequence.bar_range}"
    return next((name for name, preset in presets().items() if preset == sequence), f"Loop {letter}")


def _from_file(model: MusicVAE, given: str | os.PathLike[str], letter: str) -> Corner:
    path = Path(given)
    if isinstance(given, str) and not path.suffix and not path.exists():
        raise PaletteError(
            f"Corner {letter}: no preset is called {given!r}.{suggest(given, presets(), cutoff=0.5)} "
            f"There are: {', '.join(presets())}."
        )
    found = model.excerpts(path)
    if not found:
        why = "; ".join(map(str, found.left_out)) or "it is empty"
        raise PaletteError(f"Corner {letter}: nothing in {path.name} fits a corner: {why}.")
    return Corner(pattern_of(drums_of(model), found[0]), f"{path.name}, {found[0].bar_range}")
