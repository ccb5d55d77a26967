"""The progress of a training run, as it is shown: step, loss, accuracy, and curves of both."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor

from latentpalette.progress.board import show_progress
from latentpalette.progress.task import Task
from latentpalette.training.callbacks import ACCURACY

_INTERVAL = 0.5  # seconds between two values of the loss, each of which waits for the device


class ShownProgress(Callback):
    """Reports the step, the mean loss since the last report, and the accuracy of each validation.

    Parameters
    ----------
    max_steps : int
    clock : callable
        Seconds.
    """

    def __init__(self, max_steps: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.task = Task("Training", max_steps)
        self._clock = clock
        self._reported = clock()
        self._losses: Tensor | None = None
        self._count = 0

    @contextmanager
    def show(self) -> Iterator[None]:
        """Show the progress while a block runs."""
        with show_progress(self.task.label, self.task.total) as self.task:
            yield

    def on_train_batch_end(self, trainer: Trainer, pl_module: LightningModule, outputs: Any, *_: Any) -> None:
        """Report the step, and twice a second the loss."""
        loss = outputs["loss"].detach()
        self._losses = loss if self._losses is None else self._losses + loss
        self._count += 1
        now = self._clock()
        if now - self._reported < _INTERVAL:
            return
        mean = float(self._losses) / self._count
        self._reported, self._losses, self._count = now, None, 0
        self.task.update(done=trainer.global_step, loss=mean)
        self.task.add_point("loss", trainer.global_step, mean)

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Report the accuracy."""
        if ACCURACY in trainer.callback_metrics:
            accuracy = float(trainer.callback_metrics[ACCURACY])
            self.task.update(done=trainer.global_step, accuracy=accuracy)
            self.task.add_point("accuracy", trainer.global_step, accuracy)
