"""Plots of an evaluation: reconstruction, sample features, interpolation and holes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from latentpalette.errors import TrainingError
from latentpalette.evaluation.reconstruction import Reconstruction, StreamScores
from latentpalette.evaluation.report import Evaluation, HoleReport
from latentpalette.evaluation.samples import SampleQuality
from latentpalette.files import expand_path
from latentpalette.plots import canvas
from latentpalette.plots.chart import add_chart, add_legend, panel_row, style_ticks
from latentpalette.plots.curves import interpolation_curves
from latentpalette.plots.latent_maps import MapPanel, latent_map
from latentpalette.plots.picture import Picture, to_picture
from latentpalette.plots.theme import GREY, track_color
from latentpalette.validation import check_list, check_type
from latentpalette.wording import counted

_WIDTH = 920  # [pixels]
_FEATURE_HEIGHT = 26  # [pixels] of a feature's line
_NAME_WIDTH = 190  # [pixels] of the features' names


def draw_evaluation(evaluation: Evaluation) -> dict[str, Picture]:
    """Draw everything of an evaluation that can be drawn; return pictures by name.

    The names are ``"reconstruction"``, ``"features"`` (``"features-NAME"`` for each of several streams),
    ``"interpolation"`` and ``"holes"``; results that the evaluation lacks are missing.
    """
    hint = "lp.evaluate(model, corpus) returns one."
    check_type(evaluation, Evaluation, "An evaluation", hint, error=TrainingError)
    pictures = {"reconstruction": reconstruction_bars(evaluation.reconstruction)}
    streams = list(dict.fromkeys(quality.stream for quality in evaluation.samples))
    for stream in streams:
        name = "features" if len(streams) == 1 else f"features-{stream}"
        pictures[name] = feature_shifts([quality for quality in evaluation.samples if quality.stream == stream])
    if evaluation.interpolation is not None:
        pictures["interpolation"] = interpolation_curves(evaluation.interpolation)
    if evaluation.holes is not None:
        pictures["holes"] = hole_map(evaluation.holes)
    return pictures


def save_evaluation(evaluation: Evaluation, folder: str | os.PathLike[str]) -> list[Path]:
    """Save everything that `draw_evaluation` draws to a folder, as PNG files of these names; return the files."""
    folder = expand_path(folder)
    return [picture.save(folder / f"{name}.png") for name, picture in draw_evaluation(evaluation).items()]


def reconstruction_bars(reconstruction: Reconstruction, *, alt: str = "") -> Picture:
    """Draw reconstruction accuracies as bars, stream by stream if there are several."""
    check_type(reconstruction, Reconstruction, "A reconstruction", "evaluation.reconstruction.", error=TrainingError)
    streams: dict[str, StreamScores | Reconstruction] = dict(reconstruction.streams) or {"": reconstruction}
    figure, ((left, width),) = panel_row(1, height=260)
    title = f"Reconstruction accuracy, {counted(reconstruction.num_windows, 'window')}"
    panel = add_chart(figure, left, 0, width, 260, title=title)
    x = np.arange(len(streams))
    accuracies = {
        "teacher-forced": [scores.teacher_forced for scores in streams.values()],
        "free-running": [scores.free_running for scores in streams.values()],
        "free-running, z sampled": [scores.posterior_sample for scores in streams.values()],
        "free-running, onsets only": [scores.onset_accuracy for scores in streams.values()],
    }
    for index, (label, values) in enumerate(accuracies.items()):
        bars = panel.bar(x + 0.2 * (index - 1.5), values, 0.18, color=track_color(index), label=label)
        panel.bar_label(bars, [f"{value:.3f}" for value in values], **canvas.text_style(10, color=GREY), padding=2)
    panel.set(xlim=(-0.5, 1.4 * len(streams) - 0.5), ylim=(0, 1.1), yticks=[0, 0.25, 0.5, 0.75, 1])
    panel.set_xticks(x, list(streams))
    panel.grid(visible=False, axis="x")
    add_legend(panel, loc="upper right")
    style_ticks(panel)
    described = ", ".join(f"{name or 'steps'} {scores.free_running:.3f}" for name, scores in streams.items())
    return to_picture(figure, alt or f"reconstruction of {counted(reconstruction.num_windows, 'window')}: {described}")


def feature_shifts(qualities: Sequence[SampleQuality], *, alt: str = "") -> Picture:
    """Draw each feature's mean and standard deviation over samples, in standard deviations of the data.

    Parameters
    ----------
    qualities : list of SampleQuality
        Of one stream, one for each temperature.
    alt : str, optional
        Text alternative of the picture.
    """
    for quality in check_list(qualities, "qualities", 1, 1000, of="SampleQualities", error=TrainingError):
        check_type(quality, SampleQuality, "A quality of samples", error=TrainingError)
    names = list(qualities[0].features)
    height = _FEATURE_HEIGHT * len(names) + 100
    figure = canvas.new_figure(_WIDTH, height)
    stream = f" ({qualities[0].stream})" if qualities[0].stream else ""
    title = f"Features of samples{stream}, in standard deviations of the data from its mean"
    panel = add_chart(figure, _NAME_WIDTH - 50, 0, _WIDTH - _NAME_WIDTH + 50, height, title=title)
    panel.axvspan(-1, 1, color=GREY, alpha=0.12, lw=0)
    for index, quality in enumerate(qualities):
        y = np.arange(len(names)) + 0.18 * (index - (len(qualities) - 1) / 2)
        stats = [quality.features[name] for name in names]
        shifts = [feature.standardized_shift for feature in stats]
        stds = [feature.std / feature.data_std if feature.data_std else 0 for feature in stats]
        color = track_color(index)
        panel.hlines(y, np.subtract(shifts, stds), np.add(shifts, stds), color=color, alpha=0.45, lw=2)
        panel.plot(shifts, y, "o", color=color, ms=4.5, label=f"temperature {quality.temperature:g}")
    panel.set_ylim(len(names) - 0.5, -0.5)
    panel.set_yticks(range(len(names)), names)
    panel.grid(visible=False, axis="y")
    add_legend(panel)
    style_ticks(panel)
    largest = max(quality.max_standardized_shift for quality in qualities)
    return to_picture(figure, alt or f"{len(names)} features of samples{stream}, largest shift {largest:.2f}")


def hole_map(report: HoleReport, *, alt: str = "") -> Picture:
    """Draw the plane that was searched for holes: the error of each cell, full color where it is a hole."""
    check_type(report, HoleReport, "A report of holes", "HoleReport.from_holes(holes).", error=TrainingError)
    error = np.array(report.error)
    no_points = np.zeros((0, 2))
    field = np.where(error > report.tolerance, 1.0, 0.5 * error / max(report.tolerance, 1e-9))
    title = f"Holes: {report.area:.0f} % within {report.radius:g} standard deviations"
    return latent_map(MapPanel(no_points, title, field=field, radius=report.radius), alt=alt or title)
