"""A page that holds a model and the engine, opened from disk under the policy of our pages."""

from __future__ import annotations

import json
from pathlib import Path

from latentpalette.models.musicvae import MusicVAE
from latentpalette.widgets.bundle import STATIC, bundle_esm
from latentpalette.widgets.engine_page import model_json, worker_script

POLICY = "default-src 'none'; script-src 'unsafe-inline' blob: 'wasm-unsafe-eval'; worker-src blob:"
_PAGE = """<!doctype html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<script id="worker" type="text/plain">{worker}</script>
<script id="model" type="application/json">{model}</script>
<script type="module">
{client}
const model = JSON.parse(document.getElementById("model").textContent);
const start = performance.now();
window.engine = startEngine(document.getElementById("worker").textContent, model);
engine.ready.then(
  (facts) => Object.assign(window, {{ facts, milliseconds: performance.now() - start }}),
  (error) => Object.assign(window, {{ facts: error.message }}),
);
</script>
"""


def write_engine_page(path: Path, model: MusicVAE, *, policy: str = POLICY) -> Path:
    """Write the page: ``window.engine`` is the engine, ``window.facts`` what it says when it is ready, or its error."""
    client = bundle_esm(STATIC / "engine" / "client.js")
    text = _PAGE.format(policy=policy, worker=worker_script(), model=json.dumps(model_json(model)), client=client)
    path.write_text(text, encoding="utf-8")
    return path
