"""A session: instruments that play together, in phase and at one tempo, and their mix as a file."""

from __future__ import annotations

import dataclasses
import math
import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from latentpalette.errors import PaletteError
from latentpalette.music.arranging import overlay
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence
from latentpalette.progress.parts import Task
from latentpalette.validation import check_integer, short_repr
from latentpalette.widgets import settings as checks
from latentpalette.widgets.captured import MAX_CAPTURED_BYTES, Captured, captured_clips, check_tempos
from latentpalette.widgets.checked_traits import CheckedTrait, DerivedTrait
from latentpalette.widgets.instrument import SHARED, Instrument
from latentpalette.widgets.model_page import ModelPage
from latentpalette.widgets.page_model import NO_MODEL, PageParts
from latentpalette.widgets.page_words import page_words
from latentpalette.widgets.pianorolls import PianoRolls
from latentpalette.widgets.requests import Response, handles
from latentpalette.widgets.session_files import (
    Member,
    models_in_words,
    restore,
    source_of_session,
    state_of,
)
from latentpalette.widgets.standalone import PageWidget
from latentpalette.widgets.state_file import read_state, write_state

MAX_MIX_BARS = 1024
_MEMBERS = "the instruments of the session"


class Session(ModelPage):
    """Instruments that play together: one transport, in phase and at one tempo.

    Shown in a notebook, it is a bar with the instruments side by side below it. Each of them goes on to be played by
    itself; its own Play joins the others.

    Parameters
    ----------
    instruments : list of Instrument, PianoRolls or NoteSequence
        Palettes, mixers ..., each once; music, and the piano rolls of `lp.show`, play as loops.
    qpm : float [20 to 400, quarter notes per minute]
        The tempo of all; by default that of the first.
    names : list of str, optional
        One for each instrument; by default its class and its model.

    Attributes
    ----------
    instruments : tuple of Instrument or PianoRolls
    notes : NoteSequence
        What all of them play now, as long as the longest; shorter loops are repeated.
    captured : Captured
        What was played last in the browser: the bars in the frame there, by default the last 32.

    Raises
    ------
    PaletteError
        If there is no instrument, one is there twice, or something is none.

    Examples
    --------
    >>> import latentpalette as lp
    >>> drums = lp.Palette(lp.load("drums-2bar"), size=3)
    >>> tune = lp.Palette(lp.load("melody-2bar"), size=3)
    >>> session = lp.Session([drums, tune], qpm=96)
    >>> drums.qpm, tune.qpm, session.notes.steps
    (96.0, 96.0, 32)
    """

    script: ClassVar[str] = "session"
    saved: ClassVar[tuple[str, ...]] = ("qpm", "volume", "members", "origin")
    qpm = CheckedTrait(checks.check_qpm, 120.0).tag(**SHARED)
    volume = CheckedTrait(checks.check_volume, 1.0).tag(**SHARED)
    playing = CheckedTrait(checks.check_playing, False).tag(**SHARED)
    has_kernel: DerivedTrait[bool] = DerivedTrait(True, source="where the session is shown").tag(sync=True)
    # Identifies the cells that made its instruments (static/state/edits.js).
    origin: DerivedTrait[str] = DerivedTrait("", source=_MEMBERS).tag(sync=True)
    members: DerivedTrait[list[dict[str, str]]] = DerivedTrait([], source=_MEMBERS).tag(sync=True)

    _captured: Captured | None = None

    def __init__(
        self,
        instruments: Iterable[Member | NoteSequence],
        *,
        qpm: float | None = None,
        names: Iterable[str] | None = None,
    ) -> None:
        self._instruments = _require_instruments(instruments)
        given = [str(name) for name in names] if names is not None else [_name_of(each) for each in self._instruments]
        if len(given) != len(self._instruments):
            raise PaletteError(
                f"A session of {len(self._instruments)} instruments has as many names; got {len(given)}."
            )
        members = [{"id": each.widget_id, "name": name} for each, name in zip(self._instruments, given, strict=True)]
        origins = [each.origin if isinstance(each, Instrument) else repr(each) for each in self._instruments]
        origin = f"session {zlib.crc32(repr(origins).encode())}"
        super().__init__(members=members, origin=origin, qpm=self._instruments[0].qpm if qpm is None else qpm)
        for instrument in self._instruments:
            if isinstance(instrument, PianoRolls):
                instrument.join(self.widget_id)
            else:
                instrument.session_id = self.widget_id
            instrument.qpm = self.qpm
            instrument.observe(self._on_tempo, "qpm")
        self.observe(self._on_tempo, "qpm")

    @property
    def instruments(self) -> tuple[Member, ...]:
        """The instruments."""
        return self._instruments

    @property
    def notes(self) -> NoteSequence:
        """The music that all instruments play now, as long as the longest; silenced ones are left out."""
        return self.mix()

    def mix(self, *, bars: int | None = None) -> NoteSequence:
        """Return what all instruments play now, as loud beside each other as their volumes say.

        Parameters
        ----------
        bars : int [1 to 1024], optional
            Length; by default that of the longest. Shorter music is repeated.
        """
        audible = [each for each in self._instruments if not each.silenced]
        loudest = max((each.volume for each in audible), default=0) or 1
        loops = [_soften(each.current_music(), each.volume / loudest) for each in audible]
        if bars is not None:
            steps = check_integer(bars, "bars", 1, MAX_MIX_BARS, error=PaletteError) * STEPS_PER_BAR
        else:
            steps = max((loop.steps for loop in loops), default=2 * STEPS_PER_BAR)
        return overlay(loops, steps=steps).replace(qpm=self.qpm)

    @property
    def captured(self) -> Captured:
        """The music that all of them played last in the browser, with every move: `notes`, `tempos`, `save(path)`.

        Raises
        ------
        PaletteError
            If nothing was played yet. The browser sends it when the music stops, every four bars, and when other bars
            are chosen.
        """
        if self._captured is None:
            raise PaletteError("Nothing was played here yet: play something, stop it, and run this cell again.")
        return self._captured

    @handles("captured", buffers=(MAX_CAPTURED_BYTES,), tempos=check_tempos)
    def _handle_captured(self, data: bytes, *, tempos: tuple[tuple[int, float], ...]) -> Response:
        clips = captured_clips(data, num_streams=[len(each.streams) for each in self._instruments])
        qpm = tempos[-1][1]
        parts = [each.clip_music(clip, qpm) for each, clip in zip(self._instruments, clips, strict=True)]
        self._captured = Captured(overlay(parts, steps=clips[0].steps).replace(qpm=qpm), tempos)
        return {}, []

    def save(self, path: str | os.PathLike[str], *, bars: int | None = None, loop: bool = False) -> Path:
        """Write the mix as a file: ``.mid``, ``.wav`` or ``.mp3``; see `mix` and `NoteSequence.save`."""
        return self.mix(bars=bars).save(path, loop=loop)

    def save_state(self, path: str | os.PathLike[str]) -> Path:
        """Write what is edited in all instruments as one JSON file; `open_state` and the browser's Keep menu open it.

        Raises
        ------
        FileError
            If the file cannot be written; one that was there before is unchanged.
        """
        traits = {"qpm": self.qpm, **state_of(self._instruments)}
        return write_state(path, instrument="Session", model=models_in_words(self._instruments), traits=traits)

    def open_state(self, path: str | os.PathLike[str]) -> None:
        """Set what is edited in all instruments to what a file of `save_state`, or of the browser, has.

        Raises
        ------
        FileError
            If the file cannot be read or is too large.
        PaletteError
            If it is no state file, one of other instruments or models, or has a wrong value; then nothing changes.
        """
        names = ["qpm", *state_of(self._instruments)]
        read = read_state(path, instrument="Session", model=models_in_words(self._instruments), names=names)
        qpm = checks.check_qpm(read.get("qpm", self.qpm))
        restore(self._instruments, read)
        self.qpm = qpm

    def to_python(self) -> str:
        """Return the Python source that makes the instruments and this session again."""
        names = [member["name"] for member in self.members]
        given = [_name_of(each) for each in self._instruments]
        return source_of_session(self._instruments, names=names, given=given, qpm=self.qpm)

    @handles("python")
    def _handle_python(self) -> Response:
        return {"text": self.to_python()}, []

    def standalone_state(self) -> dict[str, Any]:
        """Return the traits that a page without Python needs."""
        kept = {name: getattr(self, name) for name in (*self.saved, "widget_id") if name != "origin"}
        return {**kept, "playing": False, "has_kernel": False}

    def page_text(self) -> str:
        """Return the sentence above the session on a page of its own."""
        return page_words(self.script, f"Session: {', '.join(member['name'] for member in self.members)}")

    def page_widgets(self, parts: PageParts = NO_MODEL) -> list[PageWidget]:
        """Return the bar, and the instruments, which it shows side by side."""
        members = [widget for each in self._instruments for widget in each.page_widgets(parts)]
        return [*super().page_widgets(), *members]

    def page_widgets_in_parts(self, parts: PageParts) -> Task[list[PageWidget]]:
        """Return what `page_widgets` does, an instrument at a time."""
        widgets = super().page_widgets()
        for each in self._instruments:
            widgets += yield from each.page_widgets_in_parts(parts)
        return widgets

    def _on_tempo(self, change: Any) -> None:
        for each in (self, *self._instruments):
            if each.qpm != change["new"]:
                each.qpm = change["new"]

    def __repr__(self) -> str:
        return f"Session({', '.join(member['name'] for member in self.members)})"

    def to_png(self) -> bytes:
        """Draw the instruments side by side as the bytes of a PNG file."""
        from latentpalette.plots.png_row import png_row

        return png_row([each.to_png() for each in self._instruments])

    def display_png(self) -> bytes:
        """Draw the instruments as they are displayed; see `Widget.display_png`."""
        from latentpalette.plots.png_row import png_row

        return png_row([each.display_png() for each in self._instruments])

    def alt_text(self) -> str:
        """Describe the pictures of the instruments in words."""
        named = zip(self.members, self._instruments, strict=True)
        return "Session: " + "; ".join(f"{member['name']}, {each.alt_text()}" for member, each in named)


