"""`latentpalette page`: write an instrument as one HTML file that plays, samples and decodes without Python."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from latentpalette.cli.console import console
from latentpalette.errors import PaletteError
from latentpalette.wording import counted

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE
    from latentpalette.widgets.model_page import ModelPage

_NUM_SOURCES = {
    "palette": 4,
    "latent-loops": 4,
    "melody-mixer": 2,
    "interpolation-slider": 2,
    "sampler": 0,
    "groove-panel": 1,
}
_MODELS = {"latent-loops": "melody-2bar", "groove-panel": "groove-humanize"}  # by default; of the others "drums-2bar"


class InstrumentName(StrEnum):
    """The instruments that a page can have."""

    PALETTE = "palette"
    SAMPLER = "sampler"
    INTERPOLATION_SLIDER = "interpolation-slider"
    MELODY_MIXER = "melody-mixer"
    LATENT_LOOPS = "latent-loops"
    GROOVE_PANEL = "groove-panel"


class ModelPart(StrEnum):
    """The parts of a model that a page carries."""

    NONE = "none"
    DECODER = "decoder"
    FULL = "full"


class WeightFormat(StrEnum):
    """The ways in which a page stores weights."""

    FLOAT16 = "float16"
    INT8 = "int8"


def page(
    music: Annotated[
        list[Path] | None,
        typer.Argument(
            help="MIDI files or presets: four for the corners of a palette or of Latent Loops, two for the ends of a "
            "melody mixer or an interpolation slider, one for a groove panel. Without any it begins with presets.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="The page.")] = Path("page.html"),
    instrument: Annotated[InstrumentName, typer.Option(help="The instrument.")] = InstrumentName.PALETTE,
    model: Annotated[
        str | None,
        typer.Option(
            help="A model's name, or a path to one. Default: drums-2bar; for Latent Loops melody-2bar, for a groove "
            "panel groove-humanize.",
            show_default=False,
        ),
    ] = None,
    carries: Annotated[
        ModelPart,
        typer.Option(
            "--with",
            help="What the page carries of the model: none plays what is decoded now; decoder samples, and decodes "
            "between the corners; full encodes what is edited or dropped, too.",
        ),
    ] = ModelPart.FULL,
    weights: Annotated[
        WeightFormat,
        typer.Option(help="float16 decodes what Python does; int8 takes half the bytes, and some notes differ."),
    ] = WeightFormat.FLOAT16,
    title: Annotated[str | None, typer.Option(help="Of the page; by default the file's name.")] = None,
) -> None:
    """Write an instrument as one HTML file that plays, samples and decodes in any browser, without Python."""
    with console.progress() as progress:
        task = progress.add_task("Loading the model", total=3)
        from latentpalette.models import store

        loaded = store.load(_MODELS.get(instrument.value, "drums-2bar") if model is None else model)
        progress.update(task, advance=1, description="Decoding")
        widget = _make_instrument(loaded, instrument, music or [])
        progress.update(task, advance=1, description="Writing")
        widget.to_html(out, title=title, model=carries.value, weights=weights.value)
        progress.update(task, advance=1)
    console.result(f"{out}  ({out.stat().st_size / 1e6:.1f} MB; open it in a browser)")


def _make_instrument(model: MusicVAE, instrument: InstrumentName, music: list[Path]) -> ModelPage:
    """Return an instrument that plays music: files and presets.

    Raises
    ------
    PaletteError
        If it takes another number of pieces.
    """
    from latentpalette.cli.pieces import preset_or_path
    from latentpalette.widgets.groove_panel import GroovePanel
    from latentpalette.widgets.interpolation_slider import InterpolationSlider
    from latentpalette.widgets.latent_loops import LatentLoops
    from latentpalette.widgets.melody_mixer import MelodyMixer
    from latentpalette.widgets.palette import Palette
    from latentpalette.widgets.sampler import Sampler

    wanted = _NUM_SOURCES[instrument.value]
    if music and len(music) != wanted:
        takes = counted(wanted, "piece") + " of music" if wanted else "no music: it draws samples"
        raise PaletteError(f"A {instrument.value.replace('-', ' ')} takes {takes}; got {len(music)}.")
    sources: list[Any] = [preset_or_path(path) for path in music]
    if instrument is InstrumentName.GROOVE_PANEL:
        return GroovePanel(sources[0], model) if sources else GroovePanel(model=model)
    if instrument is InstrumentName.SAMPLER:
        return Sampler(model)
    if instrument is InstrumentName.PALETTE:
        return Palette(model, sources or None)
    if instrument is InstrumentName.LATENT_LOOPS:
        return LatentLoops(model, sources or None)
    make = MelodyMixer if instrument is InstrumentName.MELODY_MIXER else InterpolationSlider
    a, b = sources or (None, None)
    return make(a, b, model)
