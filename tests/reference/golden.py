"""How the recorded arrays are packed."""

from typing import Any

import numpy as np


def recorded(told: dict[str, Any], arrays: Any, file: str, kind: str) -> np.ndarray:
    """The windows of one file [windows, steps, depth]; none for a file that gave none.

    Outputs that equal the inputs were not recorded twice.
    """
    found = told["files"][file]
    key = f"{file}|{kind}" if f"{file}|{kind}" in arrays else f"{file}|inputs"
    if not found["windows"] or (kind == "controls" and not told["control_depth"]):
        return np.zeros((0, 0, 0), np.uint8)
    if not told["packed"]:
        return arrays[key]
    if arrays[key].dtype != np.uint8:  # controls were recorded as they are
        return arrays[key].astype(np.uint8)
    steps, depth = found["output_shape" if kind == "outputs" else "input_shape"]
    depth = told["control_depth"] if kind == "controls" else depth
    flat = np.unpackbits(arrays[key].reshape(found["windows"], -1), axis=1)
    return flat[:, : steps * depth].reshape(found["windows"], steps, depth)
