"""Watching latent space form: where the same music lies at several moments of a run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from lightning.pytorch import Callback, LightningModule, Trainer
from numpy.typing import NDArray

from latentpalette.evaluation.predict import encoded
from latentpalette.models.checks import evaluating
from latentpalette.training.module import Learner


class Watch(Callback):
    """Encodes some music before training, and again after each of some steps.

    Parameters
    ----------
    rows : ndarray [shape=(n, steps, ...)]
        Packed windows, as a corpus holds them.
    at : iterable of int
        After which steps to look; 0 is before the first.

    Attributes
    ----------
    seen : dict of step to ndarray of float32 [shape=(n, z)]
        Where the music lay.

    Examples
    --------
    >>> watch = Watch(np.zeros((3, 32), np.uint16), at=[0, 10, 100])
    >>> watch.seen
    {}
    """

    def __init__(self, rows: NDArray, at: Iterable[int]) -> None:
        self.rows = np.asarray(rows)
        self.at = frozenset(at)
        self.seen: dict[int, NDArray[np.float32]] = {}

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Look before the first step."""
        self._look(trainer, pl_module)

    def on_train_batch_end(self, trainer: Trainer, pl_module: LightningModule, *_: Any) -> None:
        """Look, if it is time."""
        self._look(trainer, pl_module)

    def _look(self, trainer: Trainer, learner: LightningModule) -> None:
        step = trainer.global_step
        if step in self.at and isinstance(learner, Learner):
            with evaluating(learner.model):
                self.seen[step] = encoded(learner.model, self.rows)[0]
