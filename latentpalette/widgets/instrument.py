"""Base class of the instruments: the music of a model, its sounds and its transport, shared with the browser."""

from __future__ import annotations

import dataclasses
import os
import re
from abc import abstractmethod
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from latentpalette.errors import PaletteError
from latentpalette.models.first_sample import first_seed
from latentpalette.models.model_presets import presets_of
from latentpalette.music.track_choice import NO_CHOICE, TrackChoice
from latentpalette.progress.parts import Task
from latentpalette.widgets import settings
from latentpalette.widgets.asked import check_conditions, offer_conditions, require_conditions
from latentpalette.widgets.captured import MAX_CAPTURED_BYTES, Captured, captured_clips, check_tempos
from latentpalette.widgets.checked_traits import CheckedTrait, DerivedTrait
from latentpalette.widgets.chord_settings import first_chords
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.corners import loop_clip
from latentpalette.widgets.dropped_files import read_dropped
from latentpalette.widgets.kit_widget import KitWidget
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.model_page import ModelPage
from latentpalette.widgets.notebook_engine import PackedModel, begin_packing, engine_of
from latentpalette.widgets.over_chords import OverChords
from latentpalette.widgets.page_model import NO_MODEL, PageParts, page_model
from latentpalette.widgets.page_words import page_words
from latentpalette.widgets.playback import PlaybackSettings
from latentpalette.widgets.requests import Response, Work, handles
from latentpalette.widgets.sampled import sample_in_parts
from latentpalette.widgets.sounds import (
    check_sounds,
    check_volumes,
    kit_of_streams,
    programs_of,
    resolve_sounds,
    resolve_volumes,
    sound_choices,
)
from latentpalette.widgets.standalone import PageWidget
from latentpalette.widgets.state_file import read_state, write_state

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE
    from latentpalette.music.sequence import NoteSequence
    from latentpalette.music.streams import Stream
    from latentpalette.widgets.clips import Clip

MAX_MIDI_BYTES = 16 << 20  # the reader of MIDI files has a limit of its own
# Whose requests the engine of a page responds to, by script, as static/engine/page/requests.js has them.
PAGE_ENGINES = frozenset(
    {"palette", "sampler", "melodymixer", "interpolationslider", "latentloops", "groovepanel", "latentsliders"}
)
_MODEL = "the model of the instrument; make another instrument for another model"

# The browser sets these. Of those that it changes again and again, what it sends is not sent back (`echo_update`).
SHARED: dict[str, Any] = {"sync": True, "from_browser": True}
NO_ECHO: dict[str, Any] = {**SHARED, "echo_update": False}
PYTHON: dict[str, Any] = {"sync": True, "echo_update": False}

# The traits of every instrument that a page without Python needs.
INSTRUMENT_TRAITS = (
    "widget_id",
    *(
        "qpm",
        "volume",
        "mutes",
        "locks",
        "volumes",
        "sounds",
        "launch_quantization",
        "chords",
        "session_id",
        "silenced",
        "tempo_note",
        "has_prior",
        "has_velocity",
        "first_seed",
    ),
    *("model_name", "streams", "lanes", "accents", "presets", "kit_index", "kit_rate", "kit"),
)
INSTRUMENT_SETTINGS = ("qpm", "volume", "mutes", "locks", "volumes", "sounds", "launch_quantization", "chords")
# Those that change what is played.
PLAYED_TRAITS = ("mutes", "locks", "volumes", "sounds", "qpm")


