"""A picture that a notebook shows and that can be saved."""

from __future__ import annotations

import base64
import html
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from latentpalette.files import write_bytes
from latentpalette.plots import canvas

_SCALE = 1.5  # dots per pixel


@dataclass(frozen=True, eq=False)
class Picture:
    """A PNG with a text alternative.

    Parameters
    ----------
    png : bytes
    width : int [pixels]
        To show it at; it has more dots than that.
    alt : str
        A description for those who cannot see it.

    Examples
    --------
    >>> Picture(b"", 920, "the latent plane, 300 loops of 6 kinds")
    Picture(the latent plane, 300 loops of 6 kinds)
    """

    png: bytes
    width: int
    alt: str

    def __repr__(self) -> str:
        return f"Picture({self.alt})"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        data = {"image/png": base64.b64encode(self.png).decode("ascii"), "text/plain": repr(self)}
        return data, {"image/png": {"width": self.width, "alt": self.alt}}

    def _mime_(self) -> tuple[str, str]:
        """Return what marimo displays: it drops the metadata of a picture, and so its width and alt text."""
        source = f"data:image/png;base64,{base64.b64encode(self.png).decode('ascii')}"
        style = f"width:{self.width}px;max-width:100%"
        return "text/html", f'<img src="{source}" alt="{html.escape(self.alt)}" style="{style}">'

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the PNG; return the path.

        Raises
        ------
        FileError
            If the file cannot be written; one that was there before is unchanged.
        """
        return write_bytes(path, self.png)


def to_picture(figure: Figure, alt: str) -> Picture:
    """Render a figure as a picture; the same figure gives the same bytes."""
    return Picture(canvas.to_png(figure, scale=_SCALE), round(100 * figure.get_size_inches()[0]), alt)
