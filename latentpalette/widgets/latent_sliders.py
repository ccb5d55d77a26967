"""Latent sliders: a piece of music, moved along the directions in which music varies most."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import traitlets
from numpy.typing import NDArray

from latentpalette.files import expand_path
from latentpalette.latent.directions import Directions
from latentpalette.models.model_presets import default_corners_of
from latentpalette.music.sequence import NoteSequence
from latentpalette.music.track_choice import DrumTracks, TrackChoice, TrackName
from latentpalette.progress.board import show_progress
from latentpalette.widgets import latent_slider_settings as checks
from latentpalette.widgets.checked_traits import CheckedTrait, ComputedTrait, DerivedTrait, SettingError
from latentpalette.widgets.clips import Clip, encode_clips
from latentpalette.widgets.corners import Corner, CornerLoop, read_corner
from latentpalette.widgets.instrument import (
    INSTRUMENT_SETTINGS,
    INSTRUMENT_TRAITS,
    NO_ECHO,
    PLAYED_TRAITS,
    PYTHON,
    SHARED,
    Instrument,
)
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.moved_music import MovedMusic
from latentpalette.widgets.music_directions import music_directions
from latentpalette.widgets.palette_traits import EMPTY, origin_of
from latentpalette.widgets.requests import Response, handles
from latentpalette.widgets.settings import check_seed
from latentpalette.widgets.tempo import common_tempo
from latentpalette.widgets.to_python import load_source, opening_of, source_of
from latentpalette.wording import counted

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

NUM_SLIDERS = 8
_MODEL = "the model"
_MUSIC = ("music_clip", "labels", "left_out", "start_z")
_EDITED = (*_MUSIC, "values", "held", "directions")


class LatentSliders(Instrument):
    """Move a piece of music along the directions in which music varies most, and hear it follow.

    Each slider is a direction through latent space: the first is the one along which the notes of the model's samples
    vary most, and so on; or a single dimension. The music sounds while it is dragged, decoded exactly where it is: by
    the page itself where it has the model, else by the kernel. Compare it with the music as it was; hold some sliders
    still, and let the others fall at random.

    Parameters
    ----------
    model : MusicVAE
        A model of drums, melodies, trios or grooves, e.g. ``lp.load("drums-2bar")``.
    music : NoteSequence, name of a preset, MIDI file or z [shape=(z,)], optional
        What the sliders begin with: as long as the model's music (or shorter, which is repeated); of a file, its path
        or bytes, the first window. Default: a preset.
    n : int [1 to 32]
        Number of sliders; there are no more than dimensions.
    directions : {"principal", "dimensions"}
        Whether the sliders move along the directions in which the notes vary most, or along single dimensions of z,
        those first in which z varies most.
    values : list of n float, optional
        How far each slider is moved from the music [standard deviations of the model's samples]; 0 by default.
    held : list of n bool, optional
        Which sliders `randomize` leaves where they are.
    plays : {"moved", "music"}
        What sounds: what the sliders make of the music, or the music itself.
    label : str, optional
        Of the music; by default made from its source.
    track, drums : optional
        The tracks that are read of files and of sequences without drums; see `MusicVAE.excerpts`.
    decode_in_page : bool
        Whether the page of a notebook decodes, too. It gets the weights when the instrument is first used, and goes on
        where the kernel is busy or gone.
    chords, qpm, volume, mutes, locks, launch_quantization, conditions
        See `Palette`.

    Attributes
    ----------
    selected : MovedMusic
        Where the sliders stand: `values`, `z`, `notes`, `norm_percentile`. It can be observed like any trait.
    music : CornerLoop
        What the sliders begin with: a NoteSequence with `label` and `left_out`. Assign anything that the parameter
        accepts.

    Raises
    ------
    PaletteError
        If the model makes none of these kinds of music, or the music cannot be read.

    Examples
    --------
    >>> import latentpalette as lp
    >>> sliders = lp.LatentSliders(lp.load("drums-2d"), "Bossa")
    >>> sliders
    LatentSliders(drums-2d, Bossa, 2 sliders)
    >>> sliders.values = [1.5, 0.0]
    >>> (sliders.coordinates - sliders.start).round(3).tolist()
    [1.5, 0.0]
    """

    script: ClassVar[str] = "latentsliders"
    saved: ClassVar[tuple[str, ...]] = (
        *INSTRUMENT_TRAITS,
        *_EDITED,
        *("plays", "clip", "direction_table", "norms", "origin"),
    )
    settings: ClassVar[tuple[str, ...]] = (
        *INSTRUMENT_SETTINGS,
        *("directions", "values", "held", "plays", "conditions", "decode_in_page"),
    )
    edited: ClassVar[tuple[str, ...]] = (*_EDITED, "mutes", "locks", "volumes", "sounds", "chords")
    placed: ClassVar[tuple[str, ...]] = ("plays",)

    music_clip = CheckedTrait(checks.check_music_clip, EMPTY).tag(**NO_ECHO)
    labels = CheckedTrait(checks.check_music_label, [""]).tag(**NO_ECHO)
    left_out = CheckedTrait(checks.check_music_left_out, [[]]).tag(**NO_ECHO)
    start_z = CheckedTrait(checks.check_start_z, b"").tag(**NO_ECHO)
    values = CheckedTrait(checks.check_values, [0.0] * NUM_SLIDERS).tag(**NO_ECHO)
    held = CheckedTrait(checks.check_held, []).tag(**NO_ECHO)
    directions = CheckedTrait(checks.check_directions, "principal").tag(**SHARED)
    plays = CheckedTrait(checks.check_plays, "moved").tag(**SHARED)

    # What the model makes of the place where the sliders stand, a table of one clip.
    clip: DerivedTrait[bytes] = DerivedTrait(b"", source="the sliders; assign sliders.values").tag(**PYTHON)
    direction_table: DerivedTrait[bytes] = DerivedTrait(b"", source=_MODEL).tag(**PYTHON)
    # The percentiles of the distance of samples from the middle of latent space.
    norms: DerivedTrait[list[float]] = DerivedTrait([], source=_MODEL).tag(**PYTHON)

    selected: ComputedTrait[MovedMusic] = ComputedTrait(source="the sliders; assign sliders.values")
    music: ComputedTrait[CornerLoop] = ComputedTrait(lambda own, source: own._set_music(source))

    # False while it is made.
    _is_made = False
    # True while the browser, or a file, sets traits together.
    _is_together = False

    def __init__(
        self,
        model: MusicVAE,
        music: Any = None,
        n: int | None = None,
        *,
        label: str | None = None,
        track: TrackName | None = None,
        drums: DrumTracks = None,
        **settings: Any,
    ) -> None:
        self.require_known_settings(settings, own=("model", "music", "n", "label", "track", "drums"))
        self._track_choice = TrackChoice(track, drums)
        with show_progress("Making latent sliders"):
            clips = self._music = ModelClips.of(model, settings.get("chords"))
            self._found = music_directions(clips)
            corner = self._read(default_corners_of(clips.converter)[0] if music is None else music)
            qpm, _ = common_tempo([corner.qpm])
            if qpm is not None:
                settings.setdefault("qpm", qpm)
            if "values" not in settings:
                most = len(self._found[settings.get("directions", "principal")])
                settings["values"] = [0.0] * (min(NUM_SLIDERS, most) if n is None else checks.check_n(n))
            elif n not in (None, len(settings["values"])):
                raise SettingError(f"n={n} sliders have as many values; got {len(settings['values'])}.")
            super().__init__(
                **self._music_values(corner, music, label),
                direction_table=self._found.packed(),
                norms=self._found.norms.tolist(),
                origin=f"sliders {origin_of(display_name(clips.model), [corner.clip.to_json()])}",
                **(self.instrument_values() | settings),
            )
            self._is_made = True
            self._update()
            self.store(clip=encode_clips([self.selected.source]))

    # --- the music --------------------------------------------------------------------------------

    def _read(self, source: Any) -> Corner:
        return read_corner(self._music, source, "A", self._track_choice, place="Music")

    def _music_values(self, corner: Corner, source: Any, label: str | None = None) -> dict[str, Any]:
        """Return the values of the traits of other music, which was read of a source."""
        is_z = np.ndim(source) == 1 and hasattr(source, "__array__")
        z = np.asarray(source) if is_z else self._encode(corner.clip)
        return {
            "music_clip": corner.clip.to_json(),
            "labels": [corner.label if label is None else label],
            "left_out": [list(corner.left_out)],
            "start_z": z.astype("<f4").tobytes(),
        }

    def _encode(self, clip: Clip) -> NDArray[np.floating]:
        return self._music.posterior([clip]).mu[0]

    def _set_music(self, source: Any) -> None:
        corner = self._read(source)
        with self._together():
            self.store(**self._music_values(corner, source), values=[0.0] * self.n)

    # --- where the sliders stand ------------------------------------------------------------------

    @property
    def n(self) -> int:
        """Number of sliders."""
        return len(self.values)

    @n.setter
    def n(self, n: int) -> None:
        self.values = [*self.values, *[0.0] * checks.check_n(n)][: checks.check_n(n)]

    @property
    def _directions(self) -> Directions:
        return self._found[self.directions]

    @property
    def start(self) -> NDArray[np.floating]:
        """Place of the music along each slider [n], in standard deviations from the middle of the model's music."""
        return self._directions.coordinates(self._start())[: self.n]

    @property
    def coordinates(self) -> NDArray[np.floating]:
        """Places of the sliders [n], in standard deviations from the middle of the model's music."""
        return self.start + np.asarray(self.values)

    def _start(self) -> NDArray[np.float32]:
        return np.frombuffer(self.start_z, "<f4")

    @property
    def z(self) -> NDArray[np.float32]:
        """Latent vector [z] of the place where the sliders stand."""
        return self.selected.z

    @property
    def notes(self) -> NoteSequence:
        """The music that sounds: what the sliders make of it, or the music itself, with locks and mutes."""
        if self.plays == "moved":
            return self.selected.notes
        return self._played_music.sequence(self._playback.apply(Clip.from_json(self.music_clip)), self.qpm)

    def current_music(self) -> NoteSequence:
        """Return what plays now, or would: `notes`."""
        return self.notes

    def reset(self) -> None:
        """Put all sliders back to where the music lies."""
        self.values = [0.0] * self.n

    def randomize(self, seed: int | None = None) -> None:
        """Put the sliders that are not held where music may lie, at random; the same seed puts them to the same place.

        Examples
        --------
        >>> import latentpalette as lp
        >>> sliders = lp.LatentSliders(lp.load("drums-2d"), "Bossa", held=[True, False])
        >>> sliders.randomize(seed=3)
        >>> sliders.values[0], sliders.values[1] != 0
        (0.0, True)
        """
        seed = None if seed is None else check_seed(seed)
        drawn = np.random.default_rng(seed).standard_normal(self.n).clip(-3, 3) - self.start
        held = [*self.held, *[False] * self.n]
        self.values = [
            own if is_held else round(float(other), 2)
            for own, other, is_held in zip(self.values, drawn, held, strict=False)
        ]

    def save(self, path: str | os.PathLike[str], *, loop: bool = False) -> Path:
        """Write `notes` as a file: ``.mid``, ``.wav`` or ``.mp3``; see `NoteSequence.save`.

        Raises
        ------
        FileError
            If the file cannot be written.
        """
        return self.notes.save(expand_path(path), loop=loop)

    def _update(self) -> None:
        """Tell observers where the sliders stand; it is decoded when somebody asks for its notes."""
        z = self._directions.move(self._start(), self.values).astype(np.float32)
        z.flags.writeable = False
        percentile = min(100, int(np.searchsorted(self._found.norms, np.linalg.norm(z))))
        place = MovedMusic(tuple(self.values), z, percentile, self._played_music, self._playback, self.qpm)
        type(self).selected.update(self, place)
        sequence = self._music.sequence(Clip.from_json(self.music_clip), self.qpm)
        type(self).music.update(self, CornerLoop(sequence, label=self.labels[0], left_out=self.left_out[0]))

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Set traits together: they are sent in one message, and observers are called at the end."""
        was_together, self._is_together = self._is_together, True
        try:
            with super()._together():
                yield
        finally:
            self._is_together = was_together
        if not was_together:
            self._update()

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Set traits from a message of the browser, which may have several that belong together."""
        with self._together():
            super().set_state(sync_data)

    @traitlets.observe(*sorted({*_MUSIC, "values", "directions", "chords", *PLAYED_TRAITS}))
    def _on_change(self, change: Any) -> None:
        if not self._is_made:
            return
        if change.name == "qpm":
            self.store(tempo_note="")  # it is about the tempo from before
        if not self._is_together:
            self._update()

    def check_fit(self, name: str, value: Any) -> Any:
        """Return the value of a setting, if it fits the model; see `Widget.check_fit`."""
        if name == "music_clip":
            self._music.check_clip(Clip.from_json(value), "The music", error=SettingError)
        elif name == "start_z" and len(value) != 4 * self._z_size:
            raise SettingError(f"start_z has {self._z_size} numbers, as z of the model; got {len(value) // 4}.")
        elif name == "values" and len(value) > (most := max(len(self._found["principal"]), 1)):
            raise SettingError(f"{display_name(self.model)} has {most} directions to move along; got {len(value)}.")
        return super().check_fit(name, value)

    @property
    def _z_size(self) -> int:
        return len(self._found.principal.mean)

    # --- requests from the browser ----------------------------------------------------------------

    @handles("encode", clip=checks.check_music_clip)
    def _handle_encode(self, *, clip: dict[str, Any]) -> Response:
        """Return the latent vector of music that the sliders are to begin with."""
        music = Clip.from_json(clip)
        self._music.check_clip(music, "The music")
        return {}, [self._encode(music).astype("<f4").tobytes()]

    @handles("place", buffers=(checks.MAX_Z_BYTES,))
    def _handle_place(self, data: bytes) -> Response:
        """Decode a place; the browser has moved it there."""
        z = np.frombuffer(self.check_fit("start_z", checks.check_start_z(data)), "<f4")
        return {}, [encode_clips([self._music.decode(z[None])[0]])]

    # --- where no widget runs ---------------------------------------------------------------------

    def standalone_state(self) -> dict[str, Any]:
        """Return the traits that a page without Python needs."""
        self.finish_kit()
        self.store(clip=encode_clips([self.selected.source]))
        names = [name for name in self.saved if name != "origin"]
        return {name: getattr(self, name) for name in names} | {"has_kernel": False, "playing": False}

    def alt_text(self) -> str:
        """Describe the picture of the sliders in words."""
        moved = sum(value != 0 for value in self.values)
        return (
            f"Latent sliders: {self.labels[0]}, {counted(moved, 'slider')} of {self.n} moved; as it was, and as it is"
        )

    def to_png(self) -> bytes:
        """Draw the music before and after as the bytes of a PNG file, which a saved notebook shows."""
        from latentpalette.plots.pianoroll_png import pianoroll_png

        return pianoroll_png([self.music, self.selected.notes], [f"A: {self.labels[0]}", "B: moved"])

    def to_python(self) -> str:
        """Return the Python source that makes these sliders again."""
        presets = {preset["name"]: preset["clip"] for preset in self.presets}
        is_preset = presets.get(self.labels[0]) == self.music_clip
        source = repr(self.labels[0]) if is_preset else source_of(self.music)
        defaults = {name: self.traits()[name].default() for name in self.settings} | self._first_settings()
        changed = {name: getattr(self, name) for name in defaults if getattr(self, name) != defaults[name]}
        if "values" not in changed and self.n != min(NUM_SLIDERS, len(self._directions)):
            changed["values"] = self.values
        if not is_preset:
            changed["label"] = self.labels[0]
        lines = [*opening_of(self.model), "sliders = lp.LatentSliders("]
        lines += [f"    {load_source(self.model)},", f"    {source},"]
        lines += [f"    {name}={value!r}," for name, value in changed.items()]
        return "\n".join([*lines, ")", ""])

    def _encoded_clips(self) -> list[Clip]:
        return [Clip.from_json(self.music_clip)]

    def __repr__(self) -> str:
        moved = sum(value != 0 for value in self.values)
        return (
            f"LatentSliders({self.model_name}, {self.labels[0]}, {self.n} sliders{f', {moved} moved' if moved else ''})"
        )
