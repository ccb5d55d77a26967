"""Replace the drums of a MIDI file; all else that belongs to the file stays as it is."""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from latentpalette.errors import MusicError
from latentpalette.files import write_bytes
from latentpalette.music import midi
from latentpalette.music.channel_pairing import complete_note_offs
from latentpalette.music.hit_places import NEW_TRACK, HitPlaces
from latentpalette.music.kept_ends import keep_ends
from latentpalette.music.midi import MidiSource
from latentpalette.music.midi_encoding import encode_meta
from latentpalette.music.midi_file import (
    CONTROL_CHANGE,
    MIDI_PORT,
    NOTE_OFF,
    NOTE_ON,
    PROGRAM_CHANGE,
    TRACK_NAME,
    Track,
)
from latentpalette.music.raw_tracks import RawTrack, encode_tracks, raw_track
from latentpalette.music.sequence import STEPS_PER_QUARTER, Note, NoteSequence
from latentpalette.music.tolerant_file import parse_tolerantly
from latentpalette.music.track_choice import DrumTracks, TrackChoice, drum_onsets, select_tracks
from latentpalette.validation import short_repr

_SAME_OFFSET = 1e-6  # [steps] a hit that is this near where it was stays on its tick
_BANK_SELECT = (0, 32)  # the controllers that choose a kit, together with the program


@dataclass
class _Hit:
    """A drum note of a file, or one to be inserted.

    Parameters
    ----------
    track, channel, pitch, velocity : int
    start, stop : int [ticks]
        `stop` is None where its track has no note-off for it.
    on, off : int or None
        Positions of its note-on and its note-off in its track; None for those of a new note.
    is_changed : bool
        Whether it is written anew.
    """

    track: int
    channel: int
    pitch: int
    velocity: int
    start: int
    stop: int | None
    on: int | None = None
    off: int | None = None
    is_changed: bool = False


def replace_drums(
    source: MidiSource, sequence: NoteSequence, path: str | os.PathLike[str], *, drums: DrumTracks = None
) -> Path:
    """Write a MIDI file with other drums and all else of it as it was; return its path.

    Tracks and their names, other notes, programs, controllers, texts, tempos, time signatures and the ends of tracks
    stay. Drums that are in both keep what is the same: a hit that the new drums have at the same time stays on its
    tick, and every hit that stays in its step keeps its duration. New hits go to the tracks where the drums are, or
    to a new track if there are none.

    Parameters
    ----------
    source : path or bytes
        The MIDI file.
    sequence : NoteSequence
        The new drums, on the grid of the whole file: what `NoteSequence.from_midi` gives, and what `lp.humanize` and
        its kin make of it. Its other notes do not count.
    path : path
        The file to write; it may be the same file.
    drums : int, str or list of them, optional
        The tracks that are the drums, by number or name, instead of those on channel 10.

    Raises
    ------
    MidiError
        If the file cannot be read, or has no such track.
    FileError
        If the new file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from latentpalette.music.sequence import NoteSequence
    >>> folder = Path(tempfile.mkdtemp())
    >>> song = NoteSequence([Note(60, 0, 16), Note(36, 0, is_drum=True)], steps=16).save(folder / "song.mid")
    >>> louder = NoteSequence([Note(36, 0, velocity=120, is_drum=True)], steps=16)
    >>> [note.velocity for note in NoteSequence.from_midi(replace_drums(song, louder, folder / "new.mid")).notes]
    [120, 80]
    """
    return write_bytes(path, replace_drum_notes(source, sequence, drums=drums))


