"""What a run wrote down about itself, read back as curves."""

from __future__ import annotations

import csv
import math
import os
from dataclasses import dataclass
from pathlib import Path

from latentpalette.errors import TrainingError


@dataclass(frozen=True)
class Curve:
    """One number over the course of a run.

    Parameters
    ----------
    steps : tuple of int
    values : tuple of float
    """

    steps: tuple[int, ...]
    values: tuple[float, ...]


def history(out: str | os.PathLike[str]) -> dict[str, Curve]:
    r"""The curves of a run, by the name they were logged under: ``"losses/kl_bits"``, ``"validation/free_running"``.

    Parameters
    ----------
    out : path
        The folder that was given to `latentpalette.training.trainer.train`. Where the run was taken up again, the
        later log counts.

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
    ...     history(folder)
    {'loss': Curve(steps=(0, 9), values=(3.5, 2.5))}
    """
    logs = sorted(Path(out).glob("logs/*/metrics.csv"), key=lambda path: path.stat().st_mtime)
    if not logs:
        raise TrainingError(f"{os.fspath(out)}: no log of a run (logs/*/metrics.csv). Name a folder that train wrote.")
    found: dict[str, dict[int, float]] = {}
    for log in logs:
        for step, values in _rows(log):
            for name, value in values.items():
                found.setdefault(name, {})[step] = value
    return {name: Curve(tuple(sorted(at)), tuple(at[step] for step in sorted(at))) for name, at in found.items()}


def _rows(log: Path) -> list[tuple[int, dict[str, float]]]:
    """The lines of a log: a step, and the finite numbers that were written down at it."""
    try:
        with log.open(newline="", encoding="utf-8") as file:
            return [(int(line["step"]), _numbers(line)) for line in csv.DictReader(file)]
    except (KeyError, TypeError, ValueError, csv.Error) as problem:
        raise TrainingError(f"{log}: no log of a run ({problem}).") from problem


def _numbers(line: dict[str, str]) -> dict[str, float]:
    values = {name: float(text) for name, text in line.items() if name not in ("step", "epoch") and text}
    return {name: value for name, value in values.items() if math.isfinite(value)}
