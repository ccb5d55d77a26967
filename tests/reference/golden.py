"""Reader of the recorded arrays."""

from typing import Any

import numpy as np


def recorded(metadata: dict[str, Any], arrays: Any, file: str, kind: str) -> np.ndarray:
    """Return the windows of one file [windows, steps, depth], possibly none.

    Outputs that equal the inputs were not recorded twice.
    """
    facts = metadata["files"][file]
    key = f"{file}|{kind}" if f"{file}|{kind}" in arrays else f"{file}|inputs"
    if not facts["windows"] or (kind == "controls" and not metadata["control_depth"]):
        return np.zeros((0, 0, 0), np.uint8)
    if not metadata["packed"]:
        return arrays[key]
    if arrays[key].dtype != np.uint8:  # controls are not packed
        return arrays[key].astype(np.uint8)
    steps, depth = facts["output_shape" if kind == "outputs" else "input_shape"]
    depth = metadata["control_depth"] if kind == "controls" else depth
    flat = np.unpackbits(arrays[key].reshape(facts["windows"], -1), axis=1)
    return flat[:, : steps * depth].reshape(facts["windows"], steps, depth)
