"""Voilà and marimo, offline, each serving one file as a page."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.browser.server import running_server

_ADDRESS = re.compile(r"https?://(?:127\.0\.0\.1|localhost):\d+\S*")


@contextmanager
def serving_voila(notebook: Path) -> Iterator[str]:
    """Serve a notebook with Voilà and yield the address."""
    home = notebook.parent / "home"
    options = ["--no-browser", f"--port={_free_port()}", "--Voila.ip=127.0.0.1", *_ROOT]
    with _running(["voila", str(notebook), *options], home) as address:
        yield address


@contextmanager
def serving_marimo(app: Path) -> Iterator[str]:
    """Serve a marimo notebook as an app and yield the address."""
    options = ["--headless", "--no-token", "--host", "127.0.0.1", "--port", str(_free_port())]
    with _running(["marimo", "run", str(app), *options], app.parent / "home") as address:
        yield address


_ROOT = ["--Voila.root_dir=/", "--VoilaConfiguration.show_tracebacks=True"]


@contextmanager
def _running(command: Sequence[str], home: Path) -> Iterator[str]:
    """Start a server, wait until it names its address, yield that, and end it."""
    home.mkdir(exist_ok=True)
    variables = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    env = {
        **os.environ,
        **variables,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "MARIMO_SKIP_UPDATE_CHECK": "1",
        "PYTHONUNBUFFERED": "1",
    }
    with running_server(command, env, _ADDRESS) as (match, _):
        yield match[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
