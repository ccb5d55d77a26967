"""Options that several commands share, so that they are called and explained alike."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """What music is written as."""

    MID = "mid"
    WAV = "wav"
    MP3 = "mp3"
    FLAC = "flac"
    OGG = "ogg"


Model = Annotated[str, typer.Option("--model", "-m", help="A model's name (see: latentpalette models) or folder.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="The folder to write to; made if it is not there.")]
Name = Annotated[
    str | None,
    typer.Option(help="What the files' names begin with; model and time by default.", show_default=False),
]
Temperature = Annotated[
    float, typer.Option(min=0, max=5, help="Below 1 the likely is likelier still; 0 takes the likeliest throughout.")
]
Rehearsals = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=1000,
        help="How often to play, hear and draw again before it counts; as the model says by default, 0 never.",
        show_default=False,
    ),
]
Seed = Annotated[
    int | None, typer.Option(min=0, help="The same seed gives the same music; drawn and told if not given.")
]
Plot = Annotated[bool, typer.Option("--plot", help="Draw each as a piano roll (.png) beside its file.")]
As = Annotated[Format, typer.Option("--format", help="What to write; anything but mid is rendered as sound.")]
Chords = Annotated[
    str | None,
    typer.Option(help='For a model that is told chords: evenly spaced, like "C Am F G".', show_default=False),
]


def warmth(temperature: float) -> float | None:
    """The temperature as the models take it: None instead of 0."""
    return temperature or None


def named_chords(chords: str | None) -> list[str] | None:
    """``"C Am"`` as ``["C", "Am"]``.

    Examples
    --------
    >>> named_chords("C, Am  F")
    ['C', 'Am', 'F']
    """
    return None if chords is None else chords.replace(",", " ").split()


def seeded(seed: int | None) -> int:
    """The seed that was given, or one drawn now, so that it can be told."""
    import secrets

    return secrets.randbelow(2**31) if seed is None else seed