def _soften(music: NoteSequence, volume: float) -> NoteSequence:
    """Return music at a volume, as `latentpalette.widgets.playback.scale_velocities` does it."""
    notes = [
        dataclasses.replace(note, velocity=max(1, math.floor(note.velocity * volume + 0.5)))
        for note in (music.notes if volume > 0 else ())
    ]
    return music if volume == 1 else music.replace(notes=notes)


def _require_instruments(instruments: Any) -> tuple[Member, ...]:
    """Return instruments, each once.

    Raises
    ------
    PaletteError
        If there is none, one is there twice, or something is none.
    """
    if isinstance(instruments, (Instrument, str, dict)) or not isinstance(instruments, Iterable):
        raise PaletteError(
            f"A session has a list of instruments: lp.Session([drums, tune]); got {short_repr(instruments)}."
        )
    found = tuple(PianoRolls([each]) if isinstance(each, NoteSequence) else each for each in instruments)
    for each in found:
        if not isinstance(each, (Instrument, PianoRolls)):
            raise PaletteError(f"An instrument is a palette, a mixer ...; got {short_repr(each)}.")
    if not found or len({id(each) for each in found}) < len(found):
        raise PaletteError(f"A session has one instrument or more, each once; got {len(found)}.")
    return found


def _name_of(instrument: Member) -> str:
    if isinstance(instrument, PianoRolls):
        return "Piano roll" if len(instrument.items) == 1 else "Piano rolls"
    return f"{type(instrument).__name__} · {instrument.model_name}"
