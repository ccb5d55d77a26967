"""Pages of instruments: with the model that they play, such a page decodes, samples and edits without Python."""

from __future__ import annotations

import os
from pathlib import Path

from latentpalette.errors import PaletteError
from latentpalette.widgets.base import Widget
from latentpalette.widgets.page_model import NO_MODEL, PageParts, check_parts
from latentpalette.widgets.requests import Work, handles
from latentpalette.widgets.standalone import page_in_parts


class ModelPage(Widget):
    """A widget whose page may carry the models that it plays."""

    def to_html(
        self,
        path: str | os.PathLike[str],
        *,
        title: str | None = None,
        model: str = "none",
        weights: str = "float16",
    ) -> Path:
        """Write the widget as one HTML file that needs no network and no Python.

        Parameters
        ----------
        path : path
            The file to write; ``~`` is the home folder, and missing folders are made.
        title : str, optional
            The title of the page; the file's name by default.
        model : {"none", "decoder", "full"}
            What the page carries of the model. Without it, the page plays what is decoded now. With the decoder it
            samples, changes size and steps, and decodes any place between the corners it came with. With all of it,
            it also encodes what is drawn, edited or dropped.
        weights : {"float16", "int8"}
            How the page stores the weights: ``"float16"`` decodes exactly what Python does; ``"int8"`` takes half as
            many bytes, and some notes differ.

        Returns
        -------
        Path

        Raises
        ------
        FileError
            If the file cannot be written; one that was there before is unchanged.
        PaletteError
            If there is no such part of a model, or a page cannot carry this one.
        """
        parts = PageParts.checked(model, weights)
        widgets = self.page_widgets(parts)
        if parts != NO_MODEL and not any(widget.model for widget in widgets):
            raise PaletteError(
                f"The page of a {type(self).__name__} carries no model with model={parts.model!r}: choose "
                'model="full", or leave both out.'
            )
        return self.write_page(path, title, widgets)

    def page_title(self) -> str:
        """Return the title of a page that is kept from the browser."""
        return repr(self)

    @handles("page", model=check_parts)
    def _handle_page(self, *, model: str) -> Work:
        widgets = yield from self.page_widgets_in_parts(PageParts(model, "float16"))
        page = yield from page_in_parts(widgets, title=self.page_title(), text=self.page_text())
        return {}, [page.encode()]
