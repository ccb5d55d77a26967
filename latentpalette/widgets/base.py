"""What every instrument shares: strict keywords, answers for the browser, a picture for where no widget runs."""

from __future__ import annotations

import base64
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import anywidget

from latentpalette.errors import LatentPaletteError, suggest
from latentpalette.widgets import bundle
from latentpalette.widgets.page import page

Buffers = Sequence[bytes | memoryview]
Answer = tuple[dict[str, Any], list[bytes]]
_Handler = TypeVar("_Handler", bound=Callable[..., Any])

_log = logging.getLogger(__name__)


def answers(request: str) -> Callable[[_Handler], _Handler]:
    """Mark a method as the one that answers a request of the browser.

    The method takes the request's body and buffers and returns the answer's body and buffers. What it raises is
    shown in the widget.
    """

    def mark(method: _Handler) -> _Handler:
        method._answers = request  # type: ignore[attr-defined]
        return method

    return mark


class Instrument(anywidget.AnyWidget):
    """The parent of the instruments.

    A child names its script in `script` and its settings, the keywords it accepts beside its own, in `settings`.
    """

    script: ClassVar[str]
    settings: ClassVar[tuple[str, ...]] = ()
    _handlers: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._handlers = {
            method._answers: name for name, method in vars(cls).items() if hasattr(method, "_answers")
        } | cls._handlers

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.on_msg(self._on_request)

    # Read when a widget is made, not when the module is imported.
    @property
    def _esm(self) -> str:
        return bundle.esm(bundle.STATIC / f"{self.script}.js")

    @property
    def _css(self) -> str:
        return bundle.css(bundle.STATIC / f"{self.script}.css")

    @classmethod
    def check_settings(cls, given: dict[str, Any], *, own: Sequence[str]) -> None:
        """Refuse keywords that mean nothing.

        Raises
        ------
        TypeError
            Naming the keyword, and the nearest that there is.
        """
        allowed = [*own, *cls.settings]
        for name in given:
            if name not in cls.settings:
                raise TypeError(
                    f"{cls.__name__} has no setting {name!r}.{suggest(name, allowed)} "
                    f"It has: {', '.join(sorted(allowed))}."
                )

    # --- the browser asks ----------------------------------------------------------------------

    def _on_request(self, _: Any, content: Any, buffers: Buffers) -> None:
        if not isinstance(content, dict) or content.get("type") != "request":
            return
        answer: dict[str, Any] = {"type": "response", "id": content.get("id")}
        sent: list[bytes] = []
        try:
            body, sent = self._answer(content, buffers)
            answer |= {"ok": True, "body": body}
        except LatentPaletteError as problem:
            answer |= {"ok": False, "error": str(problem)}
        except Exception as problem:  # whatever it is, the browser waits for an answer
            _log.warning("An error while answering %r", content.get("name"), exc_info=True)
            answer |= {"ok": False, "error": f"{type(problem).__name__}: {problem}"}
        self.send(answer, buffers=sent)

    def _answer(self, content: dict[str, Any], buffers: Buffers) -> Answer:
        name = content.get("name")
        method = self._handlers.get(str(name))
        if method is None:
            raise LatentPaletteError(f"{type(self).__name__} does not answer {name!r}.")
        answer: Answer = getattr(self, method)(content.get("body") or {}, buffers)
        return answer

    # --- how it looks where no widget runs ------------------------------------------------------

    def snapshot(self) -> bytes:
        """A picture of the present state, as the bytes of a PNG file."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle: Any = super()._repr_mimebundle_(**options)
        if bundle is None:
            return None
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "image/png": base64.b64encode(self.snapshot()).decode("ascii")}, metadata

    # --- a page of its own ----------------------------------------------------------------------

    def page_state(self) -> dict[str, Any]:
        """The traits that a page without Python starts from."""
        raise NotImplementedError

    def to_html(self, path: str | os.PathLike[str], *, title: str | None = None) -> Path:
        """Write the instrument as one HTML file that needs no network and no Python.

        Parameters
        ----------
        path : path
            Where to write it.
        title : str, optional
            The title of the page.

        Returns
        -------
        Path
        """
        path = Path(path)
        text = page(script=self._esm, style=self._css, state=self.page_state(), title=title or path.stem)
        path.write_text(text, encoding="utf-8")
        return path
