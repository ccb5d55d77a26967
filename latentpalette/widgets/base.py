"""Base class of the widgets: strict keywords, requests from the browser, a PNG for saved notebooks, an HTML page."""

from __future__ import annotations

import base64
import logging
import os
import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from latentpalette.calls import explain_methods
from latentpalette.errors import ArgumentError, LatentPaletteError, suggest
from latentpalette.files import expand_path, write_text
from latentpalette.progress.parts import Task
from latentpalette.validation import check_text, short_repr
from latentpalette.widgets import bundle
from latentpalette.widgets.checked_traits import DerivedTrait, SettingError
from latentpalette.widgets.frontend import shows_widgets
from latentpalette.widgets.page_model import NO_MODEL, PageParts
from latentpalette.widgets.requests import RequestForm, Response, Unfinished, Work, error_sentence, response_id
from latentpalette.widgets.standalone import PageWidget, standalone_page

MAX_STATE_NAMES = 100  # of a message
_WIDGET_WORK = 2_000  # of packing a model for a page; see `latentpalette.progress.parts`

_log = logging.getLogger(__name__)


def picture_bundle(png: bytes, alt_text: str, text: str) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return the data and the metadata of a PNG and a text as a notebook stores them."""
    data = {"text/plain": text, "image/png": base64.b64encode(png).decode("ascii")}
    return data, {"image/png": {"alt": alt_text}}


class Widget(anywidget.AnyWidget):
    """Base class of the widgets.

    A subclass names its script in `script`, in `settings` the keywords that it accepts beside its own parameters, and
    in `saved` the traits that a notebook stores (static/state/notebook.js).
    """

    widget_id: DerivedTrait[str] = DerivedTrait("", source="the widget").tag(sync=True)
    saved_traits: DerivedTrait[list[str]] = DerivedTrait([], source="the widget").tag(sync=True)

    script: ClassVar[str]
    settings: ClassVar[tuple[str, ...]] = ()
    saved: ClassVar[tuple[str, ...]] = ()
    _handlers: ClassVar[dict[str, tuple[str, RequestForm]]] = {}  # for each request the method's name and the form

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        forms = {name: method._form for name, method in vars(cls).items() if hasattr(method, "_form")}
        inherited: dict[str, tuple[str, RequestForm]] = {}
        for base in reversed(cls.__mro__):  # of all bases, the nearest last
            inherited |= vars(base).get("_handlers", {})
        cls._handlers = inherited | {form.name: (name, form) for name, form in forms.items()}
        explain_methods(cls)

    def __init__(self, **values: Any) -> None:
        derived = [name for name in values if isinstance(getattr(type(self), name, None), DerivedTrait)]
        widget_id = uuid.uuid4().hex
        self._unfinished = Unfinished()
        self.store(widget_id=widget_id, saved_traits=list(self.saved))
        self.store(**{name: values.pop(name) for name in derived})
        super().__init__(model_id=widget_id, **values)
        self.on_msg(self._on_request)

    def store(self, **values: Any) -> None:
        """Set traits, those that follow from others as well, which cannot be assigned."""
        for name, value in values.items():
            self.set_trait(name, value)

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
        ArgumentError
            The message has the keyword, the nearest one and all that there are.
        """
        allowed = sorted([*own, *cls.settings])
        for name in given:
            if name not in cls.settings:
                raise ArgumentError(
                    f"{cls.__name__} has no setting {name!r}.{suggest(name, allowed)} It has: {', '.join(allowed)}."
                )

    def store_from_browser(self, **values: Any) -> None:
        """Set traits, as `store` does, to values that the browser has: they are not sent to it."""
        super().set_state(values)

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_"):
            self._require_setting(name)
        try:
            super().__setattr__(name, value)
        except SettingError:
            raise
        except traitlets.TraitError as error:  # of a trait of the library: layout, tooltip ...
            raise SettingError(f"{name} is {self.traits()[name].info()}; got {short_repr(value)}.") from error

    def _require_setting(self, name: str) -> None:
        """Raise `AttributeError` for a name that is no setting: unknown, a method, or a property that is only read."""
        own = type(self).__name__
        attribute = getattr(type(self), name, None)
        if attribute is None:
            hint = suggest(name, [*self.settings, *self.class_own_traits()])
            raise AttributeError(f"{own} has no setting {name!r}.{hint}")
        if callable(attribute) and str(getattr(attribute, "__module__", "")).startswith(__package__ or ""):
            raise AttributeError(f"{name} is a method of {own}, not a setting: call it.")
        if isinstance(attribute, property) and attribute.fset is None:
            raise AttributeError(f"{name} is read-only: make another {own} for another {name}.")

    def set_trait(self, name: Any, value: Any) -> None:
        """Set a trait, as in traitlets; a name that no trait has is refused."""
        if not isinstance(name, str) or not self.has_trait(name):
            raise SettingError(
                f"{type(self).__name__} has no trait {short_repr(name)}.{suggest(name, self.trait_names())}"
            )
        super().set_trait(name, value)

    def observe(self, handler: Any, names: Any = traitlets.All, *options: Any, **settings: Any) -> None:
        """Call a function when traits change, as in traitlets; a name that no trait has is refused."""
        if not callable(handler):
            raise SettingError(f"A handler is a function of one argument, the change; got {short_repr(handler)}.")
        for name in [] if names in (traitlets.All, None) else [names] if isinstance(names, str) else names:
            if isinstance(name, str) and not self.has_trait(name):
                raise SettingError(
                    f"{self.__class__.__name__} has no trait {name!r}.{suggest(name, self.trait_names())}"
                )
        super().observe(handler, names, *options, **settings)

    # --- requests from the browser ----------------------------------------------------------------

    def _on_request(self, _: Any, content: Any, buffers: Sequence[Any]) -> None:
        """Respond to a request, whatever happens: the browser waits for the response."""
        if not isinstance(content, dict) or content.get("type") != "request":
            return
        response: dict[str, Any] = {"type": "response", "id": response_id(content.get("id"))}
        response_buffers: list[bytes] = []
        try:
            begin = partial(self._handle, content, buffers)
            done = self._unfinished.go_on(response["id"], short_repr(content.get("name")), begin)
            if done is None:
                response |= {"ok": True, "again": True}  # the browser asks once more; others come in between
            else:
                body, response_buffers = done
                response |= {"ok": True, "body": body}
        except Exception as error:
            if not isinstance(error, LatentPaletteError):
                _log.warning("An error while answering %s", short_repr(content.get("name")), exc_info=True)
            response |= {"ok": False, "error": error_sentence(error)}
        self.send(response, buffers=response_buffers)

    def _handle(self, content: dict[str, Any], buffers: Sequence[Any]) -> Response | Work:
        name = content.get("name")
        if not isinstance(name, str) or name not in self._handlers:
            raise LatentPaletteError(f"{type(self).__name__} has no handler for {short_repr(name)}.")
        method, form = self._handlers[name]
        fields, checked_buffers = form.read(content.get("body"), buffers)
        begun: Response | Work = getattr(self, method)(*checked_buffers, **fields)
        return begun

    # --- traits from the browser ------------------------------------------------------------------

    def _handle_msg(self, msg: Any) -> None:
        """Handle a message from the browser; new values of traits are checked before any is set."""
        data = msg["content"]["data"]
        if not isinstance(data, dict) or data.get("method") != "update":
            super()._handle_msg(msg)
            return
        state: Any = data.get("state")
        try:
            if paths := data.get("buffer_paths"):  # of traits that are bytes, which come beside the others
                state = {**state, **{name: value for (name,), value in zip(paths, msg["buffers"], strict=True)}}
            self.set_state(state)
        except Exception as error:
            _log.warning("A new state from the browser was refused: %s", error_sentence(error))
            self.send({"type": "problem", "error": error_sentence(error)})
            if isinstance(state, dict):  # the page shows again what Python has
                self.send_state([name for name in state if self._is_browser_trait(name)])

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Set traits from a message of the browser: all of them, or none if one is wrong.

        Raises
        ------
        SettingError
            If it is no dict, or a value is wrong, or Python alone sets the trait.
        """
        if not isinstance(sync_data, dict) or len(sync_data) > MAX_STATE_NAMES:
            raise SettingError(f"A state is a few named values; got {short_repr(sync_data)}.")
        accepted = {}
        for name, value in sync_data.items():
            if self._is_browser_trait(name):
                self.check_fit(name, getattr(type(self), name).check(value))
                accepted[name] = value
            elif not self._is_trait_of_the_library(name):
                raise self._refusal(name)
        super().set_state(accepted)

    def check_state(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the checked values of traits that a file has.

        Raises
        ------
        SettingError
            If one is wrong, or does not fit this widget.
        """
        return {name: self.check_fit(name, getattr(type(self), name).check(value)) for name, value in values.items()}

    def store_state(self, values: dict[str, Any]) -> None:
        """Set checked traits of a state together."""
        with self.hold_sync():
            self.store(**values)

    def check_fit(self, name: str, value: Any) -> Any:
        """Return the checked value of a trait, if it fits the others of this widget; else raise `SettingError`."""
        return value

    def _is_browser_trait(self, name: Any) -> bool:
        return isinstance(name, str) and self.has_trait(name) and bool(self.trait_metadata(name, "from_browser"))

    @staticmethod
    def _is_trait_of_the_library(name: Any) -> bool:
        """Return True for a trait of ipywidgets or anywidget, which our scripts leave as it is."""
        return isinstance(name, str) and (
            name.startswith("_") or anywidget.AnyWidget.class_traits().get(name) is not None
        )

    def _refusal(self, name: Any) -> SettingError:
        trait = getattr(type(self), name, None) if isinstance(name, str) and self.has_trait(name) else None
        if isinstance(trait, DerivedTrait):
            return trait.refusal()
        if trait is not None:
            return SettingError(f"{name} is set by Python alone.")
        return SettingError(f"{type(self).__name__} has no trait {short_repr(name)}.")

    # --- where no widget runs ---------------------------------------------------------------------

    def to_png(self) -> bytes:
        """Draw the present state as the bytes of a PNG file."""
        raise NotImplementedError

    def display_png(self) -> bytes:
        """Draw the picture that a saved notebook shows. It is drawn before the view is shown, so nothing slow."""
        return self.to_png()

    def alt_text(self) -> str:
        """Describe the picture of `to_png` for those who cannot see it."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options: Any) -> Any:
        picture, metadata = picture_bundle(self.display_png(), self.alt_text(), repr(self))
        view: Any = super()._repr_mimebundle_(**options) if shows_widgets() else None
        if view is None:
            return picture, metadata
        data, view_metadata = view if isinstance(view, tuple) else (view, {})
        return {**data, **picture}, {**view_metadata, **metadata}

    # --- a page of its own ------------------------------------------------------------------------

    def standalone_state(self) -> dict[str, Any]:
        """Return the traits that a page without Python needs."""
        raise NotImplementedError

    def page_widgets(self, parts: PageParts = NO_MODEL) -> list[PageWidget]:
        """Return what a page of its own shows, one below the other, with parts of the models that it plays."""
        return [PageWidget(self._esm, self._css, self.standalone_state())]

    def page_widgets_in_parts(self, parts: PageParts) -> Task[list[PageWidget]]:
        """Return what `page_widgets` does, in parts."""
        yield _WIDGET_WORK
        return self.page_widgets(parts)

    def to_html(self, path: str | os.PathLike[str], *, title: str | None = None) -> Path:
        """Write the widget as one HTML file that needs no network and no Python.

        Parameters
        ----------
        path : path
            The file to write; ``~`` is the home folder, and missing folders are made.
        title : str, optional
            The title of the page; the file's name by default.

        Returns
        -------
        Path

        Raises
        ------
        FileError
            If the file cannot be written; one that was there before is unchanged.
        """
        return self.write_page(path, title, self.page_widgets())

    def write_page(self, path: str | os.PathLike[str], title: str | None, widgets: Sequence[PageWidget]) -> Path:
        """Write a page of widgets, by default with the file's name as its title; see `to_html`."""
        title = check_text(expand_path(path).stem if title is None else title, "The title of a page", 1000)
        return write_text(path, standalone_page(widgets, title=title, text=self.page_text()))

    def page_text(self) -> str:
        """Return the sentence above the widget on a page of its own; without one it has no heading."""
        return ""
