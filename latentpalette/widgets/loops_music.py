"""The music of Latent Loops: a melody in a scale, and drums beside it, as clips of two streams."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from latentpalette.converters.melody import MelodyConverter
from latentpalette.errors import PaletteError
from latentpalette.latent.grids import CORNERS
from latentpalette.models.model_presets import presets_of
from latentpalette.music.scales import Key, fold_pitch, is_in_scale, move_pitch, snap_pitch
from latentpalette.music.sequence import NoteSequence, concatenate
from latentpalette.music.sketch import curve_of, sketch
from latentpalette.progress.parts import Task
from latentpalette.validation import short_repr
from latentpalette.widgets import loops_settings as checks
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.clips import Clip, sort_notes
from latentpalette.widgets.corners import Corner, CornerLoop, loop_clip, read_corner
from latentpalette.widgets.loops_composing import composed_label
from latentpalette.widgets.loops_song import Place, all_turns, map_pitches
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.playback import PlaybackSettings
from latentpalette.widgets.sampled import sample_in_parts
from latentpalette.widgets.selected import SelectedCell
from latentpalette.wording import counted

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

MELODY, DRUMS = 0, 1  # streams

# The curves of a new instrument, in semitones above its tonic: an arch, a wave, a fall and a climb.
_CURVES = (
    (0, 7, 12, 14, 12, 12, 9, 4, 0),
    (12, 16, 14, 7, 7, 12, 16, 14, 12),
    (19, 16, 12, 12, 9, 7, 2, 0, 0),
    (-5, 0, 0, 4, 2, 7, 7, 12, 12),
)


@dataclass(frozen=True)
class LoopsMusic:
    """The clips of a melody model, and those of a drum model beside them.

    Parameters
    ----------
    melody : ModelClips
    drums : ModelClips or None
    """

    melody: ModelClips
    drums: ModelClips | None

    @classmethod
    def of(cls, model: MusicVAE, drums: MusicVAE | None, chords: Sequence[str] | str | None = None) -> LoopsMusic:
        """Return the music of two models, the first over chords where it takes some.

        Raises
        ------
        PaletteError
            If the first makes no melody, or the second no drums.
        """
        melody = ModelClips.of(model, chords)
        if not isinstance(melody.converter, MelodyConverter):
            streams = " and ".join(stream.name for stream in melody.streams)
            advice = (
                "Give it beside a melody, lp.LatentLoops(melody_model, drums=model), or play it on lp.Palette."
                if streams == "drums"
                else "Play it on lp.Palette."
            )
            raise PaletteError(
                f"Latent Loops sketch one melody in a scale; {display_name(model)!r} makes {streams}. {advice}"
            )
        if drums is None:
            return cls(melody, None)
        row = ModelClips.of(drums)
        if not (len(row.streams) == 1 and row.streams[0].is_drum):
            raise PaletteError(
                f'drums= is a model of drums, such as lp.load("drums-2bar"); {display_name(drums)!r} is none.'
            )
        return cls(melody, row)

    @cached_property
    def both(self) -> ModelClips:
        """Clips with the streams of both."""
        if self.drums is None:
            return self.melody
        return dataclasses.replace(self.melody, streams=(*self.melody.streams, *self.drums.streams))

    @property
    def range(self) -> tuple[int, int]:
        """The lowest and the highest pitch of the melody."""
        stream = self.melody.streams[MELODY]
        return stream.low, stream.high

    # --- the melody in its scale ------------------------------------------------------------------

    def snap(self, clip: Clip, key: Key) -> Clip:
        """Return a clip whose melody is moved into a scale."""
        return map_pitches(clip, MELODY, lambda pitch: fold_pitch(snap_pitch(pitch, key), *self.range))

    def move(self, clip: dict[str, Any], origin: Key, target: Key) -> dict[str, Any]:
        """Return a clip, as traits have it, moved from one key to another."""
        return map_pitches(
            Clip.from_json(clip), MELODY, lambda pitch: fold_pitch(move_pitch(pitch, origin, target), *self.range)
        ).to_json()

    def enter(self, corner: Corner, key: Key | None) -> Corner:
        """Return music that is put in a corner, moved into a scale; how much of it was moved is in `left_out`."""
        if key is None:
            return corner
        outside = sum(not is_in_scale(pitch, key) for pitch in corner.clip.notes["pitch"].tolist())
        if not outside:
            return corner
        sentence = f"{counted(outside, 'note')} moved into {key}"
        return dataclasses.replace(corner, clip=self.snap(corner.clip, key), left_out=(*corner.left_out, sentence))

    def move_all(self, music: Mapping[str, Any], origin: Key, target: Key) -> dict[str, Any]:
        """Return the traits that have melodies, moved from one key to another."""
        by = (target.tonic - origin.tonic + 5) % 12 - 5

        def moved(holder: Any) -> Any:
            return holder and {**holder, "clip": self.move(holder["clip"], origin, target)}

        return {
            "corner_clips": [self.move(clip, origin, target) for clip in music["corner_clips"]],
            "curves": [[None if y is None else y + by for y in curve] for curve in music["curves"]],
            **{name: [moved(holder) for holder in music[name]] for name in ("refined", "clips", "places")},
        }

    def read_loop(self, source: Any, name: str, corners: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Read any music, or a cell of the grid, as a loop of the clipboard or of the song."""
        is_cell = isinstance(source, SelectedCell)
        corner = read_corner(self.melody, self._melody_of(source.notes) if is_cell else source, name, place="Loop")
        label = f"Cell {source.row + 1}, {source.col + 1}" if is_cell else corner.label
        clip = corner.clip.to_json()
        k = corners.index(clip) if clip in corners else None
        at = [source.x, source.y] if is_cell else None if k is None else [k % 2, k // 2]
        return {"clip": clip, "label": label, "at": at}

    def read_place(self, place: Any, corners: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Read a place of the song: a `Place`, music, or (music, repeats, transpose, drums)."""
        if isinstance(place, Place):
            place = (place.music, place.repeats, place.transpose, place.drums)
        if not isinstance(place, tuple):
            place = (place,)
        if not 1 <= len(place) <= 4:
            raise SettingError(
                f"A place of the song is music, or (music, repeats, transpose, drums); got {short_repr(place)}."
            )
        usual: tuple[Any, ...] = (None, 1, 0, None)
        music, repeats, transpose, drums = place + usual[len(place) :]
        return {
            **self.read_loop(music, "of the song", corners),
            "repeats": checks.check_repeats(repeats),
            "transpose": checks.check_transpose(transpose),
            "drums": None if drums is None else self.read_drums(drums),
        }

    def with_composed(
        self, places: Sequence[dict[str, Any]], at: int, clips: Sequence[Clip], seed: int | None, key: Key | None
    ) -> list[dict[str, Any]]:
        """Return places with composed loops before an index, moved into a scale if one is given; the beat goes on."""
        drums = places[at - 1]["drums"] if at else None
        composed = [
            {
                "clip": (clip if key is None else self.snap(clip, key)).to_json(),
                "label": composed_label(seed),
                "at": None,
                "repeats": 1,
                "transpose": 0,
                "drums": drums,
            }
            for clip in clips
        ]
        return [*places[:at], *composed, *places[at:]]

    def song_places(
        self, places: Sequence[dict[str, Any]], playback: PlaybackSettings, played: ModelClips, qpm: float
    ) -> tuple[Place, ...]:
        """Return the places of a song as values, each with its notes as they are played."""
        turns: list[list[NoteSequence]] = [[] for _ in places]
        for index, clip in all_turns(places, *self.range):
            turns[index].append(played.sequence(playback.apply(clip), qpm))

        def loop(holder: dict[str, Any]) -> CornerLoop:
            return CornerLoop(self.both.sequence(Clip.from_json(holder["clip"]), qpm), label=holder["label"])

        return tuple(
            Place(
                loop(place),
                place["repeats"],
                place["transpose"],
                None if place["drums"] is None else loop(place["drums"]),
                concatenate(own),
            )
            for place, own in zip(places, turns, strict=True)
        )

    @staticmethod
    def _melody_of(music: NoteSequence) -> NoteSequence:
        return music.replace(notes=[note for note in music.notes if not note.is_drum])

    def first_sketches(self, key: Key, grid: int) -> list[tuple[list[float], Corner]]:
        """Return the curves of a new instrument, and the corners that are sketched by them."""
        base = 60 + (key.tonic + 5) % 12 - 5
        steps, found = self.melody.steps, []
        for points in _CURVES:
            laps = steps // 32 or 1
            curve = curve_of([base + above for above in points * laps], steps)
            found.append((curve, Corner(self.melody.clip(sketch(curve, key, grid=grid)), "Sketch")))
        return found

    # --- drums ------------------------------------------------------------------------------------

    def read_drums(self, source: Any) -> dict[str, Any]:
        """Read any music as the drums of a place.

        Raises
        ------
        SettingError
            If there is no model of drums.
        """
        if self.drums is None:
            raise SettingError(
                'There are no drums here: give a model of drums, lp.LatentLoops(model, drums=lp.load("drums-2bar")).'
            )
        corner = read_corner(self.drums, source, "", place="Drums")
        return {"clip": self.beside(corner.clip).to_json(), "label": corner.label.strip()}

    def sample_drums(self, temperature: float, seed: int) -> Task[dict[str, Any]]:
        """Return a sample of the drum model, as the drums of a place.

        Raises
        ------
        SettingError
            If there is no model of drums.
        """
        if self.drums is None:
            raise SettingError("There is no model of drums here.")
        loop = yield from sample_in_parts(self.drums, temperature, seed)
        return {"clip": self.beside(loop_clip(self.drums, loop)).to_json(), "label": f"Sampled #{seed}"}

    def beside(self, clip: Clip) -> Clip:
        """Return a clip of the drum model as it stands beside a melody."""
        notes = clip.notes.copy()
        notes["stream"] = DRUMS
        return Clip(notes, clip.steps)

    def check_drums(self, clip: Clip) -> None:
        """Raise `SettingError` if a clip is none of the drums."""
        if self.drums is None or (clip.notes["stream"] != DRUMS).any():
            raise SettingError(f"The drums of a place are notes of stream {DRUMS}, and need a model of drums.")
        notes = clip.notes.copy()
        notes["stream"] = 0
        self.drums.check_clip(Clip(sort_notes(notes), clip.steps), "The drums of a place", error=SettingError)

    def drum_presets(self) -> list[dict[str, Any]]:
        """Return the presets of the drum model as the browser has them."""
        if self.drums is None:
            return []
        drums = self.drums
        return [
            {"name": name, "clip": self.beside(loop_clip(drums, loop)).to_json()}
            for name, loop in presets_of(drums.converter).items()
        ]

    def check_fit(self, name: str, value: Any) -> None:
        """Raise `SettingError` if the value of a trait does not fit the models."""
        if name == "corner_clips":
            for letter, clip in zip(CORNERS, value, strict=True):
                self._check_melody(clip, f"Corner {letter}")
        elif name == "curves":
            for letter, curve in zip(CORNERS, value, strict=True):
                if len(curve) not in (0, self.melody.steps):
                    raise SettingError(
                        f"The curve of corner {letter} has a height for each of {self.melody.steps} steps, or none; "
                        f"got {len(curve)}."
                    )
        elif name in ("refined", "clips", "places"):
            for holder in value:
                if holder is None:
                    continue
                self._check_melody(holder["clip"], f"A clip of {name}")
                if holder.get("drums"):
                    self.check_drums(Clip.from_json(holder["drums"]["clip"]))

    def _check_melody(self, clip: dict[str, Any], name: str) -> None:
        self.melody.check_clip(Clip.from_json(clip), name, error=SettingError)
