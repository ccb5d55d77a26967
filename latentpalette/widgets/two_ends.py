"""Base class of the instruments that lie between two pieces of music, the ends A and B."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from latentpalette.errors import PaletteError
from latentpalette.models.interpolation import default_kind
from latentpalette.models.model_presets import default_corners_of
from latentpalette.validation import check_list, short_repr
from latentpalette.widgets import row_settings as checks
from latentpalette.widgets.checked_traits import CheckedTrait, ComputedTrait, DerivedTrait, SettingError
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.corners import Corner, CornerLoop, read_corner
from latentpalette.widgets.instrument import NO_ECHO, PYTHON, SHARED, Instrument
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.palette_traits import origin_of
from latentpalette.widgets.row_settings import ENDS
from latentpalette.widgets.tempo import common_tempo
from latentpalette.widgets.to_python import load_source, opening_of, source_of

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

_EMPTY: dict[str, Any] = {"steps": 32, "notes": []}  # a clip
END_TRAITS = ("end_clips", "labels", "left_out", "interpolation", "use_original_ends")


class TwoEnds(Instrument):
    """Base class of the instruments that lie between two ends.

    A subclass decodes what lies between them: `_inputs` are the values that it is decoded from, and `_decode` does it.
    The scripts static/state/ends.js and static/state/rows.js do the rest in the browser.
    """

    end_clips = CheckedTrait(checks.check_end_clips, [_EMPTY] * len(ENDS)).tag(**NO_ECHO)
    labels = CheckedTrait(checks.check_end_labels, list(ENDS)).tag(**NO_ECHO)
    left_out = CheckedTrait(checks.check_end_left_out, [[] for _ in ENDS]).tag(**NO_ECHO)
    interpolation = CheckedTrait(checks.check_row_interpolation, "slerp").tag(**NO_ECHO)
    use_original_ends = CheckedTrait(checks.check_use_original_ends, True).tag(**SHARED)

    decode_ms: DerivedTrait[float] = DerivedTrait(0.0, source="the ends").tag(**PYTHON)
    tiles: DerivedTrait[bytes] = DerivedTrait(b"", source="the ends").tag(**PYTHON)
    # How many places between them are decoded, and how many there are to be.
    progress: DerivedTrait[list[int]] = DerivedTrait([0, 0], source="the ends").tag(**PYTHON)

    ends: ComputedTrait[tuple[CornerLoop, ...]] = ComputedTrait(lambda own, two: own._set_ends(two))

    # What a new one of it is called in messages, and its variable in `to_python`.
    noun: ClassVar[str]
    # True while the browser sets ends: it requests what lies between them in a message of its own.
    _is_from_browser = False
    # False while it is made.
    _is_made = False

    @abstractmethod
    def _decode_all(self) -> None:
        """Decode what is missing between the ends."""

    @abstractmethod
    def _inputs(self) -> Any:
        """Return the values that what lies between the ends is decoded from, a named tuple."""

    @abstractmethod
    def _decode(self, inputs: Any, **others: Any) -> None:
        """Decode anew what lies between the ends, and set it with its ends in one message to the browser."""

    @classmethod
    def require_model(cls, model: Any) -> MusicVAE:
        """Return a model; raise `PaletteError` where it was left out."""
        if model is None:
            raise PaletteError(f'A {cls.noun} needs a model: lp.{cls.__name__}(a, b, lp.load("melody-2bar")).')
        found: MusicVAE = model
        return found

    def first_values(
        self, music: ModelClips, a: Any, b: Any, labels: Sequence[str] | None, settings: dict[str, Any]
    ) -> dict[str, Any]:
        """Return the values of the traits of new ends; None is a preset. `settings` gets their tempo."""
        presets = default_corners_of(music.converter)
        sources = [preset if end is None else end for end, preset in zip((a, b), presets, strict=False)]
        read = self._read_ends(sources or [a, b])
        qpm, tempo_note = common_tempo([end.qpm for end in read], place="end")
        if "qpm" in settings:
            tempo_note = ""
        elif qpm is not None:
            settings["qpm"] = qpm
        clips = [end.clip.to_json() for end in read]
        kind = settings.pop("interpolation", None)
        return {
            "end_clips": clips,
            "labels": [end.label for end in read] if labels is None else list(labels),
            "left_out": [list(end.left_out) for end in read],
            "interpolation": self.check_fit("interpolation", default_kind(music.model) if kind is None else kind),
            "chords": list(music.chords),
            "tempo_note": tempo_note,
            "origin": f"{self.noun} {origin_of(display_name(music.model), clips)}",
        }

    def _first_settings(self) -> dict[str, Any]:
        return super()._first_settings() | {"use_original_ends": not self._music.chords}  # those do not follow chords

    # --- ends -------------------------------------------------------------------------------------

    def _read_ends(self, ends: Any) -> list[Corner]:
        sources = check_list(ends, "ends", len(ENDS), of="pieces of music, A and B", error=SettingError)
        return [
            read_corner(self._music, source, letter, self._track_choice, place="End")
            for letter, source in zip(ENDS, sources, strict=True)
        ]

    def _set_ends(self, ends: Any) -> None:
        is_list = isinstance(ends, Iterable) and not isinstance(ends, (str, bytes))
        read = self._read_ends(list(ends) if is_list else ends)
        self._decode(
            self._inputs()._replace(end_clips=[end.clip.to_json() for end in read]),
            labels=[end.label for end in read],
            left_out=[list(end.left_out) for end in read],
        )

    def _compute_ends(self) -> tuple[CornerLoop, ...]:
        return tuple(
            CornerLoop(self._music.sequence(Clip.from_json(clip), self.qpm), label=label, left_out=left_out)
            for clip, label, left_out in zip(self.end_clips, self.labels, self.left_out, strict=True)
        )

    def _update(self, name: str) -> None:
        getattr(type(self), name).update(self, getattr(self, f"_compute_{name}")())

    @traitlets.observe("end_clips", "labels", "left_out", "qpm")
    def _on_ends(self, change: Any) -> None:
        if not self._is_made:
            return
        if change.name == "qpm":
            self.store(tempo_note="")  # it is about the tempo from before
        if change.name == "end_clips":
            self._update("ends")
        else:  # not the notes: observers of the ends are not notified
            type(self).ends.replace(self, self._compute_ends())

    def check_fit(self, name: str, value: Any) -> Any:
        """Return the value of a setting, if it fits the music that the model makes; see `Widget.check_fit`."""
        if name == "end_clips":
            for letter, clip in zip(ENDS, value, strict=True):
                self._music.check_clip(Clip.from_json(clip), f"End {letter}", error=SettingError)
        if name == "interpolation":
            value = checks.check_row_interpolation(value)
            if not isinstance(value, str) and self.model.prior is None:
                raise SettingError(
                    f"interpolation={short_repr(value)} needs a model with a learned prior; {display_name(self.model)} "
                    'has none, and blends by "slerp" or "lerp". `latentpalette fit-prior` fits one.'
                )
        return super().check_fit(name, value)

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Set traits from a message of the browser, which requests what new ends lead to in a message of its own."""
        self._is_from_browser = True
        try:
            super().set_state(sync_data)
        finally:
            self._is_from_browser = False

    # --- where no widget runs ---------------------------------------------------------------------

    def standalone_state(self) -> dict[str, Any]:
        """Return the traits that a page without Python needs."""
        self._decode_all()
        self.finish_kit()
        names = [name for name in self.saved if name != "origin"]
        return {name: getattr(self, name) for name in names} | {"has_kernel": False, "playing": False}

    def _encoded_clips(self) -> list[Clip]:
        return [Clip.from_json(clip) for clip in self.end_clips]

    def to_python(self) -> str:
        """Return the Python source that makes this instrument again."""
        presets = {preset["name"]: preset["clip"] for preset in self.presets}
        sources = [
            repr(label) if presets.get(label) == clip else source_of(end)
            for clip, label, end in zip(self.end_clips, self.labels, self.ends, strict=True)
        ]
        defaults = {name: self.traits()[name].default() for name in self.settings}
        defaults |= self._first_settings()
        defaults["interpolation"] = default_kind(self.model)
        changed = {name: getattr(self, name) for name in defaults if getattr(self, name) != defaults[name]}
        if any(source != repr(label) for source, label in zip(sources, self.labels, strict=True)):
            changed["labels"] = list(self.labels)
        lines = [*opening_of(self.model), f"{self.noun} = lp.{type(self).__name__}("]
        lines += [f"    {argument}," for argument in (*sources, load_source(self.model))]
        lines += [f"    {name}={value!r}," for name, value in changed.items()]
        return "\n".join([*lines, ")", ""])
