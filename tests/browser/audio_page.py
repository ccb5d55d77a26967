"""The audio modules on a page of their own, and the bytes that come back from it."""

from __future__ import annotations

import base64
import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

# Those that tests/js/audio_page.html imports.
MODULES = (
    "audiocontext, bench, exports, helpers, kitfile, kits, midiout, mixer, palette, player, playlist, soundfile, "
    "workertimer"
)


class AudioPage:
    """Runs functions where the audio modules are at hand, each time on a fresh page."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site

    def __call__(self, body: str, **given: object) -> object:
        """Run the body of an async function and return its result."""
        self.page.goto(f"{self.site}/tests/js/audio_page.html")
        self.page.wait_for_function("() => window.modules")
        function = f"async (given) => {{ const {{ {MODULES} }} = window.modules; {body} }}"
        return self.page.evaluate(function, given)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def site(root: Path) -> Iterator[str]:
    """Serve a folder on this machine: modules do not load from ``file:``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=root))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def samples(text: str) -> np.ndarray:
    """Decode float32 samples from the text that the browser returns."""
    return np.frombuffer(base64.b64decode(text), np.float32)


def onsets(signal: np.ndarray, threshold: float = 0.05) -> np.ndarray:
    """Return the frames at which a signal jumps up."""
    return np.flatnonzero(np.diff(signal, prepend=0) > threshold)
