"""Classes of batches by the name of a converter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from numpy.typing import NDArray

from latentpalette.converters.groove import GrooveConverter
from latentpalette.data.batches.base import Batches
from latentpalette.data.batches.chord_melody import ChordMelodyBatches
from latentpalette.data.batches.drums import DrumBatches
from latentpalette.data.batches.groove import GrooveBatches
from latentpalette.data.batches.melody import MelodyBatches
from latentpalette.data.batches.performance import PerformanceBatches
from latentpalette.data.batches.trio import TrioBatches
from latentpalette.errors import TrainingError


def make_batches(windows: NDArray, converter: Mapping[str, Any], *, device: torch.device | str = "cpu") -> Batches:
    """Move the packed windows of a corpus to a device, for sampling.

    Parameters
    ----------
    windows : ndarray
        From `latentpalette.data.corpus.Corpus`.
    converter : mapping
        As `ModelConfig.converter`.
    device : torch.device, optional

    Returns
    -------
    Batches

    Raises
    ------
    TrainingError
        If the representation is unknown, or there are no windows.
    """
    if not len(windows):
        raise TrainingError("There are no windows to sample batches from. Add sources to the corpus.")
    name = converter.get("name")
    if name == "drums":
        return DrumBatches(windows, device=device)
    if name == "melody":
        return (ChordMelodyBatches if converter.get("chords") else MelodyBatches)(windows, device=device)
    if name == "groove":
        options = {key: value for key, value in converter.items() if key != "name"}
        return GrooveBatches(windows, GrooveConverter(**options), device=device)
    if name == "trio":
        return TrioBatches(windows, device=device)
    if name == "performance":
        return PerformanceBatches(windows, chords=bool(converter.get("chords")), device=device)
    raise TrainingError(f"No batches can be made for the converter {dict(converter)!r} yet.")
