"""Protocols of the models that this package works with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from latentpalette.music.sequence import NoteSequence


class Model(Protocol):
    """A model that encodes and decodes."""

    def encode(self, music: Iterable[NoteSequence]) -> NDArray[np.floating]:
        """Return z [n, z] of music."""

    def decode(self, z: NDArray[np.floating]) -> Sequence[NoteSequence]:
        """Return music [n] for z [n, z]."""


class SamplingModel(Model, Protocol):
    """A model that also decodes with a temperature."""

    def decode(
        self, z: NDArray[np.floating], *, temperature: float | None = None, seed: int | None = None
    ) -> Sequence[NoteSequence]:
        """Return music [n] for z [n, z]; arg-max without a temperature."""


class HasStepProbabilities(Protocol):
    """A model that returns the probabilities of its outputs."""

    def step_probabilities(self, z: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return probabilities [n, t, depth] for z [n, z]."""
