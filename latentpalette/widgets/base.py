"""Base class of the widgets: strict keywords, requests from the browser, a PNG for saved notebooks, an HTML page."""

from __future__ import annotations

import base64
import logging
import os
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import anywidget
import traitlets

from latentpalette.errors import LatentPaletteError, suggest
from latentpalette.widgets import bundle
from latentpalette.widgets.frontend import shows_widgets
from latentpalette.widgets.standalone import standalone_page

Buffers = Sequence[bytes | memoryview]
Response = tuple[dict[str, Any], list[bytes]]
_Handler = TypeVar("_Handler", bound=Callable[..., Any])

_log = logging.getLogger(__name__)


def handles(request: str) -> Callable[[_Handler], _Handler]:
    """Mark a method as the handler of a request from the browser.

    The method takes the request's body and buffers and returns the response's body and buffers. The message of an
    exception is shown in the widget.
    """

    def mark(method: _Handler) -> _Handler:
        method._handles = request  # type: ignore[attr-defined]
        return method

    return mark


def picture_bundle(png: bytes, alt_text: str, text: str) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return the data and the metadata of a PNG and a text as a notebook stores them."""
    data = {"text/plain": text, "image/png": base64.b64encode(png).decode("ascii")}
    return data, {"image/png": {"alt": alt_text}}


class Widget(anywidget.AnyWidget):
    """Base class of the widgets.

    A subclass names its script in `script`, in `settings` the keywords that it accepts beside its own parameters, and
    in `saved` the traits that a notebook stores (static/state/notebook.js).
    """

    widget_id = traitlets.Unicode().tag(sync=True)
    saved_traits = traitlets.List(traitlets.Unicode()).tag(sync=True)

    script: ClassVar[str]
    settings: ClassVar[tuple[str, ...]] = ()
    saved: ClassVar[tuple[str, ...]] = ()
    _handlers: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._handlers = cls._handlers | {
            method._handles: name for name, method in vars(cls).items() if hasattr(method, "_handles")
        }

    def __init__(self, **values: Any) -> None:
        widget_id = uuid.uuid4().hex
        super().__init__(model_id=widget_id, widget_id=widget_id, saved_traits=list(self.saved), **values)
        self.on_msg(self._on_request)

    # Read when a widget is made, not when the module is imported.
    @property
    def _esm(self) -> str:
        return bundle.bundle_esm(bundle.STATIC / f"{self.script}.js")

    @property
    def _css(self) -> str:
        return bundle.read_css(bundle.STATIC / f"{self.script}.css")

    @classmethod
    def require_known_settings(cls, given: dict[str, Any], *, own: Sequence[str]) -> None:
        """Raise an error for a keyword that is neither in `settings` nor a parameter of the widget's own.

        Raises
        ------
        TypeError
            The message has the keyword, the nearest one and all that there are.
        """
        allowed = sorted([*own, *cls.settings])
        for name in given:
            if name not in cls.settings:
                raise TypeError(
                    f"{cls.__name__} has no setting {name!r}.{suggest(name, allowed)} It has: {', '.join(allowed)}."
                )

    # --- requests from the browser ----------------------------------------------------------------

    def _on_request(self, _: Any, content: Any, buffers: Buffers) -> None:
        """Respond to a request, whatever happens: the browser waits for the response."""
        if not isinstance(content, dict) or content.get("type") != "request":
            return
        response: dict[str, Any] = {"type": "response", "id": content.get("id")}
        response_buffers: list[bytes] = []
        try:
            body, response_buffers = self._handle(content, buffers)
            response |= {"ok": True, "body": body}
        except LatentPaletteError as error:
            response |= {"ok": False, "error": str(error)}
        except Exception as error:
            _log.warning("An error while answering %r", content.get("name"), exc_info=True)
            response |= {"ok": False, "error": f"{type(error).__name__}: {error}"}
        self.send(response, buffers=response_buffers)

    def _handle(self, content: dict[str, Any], buffers: Buffers) -> Response:
        name = content.get("name")
        handler = self._handlers.get(str(name))
        if handler is None:
            raise LatentPaletteError(f"{type(self).__name__} has no handler for {name!r}.")
        response: Response = getattr(self, handler)(content.get("body") or {}, buffers)
        return response

    # --- where no widget runs ---------------------------------------------------------------------

    def to_png(self) -> bytes:
        """Draw the present state as the bytes of a PNG file, which a saved notebook shows."""
        raise NotImplementedError

    def alt_text(self) -> str:
        """Describe the picture of `to_png` for those who cannot see it."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options: Any) -> Any:
        picture, metadata = picture_bundle(self.to_png(), self.alt_text(), repr(self))
        view: Any = super()._repr_mimebundle_(**options) if shows_widgets() else None
        if view is None:
            return picture, metadata
        data, view_metadata = view if isinstance(view, tuple) else (view, {})
        return {**data, **picture}, {**view_metadata, **metadata}

    # --- a page of its own ------------------------------------------------------------------------

    def standalone_state(self) -> dict[str, Any]:
        """Return the traits that a page without Python needs."""
        raise NotImplementedError

    def to_html(self, path: str | os.PathLike[str], *, title: str | None = None) -> Path:
        """Write the widget as one HTML file that needs no network and no Python.

        Parameters
        ----------
        path : path
            The file to write.
        title : str, optional
            The title of the page; the file's name by default.

        Returns
        -------
        Path
        """
        path = Path(path)
        page = standalone_page(
            script=self._esm, style=self._css, state=self.standalone_state(), title=title or path.stem
        )
        path.write_text(page, encoding="utf-8")
        return path
