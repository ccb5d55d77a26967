"""Train a model on a corpus: `train`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from lightning.pytorch import Callback
from lightning.pytorch.callbacks import EarlyStopping
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from latentpalette.data.corpus import Corpus
from latentpalette.data.packing import packing_key
from latentpalette.errors import TrainingError
from latentpalette.files import expand_path
from latentpalette.models import store
from latentpalette.models.chord_weights import change_chords, same_but_for_chords
from latentpalette.models.config import ModelConfig
from latentpalette.models.cpus import usable_cpus
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.workers import torch_threads
from latentpalette.progress.board import silenced
from latentpalette.training.callbacks import LAST, SCORE, KLMonitor, SaveBest, SaveLast
from latentpalette.training.condition_values import Measures, add_conditions, check_values
from latentpalette.training.config import TrainConfig
from latentpalette.training.lightning_trainer import (
    Started,
    errors_in_a_sentence,
    interruptible,
    make_trainer,
    quiet_lightning,
)
from latentpalette.training.module import MusicVAEModule
from latentpalette.training.run_dir import prepare_run_dir
from latentpalette.training.shown_progress import ShownProgress
from latentpalette.validation import check_type

_MIN_PARALLEL_WEIGHTS = 1_000_000  # smaller models train no faster with more threads than one

# What the configurations are shipped with; it says how Magenta trained them.
_MAGENTA_BATCH_SIZES = {config.batch_size for config in MAGENTA_CONFIGS.values()}

# Fields of a configuration that may differ from those of the model that a run starts from.
_FREE_FIELDS = {
    "name",
    "free_bits",
    "max_beta",
    "beta_rate",
    "sampling_schedule",
    "sampling_rate",
    "batch_size",
    "dropout",
    "deterministic",
    "expression_weight",
    "gibbs_steps",
    "max_attempts",
}


@dataclass(frozen=True)
class TrainResult:
    """The outcome of a run.

    Parameters
    ----------
    model_dir : Path
        The folder of the best model; `latentpalette.load` opens it.
    accuracy : float
        Its free-running step accuracy on the validation windows.
    best_step : int
        The update after which it was saved.
    global_step : int
        Updates of the whole run.
    """

    model_dir: Path
    accuracy: float
    best_step: int
    global_step: int


def train(
    config: ModelConfig,
    corpus: Corpus,
    run_dir: str | os.PathLike[str],
    *,
    train_config: TrainConfig | None = None,
    resume: bool = False,
    init_from: str | os.PathLike[str] | None = None,
    precision: str = "bf16-mixed",
    accelerator: str = "auto",
    devices: int | str = "auto",
    strategy: str = "auto",
    progress: bool = True,
    callbacks: Sequence[Callback] = (),
    conditions: Sequence[str] = (),
    values: Mapping[str, ArrayLike] | None = None,
    measures: Measures | None = None,
) -> TrainResult:
    """Train a model, and save the one that is best on the validation songs.

    Parameters
    ----------
    config : ModelConfig
    corpus : Corpus
        Of the same representation.
    run_dir : path
        A folder for ``model/`` (the best so far), ``checkpoints/`` (to resume from), ``logs/`` (CSV),
        ``tensorboard/``, and ``run.json`` (everything that determines the run).
    train_config : TrainConfig, optional
    resume : bool
        Continue from the last checkpoint in `run_dir`; the result is that of an uninterrupted run.
    init_from : str or path, optional
        A model, by name or folder, whose weights are the initial ones. It may have another sequence length, but must
        have the same architecture; only chords may be added to it or taken out, where it does without as before.
        Steps, learning rate and moving average start from the beginning.
    precision : {"bf16-mixed", "16-mixed", "32-true"}
    accelerator, devices, strategy
        Lightning's: where to train.
    progress : bool
        Show the step, the loss, the accuracy, and a curve of the loss in a notebook: where a person watches, as long
        as it runs; see `latentpalette.progress.board.show_progress`.
    callbacks : list of Lightning callbacks
        In addition to the built-in ones.
    conditions : list of str
        Features of the music that are the last numbers of z (`ModelConfig.conditions`), described by the training
        songs: ``["density"]``. Those of `latentpalette.evaluation.conditions` that are numbers are measured.
    values : mapping of name to array-like [shape=(n,)], optional
        Values of other features, for each window of the corpus; NaN where they are unknown.
    measures : mapping of name to function, optional
        Further features that are measured: of labels [n, t, streams], see `latentpalette.converters.streams`, to values
        [n].

    Returns
    -------
    TrainResult

    Raises
    ------
    TrainingError
        If the corpus is of another representation or has no windows, a setting has no effect, `run_dir` contains
        another run, there is nothing to resume, or there is no such precision, accelerator, strategy or device.
    FileError
        If `run_dir` cannot be written to.
    """
    train_config = train_config or TrainConfig()
    check_type(
        config,
        ModelConfig,
        "A model's configuration",
        "A recipe has one: load_recipe(name).config.",
        error=TrainingError,
    )
    check_type(train_config, TrainConfig, "train_config", error=TrainingError)
    check_type(corpus, Corpus, "A corpus", "Load it: lp.Corpus.load(path).", error=TrainingError)
    kind = str(config.converter.get("name", ""))
    has_chords = bool(config.converter.get("chords"))
    train_config.augmentation.check_used_by(f"{kind} over chords" if has_chords else kind)
    if config.batch_size not in (train_config.batch_size, *_MAGENTA_BATCH_SIZES):
        raise TrainingError(
            f"{config.name}: batch_size={config.batch_size} has no effect here. Set train_config.batch_size, the "
            f"windows of each step; it is {train_config.batch_size}."
        )
    run_dir = expand_path(run_dir)
    training, validation = _split_windows(config, corpus)
    names = tuple(conditions) or tuple(condition.name for condition in config.conditions)
    given = check_values(names, values or {}, corpus)
    if conditions:
        config = add_conditions(config, names, training, given, measures)
    run: dict[str, Any] = {"config": config.to_dict(), "train_config": train_config.to_dict(), "corpus": repr(corpus)}
    if init_from is not None:
        run["init_from"] = os.fspath(init_from)
    val_every = min(train_config.val_every, train_config.max_steps)
    early_stopping = [EarlyStopping(SCORE, mode="max", patience=train_config.patience)] if train_config.patience else []
    kl_monitor = [] if config.deterministic else [KLMonitor()]
    module = MusicVAEModule(config, train_config, training, validation, given, measures)
    if init_from is not None and not resume:
        module.load_weights(_load_init(init_from, config))
    save_best, save_last, started = SaveBest(run_dir / "model"), SaveLast(run_dir / "checkpoints" / LAST), Started()
    shown = ShownProgress(train_config.max_steps)
    with quiet_lightning(), torch_threads(_num_threads(module)):
        trainer = make_trainer(
            max_steps=train_config.max_steps,
            max_epochs=-1,
            val_check_interval=val_every,
            check_val_every_n_epoch=None,
            num_sanity_val_steps=0,
            precision=precision,
            accelerator=accelerator,
            devices=devices,
            strategy=strategy,
            logger=[CSVLogger(run_dir, name="logs"), TensorBoardLogger(run_dir, name="tensorboard", log_graph=False)],
            log_every_n_steps=min(50, val_every),
            callbacks=[started, save_best, *kl_monitor, *early_stopping, save_last, shown, *callbacks],
            enable_progress_bar=False,
            enable_checkpointing=False,
            enable_model_summary=False,
            default_root_dir=run_dir,
        )
        checkpoint = prepare_run_dir(run_dir, run, resume=resume)
        try:
            with interruptible(), errors_in_a_sentence(module), shown.show() if progress else silenced():
                trainer.fit(module, _InfiniteLoader(), [0], ckpt_path=checkpoint, weights_only=True)
                if trainer.global_step % val_every:  # the last updates, at the lowest learning rate, are often the best
                    trainer.validate(module, [0], verbose=False)
        except Exception as error:
            if checkpoint is None or started.started or isinstance(error, TrainingError):
                raise
            raise TrainingError(
                f"{checkpoint}: not a checkpoint that this run can be resumed from ({type(error).__name__}). Restore a "
                "copy of it, or start a new run in another folder."
            ) from error
    return TrainResult(save_best.folder, save_best.accuracy, save_best.step, trainer.global_step)


def _num_threads(module: MusicVAEModule) -> int:
    """Return the number of threads of a training on the CPU, in which every operation waits for the last of them.

    One CPU is left to other processes: beside a busy one, a training on all CPUs takes twice as long as on one fewer,
    and at worst a hundred times as long. ``$OMP_NUM_THREADS`` is the user's choice.
    """
    threads = torch.get_num_threads()
    if "OMP_NUM_THREADS" in os.environ:
        return threads
    if sum(weights.numel() for weights in module.model.parameters()) < _MIN_PARALLEL_WEIGHTS:
        return 1
    return max(1, min(threads, usable_cpus() - 1))


def _split_windows(config: ModelConfig, corpus: Corpus) -> tuple[NDArray, NDArray]:
    """Return the windows for training and for validation."""
    if packing_key(corpus.converter) != packing_key(config.converter):
        raise TrainingError(
            f"{config.name} reads {dict(config.converter)}; the corpus was made for {dict(corpus.converter)}. "
            f"Make one for it: latentpalette corpus SOURCES --recipe {config.name}"
        )
    training, validation = corpus.split("train"), corpus.split("validation")
    if not len(training) or not len(validation):
        raise TrainingError(
            f"A run needs windows for training and for validation; there are {len(training)} and {len(validation)}. "
            "Add songs to the corpus."
        )
    return training, validation


def _load_init(source: str | os.PathLike[str], config: ModelConfig) -> dict[str, Tensor]:
    """Load the weights of a model of the same architecture, or of the same but for the chords."""
    model = store.load(source)
    weights, model_config = model.state_dict(), model.config
    if same_but_for_chords(model_config, config):
        weights = change_chords(weights, add=bool(config.control_depth))
        model_config = model_config.replace(control_depth=config.control_depth, converter=dict(config.converter))
    available, required = _ignore_lengths(model_config.to_dict()), _ignore_lengths(config.to_dict())
    differences = [
        f"{name} ({available[name]}, not {value})"
        for name, value in required.items()
        if available[name] != value and name not in _FREE_FIELDS
    ]
    if differences:
        raise TrainingError(f"{source}: cannot start from it; it has another {', '.join(differences)}.")
    return weights


def _ignore_lengths(config: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration without sequence lengths, which the weights of recurrent layers do not depend on."""
    levels = {name: len(config[name]) for name in ("encoder_levels", "decoder_levels")}
    converter = {name: value for name, value in config["converter"].items() if name != "steps"}
    return {**config, **levels, "converter": converter, "steps": None}


class _InfiniteLoader:
    """A data loader without data and without an end, which can be resumed anywhere: batches are sampled elsewhere."""

    def __iter__(self) -> _InfiniteLoader:
        return self

    def __next__(self) -> int:
        return 0

    def state_dict(self) -> dict[str, Any]:
        """Return an empty state."""
        return {}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Do nothing."""
