"""Run the engine's scripts in node with values from Python, and get theirs back."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from latentpalette.widgets.bundle import STATIC
from tests.conftest import missing
from tests.widgets.engine.node_process import decode, encode

# As in node_server.mjs.
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
            input=json.dumps(given, default=encode),
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    except FileNotFoundError:
        missing("node is not installed")
    return json.loads(run.stdout, object_hook=decode)
