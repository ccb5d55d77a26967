"""Options that several commands share, so that they are named and explained alike."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import console
from latentpalette.errors import FileError


class Format(StrEnum):
    """File formats that music is written in."""

    MID = "mid"
    WAV = "wav"
    MP3 = "mp3"
    FLAC = "flac"
    OGG = "ogg"


def format_of(path: Path) -> Format:
    """Return the format of a file that is to be written, by its suffix.

    Raises
    ------
    FileError
        If it is none that music is written in.

    Examples
    --------
    >>> format_of(Path("song.MID"))
    <Format.MID: 'mid'>
    """
    suffix = path.suffix.lower().lstrip(".")
    if suffix not in {known.value for known in Format}:
        raise FileError(f"{path}: files end in {', '.join('.' + known.value for known in Format)}.")
    return Format(suffix)


ModelOption = Annotated[
    str,
    typer.Option(
        "--model", "-m", help="A model's name (see: latentpalette models), its folder, or the file of a style."
    ),
]
OutOption = Annotated[Path, typer.Option("--out", "-o", help="The folder to write to; created if it does not exist.")]
NameOption = Annotated[
    str | None,
    typer.Option(help="Start of the file names. Default: the model's name and the time.", show_default=False),
]
TemperatureOption = Annotated[
    float,
    typer.Option(min=0, max=5, help="Sampling temperature: below 1 more predictable, above 1 less; 0 is arg-max."),
]
BestOfOption = Annotated[
    int,
    typer.Option(
        "--best-of",
        min=1,
        max=100,
        help="Draw so many for each sample and keep the one that sounds most like a loop at once: of drums with a "
        "backbeat and a kick on the one, of a melody in a scale.",
    ),
]
GibbsStepsOption = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=1000,
        help="Gibbs steps that refine each sampled z. Default: 0 with a learned prior, else the model's setting.",
        show_default=False,
    ),
]
SeedOption = Annotated[
    int | None,
    typer.Option(min=0, help="Random seed; the same seed gives the same music. Default: a random one, printed."),
]
PlotOption = Annotated[bool, typer.Option("--plot", help="Draw a piano roll (.png) of each file beside it.")]
HtmlOption = Annotated[
    Path | None,
    typer.Option(
        "--html",
        help="Write one HTML page with a piano roll and a player for each file; it needs no network.",
        show_default=False,
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="File format; all but mid are rendered as audio.")]
LoopOption = Annotated[
    bool,
    typer.Option(
        "--loop",
        help="Audio of exactly the length of the music, to be repeated: what rings on at the end is at the beginning. "
        "MIDI files are of that length anyway.",
    ),
]
GuidanceOption = Annotated[
    float | None,
    typer.Option(
        min=0, max=20, help="Weight of what is asked for: higher is closer to it, and less diverse.", show_default=False
    ),
]
ChordsOption = Annotated[
    str | None,
    typer.Option(help='Chords for a model conditioned on chords, evenly spaced: "C Am F G".', show_default=False),
]
Float16Option = Annotated[bool, typer.Option("--fp16", help="Store the weights as float16: half the size.")]
DrumMapOption = Annotated[
    str, typer.Option("--drum-map", help="Drum map of the recordings: roland for the Groove MIDI Dataset.")
]

TrackOption = Annotated[
    str | None,
    typer.Option(
        "--track",
        help='The melody: the number of a track, its name or a part of it, "channel 1", or all. Default: the best one, '
        "which is printed.",
        show_default=False,
    ),
]
OnlyTrackOption = Annotated[
    str | None,
    typer.Option(
        "--track",
        help='Read this track of each MIDI file only: its number, its name or a part of it, or "channel 1". '
        "Default: all tracks.",
        show_default=False,
    ),
]
DrumsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--drums",
        help='A track that is drums, as for --track: "channel 1" for many exports; repeatable. Default: channel 10.',
        show_default=False,
    ),
]


def temperature_or_none(temperature: float) -> float | None:
    """Return the temperature as models take it: None for 0."""
    return temperature or None


def parse_interpolation(interpolation: str | None) -> str | float | None:
    """Return an interpolation as models take it: a number for a time of the flow of a learned prior.

    Examples
    --------
    >>> parse_interpolation("slerp"), parse_interpolation("0.6")
    ('slerp', 0.6)
    """
    try:
        return None if interpolation is None else float(interpolation)
    except ValueError:
        return interpolation


def parse_chords(chords: str | None) -> list[str] | None:
    """Split the chord symbols of an option; see `split_chords`."""
    from latentpalette.music.chord_symbols import split_chords

    return None if chords is None else split_chords(chords)


def triads_of(chords: list[str] | None) -> list[str] | None:
    """Return the triads that models read chords as; `print_simplified` prints which they are."""
    from latentpalette.music.chord_symbols import read_chord

    return None if chords is None else [read_chord(chord).triad for chord in chords]


def print_simplified(chords: list[str] | None) -> None:
    """Print which chords say more than the triads that models read them as."""
    from latentpalette.music.chord_symbols import describe_simplified

    if chords and (words := describe_simplified(chords)):
        console.note(words)


def resolve_seed(seed: int | None) -> int:
    """Return the given seed, or a random one that can be printed."""
    import secrets

    return secrets.randbelow(2**31) if seed is None else seed
