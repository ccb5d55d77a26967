"""The gallery: a static site with a page for each model of the shelf and for each instrument, and an index."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from latentpalette.errors import ModelError, PaletteError
from latentpalette.files import make_folder, write_bytes, write_text
from latentpalette.models import store
from latentpalette.models.musicvae import MusicVAE
from latentpalette.progress.board import track
from latentpalette.validation import check_choice
from latentpalette.widgets.base import Widget
from latentpalette.widgets.groove_panel import GroovePanel
from latentpalette.widgets.interpolation_slider import InterpolationSlider
from latentpalette.widgets.latent_loops import LatentLoops
from latentpalette.widgets.latent_sliders import LatentSliders
from latentpalette.widgets.melody_mixer import MelodyMixer
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.page_model import PageParts
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.sampler import Sampler
from latentpalette.widgets.session import Session
from latentpalette.widgets.standalone import PageWidget, models_of, standalone_page, weights_script

MODELS = "models"  # the folder of the weights, which the pages share
_PARTS = PageParts("full", "float16")
_LONG = 64  # steps: the grid of longer music is smaller


@dataclass(frozen=True)
class Exhibit:
    """A page of the gallery.

    Parameters
    ----------
    name : str
        Of its file, without a suffix.
    title, text : str
    make : function of the loaded models
        Returns the instruments of the page, one below the other.
    models : tuple of str
        Those that it plays.
    """

    name: str
    title: str
    text: str
    make: Callable[..., Sequence[Widget]] = field(repr=False)
    models: tuple[str, ...]


def exhibits(models: Sequence[str]) -> Iterator[Exhibit]:
    """Yield the pages of a gallery of some models of the shelf: those whose models are all among them.

    Parameters
    ----------
    models : sequence of str

    Examples
    --------
    >>> [exhibit.name for exhibit in exhibits(["drums-2d", "drums-2d-ae"])]
    ['twins', 'palette-drums-2d', 'palette-drums-2d-ae']
    """
    summaries = {info.name: info.summary.replace("`", "") for info in store.available()}
    for exhibit in (*_INSTRUMENTS, *(_palette_of(name, summaries[name]) for name in models)):
        if set(exhibit.models) <= set(models):
            yield exhibit


def _palette_of(name: str, summary: str) -> Exhibit:
    return Exhibit(f"palette-{name}", f"Palette: {name}", summary, lambda model: [_palette(model)], (name,))


def _palette(model: MusicVAE) -> Palette:
    return Palette(model, size=11 if model.config.steps <= _LONG else 7)


_INSTRUMENTS = (
    Exhibit(
        "sampler",
        "Sampler",
        "Random beats as tiles: listen, star what you like, roll the others again.",
        lambda drums: [Sampler(drums)],
        ("drums-2bar",),
    ),
    Exhibit(
        "melody-mixer",
        "Melody mixer",
        "Two melodies, and the steps between them in a row.",
        lambda melody: [MelodyMixer(None, None, melody)],
        ("melody-2bar",),
    ),
    Exhibit(
        "interpolation-slider",
        "Interpolation slider",
        "One slider between two melodies, with the cross-fade of both to compare.",
        lambda melody: [InterpolationSlider(None, None, melody)],
        ("melody-2bar",),
    ),
    Exhibit(
        "latent-sliders",
        "Latent sliders",
        "A beat, and sliders along the directions in which beats vary most.",
        lambda drums: [LatentSliders(drums)],
        ("drums-2bar",),
    ),
    Exhibit(
        "latent-loops",
        "Latent Loops",
        "Sketch melodies in a scale, find loops between them, make a song of these.",
        lambda melody, drums: [LatentLoops(melody, drums=drums)],
        ("melody-2bar", "drums-2bar"),
    ),
    Exhibit(
        "groove-panel",
        "Groove panel",
        "A drum loop as it is written, and as a drummer plays it; hats, drums from taps, and your own songs.",
        lambda model, taps, hats: [GroovePanel("Boom bap", model, tap_model=taps, hat_model=hats)],
        ("groove-humanize", "groove-tap", "groove-hihat"),
    ),
    Exhibit(
        "session",
        "Session",
        "A palette of drums and a mixer of melodies, in phase and at one tempo.",
        lambda drums, melody: [Session([Palette(drums, size=7), MelodyMixer(None, None, melody)])],
        ("drums-2bar", "melody-2bar"),
    ),
    Exhibit(
        "twins",
        "VAE and autoencoder",
        "The same corners twice: above in a VAE, below in its twin, an autoencoder. Drag both pucks, "
        "and press Sample: where the autoencoder was never trained, there are holes.",
        lambda vae, twin: [_palette(vae), _palette(twin)],
        ("drums-2d", "drums-2d-ae"),
    ),
)


def write_gallery(folder: str | os.PathLike[str], models: Sequence[str] | None = None) -> list[Path]:
    """Write the gallery: an index, the pages, a picture of each, and the weights of each model once.

    Parameters
    ----------
    folder : path
        Missing folders are made; files of a gallery that was there are replaced.
    models : sequence of str, optional
        Models of the shelf; by default all.

    Returns
    -------
    list of Path
        The pages, the index first.

    Raises
    ------
    FileError
        If a file cannot be written.
    ModelError
        If there is no such model.
    PaletteError
        If no page is of these models alone, or instruments can play none of them. Models with chords are left out: a
        page does not decode over them.
    """
    shelf = [info.name for info in store.available()]
    names = shelf if models is None else [check_choice(name, "model", shelf, error=ModelError) for name in models]
    loaded = {name: store.load(name) for name in names}
    names = [name for name in names if ModelClips.can_play(loaded[name]) and not loaded[name].config.control_depth]
    shown = list(exhibits(names))
    if not shown:
        raise PaletteError("A gallery has one model of the shelf or more.")
    folder = make_folder(folder)
    written: list[PageWidget] = []
    pages = []
    for exhibit in track(shown, "Writing the gallery", len(shown)):
        widgets = exhibit.make(*(loaded[name] for name in exhibit.models))
        parts = [widget for each in widgets for widget in each.page_widgets(_PARTS)]
        written += parts
        page = standalone_page(parts, title=exhibit.title, text=exhibit.text, models_folder=MODELS, home="index.html")
        pages.append(write_text(folder / f"{exhibit.name}.html", page))
        write_bytes(folder / f"{exhibit.name}.png", widgets[0].to_png())
    weights = make_folder(folder / MODELS)
    for name, model in models_of(written).items():
        write_text(weights / f"{name}.js", weights_script(model))
    write_text(folder / ".nojekyll", "")
    return [write_text(folder / "index.html", _index(shown)), *pages]


def _index(shown: Sequence[Exhibit]) -> str:
    items = "\n".join(
        f'<li><a href="{exhibit.name}.html"><img src="{exhibit.name}.png" alt="" loading="lazy">'
        f"<b>{html.escape(exhibit.title)}</b><span>{html.escape(exhibit.text)}</span></a></li>"
        for exhibit in shown
    )
    return _INDEX.replace("ITEMS", items)


_INDEX = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>latentpalette: the gallery</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 1100px; padding: 24px 16px; font: 15px/1.5 system-ui, sans-serif; }
ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 16px; padding: 0; }
li { list-style: none; border: 1px solid color-mix(in srgb, currentcolor 20%, transparent); border-radius: 10px; }
li:focus-within, li:hover { border-color: currentcolor; }
a { display: flex; flex-direction: column; gap: 4px; padding: 12px; color: inherit; text-decoration: none; }
img { height: 150px; object-fit: contain; background: #fff; border-radius: 6px; }
span { opacity: 0.75; font-size: 13px; }
</style>
</head>
<body>
<h1>The gallery of latentpalette</h1>
<p>Instruments on the latent spaces of small music models. Each page plays, samples and decodes in your browser; nothing
is sent anywhere.</p>
<ul>
ITEMS
</ul>
</body>
</html>
"""
