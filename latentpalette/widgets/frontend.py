"""Recognize programs that record the outputs of cells and show no widget: nbconvert, nbclient, papermill, nbval."""

from __future__ import annotations

import os
import sys

from latentpalette.progress.displays import may_ask_for_input

# They show widgets, although the code that they run may not ask for input.
_LIVE = ("VOILA_REQUEST_URL", "VOILA_PREHEAT", "DATABRICKS_RUNTIME_VERSION")


def cell_id() -> str:
    """Return the id of the cell that is run, which stays the same when it is run again; "" where there is none."""
    if "IPython" not in sys.modules:
        return ""
    from IPython import get_ipython

    get_parent = getattr(get_ipython(), "get_parent", None)
    parent = get_parent() if get_parent else {}
    return str(parent.get("metadata", {}).get("cellId", ""))


def shows_widgets() -> bool:
    """Return False if the present cell is run by a program that shows no widget, such as ``nbconvert --execute``.

    Such a program stores what a cell displays. A view of a widget among it is empty wherever the page that is made of
    it has no network, or no widget of that name; a picture is not.

    Notes
    -----
    Jupyter's front ends let a cell ask for input, programs that record do not: the kernel has that from the message
    with the cell. Voilà and Databricks are recognized by their environment variables. Set ``LATENTPALETTE_WIDGETS`` to
    ``always`` or ``never`` where neither is right.
    """
    setting = os.environ.get("LATENTPALETTE_WIDGETS", "").lower()
    if setting in ("always", "never"):
        return setting == "always"
    if any(name in os.environ for name in _LIVE) or "IPython" not in sys.modules:
        return True
    from IPython import get_ipython

    return may_ask_for_input(getattr(get_ipython(), "kernel", None))
