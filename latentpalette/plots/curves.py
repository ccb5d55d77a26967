"""Curves of a training run, and of the way between two pieces of music."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from latentpalette.errors import TrainingError
from latentpalette.evaluation.interpolation import Interpolation
from latentpalette.plots.chart import chart, legend, line, numbers, row
from latentpalette.plots.picture import Picture, picture
from latentpalette.training.metrics_log import Curve

# What belongs on one panel: its title, and what each curve is called there.
PANELS: Mapping[str, Mapping[str, str]] = {
    "Loss [nats a window]": {"losses/r_loss": "training", "validation/r_loss": "held out"},
    "KL [bits a window]": {"losses/kl_bits": "training", "validation/kl_bits": "held out"},
    "Right, on held-out songs": {
        "validation/teacher_forced": "told the step before",
        "validation/free_running": "on its own",
        "validation/onsets": "where something begins",
    },
}


def training_curves(history: Mapping[str, Curve], *, alt: str = "") -> Picture:
    """Draw how a run went: loss, KL, and how much of held-out songs comes back.

    Parameters
    ----------
    history : mapping of name to Curve
        From `latentpalette.training.metrics_log.history`.

    Raises
    ------
    TrainingError
        If it has nothing to draw.

    Examples
    --------
    >>> training_curves({"losses/kl_bits": Curve((0, 50), (3.0, 20.0))})
    Picture(1 curve of a training run: KL [bits a window])
    """
    panels = {
        title: [(names[name], history[name]) for name in names if name in history] for title, names in PANELS.items()
    }
    panels = {title: curves for title, curves in panels.items() if curves}
    if not panels:
        raise TrainingError(f"There is no curve to draw among {list(history)}.")
    made, places = row(len(panels))
    for (left, width), (title, curves) in zip(places, panels.items(), strict=True):
        panel = chart(made, left, 0, width, 300, title=title, across="step")
        for number, (name, curve) in enumerate(curves):
            line(panel, curve.steps, curve.values, name=name, number=number)
        legend(panel)
        numbers(panel)
    drawn = sum(map(len, panels.values()))
    told = f"{drawn} curve{'' if drawn == 1 else 's'} of a training run: {', '.join(panels)}"
    return picture(made, alt or told)


def interpolation_curves(
    found: Interpolation | Mapping[str, Interpolation] | Sequence[Interpolation], *, alt: str = ""
) -> Picture:
    """Draw the way between two pieces of music: how far it has come, and how plausible it is.

    Parameters
    ----------
    found : Interpolation, or mapping of a model's name to its own
        From `latentpalette.evaluation.interpolation.interpolation`.
    """
    if isinstance(found, Interpolation):
        ways = {"through latent space": found}
    else:
        ways = dict(found) if isinstance(found, Mapping) else {f"{k + 1}": each for k, each in enumerate(found)}
    if not ways:
        raise TrainingError("There is no way between two pieces of music to draw.")
    first = next(iter(ways.values()))
    made, places = row(2)
    titles = ("Steps that differ from A", "Cost, beside that of A and B")
    for (left, width), title in zip(places, titles, strict=True):
        panel = chart(made, left, 0, width, 300, title=title, across="from A (0) to B (1)")
        far = title == titles[0]
        for number, (name, way) in enumerate(ways.items()):
            line(panel, way.places, way.distance if far else way.cost, name=name, number=number)
        mixed = first.mixed_distance if far else first.mixed_cost
        line(panel, first.places, mixed, name="cross-fading the data", number=len(ways), dashed=True)
        legend(panel)
        numbers(panel)
    return picture(made, alt or f"ways between {first.pairs} pairs: {', '.join(ways)}, cross-fading the data")
