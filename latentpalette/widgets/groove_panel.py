"""The groove panel: a drum loop as it is written and as a drummer plays it, and drums from taps."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from latentpalette.errors import PaletteError
from latentpalette.files import expand_path
from latentpalette.models import store
from latentpalette.music.presets.catalog import presets
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence
from latentpalette.music.track_choice import DrumTracks
from latentpalette.progress.board import show_progress
from latentpalette.widgets import groove_settings as checks
from latentpalette.widgets import settings as common_checks
from latentpalette.widgets.checked_traits import CheckedTrait, SettingError
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.dropped_files import DRUMS, tracks_to_json
from latentpalette.widgets.drum_sources import DrumSource, read_drums
from latentpalette.widgets.drummers import Drummers
from latentpalette.widgets.feel import Feel
from latentpalette.widgets.instrument import (
    INSTRUMENT_SETTINGS,
    INSTRUMENT_TRAITS,
    MAX_MIDI_BYTES,
    NO_ECHO,
    SHARED,
    Instrument,
)
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.page_model import PageParts
from latentpalette.widgets.palette_traits import origin_of
from latentpalette.widgets.requests import Response, Work, handles
from latentpalette.widgets.tempo import common_tempo
from latentpalette.widgets.to_python import load_source, opening_of, source_of
from latentpalette.wording import counted

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

_EMPTY: dict[str, Any] = {"steps": 32, "notes": []}  # a clip
_DEFAULT_LOOP = "Boom bap"
_OWN_SETTINGS = (
    *("timing", "velocity", "swing", "swing_of", "plays", "spread", "seed"),
    *("tap_latency", "tap_bars"),
)
_LOOP_TRAITS = ("written_clip", "played_clip", "label", "left_out", "source_id", "taps")
_FEEL = ("timing", "velocity", "swing", "swing_of")
_REST_IS_GONE = "The rest of the song is not here: load its file again to save the drums with it."


class GroovePanel(Instrument):
    """Give a drum loop the timing and dynamics of a drummer, as much of them as you like.

    Hear the loop as written and as played, in phase; set how much timing and how much velocity is played, and swing;
    ask for another drummer; add hats; tap a rhythm and have it played on a whole kit. The browser makes the sound, and
    the drummers play in its page, too.

    Parameters
    ----------
    loop : NoteSequence, name of a preset, or MIDI file (path or bytes), optional
        Music with drums, of any length. All else in it stays as it is in what is saved. Default: a preset.
    model : MusicVAE, optional
        Trained to humanize. Default: ``lp.load("groove-humanize")``.
    tap_model, hat_model : MusicVAE, optional
        Trained on taps, and to add hi-hats. Default: ``lp.load("groove-tap")``, ``lp.load("groove-hihat")``.
    drums : optional
        The tracks that are drums, instead of channel 10; see `MusicVAE.excerpts`.
    label : str, optional
    timing, velocity : float [0 to 2]
        How much of the drummer's timing and velocities is played: 0 is as written, 1 as the drummer plays.
    swing : float [0 to 1]
        How late every second sixteenth (or eighth) is: 2/3 is a triplet, 1 dotted.
    swing_of : {"sixteenths", "eighths"}
    plays : {"played", "written"}
        What Play plays.
    spread : float [0 to 4]
        How far the drummer may be from the most likely one; see `lp.humanize`.
    seed : int
        With a spread: which drummer.
    tap_latency : float [-200 to 500, milliseconds]
        How much later taps arrive than they are meant.
    tap_bars : {1, 2, 4}
    decode_in_page : bool
        Whether the page of a notebook plays the drummers, too; see `Palette`.
    qpm, volume, mutes, launch_quantization
        See `Palette`.

    Attributes
    ----------
    notes : NoteSequence
        The music as it is played: the drums with feel, all else as it was.
    written, played : NoteSequence
        The drums as they are written, and as the drummer plays them.

    Raises
    ------
    PaletteError
        If the loop cannot be read, or has no drums.
    ModelError
        If a model was not trained for its task.

    Examples
    --------
    >>> import latentpalette as lp
    >>> panel = lp.GroovePanel("Boom bap", timing=0.5)
    >>> panel
    GroovePanel(Boom bap, 2 bars: timing 50 %, velocity 100 %)
    >>> [note.pitch for note in panel.notes.notes] == [note.pitch for note in panel.written.notes]
    True
    """

    script: ClassVar[str] = "groovepanel"
    saved: ClassVar[tuple[str, ...]] = (*INSTRUMENT_TRAITS, *_LOOP_TRAITS, *_OWN_SETTINGS, "origin")
    settings: ClassVar[tuple[str, ...]] = (
        *(name for name in INSTRUMENT_SETTINGS if name != "locks"),
        *_OWN_SETTINGS,
        "decode_in_page",
    )
    edited: ClassVar[tuple[str, ...]] = (*_LOOP_TRAITS, *_FEEL, "spread", "seed", "mutes", "volumes", "sounds")
    placed: ClassVar[tuple[str, ...]] = ("plays",)
    page_parts: ClassVar[tuple[str, ...]] = ("full",)  # a drummer reads the beat

    written_clip = CheckedTrait(checks.check_loop_clip, _EMPTY).tag(**NO_ECHO)
    played_clip = CheckedTrait(checks.check_loop_clip, _EMPTY).tag(**NO_ECHO)
    label = CheckedTrait(checks.check_label, "").tag(**NO_ECHO)
    left_out = CheckedTrait(checks.check_reasons, []).tag(**NO_ECHO)
    source_id = CheckedTrait(checks.check_source_id, "").tag(**NO_ECHO)
    taps = CheckedTrait(checks.check_taps, []).tag(**NO_ECHO)
    timing = CheckedTrait(checks.check_timing, 1.0).tag(**NO_ECHO)
    velocity = CheckedTrait(checks.check_velocity, 1.0).tag(**NO_ECHO)
    swing = CheckedTrait(checks.check_swing, 0.0).tag(**NO_ECHO)
    swing_of = CheckedTrait(checks.check_swing_of, "sixteenths").tag(**SHARED)
    plays = CheckedTrait(checks.check_plays, "played").tag(**SHARED)
    spread = CheckedTrait(checks.check_spread, 0.0).tag(**NO_ECHO)
    seed = CheckedTrait(common_checks.check_seed, 1).tag(**NO_ECHO)
    tap_latency = CheckedTrait(checks.check_tap_latency, 0.0).tag(**NO_ECHO)
    tap_bars = CheckedTrait(checks.check_tap_bars, 2).tag(**SHARED)

    def __init__(
        self,
        loop: Any = _DEFAULT_LOOP,
        model: MusicVAE | None = None,
        *,
        tap_model: MusicVAE | None = None,
        hat_model: MusicVAE | None = None,
        drums: DrumTracks = None,
        label: str | None = None,
        **settings: Any,
    ) -> None:
        own = ("loop", "model", "tap_model", "hat_model", "drums", "label")
        self.require_known_settings(settings, own=own)
        with show_progress("Making a groove panel"):
            music = self._music = ModelClips.of(store.load("groove-humanize") if model is None else model)
            self._drummers = Drummers(music, tap_model, hat_model)
            source = read_drums(loop, drums=drums)
            self._sources = {source.name: source} if source.has_tempo else {}
            if "qpm" not in settings and source.has_tempo:
                settings["qpm"], _ = common_tempo([source.sequence.qpm])
            spread = checks.check_spread(settings.get("spread", 0.0))
            seed = common_checks.check_seed(settings.get("seed", 1))
            written = source.clip(music)
            values = self.instrument_values() | {"presets": self._presets()}
            super().__init__(
                written_clip=written.to_json(),
                played_clip=self._drummers.humanize(written, spread, seed).to_json(),
                label=checks.check_label(source.label if label is None else label),
                left_out=source.left_out(music),
                source_id=next(iter(self._sources), ""),
                origin=f"groove {origin_of(display_name(music.model), [written.to_json()])}",
                **(values | settings),
            )

    # --- what plays -------------------------------------------------------------------------------

    @property
    def feel(self) -> Feel:
        """The amounts of the drummer's timing and velocities that are played, and swing."""
        return Feel(self.timing, self.velocity, self.swing, self.swing_of)

    @property
    def written(self) -> NoteSequence:
        """The drums as they are written."""
        return self._music.sequence(Clip.from_json(self.written_clip), self.qpm)

    @property
    def played(self) -> NoteSequence:
        """The drums as the drummer plays them, all of the timing and of the velocities."""
        return self._music.sequence(Clip.from_json(self.played_clip), self.qpm)

    @property
    def notes(self) -> NoteSequence:
        """The music as it is played, without the drums that are muted."""
        written, played = Clip.from_json(self.written_clip), Clip.from_json(self.played_clip)
        source = self._source
        if source is None:
            return self._played_music.sequence(self._playback.apply(self.feel.apply(written, played)), self.qpm)
        lanes = zip(self._music.lanes, self.mutes, strict=True)
        muted = {pitch for lane, is_muted in lanes if is_muted for pitch in lane["pitches"] or ()}
        places = [(int(note["step"]), int(note["pitch"])) for note in written.notes]
        hits = zip(places, self.feel.hits(written, played), strict=True)
        audible = {(step, pitch): hit for (step, pitch), hit in hits if pitch not in muted}
        return source.with_hits(self._music, audible, self.feel).replace(qpm=self.qpm)

    def current_music(self) -> NoteSequence:
        """Return the drums that play now, or would, without what is muted."""
        written, played = Clip.from_json(self.written_clip), Clip.from_json(self.played_clip)
        clip = written if self.plays == "written" else self.feel.apply(written, played)
        return self._played_music.sequence(self._playback.apply(clip), self.qpm)

    def save(self, path: str | os.PathLike[str], *, loop: bool = False) -> Path:
        """Write the music as it is played: ``.mid``, ``.wav`` or ``.mp3``.

        A MIDI file has all that the file had that the loop is from: its other tracks, texts, tempos and controllers.
        With `loop`, audio is exactly as long as the music, to be repeated; see `NoteSequence.save`.

        Raises
        ------
        FileError
            If the file cannot be written.
        """
        source = self._source
        if source is not None and expand_path(path).suffix.lower() in (".mid", ".midi"):
            return source.save(self.notes, path)
        return self.notes.save(path, loop=loop)

    @property
    def _source(self) -> DrumSource | None:
        return self._sources.get(self.source_id)

    @traitlets.observe("source_id")
    def _on_source(self, _: Any) -> None:
        """Say so where a state is of a file that this panel has not read."""
        if self.source_id and self.source_id not in self._sources:
            self.store(source_id="", left_out=[_REST_IS_GONE])

    # --- the model --------------------------------------------------------------------------------

    def _page_others(self, parts: PageParts) -> dict[str, tuple[ModelClips, PageParts]]:
        return {role: (music, parts) for role, music in self._drummers.others().items()}

    def _presets(self) -> list[dict[str, Any]]:
        """Return the presets as they are written: the drummer is to play them."""
        return [
            {"name": name, "clip": DrumSource(loop, name).clip(self._music).to_json()}
            for name, loop in presets("drums").items()
        ]

    def check_fit(self, name: str, value: Any) -> Any:
        """Return the value of a setting, if it fits the music that the model makes; see `Widget.check_fit`."""
        if name in ("written_clip", "played_clip"):
            self._check_drums(Clip.from_json(value))
        return super().check_fit(name, value)

    def _check_drums(self, clip: Clip) -> None:
        known = self._music.streams[0].drum_map
        assert known is not None
        for note in clip.notes:
            if note["stream"] or int(note["pitch"]) not in known.exemplars:
                raise SettingError(f"A drum loop has the drums of the model; got pitch {note['pitch']}.")

    # --- requests from the browser ----------------------------------------------------------------

    @handles("humanize", written_clip=checks.check_loop_clip, spread=checks.check_spread, seed=common_checks.check_seed)
    def _handle_humanize(self, *, written_clip: dict[str, Any], spread: float, seed: int) -> Response:
        written = self._read_clip(written_clip)
        return {"played_clip": self._drummers.humanize(written, spread, seed).to_json()}, []

    @handles(
        "hats",
        written_clip=checks.check_loop_clip,
        temperature=common_checks.check_temperature,
        spread=checks.check_spread,
        seed=common_checks.check_seed,
    )
    def _handle_hats(self, *, written_clip: dict[str, Any], temperature: float, spread: float, seed: int) -> Work:
        """Add hats, on the grid, and let the drummer play the whole; of a long loop that is two parts."""
        beat = self._read_clip(written_clip)
        yield 4 * beat.steps
        clip = self._drummers.add_hats(beat, temperature, seed)
        yield 2 * beat.steps
        played = self._drummers.humanize(clip, spread, seed)
        return {"written_clip": clip.to_json(), "played_clip": played.to_json()}, []

    @handles(
        "tap",
        taps=checks.check_taps,
        bars=checks.check_tap_bars,
        temperature=common_checks.check_temperature,
        seed=common_checks.check_seed,
    )
    def _handle_tap(self, *, taps: list[list[float]], bars: int, temperature: float, seed: int) -> Response:
        """Make drums of taps; each hit has the timing of its tap."""
        written, played = self._drummers.play_taps(taps, bars * STEPS_PER_BAR, temperature, seed)
        return {"written_clip": written.to_json(), "played_clip": played.to_json()}, []

    @handles(
        "song",
        buffers=(MAX_MIDI_BYTES,),
        name=common_checks.check_file_name,
        track=common_checks.check_track,
        spread=checks.check_spread,
        seed=common_checks.check_seed,
    )
    def _handle_song(self, data: bytes, *, name: str, track: int | None, spread: float, seed: int) -> Response:
        """Read the drums of a MIDI file of any length: those that it has, or a track as drums."""
        if len(self._sources) >= checks.MAX_SOURCES:
            raise PaletteError(f"A panel takes up to {checks.MAX_SOURCES} files. Make another one.")
        source = read_drums(data, drums=track)
        own = [each.number for each in source.tracks if each.is_drum]
        tracks = tracks_to_json(source.tracks, DRUMS, track or (own[0] if len(own) == 1 else None))
        try:
            written = source.clip(self._music)
        except PaletteError as error:
            return {"reason": str(error), **tracks}, []
        self._sources[source.name] = source
        return {
            "written_clip": written.to_json(),
            "played_clip": self._drummers.humanize(written, spread, seed).to_json(),
            "left_out": source.left_out(self._music),
            "source_id": source.name,
            "qpm": source.sequence.qpm,
            **tracks,
        }, []

    @handles("file", buffers=(MAX_MIDI_BYTES,))
    def _handle_file(self, _: bytes) -> Response:
        """Return the MIDI file that the loop is from, with the drums as they are played.

        The browser sends the file, which a page without Python needs; here it is known.
        """
        source = self._source
        if source is None:
            raise PaletteError("This loop is from no MIDI file. Load one first.")
        return {}, [source.to_midi(self.notes)]

    def _read_clip(self, value: dict[str, Any]) -> Clip:
        clip = Clip.from_json(value)
        self._check_drums(clip)
        return clip

    # --- where no widget runs ---------------------------------------------------------------------

    def standalone_state(self) -> dict[str, Any]:
        """Return the traits that a page without Python needs."""
        self.finish_kit()
        names = [name for name in self.saved if name != "origin"]
        return {name: getattr(self, name) for name in names} | {"has_kernel": False, "playing": False}

    def alt_text(self) -> str:
        """Describe the picture of the panel in words."""
        bars = self.written_clip["steps"] // STEPS_PER_BAR
        return f"Groove panel: {self.label}, {counted(bars, 'bar')}, as written and as played"

    def to_png(self) -> bytes:
        """Draw the loop as the bytes of a PNG file, which a saved notebook shows."""
        from latentpalette.plots.pianoroll_png import pianoroll_png

        feel = self.feel.apply(Clip.from_json(self.written_clip), Clip.from_json(self.played_clip))
        return pianoroll_png([self.written, self._music.sequence(feel, self.qpm)], ["as written", "as played"])

    def to_python(self) -> str:
        """Return the Python source that makes this panel again."""
        presets = {preset["name"]: preset["clip"] for preset in self.presets}
        is_preset = self._source is None and presets.get(self.label) == self.written_clip
        if self._source is not None:
            loop, *drums = self._source.to_python(self._music, Clip.from_json(self.written_clip))
        else:
            loop, *drums = [repr(self.label) if is_preset else source_of(self.written)]
        defaults = {name: self.traits()[name].default() for name in self.settings} | self._first_settings()
        changed = {name: getattr(self, name) for name in self.settings if getattr(self, name) != defaults[name]}
        if not is_preset:
            changed["label"] = self.label
        settings = [f"{name}={value!r}" for name, value in changed.items()]
        given = self._drummers.given
        drummers = [f"{name}={load_source(model)}" for name, model in given.items()]
        arguments = [loop, load_source(self.model), *drummers, *drums, *settings]
        lines = [*opening_of(self.model, *given.values()), "panel = lp.GroovePanel("]
        return "\n".join([*lines, *(f"    {each}," for each in arguments), ")", ""])

    def __repr__(self) -> str:
        bars = self.written_clip["steps"] // STEPS_PER_BAR
        amounts = f"timing {round(100 * self.timing)} %, velocity {round(100 * self.velocity)} %"
        swing = f", swing {round(100 * self.swing)} %" if self.swing else ""
        return f"GroovePanel({self.label}, {counted(bars, 'bar')}: {amounts}{swing})"
