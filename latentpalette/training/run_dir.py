"""The folder of a training run: what determines the run, and the checkpoints that it is resumed from."""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from latentpalette.errors import LatentPaletteError, TrainingError
from latentpalette.files import make_folder, path_exists, write_text
from latentpalette.models.config import ModelConfig
from latentpalette.old_names import rename_fields
from latentpalette.training.callbacks import LAST, PREVIOUS
from latentpalette.training.config import TrainConfig

RUN_FILE = "run.json"


def prepare_run_dir(run_dir: Path, run: Mapping[str, Any], *, resume: bool) -> Path | None:
    """Write what determines the run to ``run.json``, or compare it with what is there.

    Parameters
    ----------
    run_dir : Path
    run : mapping
        In a form that JSON can hold.
    resume : bool

    Returns
    -------
    Path or None
        The checkpoint to resume from.

    Raises
    ------
    TrainingError
        If the folder contains another run, or there is nothing to resume.
    FileError
        If it cannot be written to.
    """
    path = run_dir / RUN_FILE
    folder = make_folder(run_dir / "checkpoints")
    checkpoint = find_checkpoint(folder) if resume else None
    if resume:
        differences = _differences(path, run)
        if differences:
            raise TrainingError(f"{run_dir}: cannot resume; other {', '.join(differences)} than before. See {path}.")
    elif path_exists(folder / LAST) or path_exists(folder / PREVIOUS):
        raise TrainingError(f"{run_dir}: there is a run already. Resume it, or name another folder.")
    write_text(path, json.dumps(run, indent=1) + "\n")
    return checkpoint


def find_checkpoint(folder: Path) -> Path:
    """Return the last checkpoint of a run, or the one before it, with a warning, if the last is damaged.

    Raises
    ------
    TrainingError
        If there is none, or none is whole.
    """
    last, previous = folder / LAST, folder / PREVIOUS
    present = [path for path in (last, previous) if path_exists(path)]
    if not present:
        raise TrainingError(f"{folder.parent}: nothing to resume; there is no checkpoint. Leave out resume.")
    for path in present:
        if _is_whole(path):
            if path is previous:
                state = "is damaged" if last.exists() else "is missing"
                warnings.warn(f"{last}: it {state}, so the run resumes from the one before, {PREVIOUS}.", stacklevel=2)
            return path
    names = " and ".join(path.name for path in present)
    raise TrainingError(
        f"{folder}: {names}: damaged or cut off, so there is nothing to resume. Restore a copy, or start a new run in "
        "another folder."
    )


def _is_whole(path: Path) -> bool:
    """Return whether a checkpoint is a complete archive; its content is checked by Lightning, which runs no code."""
    if not path.is_file():  # a pipe would block
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except Exception:  # zipfile and zlib raise errors of several kinds
        return False


def _differences(path: Path, run: Mapping[str, Any]) -> list[str]:
    """Return in what a run differs from the one described in a file."""
    try:
        earlier: Any = rename_fields("Recipe", json.loads(path.read_text(encoding="utf-8")))
        # Fields that an earlier version did not have get their defaults.
        earlier["train_config"] = TrainConfig.from_dict(earlier["train_config"]).to_dict()
        earlier["config"] = ModelConfig.from_dict(earlier["config"]).to_dict()
    except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        reason = error if isinstance(error, LatentPaletteError) else "it is missing, cut off or no JSON"
        warnings.warn(
            f"{path}: not readable ({reason}). The run is resumed with the settings of this call, which were not "
            "compared with those before; the file is written anew.",
            stacklevel=2,
        )
        return []
    return [key for key in run if earlier.get(key) != run[key]]
