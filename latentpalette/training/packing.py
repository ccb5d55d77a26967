"""Windows of music in their most compact form: what a corpus keeps on disk, and a training run in memory.

Each representation has one packed form, an array of small integers; `latentpalette.training.batches` unpacks it on the
device.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.base import Converter
from latentpalette.converters.registry import converter
from latentpalette.errors import TrainingError
from latentpalette.music.sequence import NoteSequence

Packed = NDArray[np.uint16]


@dataclass(frozen=True)
class Packing:
    """How the windows of one representation are kept.

    Parameters
    ----------
    dtype : str
        NumPy's name of the integers.
    pack : callable of (converter, NoteSequence) -> ndarray [shape=(steps, ...)]
    """

    dtype: str
    pack: Callable[[Any, NoteSequence], NDArray]


PACKINGS: Mapping[str, Packing] = {
    "drums": Packing("uint16", lambda drums, window: drums.masks(window)),
    "melody": Packing("uint8", lambda melody, window: melody.classes(window)),
}


def packing(spec: Mapping[str, Any]) -> tuple[Converter, Packing]:
    """The converter that a configuration names, and how its windows are kept.

    Parameters
    ----------
    spec : mapping
        As `ModelConfig.converter`: ``{"name": "drums", "steps": 32, "map": "reduced"}``.

    Raises
    ------
    TrainingError
        If nothing is known of how to keep it.

    Examples
    --------
    >>> reader, how = packing({"name": "drums", "steps": 32})
    >>> reader.steps, how.dtype
    (32, 'uint16')
    """
    name = spec.get("name", "")
    if name not in PACKINGS:
        raise TrainingError(f"No corpus can be made for the converter {name!r} yet; there are: {', '.join(PACKINGS)}.")
    return converter(**spec), PACKINGS[name]
