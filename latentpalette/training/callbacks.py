"""What is done at every look at the held-out songs: keep the best, keep going, say when the code goes wrong."""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.trainer.states import TrainerFn

from latentpalette.models import store
from latentpalette.training.module import Learner

ACCURACY = "validation/free_running"
SCORE = "validation/score"
KL = "validation/kl_bits"


class KeepBest(Callback):
    """Writes the averaged model to a folder whenever it does better on the held-out songs than before.

    Parameters
    ----------
    folder : Path
        A model folder; `latentpalette.load` opens it, also while training goes on.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.score = self.accuracy = -math.inf
        self.step = 0

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Compare, and write."""
        score = float(trainer.callback_metrics.get(SCORE, -math.inf))
        if trainer.sanity_checking or score <= self.score:
            return
        self.score, self.step = score, trainer.global_step
        self.accuracy = float(trainer.callback_metrics.get(ACCURACY, -math.inf))
        if trainer.is_global_zero and isinstance(pl_module, Learner):
            store.save(pl_module.average, self.folder)

    def state_dict(self) -> dict[str, Any]:
        """What a run that is taken up again has to know."""
        return {"score": self.score, "accuracy": self.accuracy, "step": self.step}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from there."""
        self.accuracy, self.step = state_dict["accuracy"], state_dict["step"]
        self.score = state_dict["score"]


class KeepGoing(Callback):
    """Writes down all that a run needs to be taken up again, at every look at the held-out songs.

    Parameters
    ----------
    path : Path
        The file is replaced at once, so that a run may be killed at any moment.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Write, then rename."""
        if trainer.sanity_checking or trainer.state.fn != TrainerFn.FITTING:  # after the end there is nothing to go on
            return
        beside = self.path.with_suffix(".part")
        trainer.save_checkpoint(beside)
        if trainer.is_global_zero:
            beside.replace(self.path)


class WatchKL(Callback):
    """Warns when z has stopped saying anything, or says more than any music holds.

    Parameters
    ----------
    too_little, too_much : float [bits]
    after : int [steps]
        Before that a low KL is no collapse: the code has not formed yet.
    """

    def __init__(self, *, too_little: float = 1.0, too_much: float = 10_000.0, after: int = 500) -> None:
        self.too_little, self.too_much, self.after = too_little, too_much, after

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Look at the KL of the held-out songs."""
        bits = float(trainer.callback_metrics.get(KL, self.too_little))
        if bits < self.too_little and trainer.global_step >= self.after:
            warnings.warn(
                f"Step {trainer.global_step}: the KL has collapsed to {bits:.2f} bits; the decoder does not listen to "
                "z. Raise free_bits or word_dropout, or lower max_beta.",
                stacklevel=1,
            )
        if not bits < self.too_much:
            warnings.warn(
                f"Step {trainer.global_step}: the KL has exploded to {bits:.0f} bits. Lower learning_rate or raise "
                "max_beta.",
                stacklevel=1,
            )
