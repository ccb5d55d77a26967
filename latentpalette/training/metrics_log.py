"""Read the metrics that a training run logged."""

from __future__ import annotations

import csv
import io
import math
import os
import warnings
from dataclasses import dataclass
from pathlib import Path

from latentpalette.errors import TrainingError
from latentpalette.files import expand_path


@dataclass(frozen=True)
class MetricCurve:
    """The values of one metric during a run.

    Parameters
    ----------
    steps : tuple of int
        Updates.
    values : tuple of float
    """

    steps: tuple[int, ...]
    values: tuple[float, ...]


def read_metrics(run_dir: str | os.PathLike[str]) -> dict[str, MetricCurve]:
    r"""Read the metrics of a run, by the name they were logged under, such as ``"losses/kl_bits"``.

    Parameters
    ----------
    run_dir : path
        The folder that was passed to `latentpalette.training.trainer.train`. If the run was resumed, its later log
        overrides the earlier one. A last line that an interruption cut is left out, with a warning.

    Returns
    -------
    dict of str to MetricCurve

    Raises
    ------
    TrainingError
        If there is no log, or one cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = Path(folder, "logs", "version_0", "metrics.csv")
    ...     log.parent.mkdir(parents=True)
    ...     _ = log.write_text("loss,step\n3.5,0\n2.5,9\n")
    ...     read_metrics(folder)
    {'loss': MetricCurve(steps=(0, 9), values=(3.5, 2.5))}
    """
    logs = sorted(expand_path(run_dir).glob("logs/*/metrics.csv"), key=lambda path: path.stat().st_mtime)
    if not logs:
        raise TrainingError(
            f"{os.fspath(run_dir)}: no log of a run (logs/*/metrics.csv). Name a folder that train wrote."
        )
    metrics: dict[str, dict[int, float]] = {}
    for log in logs:
        for step, values in _read_log(log):
            for name, value in values.items():
                metrics.setdefault(name, {})[step] = value
    return {
        name: MetricCurve(tuple(sorted(values)), tuple(values[step] for step in sorted(values)))
        for name, values in metrics.items()
    }


def _read_log(log: Path) -> list[tuple[int, dict[str, float]]]:
    """Read the lines of a log: a step, and the finite values logged at it."""
    try:
        text = log.read_bytes().decode("utf-8", "replace")
        whole, _, cut = text.rpartition("\n")
        lines = [*csv.DictReader(io.StringIO(f"{whole}\n", newline=""))]
        values = [(int(line["step"]), _finite_values(line)) for line in lines]
    except (KeyError, TypeError, ValueError, csv.Error) as problem:
        raise TrainingError(f"{log}: not the log of a run ({problem}).") from problem
    if cut.strip():
        warnings.warn(f"{log}: the last line is cut and left out; the run was interrupted.", stacklevel=4)
    return values


def _finite_values(line: dict[str, str]) -> dict[str, float]:
    values = {name: float(text) for name, text in line.items() if name not in ("step", "epoch") and text}
    return {name: value for name, value in values.items() if math.isfinite(value)}
