"""The gallery on the site: pages that play, sample and decode without Python, and a list of them."""

from __future__ import annotations

import html
from pathlib import Path

from latentpalette.widgets.gallery import exhibits, write_gallery

FOLDER = "gallery"
# Those that the instruments play, and the twins of the classroom; `latentpalette gallery` has all of the shelf.
MODELS = ("drums-2bar", "melody-2bar", "groove-humanize", "groove-tap", "groove-hihat", "drums-2d", "drums-2d-ae")


def write(extra: Path) -> None:
    """Write the gallery into the folder of files that the site has as they are."""
    write_gallery(extra / FOLDER, MODELS)


def listing(address: str) -> str:
    """Return the HTML of a list of its pages.

    Parameters
    ----------
    address : str
        The address of the gallery, as the page links to it.

    Examples
    --------
    >>> '<a href="../gallery/sampler.html">' in listing("../gallery")
    True
    """
    items = "\n".join(
        f'<li><a href="{address}/{exhibit.name}.html"><img src="{address}/{exhibit.name}.png" alt="" loading="lazy">'
        f"<b>{html.escape(exhibit.title)}</b></a> {html.escape(exhibit.text)}</li>"
        for exhibit in exhibits(MODELS)
    )
    return f'<ul class="gallery">\n{items}\n</ul>'
