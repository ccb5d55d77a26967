"""Pictures of an evaluation: what comes back, what samples are like, what lies between, where it is hollow."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from latentpalette.evaluation.evaluate import Evaluation, Hollow
from latentpalette.evaluation.reconstruction import PartScores, Reconstruction
from latentpalette.evaluation.samples import Realism
from latentpalette.plots import canvas
from latentpalette.plots.chart import chart, legend, numbers, row
from latentpalette.plots.colors import GREY, part_colour
from latentpalette.plots.curves import interpolation_curves
from latentpalette.plots.latent_map_png import Map, latent_map
from latentpalette.plots.picture import Picture, picture

_WIDTH = 920  # [pixels]
_LINE = 26  # [pixels] an attribute's height
_NAMES = 190  # [pixels] what attributes are called


def pictures(found: Evaluation) -> dict[str, Picture]:
    """Everything of an evaluation that can be drawn, by name.

    ``"reconstruction"``, ``"attributes"`` (of each part, where there are several), ``"interpolation"`` and
    ``"holes"``; what was not asked for is missing.
    """
    drawn = {"reconstruction": reconstruction_bars(found.reconstruction)}
    parts = list(dict.fromkeys(each.part for each in found.samples))
    for part in parts:
        name = "attributes" if len(parts) == 1 else f"attributes-{part}"
        drawn[name] = attribute_shifts([each for each in found.samples if each.part == part])
    if found.interpolation is not None:
        drawn["interpolation"] = interpolation_curves(found.interpolation)
    if found.hollow is not None:
        drawn["holes"] = hole_map(found.hollow)
    return drawn


def save(found: Evaluation, folder: str | os.PathLike[str]) -> list[Path]:
    """Write all `pictures` of an evaluation to a folder, as PNG files of their names."""
    return [drawn.save(Path(folder) / f"{name}.png") for name, drawn in pictures(found).items()]


def reconstruction_bars(found: Reconstruction, *, alt: str = "") -> Picture:
    """How much comes back, told the step before, on its own, and from a drawn z; part by part if there are several."""
    parts: dict[str, PartScores | Reconstruction] = dict(found.parts) or {"": found}
    ways = ("told the step before", "on its own", "on its own, z drawn", "where something begins")
    made, ((left, width),) = row(1, height=260)
    panel = chart(made, left, 0, width, 260, title=f"Steps that come back, of {found.windows} windows")
    places = np.arange(len(parts))
    for number, way in enumerate(ways):
        values = [
            (part.teacher_forced, part.free_running, part.sampled, part.onsets)[number] for part in parts.values()
        ]
        bars = panel.bar(places + 0.2 * (number - 1.5), values, 0.18, color=part_colour(number), label=way)
        panel.bar_label(bars, [f"{value:.3f}" for value in values], **canvas.words(10, color=GREY), padding=2)
    panel.set(xlim=(-0.5, 1.4 * len(parts) - 0.5), ylim=(0, 1.1), yticks=[0, 0.25, 0.5, 0.75, 1])
    panel.set_xticks(places, list(parts))
    panel.grid(visible=False, axis="x")
    legend(panel, where="upper right")
    numbers(panel)
    told = ", ".join(f"{name or 'steps'} {part.free_running:.3f}" for name, part in parts.items())
    return picture(made, alt or f"what comes back of {found.windows} windows: {told}")


def attribute_shifts(found: Sequence[Realism], *, alt: str = "") -> Picture:
    """What samples are like beside the data: for each attribute its mean and spread, in spreads of the data."""
    names = list(found[0].attributes)
    height = _LINE * len(names) + 100
    made = canvas.figure(_WIDTH, height)
    about = f" ({found[0].part})" if found[0].part else ""
    title = f"Attributes of samples{about}, in standard deviations of the data from its mean"
    panel = chart(made, _NAMES - 50, 0, _WIDTH - _NAMES + 50, height, title=title)
    panel.axvspan(-1, 1, color=GREY, alpha=0.12, lw=0)
    for number, each in enumerate(found):
        at = np.arange(len(names)) + 0.18 * (number - (len(found) - 1) / 2)
        shifts = [each.attributes[name].shift for name in names]
        spreads = [
            each.attributes[name].spread / each.attributes[name].data_spread if each.attributes[name].data_spread else 0
            for name in names
        ]
        colour = part_colour(number)
        panel.hlines(at, np.subtract(shifts, spreads), np.add(shifts, spreads), color=colour, alpha=0.45, lw=2)
        panel.plot(shifts, at, "o", color=colour, ms=4.5, label=f"temperature {each.temperature:g}")
    panel.set_ylim(len(names) - 0.5, -0.5)
    panel.set_yticks(range(len(names)), names)
    panel.grid(visible=False, axis="y")
    legend(panel)
    numbers(panel)
    largest = max(each.shift for each in found)
    return picture(made, alt or f"{len(names)} attributes of samples{about} beside the data, at most {largest:.2f} off")


def hole_map(found: Hollow, *, alt: str = "") -> Picture:
    """The plane that was searched for holes: how much each cell loses, full colour where it is a hole."""
    lost = np.array(found.lost)
    nobody = np.zeros((0, 2))
    shade = np.where(lost > found.tolerance, 1.0, 0.5 * lost / max(found.tolerance, 1e-9))
    title = f"Holes: {found.area:.0f} % within {found.reach:g} standard deviations"
    return latent_map(Map(nobody, title, field=shade, reach=found.reach), alt=alt or title)
