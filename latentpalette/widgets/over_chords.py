"""Instruments over chords, where their model is conditioned on some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from latentpalette.music.chord_symbols import describe_simplified
from latentpalette.widgets.base import Widget
from latentpalette.widgets.checked_traits import CheckedTrait
from latentpalette.widgets.chord_settings import check_chords, require_chords
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.requests import Response, handles

if TYPE_CHECKING:
    from collections.abc import Sequence


class OverChords(Widget):
    """Base class of the instruments: the music of a model, over the chords that are set.

    What is decoded depends on them; music that is encoded has its own (`ModelClips`).
    """

    # None of a model that takes none. What the browser sends is not sent back.
    chords = CheckedTrait(check_chords, []).tag(sync=True, from_browser=True, echo_update=False)

    _given_music: ModelClips

    @property
    def _music(self) -> ModelClips:
        """The music of the model, over the present chords."""
        if self.trait_has_value("chords") and self.chords:
            self._given_music = self._given_music.over(self.chords)
        return self._given_music

    @_music.setter
    def _music(self, music: ModelClips) -> None:
        self._given_music = music

    def _require_chords(self, chords: Sequence[str]) -> None:
        """Raise `SettingError` for chords that the model cannot be given."""
        require_chords(chords, self._given_music.converter, display_name(self._given_music.model))

    @handles("chords", text=check_chords)
    def _handle_chords(self, *, text: list[str]) -> Response:
        """Read chords that are typed, before anything changes; `notice` says which are read as simpler ones."""
        self._require_chords(text)
        return {"chords": text, "notice": describe_simplified(text)}, []

    def check_fit(self, name: str, value: Any) -> Any:
        """Return the value of a setting, if it fits the model; see `Widget.check_fit`."""
        if name == "chords":
            self._require_chords(value)
        return super().check_fit(name, value)
