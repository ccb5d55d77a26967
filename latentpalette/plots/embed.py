"""What a page needs to show a bokeh figure without a network: the figure as JSON, and BokehJS itself."""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import Any

from bokeh.core.json_encoder import serialize_json
from bokeh.embed import json_item
from bokeh.util.paths import bokehjs_path


def document(roll: Any) -> dict[str, Any]:
    """A bokeh figure as the JSON that ``Bokeh.embed.embed_item`` reads.

    Parameters
    ----------
    roll : bokeh model
        It belongs to this document from then on.

    Examples
    --------
    >>> from bokeh.plotting import figure
    >>> sorted(document(figure()))
    ['doc', 'root_id', 'target_id', 'version']
    """
    # Through text and back: what JSON cannot hold is found here, not in a browser.
    kept: dict[str, Any] = json.loads(serialize_json(json_item(roll)))
    return kept


@cache
def library() -> bytes:
    """BokehJS of the installed bokeh, gzipped: about 350 kB, the same bytes each time."""
    return gzip.compress((bokehjs_path() / "js" / "bokeh.min.js").read_bytes(), 9, mtime=0)
