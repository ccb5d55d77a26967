"""The instruments' scripts, called from Python: one process of node answers all calls of a module of tests."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

SERVER = Path(__file__).with_name("node_server.mjs")
_TYPES = {"Float32Array": "<f4", "Float64Array": "<f8", "Int32Array": "<i4", "Uint16Array": "<u2", "Uint8Array": "|u1"}
_NAMES = {np.dtype(dtype): name for name, dtype in _TYPES.items()}


class ScriptError(Exception):
    """An error that a script threw; `kind` is its class."""

    def __init__(self, message: str, kind: str, stack: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.stack = stack


class Node:
    """A process that calls functions of scripts."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(["node", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def call(self, script: Path, function: str, *arguments: Any) -> Any:
        """Return what a function of a script returns; arrays become typed ones and back, bytes a Uint8Array.

        Raises
        ------
        ScriptError
            If it throws an error.
        """
        assert self._process.stdin
        assert self._process.stdout
        request = [script.as_uri(), function, *arguments]
        self._process.stdin.write(json.dumps(request, default=encode) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline(), object_hook=decode)
        if "error" in answer:
            raise ScriptError(answer["error"], answer["kind"], answer["stack"])
        return answer.get("value")

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def encode(value: Any) -> dict[str, str]:
    """Return an array, or bytes, as the scripts read it."""
    array = np.frombuffer(value, np.uint8) if isinstance(value, bytes) else value
    if not isinstance(array, np.ndarray):
        raise TypeError(f"Values for node are JSON, bytes and arrays; got {type(value).__name__}.")
    return {"type": _NAMES[array.dtype], "base64": base64.b64encode(array.tobytes()).decode()}


def decode(value: dict[str, Any]) -> Any:
    """Return an array that a script wrote; anything else as it is."""
    return np.frombuffer(base64.b64decode(value["base64"]), _TYPES[value["type"]]) if "base64" in value else value
