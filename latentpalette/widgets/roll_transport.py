"""Piano rolls in a session: their music as clips, with a kit, so that it plays in phase at any tempo."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from latentpalette.errors import PaletteError
from latentpalette.music.drums import DrumMap
from latentpalette.music.instruments import Track, track_name, track_of
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence
from latentpalette.music.streams import Stream
from latentpalette.plots.layout import lane_name
from latentpalette.validation import check_flag, check_integer
from latentpalette.widgets import settings as checks
from latentpalette.widgets.checked_traits import CheckedTrait, DerivedTrait, SettingError
from latentpalette.widgets.clips import MAX_NOTES, MAX_STEPS, Clip
from latentpalette.widgets.kit_widget import KitWidget
from latentpalette.widgets.playback import join_in_phase
from latentpalette.widgets.requests import Response, handles
from latentpalette.widgets.sounds import kit_of_streams

_SESSION = "the session"
_SHARED: dict[str, Any] = {"sync": True, "from_browser": True}
# The traits that rolls of a session have beside those of all.
JOINED_TRAITS = (
    *("widget_id", "session_id", "silenced", "qpm", "volume", "roll", "in_order", "has_kernel"),
    *("streams", "lanes", "clips", "kit_index", "kit_rate", "kit"),
)


MAX_COPIED_NOTES = 2000  # of a roll: they are in the page a second time
MAX_COPIED_TRACKS = 16


class RollTransport(KitWidget):
    """Piano rolls that can play together with the instruments of a session."""

    session_id = CheckedTrait(checks.check_session_id, "").tag(**_SHARED)
    silenced = CheckedTrait(checks.check_silenced, False).tag(**_SHARED)
    qpm = CheckedTrait(checks.check_qpm, 120.0).tag(**_SHARED)
    volume = CheckedTrait(checks.check_volume, 1.0).tag(**_SHARED)
    playing = CheckedTrait(checks.check_playing, False).tag(**_SHARED)
    # The one that plays, counted from 0.
    roll = CheckedTrait(lambda value: check_integer(value, "roll", 0, error=SettingError), 0).tag(**_SHARED)

    # True to play all of them, one after the other.
    in_order = CheckedTrait(lambda value: check_flag(value, "in_order", error=SettingError), False).tag(**_SHARED)

    has_kernel: DerivedTrait[bool] = DerivedTrait(True, source="where the rolls are shown").tag(sync=True)
    streams: DerivedTrait[list[dict[str, Any]]] = DerivedTrait([], source=_SESSION).tag(sync=True)
    lanes: DerivedTrait[list[dict[str, Any]]] = DerivedTrait([], source=_SESSION).tag(sync=True)
    clips: DerivedTrait[list[dict[str, Any]]] = DerivedTrait([], source=_SESSION).tag(sync=True)

    _sequences: list[NoteSequence]
    _tracks: Sequence[Track] = ()  # of the streams, in a session

    def check_fit(self, name: str, value: Any) -> Any:
        """Return the value of a trait, if it fits the rolls; see `Widget.check_fit`."""
        if name == "roll":
            check_integer(value, "roll", 0, len(self._sequences) - 1, error=SettingError)
        return value

    def current_music(self) -> NoteSequence:
        """Return the music of the roll that plays, or would; of all, one after the other, where they play in order.

        Each begins with a bar, as long after the one before as the longest of them has bars.
        """
        if not self.in_order:
            return self._sequences[self.roll]
        sounding = [sequence for sequence in self._sequences if sequence.steps]
        bars = math.ceil(max(sequence.steps for sequence in sounding) / STEPS_PER_BAR)
        return join_in_phase(sounding, bars, self.qpm)

    def clip_music(self, clip: Clip, qpm: float) -> NoteSequence:
        """Return the music of a clip whose streams are those of the rolls."""
        notes = [
            Note(pitch, step, length, velocity, offset, *self._tracks[stream])
            for step, pitch, length, velocity, offset, stream in clip.to_json()["notes"]
        ]
        return NoteSequence(notes, clip.steps, qpm)

    def join(self, session_id: str) -> None:
        """Let the rolls play with a session's other instruments; each is then a loop that begins in phase.

        Raises
        ------
        PaletteError
            If there is no note in them, or one is longer than 256 bars.
        """
        tracks = sorted({track_of(note) for sequence in self._sequences for note in sequence.notes})
        if not tracks:
            raise PaletteError("There is no note in these piano rolls: they cannot play in a session.")
        clips = [_clip_of(sequence, tracks) for sequence in self._sequences]
        streams = [_stream_of(track, self._sequences) for track in tracks]
        self.store(
            streams=[dict(stream.to_json()) for stream in streams],
            lanes=[{"name": stream.name, "stream": index, "pitches": None} for index, stream in enumerate(streams)],
            clips=[clip.to_json() for clip in clips],
            saved_traits=[*self.saved, *JOINED_TRAITS],
        )
        self._tracks = tracks
        self.begin_kit(lambda: kit_of_streams(streams))
        self.session_id = session_id

    @handles("join")
    def _handle_join(self) -> Response:
        """Let the rolls play with the instruments of their page; static/state/together.js names these."""
        self.join("page")
        return {}, []

    def joined_state(self) -> dict[str, Any]:
        """Return the traits that a page without Python needs of rolls in a session; nothing of others."""
        if not self.session_id:
            return {}
        self.finish_kit()
        return {name: getattr(self, name) for name in JOINED_TRAITS} | {"has_kernel": False, "playing": False}


def copied_music(sequence: NoteSequence) -> dict[str, Any] | None:
    """Return what of a roll is copied into instruments: its streams and its clip; None for long music.

    Examples
    --------
    >>> copied_music(NoteSequence.from_steps({"kick": [0]}, steps=16))["clip"]
    {'steps': 16, 'notes': [[0, 36, 1, 80, 0, 0]]}
    """
    tracks = sorted({track_of(note) for note in sequence.notes})
    if not 0 < len(tracks) <= MAX_COPIED_TRACKS or len(sequence) > MAX_COPIED_NOTES or sequence.steps > MAX_STEPS:
        return None
    streams = [dict(_stream_of(track, [sequence]).to_json()) for track in tracks]
    return {"streams": streams, "clip": _clip_of(sequence, tracks).to_json()}


def _clip_of(sequence: NoteSequence, tracks: Sequence[Track]) -> Clip:
    if sequence.steps > MAX_STEPS or len(sequence) > MAX_NOTES:
        raise PaletteError(
            f"A piano roll in a session has up to {MAX_STEPS} steps and {MAX_NOTES:,} notes; this one has "
            f"{sequence.steps} and {len(sequence):,}. Take a part of it: sequence.slice(0, 1024)."
        )
    rows = [
        (note.step, note.pitch, note.length, note.velocity, note.offset, tracks.index(track_of(note)))
        for note in sequence.notes
    ]
    return Clip.of(rows, sequence.steps)


def _stream_of(track: Track, sequences: Sequence[NoteSequence]) -> Stream:
    """Return the stream of a track, with no more than the pitches that are played: its kit is small."""
    is_drum, program = track
    pitches = sorted({note.pitch for sequence in sequences for note in sequence.notes if track_of(note) == track})
    if is_drum:
        return Stream.drums(DrumMap(tuple(map(lane_name, pitches)), tuple((pitch,) for pitch in pitches)))
    return Stream(track_name(track), program=program, low=pitches[0], high=pitches[-1])
