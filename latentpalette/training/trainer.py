"""Training a model from a corpus: `train` is all that a caller needs."""

from __future__ import annotations

import json
import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lightning.pytorch import Callback, Trainer
from lightning.pytorch.callbacks import EarlyStopping
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from torch import Tensor

from latentpalette.data.corpus import Corpus
from latentpalette.data.packing import form
from latentpalette.errors import TrainingError
from latentpalette.models import store
from latentpalette.models.config import ModelConfig
from latentpalette.training.callbacks import SCORE, KeepBest, KeepGoing, WatchKL
from latentpalette.training.config import Settings
from latentpalette.training.module import Learner


@dataclass(frozen=True)
class Trained:
    """What came of a run.

    Parameters
    ----------
    model : Path
        The folder of the best model; `latentpalette.load` opens it.
    accuracy : float
        Its free-running step accuracy on the held-out windows looked at on the way.
    step : int
        When that was.
    steps : int
        How far the run got.
    """

    model: Path
    accuracy: float
    step: int
    steps: int


def train(
    config: ModelConfig,
    corpus: Corpus,
    out: str | os.PathLike[str],
    *,
    settings: Settings | None = None,
    resume: bool = False,
    start: str | os.PathLike[str] | None = None,
    precision: str = "bf16-mixed",
    accelerator: str = "auto",
    devices: int | str = "auto",
    strategy: str = "auto",
    progress: bool = True,
    callbacks: Sequence[Callback] = (),
) -> Trained:
    """Train a model, and keep the one that does best on held-out songs.

    Parameters
    ----------
    config : ModelConfig
    corpus : Corpus
        Made for the same converter.
    out : path
        A folder. In it: ``model/`` (the best so far), ``checkpoints/`` (to go on from), ``logs/`` (CSV),
        ``tensorboard/``, and ``run.json`` (everything that determines the run).
    settings : Settings, optional
    resume : bool
        Go on from the last checkpoint in `out`; the outcome is what it would have been without the break.
    start : str or path, optional
        A model to go on from, by name or folder, instead of fresh weights; of the same wiring, but perhaps for shorter
        or longer sequences. Steps, rates and the average begin anew.
    precision : str
        Lightning's: ``"bf16-mixed"``, ``"32-true"`` ...
    accelerator, devices, strategy
        Lightning's: where to train.
    progress : bool
        Show a progress bar.
    callbacks : list of Lightning callbacks
        More of them.

    Returns
    -------
    Trained

    Raises
    ------
    TrainingError
        If the corpus is for another representation or has no windows, `out` already holds another run, or there is
        nothing to resume.
    """
    settings = settings or Settings()
    out = Path(out)
    training, held_out = _windows(config, corpus)
    last = out / "checkpoints" / "last.ckpt"
    run: dict[str, Any] = {"config": config.to_dict(), "settings": settings.to_dict(), "corpus": repr(corpus)}
    if start is not None:
        run["start"] = os.fspath(start)
    _claim(out, last, run, resume=resume)
    best = KeepBest(out / "model")
    last.parent.mkdir(exist_ok=True)
    every = min(settings.validate_every, settings.steps)
    stopper = [EarlyStopping(SCORE, mode="max", patience=settings.patience)] if settings.patience else []
    watcher = [] if config.deterministic else [WatchKL()]
    learner = Learner(config, settings, training, held_out)
    if start is not None and not resume:
        learner.begin_with(_start(start, config))
    with _quiet():
        runner = Trainer(
            max_steps=settings.steps,
            max_epochs=-1,
            val_check_interval=every,
            check_val_every_n_epoch=None,
            num_sanity_val_steps=0,
            precision=precision,  # type: ignore[arg-type]  # Lightning lists the choices; it says so when there is none
            accelerator=accelerator,
            devices=devices,
            strategy=strategy,
            logger=[CSVLogger(out, name="logs"), TensorBoardLogger(out, name="tensorboard", log_graph=False)],
            log_every_n_steps=min(50, every),
            callbacks=[best, *watcher, *stopper, KeepGoing(last), *callbacks],
            enable_progress_bar=progress,
            enable_checkpointing=False,
            enable_model_summary=False,
            default_root_dir=out,
        )
        runner.fit(learner, _Forever(), [0], ckpt_path=last if resume else None, weights_only=True)
        if runner.global_step % every:  # the rate falls until the end, and the last steps are the best
            runner.validate(learner, [0], verbose=False)
    return Trained(best.folder, best.accuracy, best.step, runner.global_step)


