"""Base class of the widgets that play from a kit: it is rendered beside all else, and sent when it is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from latentpalette.progress.board import show_progress
from latentpalette.widgets.base import Widget
from latentpalette.widgets.checked_traits import DerivedTrait
from latentpalette.widgets.requests import Response, handles
from latentpalette.widgets.sounds import KitRendering

if TYPE_CHECKING:
    from latentpalette.audio.kit import Kit

_FONT = "the SoundFont"


class KitWidget(Widget):
    """A widget with a kit of sounds."""

    kit_index: DerivedTrait[list[dict[str, Any]]] = DerivedTrait([], source=_FONT).tag(sync=True)
    kit_rate: DerivedTrait[int] = DerivedTrait(44100, source=_FONT).tag(sync=True)
    kit: DerivedTrait[bytes] = DerivedTrait(b"", source=_FONT).tag(sync=True, echo_update=False)

    # The kit that is being rendered; None when the browser has it.
    _rendering: KitRendering | None = None

    def begin_kit(self, render: Callable[[], Kit]) -> KitRendering:
        """Begin to render a kit in a thread; one that waits to be rendered is not wanted any more."""
        if self._rendering is not None:
            self._rendering.cancel()
        self._rendering = KitRendering(render)
        return self._rendering

    def keep_kit(self, kit: Kit | None) -> None:
        """Send a kit to the browser, which plays the old one until then; None is not there yet."""
        if kit is None:
            return
        self._rendering = None
        samples, index = kit.packed()
        with self.hold_sync():
            self.store(kit_index=list(index), kit_rate=kit.rate, kit=bytes(samples))

    def finish_kit(self) -> None:
        """Wait until the sounds are rendered, for a page without Python.

        Raises
        ------
        SoundError
            If the SoundFont plays nothing of a stream.
        """
        if self._rendering is not None:
            with show_progress("Rendering the sounds"):
                self.keep_kit(self._rendering.wait())

    @handles("sounds")
    def _handle_sounds(self) -> Response:
        """Send the kit as traits if it is rendered by now; the browser asks again and again."""
        if self._rendering is not None:
            self.keep_kit(self._rendering.ready(patience=0))
        return {"ready": self._rendering is None}, []
