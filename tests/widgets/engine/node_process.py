"""The instruments' scripts, called from Python: one process of node answers all calls of a module of tests."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

SERVER = Path(__file__).with_name("node_server.mjs")


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
        """Return what a function of a script returns; bytes become a Uint8Array.

        Raises
        ------
        ScriptError
            If it throws an error.
        """
        assert self._process.stdin
        assert self._process.stdout
        request = [script.as_uri(), function, *map(_encode, arguments)]
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise ScriptError(answer["error"], answer["kind"], answer["stack"])
        return answer.get("value")

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def _encode(value: Any) -> Any:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
