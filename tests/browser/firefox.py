"""Firefox without a window, driven by Marionette: Playwright drives only a build of its own, which is not Debian's."""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

_PREFERENCES = {
    "media.autoplay.default": 0,  # sound without a click: what is tested here is the page's engine
    "datareporting.policy.dataSubmissionEnabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
_START_SECONDS = 60
_SCRIPT_SECONDS = 120  # a thousand loops take three, on a machine that is busy with other tests ten times as long


class MarionetteError(RuntimeError):
    """Firefox refused a command."""


class Firefox:
    """A Firefox of its own profile; use it in a ``with`` statement.

    Parameters
    ----------
    binary : str
        Its path; see `tests.system_requirements.find_firefox`.
    size : tuple of int [pixels]
    """

    def __init__(self, binary: str, size: tuple[int, int] = (1280, 720)) -> None:
        self._binary = binary
        self._size = size
        self._count = 0

    def __enter__(self) -> Firefox:
        self._profile = tempfile.TemporaryDirectory(prefix="firefox")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        preferences = {**_PREFERENCES, "marionette.port": port}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()]
        Path(self._profile.name, "user.js").write_text("\n".join(lines), encoding="utf-8")
        command = [self._binary, "--headless", "--marionette", "--no-remote", "--profile", self._profile.name]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._socket = self._connect(port)
        self._socket.settimeout(_SCRIPT_SECONDS + 30)
        self._buffer = b""
        self._receive()  # it introduces itself
        self.command("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True}}})
        self.command("WebDriver:SetTimeouts", {"script": 1000 * _SCRIPT_SECONDS})
        width, height = self._size
        self.command("WebDriver:SetWindowRect", {"width": width, "height": height})
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError, MarionetteError):
            self.command("Marionette:Quit", {"flags": ["eForceQuit"]})
        self._socket.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with suppress(OSError):  # it may still write while it goes
            self._profile.cleanup()

    def _connect(self, port: int) -> socket.socket:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=5)
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _receive(self) -> Any:
        while b":" not in self._buffer:
            self._read()
        length, _, self._buffer = self._buffer.partition(b":")
        while len(self._buffer) < int(length):
            self._read()
        message, self._buffer = self._buffer[: int(length)], self._buffer[int(length) :]
        return json.loads(message)

    def _read(self) -> None:
        part = self._socket.recv(1 << 16)
        if not part:
            raise MarionetteError("Firefox has closed the connection.")
        self._buffer += part

    def command(self, name: str, parameters: dict[str, Any] | None = None) -> Any:
        """Return the answer to a command of Marionette."""
        self._count += 1
        message = json.dumps([0, self._count, name, parameters or {}]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            raise MarionetteError(f"{name}: {error['error']}: {error['message']}")
        return result

    def open(self, url: str) -> None:
        """Open a page and wait until it is loaded."""
        self.command("WebDriver:Navigate", {"url": url})

    def evaluate(self, script: str, *arguments: Any) -> Any:
        """Return what an async function body returns in the page: ``return await work(arguments[0]);``."""
        wrapped = (
            "const done = arguments[arguments.length - 1];"
            f"(async function () {{ {script} }})(...Array.from(arguments).slice(0, -1))"
            ".then((value) => done({ value }), (problem) => done({ problem: String(problem) }));"
        )
        result = self.command("WebDriver:ExecuteAsyncScript", {"script": wrapped, "args": list(arguments)})["value"]
        if "problem" in result:
            raise MarionetteError(result["problem"])
        return result.get("value")
