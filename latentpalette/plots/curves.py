"""Line charts: of a training run, of interpolations, of any curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from latentpalette.errors import TrainingError
from latentpalette.evaluation.interpolation import Interpolation
from latentpalette.plots.arrays import check_array
from latentpalette.plots.chart import add_chart, add_legend, panel_row, plot_line, style_ticks
from latentpalette.plots.picture import Picture, to_picture
from latentpalette.training.metrics_log import MetricCurve
from latentpalette.validation import check_list, check_number, check_type, short_repr
from latentpalette.wording import counted

# For each panel its title, and the label of each metric that it shows.
PANELS: Mapping[str, Mapping[str, str]] = {
    "Loss [nats per window]": {"losses/r_loss": "training", "validation/r_loss": "held out"},
    "KL [bits per window]": {"losses/kl_bits": "training", "validation/kl_bits": "held out"},
    "Accuracy on held-out songs": {
        "validation/teacher_forced": "teacher-forced",
        "validation/free_running": "free-running",
        "validation/onsets": "free-running, onsets only",
    },
}
_PANEL_HEIGHT = 300  # [pixels]
_SINGLE_PANEL_WIDTH = 620  # [pixels]


class _Curve(NamedTuple):
    label: str
    x: ArrayLike
    y: ArrayLike
    dashed: bool = False


def line_chart(
    curves: Mapping[str, ArrayLike],
    *,
    x: ArrayLike | None = None,
    title: str = "",
    xlabel: str = "",
    y_max: float | None = None,
    alt: str = "",
) -> Picture:
    """Draw curves in one panel, each in a color of its own, with a legend.

    Parameters
    ----------
    curves : mapping of label to array-like [shape=(n,)]
        NaN and infinity are gaps.
    x : array-like [shape=(n,)], optional
        Positions along the horizontal axis, the same for all curves. Default: 0 to n - 1.
    title, xlabel : str
        Say what the values are, with their unit, and what the positions are.
    y_max : float, optional
        Upper limit of the vertical axis. Default: such that all values are shown.
    alt : str, optional
        Text alternative of the picture.

    Raises
    ------
    TrainingError
        If there is no curve, or one is not of the length of `x`, or has no finite value.

    Examples
    --------
    >>> line_chart({"kick": [4, 2, 3], "snare": [1, 2, 2]}, title="Hits per bar", xlabel="bar")
    Picture(2 curves: Hits per bar: kick, snare)
    """
    if not isinstance(curves, Mapping):
        raise TrainingError(f"Curves are a dict of a label and values each; got {short_repr(curves)}.")
    arrays = {
        str(label): check_array(values, f"The values of curve {str(label)!r}", error=TrainingError, finite=False)
        for label, values in curves.items()
    }
    if not arrays:
        raise TrainingError("There is no curve to draw.")
    first = next(iter(arrays.values()))
    positions = check_array(
        np.arange(first.size) if x is None else x, "The positions on the x axis", error=TrainingError
    )
    if y_max is not None:
        check_number(y_max, "y_max", error=TrainingError)
    for label, values in arrays.items():
        if values.shape != positions.shape or values.ndim != 1:
            raise TrainingError(
                f"Curve {label!r} is of shape {values.shape}; its positions on the x axis are {positions.shape}."
            )
    figure, [(left, width)] = panel_row(1, width=_SINGLE_PANEL_WIDTH, height=_PANEL_HEIGHT)
    panel = _add_panel(
        figure, left, width, [_Curve(label, positions, values) for label, values in arrays.items()], title, xlabel
    )
    if y_max is not None:
        panel.set_ylim(top=y_max)
        style_ticks(panel)
    description = f"{counted(len(arrays), 'curve')}: {title}{': ' if title else ''}{', '.join(arrays)}"
    return to_picture(figure, alt or description)


def training_curves(metrics: Mapping[str, MetricCurve], *, alt: str = "") -> Picture:
    """Draw a training run: loss, KL, and accuracy on held-out songs.

    Parameters
    ----------
    metrics : mapping of name to MetricCurve
        From `latentpalette.training.read_metrics`.
    alt : str, optional
        Text alternative of the picture.

    Raises
    ------
    TrainingError
        If there is no curve to draw.

    Examples
    --------
    >>> training_curves({"losses/kl_bits": MetricCurve((0, 50), (3.0, 20.0))})
    Picture(1 curve of a training run: KL [bits per window])
    """
    if not isinstance(metrics, Mapping):
        raise TrainingError(f"Metrics are what read_metrics(run_dir) returns; got {short_repr(metrics)}.")
    for name, curve in metrics.items():
        check_type(curve, MetricCurve, f"Metric {short_repr(name)}", error=TrainingError)
    panels = {
        title: [
            _Curve(label, metrics[name].steps, metrics[name].values)
            for name, label in labels.items()
            if name in metrics
        ]
        for title, labels in PANELS.items()
    }
    panels = {title: curves for title, curves in panels.items() if curves}
    if not panels:
        raise TrainingError(f"There is no curve to draw among {list(metrics)}.")
    figure, columns = panel_row(len(panels), height=_PANEL_HEIGHT)
    for (left, width), (title, curves) in zip(columns, panels.items(), strict=True):
        _add_panel(figure, left, width, curves, title, "step")
    count = counted(sum(map(len, panels.values())), "curve")
    description = f"{count} of a training run: {', '.join(panels)}"
    return to_picture(figure, alt or description)


def interpolation_curves(
    interpolations: Interpolation | Mapping[str, Interpolation] | Sequence[Interpolation], *, alt: str = ""
) -> Picture:
    """Draw interpolations: distance from the start, and plausibility, through latent space and by data interpolation.

    Parameters
    ----------
    interpolations : Interpolation, or mapping of a model's name to its own
        From `latentpalette.evaluation.evaluate_interpolation`.
    alt : str, optional
        Text alternative of the picture.

    Raises
    ------
    TrainingError
        If there is none.
    """
    if isinstance(interpolations, Interpolation):
        by_name = {"latent interpolation": interpolations}
    elif isinstance(interpolations, Mapping):
        by_name = dict(interpolations)
    else:
        listed = check_list(interpolations, "interpolations", 0, 1000, of="Interpolations", error=TrainingError)
        by_name = {f"{number}": interpolation for number, interpolation in enumerate(listed, 1)}
    for interpolation in by_name.values():
        check_type(interpolation, Interpolation, "An interpolation", error=TrainingError)
    if not by_name:
        raise TrainingError("There is no interpolation to draw.")
    first = next(iter(by_name.values()))
    figure, columns = panel_row(2, height=_PANEL_HEIGHT)
    titles = ("Steps that differ from A", "NLL relative to A and B")
    for (left, width), title in zip(columns, titles, strict=True):
        is_distance = title == titles[0]
        curves = [
            _Curve(name, interpolation.alphas, interpolation.distance if is_distance else interpolation.relative_nll)
            for name, interpolation in by_name.items()
        ]
        values = first.data_interpolation_distance if is_distance else first.data_interpolation_relative_nll
        curves.append(_Curve("data interpolation", first.alphas, values, dashed=True))
        _add_panel(figure, left, width, curves, title, "from A (0) to B (1)")
    description = f"interpolations between {first.num_pairs} pairs: {', '.join(by_name)}, data interpolation"
    return to_picture(figure, alt or description)


def _add_panel(figure: Figure, left: float, width: float, curves: Sequence[_Curve], title: str, xlabel: str) -> Axes:
    """Add a panel with curves, each in the color of its index, and a legend."""
    panel = add_chart(figure, left, 0, width, _PANEL_HEIGHT, title=title, xlabel=xlabel)
    for index, curve in enumerate(curves):
        plot_line(panel, curve.x, curve.y, label=curve.label, index=index, dashed=curve.dashed)
    add_legend(panel)
    style_ticks(panel)
    return panel