def _windows(config: ModelConfig, corpus: Corpus) -> tuple[Any, Any]:
    """The corpus's windows to learn from and to judge by."""
    if form(corpus.converter) != form(config.converter):
        raise TrainingError(
            f"{config.name} reads {dict(config.converter)}; the corpus was made for {dict(corpus.converter)}. "
            f"Make one for it: latentpalette corpus SOURCES --config {config.name}"
        )
    training, held_out = corpus.part("train"), corpus.part("validation")
    if not len(training) or not len(held_out):
        raise TrainingError(
            f"Training needs windows to learn from and windows to judge by; there are {len(training)} and "
            f"{len(held_out)}. Add songs to the corpus."
        )
    return training, held_out


def _start(source: str | os.PathLike[str], config: ModelConfig) -> dict[str, Tensor]:
    """The weights of a model that has the wiring asked for, whatever it was trained for, and on sequences how long."""
    model = store.load(source)
    trained = {
        "name", "free_bits", "max_beta", "beta_rate", "sampling_schedule", "sampling_rate", "batch_size", "keep",
        "deterministic", "touch", "rehearsals", "takes",
    }  # fmt: skip
    theirs, ours = (_lengthless(each.to_dict()) for each in (model.config, config))
    different = [f"{each} ({theirs[each]}, not {ours[each]})" for each in ours if theirs[each] != ours[each]]
    different = [each for each in different if each.partition(" ")[0] not in trained]
    if different:
        raise TrainingError(f"{source}: cannot start from it; it has another {', '.join(different)}.")
    return model.state_dict()


def _lengthless(config: dict[str, Any]) -> dict[str, Any]:
    """A configuration without the lengths that weights know nothing of: a recurrent layer runs for as long as it is."""
    levels = {name: len(config[name]) for name in ("encoder_levels", "decoder_levels")}
    converter = {name: value for name, value in config["converter"].items() if name != "steps"}
    return {**config, **levels, "converter": converter, "steps": None}


def _claim(out: Path, last: Path, run: dict[str, Any], *, resume: bool) -> None:
    """Write down what determines the run, or compare it with what is there."""
    there = out / "run.json"
    if resume:
        if not last.is_file():
            raise TrainingError(f"{out}: nothing to resume; there is no checkpoint. Leave out resume.")
        before = json.loads(there.read_text()) if there.is_file() else {}
        if "settings" in before:  # of an older version, perhaps: what it did not know yet has its default
            before["settings"] = Settings.from_dict(before["settings"]).to_dict()
            before["config"] = ModelConfig.from_dict(before["config"]).to_dict()
        different = [key for key in run if before.get(key) != run[key]]
        if different:
            raise TrainingError(f"{out}: cannot resume; other {', '.join(different)} than before. See {there}.")
    elif last.exists():
        raise TrainingError(f"{out}: there is a run already. Resume it, or name another folder.")
    out.mkdir(parents=True, exist_ok=True)
    there.write_text(json.dumps(run, indent=1) + "\n")


@contextmanager
def _quiet() -> Iterator[None]:
    """Without remarks on hardware, on products, and on loaders: ours has nothing to load."""
    remarks = logging.getLogger("lightning.pytorch")
    level = remarks.level
    remarks.setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*does not have many workers.*")
        warnings.filterwarnings("ignore", message=".*LeafSpec.*", category=FutureWarning)  # between Lightning and torch
        try:
            yield
        finally:
            remarks.setLevel(level)


class _Forever:
    """A loader without data and without an end, which may be left and taken up anywhere."""

    def __iter__(self) -> _Forever:
        return self

    def __next__(self) -> int:
        return 0

    def state_dict(self) -> dict[str, Any]:
        """Nothing is to be remembered."""
        return {}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Nothing was."""
