"""Lightning callbacks: save the best model, save a resume checkpoint, warn about KL collapse, record z."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.trainer.states import TrainerFn
from numpy.typing import NDArray

from latentpalette.evaluation.predict import encode_windows
from latentpalette.files import replacing
from latentpalette.models import store
from latentpalette.models.checks import eval_mode
from latentpalette.training.module import MusicVAEModule

LAST, PREVIOUS = "last.ckpt", "previous.ckpt"

ACCURACY = "validation/free_running"
SCORE = "validation/score"
KL = "validation/kl_bits"


class SaveBest(Callback):
    """Saves the averaged model whenever its validation score improves.

    Parameters
    ----------
    folder : Path
        A model folder; `latentpalette.load` opens it, also during training.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.score = self.accuracy = -math.inf
        self.step = 0

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Save the model if its score is the best so far."""
        score = float(trainer.callback_metrics.get(SCORE, -math.inf))
        if trainer.sanity_checking or score <= self.score:
            return
        self.score, self.step = score, trainer.global_step
        self.accuracy = float(trainer.callback_metrics.get(ACCURACY, -math.inf))
        if trainer.is_global_zero and isinstance(pl_module, MusicVAEModule):
            store.save(pl_module.ema, self.folder)

    def state_dict(self) -> dict[str, Any]:
        """Return the best score, its accuracy and its step, for a checkpoint."""
        return {"score": self.score, "accuracy": self.accuracy, "step": self.step}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore what `state_dict` returned."""
        self.accuracy, self.step = state_dict["accuracy"], state_dict["step"]
        self.score = state_dict["score"]


class SaveLast(Callback):
    """Saves a checkpoint to resume from at every validation.

    Parameters
    ----------
    path : Path
        Replaced as a whole, so that a run may be killed at any moment. The checkpoint before it stays beside it, as
        ``previous.ckpt``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Write the checkpoint."""
        if trainer.sanity_checking or trainer.state.fn != TrainerFn.FITTING:  # a finished run is not resumed
            return
        if not trainer.is_global_zero:  # its share of the state, if there is one, goes through the first process
            trainer.save_checkpoint(self.path)
            return
        with replacing(self.path) as new:
            trainer.save_checkpoint(new)
            if self.path.is_file():
                self.path.replace(self.path.with_name(PREVIOUS))


class KLMonitor(Callback):
    """Warns if the KL divergence of the validation songs collapses or explodes.

    Parameters
    ----------
    min_bits, max_bits : float [bits]
    min_steps : int [updates]
        A low KL before this is not reported: z carries no information yet.
    """

    def __init__(self, *, min_bits: float = 1.0, max_bits: float = 10_000.0, min_steps: int = 500) -> None:
        self.min_bits, self.max_bits, self.min_steps = min_bits, max_bits, min_steps

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Compare the KL with the limits."""
        bits = float(trainer.callback_metrics.get(KL, self.min_bits))
        if bits < self.min_bits and trainer.global_step >= self.min_steps:
            warnings.warn(
                f"Step {trainer.global_step}: the KL has collapsed to {bits:.2f} bits; the decoder ignores z. "
                "Raise free_bits or word_dropout, or lower max_beta.",
                stacklevel=1,
            )
        if not bits < self.max_bits:  # also if it is not a number
            warnings.warn(
                f"Step {trainer.global_step}: the KL has exploded to {bits:.0f} bits. Lower learning_rate or raise "
                "max_beta.",
                stacklevel=1,
            )


class LatentRecorder(Callback):
    """Encodes the same windows before training, and again after some updates.

    Parameters
    ----------
    windows : ndarray [shape=(n, steps, ...)]
        Packed, as in a corpus.
    at_steps : iterable of int
        Updates after which to encode; 0 is before the first.

    Attributes
    ----------
    snapshots : dict of step to ndarray of float32 [shape=(n, z)]
        The posterior means.

    Examples
    --------
    >>> recorder = LatentRecorder(np.zeros((3, 32), np.uint16), at_steps=[0, 10, 100])
    >>> recorder.snapshots
    {}
    """

    def __init__(self, windows: NDArray, at_steps: Iterable[int]) -> None:
        self.windows = np.asarray(windows)
        self.at_steps = frozenset(at_steps)
        self.snapshots: dict[int, NDArray[np.float32]] = {}

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Encode before the first update."""
        self._record(trainer, pl_module)

    def on_train_batch_end(self, trainer: Trainer, pl_module: LightningModule, *_: Any) -> None:
        """Encode after an update."""
        self._record(trainer, pl_module)

    def _record(self, trainer: Trainer, pl_module: LightningModule) -> None:
        step = trainer.global_step
        if step in self.at_steps and isinstance(pl_module, MusicVAEModule):
            with eval_mode(pl_module.model):
                self.snapshots[step] = encode_windows(pl_module.model, self.windows)[0]