def replace_drum_notes(source: MidiSource, sequence: NoteSequence, *, drums: DrumTracks = None) -> bytes:
    """Return the bytes of a MIDI file with other drums; see `replace_drums`."""
    if not isinstance(sequence, NoteSequence):
        raise MusicError(f"The new drums are a NoteSequence; got {short_repr(sequence)}.")
    name, data = midi.read_bytes(source)
    file = parse_tolerantly(data, name=name)
    score = select_tracks(midi.read_score(source), TrackChoice(drums=drums))
    ticks_per_step = file.ticks_per_quarter / STEPS_PER_QUARTER
    onsets = drum_onsets(score, file.ticks_per_quarter)
    hits = [hit for number, track in enumerate(file.tracks) for hit in _find_hits(number, track, onsets)]
    notes = [note for note in sequence.notes if note.is_drum]
    tracks = [raw_track(track) for track in file.tracks]
    places = HitPlaces([(hit.track, hit.channel, hit.pitch, hit.start) for hit in hits], file.tracks, onsets)
    result, removed = _match(hits, notes, ticks_per_step, places)
    new_hits = [hit for hit in result if hit.track == NEW_TRACK]
    if new_hits:
        port, channel = places.find_channel([hit.start for hit in new_hits])
        tracks.append(_drum_track(tracks, port))
        for hit in new_hits:
            hit.track, hit.channel = len(tracks) - 1, channel
    _respect_kits(result, file.tracks)
    _end_before_next(result)
    _end_with_track(result, tracks, round(sequence.steps * ticks_per_step))
    _write_hits(tracks, result, removed)
    _keep_other_ends(
        tracks, file.tracks, [hit for hit in removed if places.is_shared(hit.track, hit.channel, hit.pitch)]
    )
    return encode_tracks(file, tracks)


def _find_hits(number: int, track: Track, onsets: Collection[tuple[int, int, int]]) -> list[_Hit]:
    """Return the drum notes of a track, each paired with the first note-off of its channel and pitch."""
    hits: list[_Hit] = []
    open_hits: dict[tuple[int, int], deque[_Hit | None]] = {}  # None for a note that is no drum
    channels = {channel for track_number, channel, _ in onsets if track_number == number}
    for position, (tick, status, pitch, velocity) in enumerate(track.events):
        channel = status & 0x0F
        if status >= 0xA0 or channel not in channels:
            continue
        if status >= NOTE_ON and velocity:
            is_drum = (number, channel, tick) in onsets
            hit = _Hit(number, channel, pitch, velocity, tick, None, position) if is_drum else None
            hits += [hit] if hit else []
            open_hits.setdefault((channel, pitch), deque()).append(hit)
        elif (waiting := open_hits.get((channel, pitch))) and (hit := waiting.popleft()):
            hit.stop, hit.off = tick, position
    return hits


def _match(
    hits: Sequence[_Hit], notes: Iterable[Note], ticks_per_step: float, places: HitPlaces
) -> tuple[list[_Hit], list[_Hit]]:
    """Return the hits of the new file, those of the old one that stay among them, and the hits that go."""
    old: dict[tuple[int, int], deque[_Hit]] = {}
    for hit in sorted(hits, key=lambda hit: hit.start):
        old.setdefault((math.floor(hit.start / ticks_per_step + 0.5), hit.pitch), deque()).append(hit)
    result = []
    for note in sorted(notes, key=lambda note: note.step + note.offset):
        start = _tick_of(note, ticks_per_step)
        waiting = old.get((note.step, note.pitch))
        if waiting:
            hit = waiting.popleft()
            if not places.allow_move((hit.track, hit.channel, hit.pitch, hit.start), start):
                start = hit.start
            result.append(_change(hit, note, start, ticks_per_step))
            continue
        track, channel = places.find(note.pitch, start)
        stop = start + max(round(note.length * ticks_per_step), 1)
        result.append(_Hit(track, channel, note.pitch, note.velocity, start, stop, is_changed=True))
    return result, [hit for waiting in old.values() for hit in waiting]


def _change(hit: _Hit, note: Note, start: int, ticks_per_step: float) -> _Hit:
    """Give a hit the velocity and the time of a note of the same step and pitch, and return it."""
    exact = hit.start / ticks_per_step
    offset = exact - math.floor(exact + 0.5)
    if abs(offset - note.offset) > _SAME_OFFSET and start != hit.start:
        hit.stop = None if hit.stop is None else hit.stop + start - hit.start
        hit.start, hit.is_changed = start, True
    hit.velocity = note.velocity
    return hit


