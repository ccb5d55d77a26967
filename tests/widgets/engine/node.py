"""Run the engine's scripts in node with values from Python, and get theirs back."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from latentpalette.widgets.bundle import STATIC
from tests.conftest import missing

_TYPES = {"Float32Array": "<f4", "Float64Array": "<f8", "Int32Array": "<i4", "Uint16Array": "<u2", "Uint8Array": "|u1"}
_NAMES = {np.dtype(dtype): name for name, dtype in _TYPES.items()}

_BEFORE = """
import { readFileSync as $read, writeFileSync as $write } from "node:fs";
const $types = { Float32Array, Float64Array, Int32Array, Uint16Array, Uint8Array };
const $toArray = ({ type, base64 }) => new $types[type](new Uint8Array(Buffer.from(base64, "base64")).buffer);
const $fromArray = (array) => ({
  type: array.constructor.name,
  base64: Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64"),
});
const given = JSON.parse($read(0), (_, value) => (value?.base64 === undefined ? value : $toArray(value)));
"""
_AFTER = """
$write(1, JSON.stringify(result, (_, value) => (ArrayBuffer.isView(value) ? $fromArray(value) : value)));
"""


def run_node(code: str, given: Any = None, root: Path = STATIC) -> Any:
    """Return what a module leaves in its `result`.

    Parameters
    ----------
    code : str
        Import lines, ``import { a } from "./engine/x.js";`` with paths from `root`, and then statements.
    given
        What the module finds as `given`: JSON, and arrays that become typed ones; so do those of its result.
    root : Path
    """
    script = _BEFORE + code.replace('from "./', f'from "{root.as_uri()}/') + _AFTER
    try:
        run = subprocess.run(
            ["node", "--input-type=module", "-e", script],
            input=json.dumps(given, default=_encode),
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    except FileNotFoundError:
        missing("node is not installed")
    return json.loads(run.stdout, object_hook=_decode)


def _encode(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"type": _NAMES[value.dtype], "base64": base64.b64encode(value.tobytes()).decode("ascii")}
    raise TypeError(f"Values for node are JSON and arrays; got {type(value).__name__}.")


def _decode(value: dict[str, Any]) -> Any:
    return np.frombuffer(base64.b64decode(value["base64"]), _TYPES[value["type"]]) if "base64" in value else value