class Instrument(OverChords, ModelPage, KitWidget):
    """Base class of the instruments.

    A subclass makes the values of its traits with `instrument_values`, and says which clip plays; the scripts in
    static/state/instrumentsession.js and static/view/shell.js do the rest in the browser.
    """

    qpm = CheckedTrait(settings.check_qpm, 120.0).tag(**SHARED)
    volume = CheckedTrait(settings.check_volume, 1.0).tag(**SHARED)
    mutes = CheckedTrait(settings.check_mutes, [False]).tag(**SHARED)
    locks = CheckedTrait(settings.check_locks, [None]).tag(**SHARED)
    volumes = CheckedTrait(check_volumes, [1.0]).tag(**SHARED)
    sounds = CheckedTrait(check_sounds, [""]).tag(**SHARED)
    launch_quantization = CheckedTrait(settings.check_launch_quantization, "step").tag(**SHARED)
    playing = CheckedTrait(settings.check_playing, False).tag(**SHARED)
    # Whether the page of a notebook decodes, too, with weights that it asks for when it is first used.
    decode_in_page = CheckedTrait(settings.check_decode_in_page, True).tag(**SHARED)
    # What samples are asked for; those of a page without Python are not sampled.
    conditions = CheckedTrait(check_conditions, {}).tag(**SHARED)

    # Instruments of one session play together, in phase and at one tempo; "" is an instrument that plays alone.
    session_id = CheckedTrait(settings.check_session_id, "").tag(**SHARED)
    # Left out of what its session plays.
    silenced = CheckedTrait(settings.check_silenced, False).tag(**SHARED)

    has_kernel: DerivedTrait[bool] = DerivedTrait(True, source="where the instrument is shown").tag(sync=True)
    tempo_note: DerivedTrait[str] = DerivedTrait("", source="the tempos of the music").tag(sync=True)
    # Identifies the cell that made it: when it is run again, what was edited is offered (static/state/edits.js).
    origin: DerivedTrait[str] = DerivedTrait("", source="the cell that made the instrument").tag(sync=True)
    model_name: DerivedTrait[str] = DerivedTrait("", source=_MODEL).tag(sync=True)
    has_prior: DerivedTrait[bool] = DerivedTrait(False, source=_MODEL).tag(sync=True)  # a learned one
    has_velocity: DerivedTrait[bool] = DerivedTrait(False, source=_MODEL).tag(sync=True)
    offered_conditions: DerivedTrait[list[dict[str, Any]]] = DerivedTrait([], source=_MODEL).tag(sync=True)
    first_seed: DerivedTrait[int] = DerivedTrait(1, source=_MODEL).tag(sync=True)  # of its first sample
    streams: DerivedTrait[list[dict[str, Any]]] = DerivedTrait([], source=_MODEL).tag(sync=True)
    lanes: DerivedTrait[list[dict[str, Any]]] = DerivedTrait([], source=_MODEL).tag(sync=True)
    sound_choices: DerivedTrait[dict[str, Any]] = DerivedTrait({}, source="the SoundFont").tag(**PYTHON)
    accents: DerivedTrait[list[list[int]]] = DerivedTrait([], source="the drums").tag(sync=True)
    presets: DerivedTrait[list[dict[str, Any]]] = DerivedTrait([], source="the package").tag(sync=True)

    # What a state file has, with the tempo: what is edited, as the instrument's script names it for its undo.
    edited: ClassVar[tuple[str, ...]] = INSTRUMENT_SETTINGS
    # And those that say where one is: a cell, a tile.
    placed: ClassVar[tuple[str, ...]] = ()

    # The parts of its model with which its page does more than play.
    page_parts: ClassVar[tuple[str, ...]] = ("decoder", "full")

    _page_music: ModelClips | None = None  # that of the model alone, where the instrument's has other streams beside it
    _captured: Captured | None = None
    # The tracks that are read of a file.
    _track_choice: TrackChoice = NO_CHOICE
    _follows_sounds = False

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self._render_kit()
        self._follows_sounds = True

    @property
    def model(self) -> MusicVAE:
        """The model that decodes the music."""
        return self._given_music.model

    def instrument_values(self) -> dict[str, Any]:
        """Return the values of the traits that follow from the model; nothing is muted or locked."""
        music = self._music
        return {
            "model_name": display_name(music.model),
            "has_prior": music.model.prior is not None,
            "has_velocity": music.has_velocity,
            "offered_conditions": offer_conditions(music.model),
            "first_seed": first_seed(display_name(music.model)),
            "streams": [dict(stream.to_json()) for stream in music.streams],
            "lanes": [dict(lane) for lane in music.lanes],
            "sound_choices": sound_choices(),
            "accents": [music.accents(lane) for lane in music.lanes],
            "presets": [
                {"name": name, "clip": loop_clip(music, loop).to_json()}
                for name, loop in presets_of(music.converter).items()
            ],
            **self._first_settings(),
            "chords": list(music.chords),
        }

    def _first_settings(self) -> dict[str, Any]:
        """Return the settings of an instrument in which nobody has changed anything: nothing is muted or locked."""
        music = self._music
        return {
            "mutes": [False] * len(music.lanes),
            "locks": [None] * len(music.lanes),
            "volumes": [1.0] * len(music.streams),
            "sounds": [stream.instrument for stream in music.streams],
            "chords": first_chords(music.converter),
        }

    @property
    def _playback(self) -> PlaybackSettings:
        return PlaybackSettings(self._music.lanes, self.mutes, self.locks, self.accents, self.volumes)

    @property
    def _played_music(self) -> ModelClips:
        """The music of the model, played by the chosen sounds."""
        return dataclasses.replace(self._music, programs=programs_of(self.sounds, self._music.streams))

    def _played_streams(self) -> list[Stream]:
        music = self._played_music
        return [
            dataclasses.replace(stream, program=program)
            for stream, program in zip(music.streams, music.programs, strict=True)
        ]

    # --- the kit ----------------------------------------------------------------------------------

    @traitlets.observe("sounds")
    def _on_sounds(self, _: Any) -> None:
        if self._follows_sounds:
            self._render_kit()

    def _render_kit(self) -> None:
        """Begin to render the sounds of the streams; the browser asks for them, and plays the old ones meanwhile."""
        streams = self._played_streams()
        self.store(streams=[dict(stream.to_json()) for stream in streams])
        self.keep_kit(self.begin_kit(lambda: kit_of_streams(streams)).ready())

    @property
    def captured(self) -> Captured:
        """The music that was played last in the browser: `notes`, `tempos`, `save(path)`.

        Raises
        ------
        PaletteError
            If nothing was played yet. The browser sends it when the music stops, and every four bars.
        """
        if self._captured is None:
            raise PaletteError("Nothing was played here yet: play something, stop it, and run this cell again.")
        return self._captured

    @handles("captured", buffers=(MAX_CAPTURED_BYTES,), tempos=check_tempos)
    def _handle_captured(self, data: bytes, *, tempos: tuple[tuple[int, float], ...]) -> Response:
        [clip] = captured_clips(data, num_streams=[len(self._music.streams)])
        self._captured = Captured(self.clip_music(clip, tempos[-1][1]), tempos)
        return {}, []

    def clip_music(self, clip: Clip, qpm: float) -> NoteSequence:
        """Return the music of a clip, played by the chosen sounds."""
        return self._played_music.sequence(clip, qpm)

    @abstractmethod
    def current_music(self) -> NoteSequence:
        """Return the music that it plays now."""

    @abstractmethod
    def to_python(self) -> str:
        """Return the Python source that makes this instrument again."""

    def save_state(self, path: str | os.PathLike[str]) -> Path:
        """Write what is edited in this instrument as a JSON file; `open_state` and the browser's Keep menu open it.

        Raises
        ------
        FileError
            If the file cannot be written; one that was there before is unchanged.
        """
        traits = {name: getattr(self, name) for name in self._state_names}
        return write_state(path, instrument=type(self).__name__, model=self.model_name, traits=traits)

    def open_state(self, path: str | os.PathLike[str]) -> None:
        """Set what is edited in this instrument to what a file of `save_state`, or of the browser, has.

        Raises
        ------
        FileError
            If the file cannot be read or is too large.
        PaletteError
            If it is no state file, one of another instrument or model, or has a wrong value; then nothing changes.
        """
        read = read_state(path, instrument=type(self).__name__, model=self.model_name, names=self._state_names)
        self.store_state(self.check_state(read))

    @property
    def _state_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.edited, "qpm", *self.placed)))

    def store_state(self, values: dict[str, Any]) -> None:
        """Set checked traits of a state together."""
        with self._together():
            self.store(**values)

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Set traits together: they are sent in one message, and observers are called at the end."""
        with self.hold_sync(), self.hold_trait_notifications():
            yield

    def check_fit(self, name: str, value: Any) -> Any:
        """Return the value of a setting, if it fits the music that the model makes; see `Widget.check_fit`."""
        if name in ("mutes", "locks"):
            settings.require_lanes(value, name, self._music)
        elif name == "conditions":
            require_conditions(value, self.model)
        elif name == "volumes":
            return resolve_volumes(value, self._music.streams, self._present(name))
        elif name == "sounds":
            return resolve_sounds(value, self._music.streams, self._present(name))
        return super().check_fit(name, value)

    def _present(self, name: str) -> list[Any]:
        """Return the present values of the streams, those of a new instrument while it is being made."""
        present: list[Any] = getattr(self, name) if self.trait_has_value(name) else self._first_settings()[name]
        return present

    @handles("kit")
    def _handle_kit(self) -> Response:
        """Encode the sounds without compression, for a browser that cannot decode them."""
        data, index = kit_of_streams(self._played_streams()).packed(compressed=False)
        return {"index": index}, [data]

    @handles("python")
    def _handle_python(self) -> Response:
        return {"text": self.to_python()}, []

    def page_text(self) -> str:
        """Return the sentence above the instrument on a page of its own."""
        return page_words(self.script, self.page_title())

    def page_title(self) -> str:
        """Return the kind of the instrument and the name of its model."""
        words = re.sub("(?<=[a-z])(?=[A-Z])", " ", type(self).__name__)
        return f"{words}, {self.model_name}"

    def page_widgets(self, parts: PageParts = NO_MODEL) -> list[PageWidget]:
        """Return what a page of its own shows, with parts of the model."""
        model, others = None, {}
        if parts.model in self.page_parts and self.script in PAGE_ENGINES:
            model = page_model(self._page_music or self._music, parts, self._encoded_clips())
            others = {role: page_model(music, own) for role, (music, own) in self._page_others(parts).items()}
        return [PageWidget(self._esm, self._css, self.standalone_state(), kind=self.script, model=model, others=others)]

    def page_widgets_in_parts(self, parts: PageParts) -> Task[list[PageWidget]]:
        """Return what `page_widgets` does, in parts."""
        prior = getattr(self.model, "prior", None)
        if prior is not None and parts != NO_MODEL:
            yield from prior.sample_norms_in_parts()
        return (yield from super().page_widgets_in_parts(parts))

    def _page_others(self, parts: PageParts) -> dict[str, tuple[ModelClips, PageParts]]:
        """Return the models that a page carries beside the instrument's own, by their role, and the parts of each."""
        return {}

    @handles("engine")
    def _handle_engine(self) -> Response:
        """Say which engine the page needs in order to decode by itself; the browser asks again while it is packed."""
        if not (self.decode_in_page and self.script in PAGE_ENGINES):
            return {"ready": True, "key": ""}, []
        packing = self._begin_packing()
        if not all(each.done() for each in packing.values()):
            return {"ready": False}, []
        own, *_ = models = self._packed_models()
        if not own.key:
            return {"ready": True, "key": ""}, []
        others = {role: each.result().name for role, each in packing.items() if role and each.result() in models}
        key = engine_of(models).key
        return {"ready": True, "key": key, "model": own.name, "others": others, "kind": self.script}, []

    @handles("engine_parts")
    def _handle_engine_parts(self) -> Response:
        engine = engine_of(self._packed_models())
        return engine.body, list(engine.buffers)

    def _begin_packing(self) -> dict[str, Future[PackedModel]]:
        """Begin to pack the models that the instrument plays, by their role; its own has the role ""."""
        others = self._page_others(PageParts("full", "float16"))
        music = {"": self._page_music or self._music, **{role: music for role, (music, _) in others.items()}}
        return {role: begin_packing(each) for role, each in music.items()}

    def _packed_models(self) -> list[PackedModel]:
        """Return the models that a page takes, the instrument's own first."""
        own, *others = (each.result() for each in self._begin_packing().values())
        return [own, *(model for model in dict.fromkeys(others) if model.key and model != own)]

    def _encoded_clips(self) -> list[Clip]:
        """Return the clips whose z a page needs that has no encoder."""
        return []

    @handles("sample", temperature=settings.check_temperature, seed=settings.check_seed)
    def _handle_sample(self, *, temperature: float, seed: int) -> Work:
        asked: dict[str, Any] = self.conditions
        loop = yield from sample_in_parts(self._music, temperature, seed, asked)
        names = "".join(f", {value}" for value in asked.values() if isinstance(value, str))
        return {"clip": loop_clip(self._music, loop).to_json(), "label": f"Sampled #{seed}{names}"}, []

    @handles("midi", buffers=(MAX_MIDI_BYTES,), name=settings.check_file_name, track=settings.check_track)
    def _handle_midi(self, data: bytes, *, name: str, track: int | None) -> Response:
        return read_dropped(self._music, data, name, track, self._track_choice), []
