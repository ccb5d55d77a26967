"""Curves of a training run, and of interpolations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from latentpalette.errors import TrainingError
from latentpalette.evaluation.interpolation import Interpolation
from latentpalette.plots.chart import add_chart, add_legend, panel_row, plot_line, style_ticks
from latentpalette.plots.picture import Picture, to_picture
from latentpalette.training.metrics_log import MetricCurve

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


def training_curves(metrics: Mapping[str, MetricCurve], *, alt: str = "") -> Picture:
    """Draw a training run: loss, KL, and accuracy on held-out songs.

    Parameters
    ----------
    metrics : mapping of name to MetricCurve
        From `latentpalette.training.metrics_log.read_metrics`.
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
    panels = {
        title: [(label, metrics[name]) for name, label in labels.items() if name in metrics]
        for title, labels in PANELS.items()
    }
    panels = {title: curves for title, curves in panels.items() if curves}
    if not panels:
        raise TrainingError(f"There is no curve to draw among {list(metrics)}.")
    figure, columns = panel_row(len(panels), height=_PANEL_HEIGHT)
    for (left, width), (title, curves) in zip(columns, panels.items(), strict=True):
        panel = add_chart(figure, left, 0, width, _PANEL_HEIGHT, title=title, xlabel="step")
        for index, (label, curve) in enumerate(curves):
            plot_line(panel, curve.steps, curve.values, label=label, index=index)
        add_legend(panel)
        style_ticks(panel)
    count = sum(map(len, panels.values()))
    description = f"{count} curve{'' if count == 1 else 's'} of a training run: {', '.join(panels)}"
    return to_picture(figure, alt or description)


def interpolation_curves(
    interpolations: Interpolation | Mapping[str, Interpolation] | Sequence[Interpolation], *, alt: str = ""
) -> Picture:
    """Draw interpolations: distance from the start, and plausibility, through latent space and by data interpolation.

    Parameters
    ----------
    interpolations : Interpolation, or mapping of a model's name to its own
        From `latentpalette.evaluation.interpolation.evaluate_interpolation`.
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
        by_name = {f"{number}": interpolation for number, interpolation in enumerate(interpolations, 1)}
    if not by_name:
        raise TrainingError("There is no interpolation to draw.")
    first = next(iter(by_name.values()))
    figure, columns = panel_row(2, height=_PANEL_HEIGHT)
    titles = ("Steps that differ from A", "NLL relative to A and B")
    for (left, width), title in zip(columns, titles, strict=True):
        panel = add_chart(figure, left, 0, width, _PANEL_HEIGHT, title=title, xlabel="from A (0) to B (1)")
        is_distance = title == titles[0]
        for index, (name, interpolation) in enumerate(by_name.items()):
            values = interpolation.distance if is_distance else interpolation.relative_nll
            plot_line(panel, interpolation.alphas, values, label=name, index=index)
        values = first.data_interpolation_distance if is_distance else first.data_interpolation_relative_nll
        plot_line(panel, first.alphas, values, label="data interpolation", index=len(by_name), dashed=True)
        add_legend(panel)
        style_ticks(panel)
    description = f"interpolations between {first.num_pairs} pairs: {', '.join(by_name)}, data interpolation"
    return to_picture(figure, alt or description)
