"""Parts of a page that shows a bokeh figure offline: the figure as JSON, and BokehJS itself."""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import Any

from bokeh.core.json_encoder import serialize_json
from bokeh.embed import json_item
from bokeh.util.paths import bokehjs_path


def to_json_item(figure: Any) -> dict[str, Any]:
    """Return a bokeh figure as the JSON that ``Bokeh.embed.embed_item`` reads.

    Parameters
    ----------
    figure : bokeh model
        Afterwards it belongs to this document.

    Examples
    --------
    >>> from bokeh.plotting import figure
    >>> sorted(to_json_item(figure()))
    ['doc', 'root_id', 'target_id', 'version']
    """
    # Through text and back: what JSON cannot hold is found here, not in a browser.
    item: dict[str, Any] = json.loads(serialize_json(json_item(figure)))
    return item


@cache
def bokehjs_gz() -> bytes:
    """Return the installed bokeh's BokehJS, gzipped: about 350 kB, the same bytes each time."""
    return gzip.compress((bokehjs_path() / "js" / "bokeh.min.js").read_bytes(), 9, mtime=0)
