"""A page that carries a model and shows no instrument: what its engine responds, in any browser."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser

from latentpalette.models.musicvae import MusicVAE
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.page_model import PageModel, PageParts, page_model
from latentpalette.widgets.standalone import PageWidget, standalone_page
from tests.browser.chromium import guarded_page
from tests.browser.firefox import Firefox

# Responses come as JSON, their buffers in base64.
_SCRIPT = """
let count = 0;
const toText = ({ buffer, byteOffset, byteLength }) =>
  btoa(Array.from(new Uint8Array(buffer, byteOffset, byteLength), (byte) => String.fromCharCode(byte)).join(""));
const toFloats = (text) => new Float32Array(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)).buffer);
export default {
  render({ model }) {
    window.engine = model.engine;
    window.decodeZ = async (name, z) => toText(await engine.ask("decode", { model: name, z: toFloats(z) }));
    window.ask = (name, body, traits = {}, buffers = []) => {
      for (const [trait, value] of Object.entries(traits)) model.set(trait, value);
      const id = `test-${count++}`;
      return new Promise((resolve, reject) => {
        model.on("msg:custom", (message, given) => {
          if (message.id !== id) return;
          if (message.ok) resolve({ body: message.body, buffers: given.map(toText) });
          else reject(new Error(message.error));
        });
        model.send({ type: "request", id, name, body }, undefined, buffers);
      });
    };
  },
};
"""
ASK = "return await window.ask(...arguments);"
DECODE = "return await window.decodeZ(...arguments);"

Evaluate = Callable[..., Any]  # of the body of an async function, and its arguments


@contextmanager
def in_chromium(browser: Browser, path: Path) -> Iterator[Evaluate]:
    """Open a page from disk; yields what evaluates a script in it."""
    with guarded_page(browser) as page:
        page.goto(path.as_uri())
        yield lambda script, *arguments: page.evaluate(
            "(given) => (async function () { " + script + " }).apply(null, given)", arguments
        )
        assert page.outside == []


@contextmanager
def in_firefox(firefox: Firefox, path: Path) -> Iterator[Evaluate]:
    """Do the same as `in_chromium` in Firefox."""
    firefox.open(path.as_uri())
    yield firefox.evaluate


def write_answering_page(
    music: ModelClips,
    path: Path,
    kind: str,
    parts: PageParts,
    *,
    state: Mapping[str, Any] | None = None,
    others: Mapping[str, PageModel] | None = None,
    **options: Any,
) -> Path:
    """Write a page whose engine responds as that of a kind of instrument with a state."""
    traits = {"widget_id": "w", **(state or {})}
    widget = PageWidget(_SCRIPT, "", traits, kind=kind, model=page_model(music, parts, **options), others=others or {})
    path.write_text(standalone_page([widget], title="engine"), encoding="utf-8")
    return path


def buffers_of(response: dict[str, Any]) -> list[bytes]:
    return [base64.b64decode(text) for text in response["buffers"]]


def decode_tokens(evaluate: Evaluate, model: MusicVAE, z: NDArray[np.float32]) -> NDArray[Any]:
    """Decode z in the engine of a page: tokens [n, t, k]."""
    text = evaluate(DECODE, display_name(model), base64.b64encode(z.tobytes()).decode("ascii"))
    dtype = "<f4" if model.config.head == "groove" else "<i4"
    return np.frombuffer(base64.b64decode(text), dtype).reshape(len(z), model.config.steps, -1)
