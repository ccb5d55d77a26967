"""A page that carries a model and shows no instrument: what its engine responds, in any browser."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.page_model import PageParts, page_model
from latentpalette.widgets.standalone import PageWidget, standalone_page

# Responses come as JSON, their buffers in base64.
_SCRIPT = """
let count = 0;
export default {
  render({ model }) {
    window.ask = (name, body, traits = {}, buffers = []) => {
      for (const [trait, value] of Object.entries(traits)) model.set(trait, value);
      const id = `test-${count++}`;
      return new Promise((resolve, reject) => {
        model.on("msg:custom", (message, given) => {
          if (message.id !== id) return;
          const text = given.map((view) => {
            const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
            return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
          });
          if (message.ok) resolve({ body: message.body, buffers: text });
          else reject(new Error(message.error));
        });
        model.send({ type: "request", id, name, body }, undefined, buffers);
      });
    };
  },
};
"""
ASK = "return await window.ask(...arguments);"


def write_answering_page(
    music: ModelClips,
    path: Path,
    kind: str,
    parts: PageParts,
    *,
    state: Mapping[str, Any] | None = None,
    **options: Any,
) -> Path:
    """Write a page whose engine responds as that of a kind of instrument with a state."""
    traits = {"widget_id": "w", **(state or {})}
    widget = PageWidget(_SCRIPT, "", traits, kind=kind, model=page_model(music, parts, **options))
    path.write_text(standalone_page([widget], title="engine"), encoding="utf-8")
    return path


def buffers_of(response: dict[str, Any]) -> list[bytes]:
    return [base64.b64decode(text) for text in response["buffers"]]
