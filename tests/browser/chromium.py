"""A real Chromium that reaches this machine and nothing else."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Route, WebSocketRoute, sync_playwright

# Everything that is not this machine. A pattern, not a function: the driver filters, Python sees only offenders.
OUTSIDE = re.compile(r"^(?!(?:https?://(?:127\.0\.0\.1|localhost)[:/]|file:|data:|blob:|about:))")
OUTSIDE_SOCKET = re.compile(r"^wss?://(?!(?:127\.0\.0\.1|localhost)[:/])")

# How many times slower a page runs: ``CHROMIUM_SLOWER=4 pytest tests/browser`` finds tests that do not wait.
SLOWER = float(os.environ.get("CHROMIUM_SLOWER", "1"))

FLAGS = (
    "--no-sandbox",  # in a container there is nothing to make a sandbox with
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
    "--autoplay-policy=no-user-gesture-required",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",  # should a request slip past
)


def executable() -> str | None:
    """Return the path of Chromium: ``$CHROMIUM``, or the first of its usual names that is installed."""
    named = os.environ.get("CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome", "chrome"]
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """Launch a headless Chromium; it is closed at the end."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def guarded_page(browser: Browser, **options: object) -> Iterator[Page]:
    """A page of its own context. ``page.outside`` lists the refused requests, ``page.errors`` what scripts threw."""
    settings = {"viewport": {"width": 1280, "height": 900}, "accept_downloads": True, "service_workers": "block"}
    context = browser.new_context(**{**settings, **options})
    context.set_default_timeout(60_000)
    page = context.new_page()
    if SLOWER > 1:
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.outside, page.errors = [], []

    def refuse(route: Route) -> None:
        page.outside.append(route.request.url)
        route.abort()

    def refuse_socket(socket: WebSocketRoute) -> None:
        page.outside.append(socket.url)
        socket.close()

    context.route(OUTSIDE, refuse)
    context.route_web_socket(OUTSIDE_SOCKET, refuse_socket)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    try:
        yield page
    finally:
        context.close()
