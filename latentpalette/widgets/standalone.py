"""Widgets as one HTML file: scripts, styles, state, and static/standalone.js in place of Jupyter."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from latentpalette.progress.parts import Task, finish
from latentpalette.widgets import bundle
from latentpalette.widgets.engine_page import kernels, worker_script
from latentpalette.widgets.page_model import PageModel
from latentpalette.widgets.page_text import text_in_parts, to_text

# The page may run what is in it and reach nothing else; the browser holds it to that. WebAssembly is allowed in pages
# that carry a model, which decode with it.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' blob:{wasm}; style-src 'unsafe-inline'; "
    "img-src data: blob:; media-src data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'"
)
_WASM = " 'wasm-unsafe-eval'"
_OWN_SCRIPTS = " 'self'"  # files beside the page

_MIN_SHARED = 4096  # bytes that two widgets have, and a page once
_PAGE_WORK = 1_500  # of joining all; see `latentpalette.progress.parts`

_HEADING_STYLE = """
.page-heading { padding: 12px 10px 0; font: 14px/1.5 system-ui, sans-serif; color: #333; }
.page-heading a { color: inherit; }
.page-heading h1 { margin: 4px 0; font-size: 20px; }
.page-heading p { margin: 0 0 4px; max-width: 70ch; }
@media (min-width: 900px) {
  .page-heading:not(:has(a)) { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: 12px; }
  .page-heading:not(:has(a)) p { max-width: none; }
}
@media (prefers-color-scheme: dark) { .page-heading { color: #ccc; } }
"""


class PageWidget(NamedTuple):
    """A widget of a page.

    Parameters
    ----------
    script : str
        A bundled module (`bundle.bundle_esm`) that ends in ``export default { render };``.
    style : str
    state : dict
        The widget's traits. Bytes are written as base64.
    kind : str
        Names the requests that the engine of the page responds to (static/engine/page/requests.js).
    model : PageModel, optional
        What the engine decodes with; without one nobody responds.
    others : dict of PageModel
        Models that it plays beside that one, by their role (static/engine/page/requests.js).
    """

    script: str
    style: str
    state: dict[str, Any]
    kind: str = ""
    model: PageModel | None = None
    others: Mapping[str, PageModel] = MappingProxyType({})


def models_of(widgets: Iterable[PageWidget]) -> dict[str, PageModel]:
    """Return the models that widgets play, by their names; of two with one name the one that encodes, too.

    The weights of a decoder are the first ones of the whole model, so all of its pages can read them.

    Examples
    --------
    >>> models_of([PageWidget("", "", {})])
    {}
    """
    models: dict[str, PageModel] = {}
    for widget in widgets:
        for model in (*([widget.model] if widget.model else []), *widget.others.values()):
            if model.encodes or model.name not in models:
                models[model.name] = model
    return models


def standalone_page(
    widgets: Sequence[PageWidget], *, title: str, text: str = "", models_folder: str | None = None, home: str = ""
) -> str:
    """Return the HTML of a page that runs widgets, one below the other.

    Parameters
    ----------
    widgets : list of PageWidget
    title : str
    text : str
        Stands above the widgets.
    models_folder : str, optional
        A folder beside the page with the scripts of `weights_script`, which several pages share; by default the
        page has the weights itself.
    home : str
        The address of the page that this one is part of.

    Examples
    --------
    >>> widget = PageWidget("export default { render() {} };", "", {"cells": b"12"})
    >>> text = standalone_page([widget], title="<Beats>")
    >>> "&lt;Beats&gt;" in text, '"cells": {"base64": "MTI="}' in text
    (True, True)
    """
    return finish(page_in_parts(widgets, title=title, text=text, models_folder=models_folder, home=home))


def page_in_parts(
    widgets: Sequence[PageWidget], *, title: str, text: str = "", models_folder: str | None = None, home: str = ""
) -> Task[str]:
    """Return the HTML of a page as `standalone_page` does, in parts."""
    models = models_of(widgets)
    tags = (yield from _engine_tags(models, models_folder)) if models else ""
    yield _PAGE_WORK
    scripts, styles = ([*dict.fromkeys(values)] for values in ([w.script for w in widgets], [w.style for w in widgets]))
    modules = [f"(() => {{\n{script.replace('export default ', 'return ', 1)}\n}})()" for script in scripts]
    host = bundle.bundle_esm(bundle.STATIC / "standalone.js")
    code = "\n".join(["const modules = [", ",\n".join(modules), "];", "", host])
    state = [
        {
            "module": scripts.index(widget.script),
            "kind": widget.kind,
            "model": widget.model.name if widget.model else "",
            "others": {role: model.name for role, model in widget.others.items()},
            "encodes": bool(widget.model and widget.model.encodes),
            "traits": traits,
        }
        for widget, traits in zip(widgets, _share_bytes([widget.state for widget in widgets]), strict=True)
    ]
    style = "\n".join(styles)
    policy = _POLICY.format(wasm=(_WASM + (_OWN_SCRIPTS if models_folder is not None else "")) if models else "")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{html.escape(title)}</title>
<style>
html {{ background: #fff; }}
@media (prefers-color-scheme: dark) {{ html {{ background: #15171c; }} }}
body {{ margin: 0 auto; max-width: 980px; }}
{_require_inert(style, "style")}
</style>
</head>
<body>
{_heading(title, text, home)}<main id="widgets"></main>
<noscript>This page needs JavaScript to play.</noscript>
<script id="state" type="application/json">{_to_json(state)}</script>
<script>
(() => {{
"use strict";
{_require_inert(code, "script")}
}})();
</script>
{tags}</body>
</html>
"""


def _heading(title: str, text: str, home: str) -> str:
    """Return what stands above the widgets."""
    if not text:
        return ""
    back = f'<a href="{html.escape(home)}">All pages</a>' if home else ""
    return f"""<style>{_HEADING_STYLE}</style>
<header class="page-heading">{back}<h1>{html.escape(title)}</h1><p>{html.escape(text)}</p></header>
"""


def weights_script(model: PageModel) -> str:
    """Return the script that brings the weights of a model to pages that share them."""
    texts = [to_text(data, width=width) for data, width in model.buffers]
    for character, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n")):
        texts = [text.replace(character, escaped) for text in texts]
    literals = ",\n".join(f'"{text}"' for text in texts)
    return f"(globalThis.pageWeights ??= {{}})[{json.dumps(model.name)}] = [\n{literals}\n];\n"


def _engine_tags(models: Mapping[str, PageModel], models_folder: str | None) -> Task[str]:
    """Return the tags that hold the engine of a page and its models, which static/engine/page/client.js reads.

    They are the end of the page: it is built and plays while a phone is still reading them.
    """
    tags = [_tag("engine", worker_script()), _tag("kernels", base64.b64encode(kernels()).decode("ascii"))]
    for index, (name, model) in enumerate(models.items()):
        widths = [width for _, width in model.buffers]
        tags.append(_tag(f"model-{index}", _to_json({"name": name, "meta": model.meta, "widths": widths})))
        if models_folder is not None:
            tags.append(f'<script src="{html.escape(f"{models_folder}/{name}.js")}"></script>\n')
            continue
        for k, (data, width) in enumerate(model.buffers):
            text = yield from text_in_parts(data, width=width)
            tags.append(_tag(f"weights-{index}-{k}", text))
    return "".join(tags)


def _tag(name: str, text: str) -> str:
    """Return the tag of a text that the page reads, and does not run."""
    return f'<script id="{name}" type="text/plain">{_require_inert(text, "script")}</script>\n'


def _share_bytes(states: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return states in which bytes stand once: where others have them, too, is said which trait of which widget it is.

    Instruments of a session often have the same kit, which is a few hundred kB.

    Examples
    --------
    >>> kit = bytes(5000)
    >>> _share_bytes([{"kit": kit}, {"kit": kit, "cells": b"12"}])[1]
    {'kit': {'same_as': [0, 'kit']}, 'cells': b'12'}
    """
    places: dict[bytes, list[Any]] = {}
    shared = []
    for index, state in enumerate(states):
        values = dict(state)
        for name, value in state.items():
            if isinstance(value, bytes) and len(value) >= _MIN_SHARED:
                place = places.setdefault(value, [index, name])
                if place != [index, name]:
                    values[name] = {"same_as": place}
        shared.append(values)
    return shared


def _to_json(state: Any) -> str:
    """Return JSON that cannot end the tag around it: names of files and labels may hold anything."""
    text = json.dumps(state, default=_encode_bytes, ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _encode_bytes(value: Any) -> dict[str, str]:
    if isinstance(value, bytes | bytearray | memoryview):
        return {"base64": base64.b64encode(bytes(value)).decode("ascii")}
    raise TypeError(f"A page's state is JSON and bytes; got {type(value).__name__}.")


def _require_inert(text: str, tag: str) -> str:
    """Return the content of a tag, if it does not end the tag."""
    if f"</{tag}" in text.lower():
        raise ValueError(f"This {tag} would end its own tag.")
    return text