def _tick_of(note: Note, ticks_per_step: float) -> int:
    """Return the tick of a note: one that belongs to its step, not before the beginning."""
    first = math.ceil((note.step - 0.5) * ticks_per_step)
    last = math.ceil((note.step + 0.5) * ticks_per_step) - 1
    return max(min(max(round((note.step + note.offset) * ticks_per_step), first), last), 0)


def _respect_kits(hits: Iterable[_Hit], tracks: Sequence[Track]) -> None:
    """Move no hit before the event that chose its kit."""
    last_choice: dict[int, list[int]] = {}  # by track: the tick of the last choice before each event
    for hit in hits:
        if hit.on is None or not hit.is_changed:
            continue
        if hit.track not in last_choice:
            last_choice[hit.track] = ticks = []
            last = [0] * 16
            for tick, status, first, _ in tracks[hit.track].events:
                kind = status & 0xF0
                if kind == PROGRAM_CHANGE or (kind == CONTROL_CHANGE and first in _BANK_SELECT):
                    last[status & 0x0F] = tick
                ticks.append(last[status & 0x0F])
        delay = last_choice[hit.track][hit.on] - hit.start
        if delay > 0:
            hit.start += delay
            hit.stop = None if hit.stop is None else hit.stop + delay


def _end_before_next(hits: Iterable[_Hit]) -> None:
    """End hits where their pitch is hit again, where one of the two has been moved there."""
    previous: dict[tuple[int, int, int], _Hit] = {}
    for hit in sorted(hits, key=lambda hit: hit.start):
        key = (hit.track, hit.channel, hit.pitch)
        before = previous.get(key)
        is_changed = before is not None and (before.is_changed or hit.is_changed)
        if before and is_changed and before.stop is not None and before.start < hit.start < before.stop:
            before.stop, before.is_changed = hit.start, True
        previous[key] = hit


def _end_with_track(hits: Iterable[_Hit], tracks: Sequence[RawTrack], end_of_piece: int) -> None:
    """End hits that are written anew where their track ended, or else where the piece does."""
    for hit in hits:
        if hit.is_changed and hit.stop is not None:
            end_tick = tracks[hit.track].end_tick
            last = end_tick if hit.start < end_tick else end_of_piece
            hit.stop = max(min(hit.stop, last), hit.start + 1)


def _drum_track(tracks: Iterable[RawTrack], port: int) -> RawTrack:
    """Return a new track for drums, as long as the others."""
    events = [(0, encode_meta(TRACK_NAME, b"Drums"))]
    if port:
        events.append((0, encode_meta(MIDI_PORT, bytes([port]))))
    return RawTrack(events, max(track.end_tick for track in tracks))


def _keep_other_ends(tracks: Sequence[RawTrack], old_tracks: Sequence[Track], removed: Sequence[_Hit]) -> None:
    """Keep the ends of the other notes that have the track, the channel and the pitch of hits that go."""
    if not removed:
        return
    complete_events = complete_note_offs(old_tracks)
    positions: dict[tuple[int, int, int], set[int | None]] = {}
    for hit in removed:
        positions.setdefault((hit.track, hit.channel, hit.pitch), set()).add(hit.on)
    for (number, channel, pitch), note_ons in positions.items():
        keep_ends(
            tracks[number],
            old_tracks[number],
            complete_events[number],
            channel=channel,
            pitch=pitch,
            removed={position for position in note_ons if position is not None},
        )


def _write_hits(tracks: Sequence[RawTrack], hits: Iterable[_Hit], removed: Iterable[_Hit]) -> None:
    """Write the hits of a file into its tracks, and take out those that go."""
    for hit in removed:
        tracks[hit.track].remove(hit.on)
        tracks[hit.track].remove(hit.off)
    for hit in hits:
        track = tracks[hit.track]
        note_on = bytes([NOTE_ON | hit.channel, hit.pitch, hit.velocity])
        if not hit.is_changed:
            track.replace(hit.on, note_on)
            continue
        note_off = track.remove(hit.off) or bytes([NOTE_OFF | hit.channel, hit.pitch, 0])
        track.remove(hit.on)
        track.insert_note(hit.start, note_on, hit.stop, note_off)
