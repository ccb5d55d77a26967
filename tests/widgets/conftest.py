"""Palettes without weights, without a SoundFont and without a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import comm
import pytest

from latentpalette.progress import parts
from latentpalette.widgets import instrument as module
from latentpalette.widgets.palette import Palette
from tests.widgets.engine.node_process import Node
from tests.widgets.fakes import Clicks, CrossFade


@pytest.fixture(autouse=True)
def any_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """How much is done at a time depends on the work alone, not on how busy the machine is."""
    monkeypatch.setattr(parts, "PART_MS", float("inf"))


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> list[SimpleNamespace]:
    """The messages that would go to the browser, in order: `type`, `data` and `buffers` of each."""
    sent: list[SimpleNamespace] = []

    class Recorder(comm.base_comm.BaseComm):
        def publish_msg(
            self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
        ) -> None:
            sent.append(SimpleNamespace(type=msg_type, data=data, buffers=buffers))

    monkeypatch.setattr(comm, "create_comm", Recorder)
    return sent


@pytest.fixture
def make(wire: list[SimpleNamespace], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Palette]:
    """Make a palette over a fake model: ``make(size=5, ...)``."""
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())

    def make_(*corners: Any, prior: Any = None, **settings: Any) -> Palette:
        return Palette(CrossFade(prior=prior), *corners, **{"size": 5, **settings})

    return make_


def browser_sends(widget: Palette, content: dict[str, Any], buffers: tuple[bytes, ...] = ()) -> None:
    """Deliver a custom message, as it arrives from the browser."""
    widget._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": list(buffers)})


def browser_sets(widget: Palette, state: dict[str, Any]) -> None:
    """Deliver new values of traits, as they arrive from the browser."""
    widget._handle_msg({"content": {"data": {"method": "update", "state": state, "buffer_paths": []}}, "buffers": []})


@pytest.fixture(scope="session")
def node(missing: Callable[[str], Any]) -> Iterator[Node]:
    """A process of node that calls functions of scripts."""
    if shutil.which("node") is None:
        missing("node is not installed")
    process = Node()
    yield process
    process.close()
