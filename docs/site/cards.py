"""The models that come with the package, in a table with a link to the card of each."""

from __future__ import annotations

import latentpalette as lp


def table() -> str:
    """Return the table [Markdown]."""
    rows = [f"| [{model.name}]({model.name}.md) | {model.summary} |" for model in lp.available()]
    return "\n".join(["## Cards", "", "| model | |", "|---|---|", *rows])
