"""An instrument in a bare page with the real Python behind it: all of the widget but Jupyter."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from latentpalette.widgets import bundle
from latentpalette.widgets.base import Widget
from tests.conftest import REPOSITORY

_HEAD = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
_HOST = REPOSITORY / "tests" / "js" / "live_page.mjs"


class LivePalette:
    """Shows `palette`, or another instrument, on `page`.

    `busy` stands for a busy kernel: requests are stored in `waiting` until `respond()`.
    """

    def __init__(self, page: Page, palette: Widget, folder: Path) -> None:
        self.page, self.palette = page, palette
        self.busy = False
        self.waiting: list[dict[str, Any]] = []
        page.expose_function("toPython", self._receive)
        widget = bundle.bundle_esm(bundle.STATIC / f"{palette.script}.js").replace("export default ", "return ")
        code = f"const widget = (() => {{\n{widget}\n}})();\n{bundle.bundle_esm(_HOST)}"
        style = bundle.read_css(bundle.STATIC / f"{palette.script}.css")
        html = folder / "live.html"
        html.write_text(
            f'{_HEAD}<style>{style}</style><body><script type="module">{code}</script>',
            encoding="utf-8",
        )
        page.goto(html.as_uri())
        page.wait_for_function("() => globalThis.show !== undefined")
        page.evaluate("(state) => show(state)", _plain({**palette.standalone_state(), "has_kernel": True}))

    def _receive(self, text: str) -> dict[str, Any] | None:
        message = json.loads(text)
        if "changes" in message:
            self.palette.set_state({name: _revived(value) for name, value in message["changes"].items()})
            return None
        if self.busy:
            self.waiting.append(message)
            return None
        return self._respond(message)

    def _respond(self, request: dict[str, Any]) -> dict[str, Any]:
        sent: list[dict[str, Any]] = []
        self.palette.send = lambda content, buffers=(): sent.append(  # type: ignore[method-assign]
            {"content": content, "buffers": [base64.b64encode(buffer).decode() for buffer in buffers]}
        )
        buffers = [base64.b64decode(text) for text in request["buffers"]]
        self.palette._on_request(self.palette, request["message"], buffers)
        return sent[0]

    def respond(self) -> None:
        """Respond to the requests that wait, each once all parts of its work are done."""
        waiting, self.waiting = self.waiting, []
        for request in waiting:
            response = self._respond(request)
            while response["content"].get("again"):
                response = self._respond(request)
            self.page.evaluate("(response) => model.receive(response)", response)

    def python_sets(self, **values: Any) -> None:
        """New traits from Python."""
        self.page.evaluate("(state) => model.receive({ state })", _plain(values))

    def send_traits(self, *names: str) -> None:
        """Send traits of the palette to the browser, in one message."""
        self.python_sets(**{name: getattr(self.palette, name) for name in names})


def _revived(value: Any) -> Any:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) and "base64" in value else value


def _plain(state: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
        for name, value in state.items()
    }
