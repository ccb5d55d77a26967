"""Clips as they are played: locked lanes replaced, muted ones left out, streams as loud as they are set, and loops one
after the other.

The browser does the same in static/state/clip.js; tests/vectors/palette.json holds both to it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence
from latentpalette.widgets.clips import NOTE, OFFSET_SCALE, Clip, Notes, sort_notes
from latentpalette.widgets.model_clips import Lane

DEFAULT_VELOCITY = 80  # of a locked drum without accents

Lock = Sequence[Any] | None  # 0 or 1 a step for a drum, notes [step, pitch, length, velocity, offset] for a stream


@dataclass(frozen=True)
class PlaybackSettings:
    """Settings that change what a clip plays.

    Parameters
    ----------
    lanes : sequence of Lane
    mutes : sequence of bool
        For each lane, whether it is left out.
    locks : sequence of (None, or list)
        For each lane what replaces its own notes, or None: for a drum 0 or 1 for each step, which repeat where they
        are fewer than the clip's; for a stream notes [step, pitch, length, velocity, offset].
    accents : sequence of lists of int
        For each lane the velocities [step in the bar] of locked drums.
    volumes : sequence of float [0 to 1]
        For each stream its volume, where it is not 1; see `scale_velocities`.

    Examples
    --------
    >>> lanes = [Lane(name="kick", stream=0, pitches=[36]), Lane(name="snare", stream=0, pitches=[38])]
    >>> settings = PlaybackSettings(lanes, mutes=[False, True], locks=[[1, 0], None])
    >>> settings.apply(Clip.of([(0, 38, 1, 90, 0, 0), (1, 36, 1, 90, 0, 0)], steps=4)).notes["step"].tolist()
    [0, 2]
    """

    lanes: Sequence[Lane] = ()
    mutes: Sequence[bool] = ()
    locks: Sequence[Lock] = ()
    accents: Sequence[Sequence[int]] = ()
    volumes: Sequence[float] = ()

    def apply(self, clip: Clip) -> Clip:
        """Return what is played instead of a clip."""
        mutes, locks = ([*given, *[None] * len(self.lanes)] for given in (self.mutes, self.locks))
        notes, changed = clip.notes, False
        for index, lane in enumerate(self.lanes):
            lock = locks[index]
            if not mutes[index] and lock is None:
                continue
            changed, kept = True, notes[~_in_lane(notes, lane)]
            accents = self.accents[index] if index < len(self.accents) else ()
            locked = (
                _locked_notes(lock, lane, clip.steps, accents) if lock is not None and not mutes[index] else kept[:0]
            )
            notes = np.concatenate([kept, locked])
        played = Clip(sort_notes(notes), clip.steps) if changed else clip
        return scale_velocities(played, self.volumes)


def scale_velocities(clip: Clip, volumes: Sequence[float]) -> Clip:
    """Return a clip whose streams are as loud as their volumes say.

    A volume is a factor of the velocities, so music and MIDI files have it. The amplitude is the square of both
    (`latentpalette.audio.sampled_sound`), as it is of the volume of an instrument. At 0 a stream is left out.

    Examples
    --------
    >>> clip = Clip.of([(0, 60, 1, 100, 0, 0), (0, 40, 1, 100, 0, 1), (0, 36, 1, 100, 0, 2)], steps=4)
    >>> scale_velocities(clip, [1.0, 0.5, 0.0]).notes["velocity"].tolist()
    [100, 50]
    """
    if all(volume == 1 for volume in volumes):
        return clip
    notes = clip.notes
    factors = np.ones(256)
    factors[: len(volumes)] = volumes
    scaled = np.floor(notes["velocity"] * factors[notes["stream"]] + 0.5)  # halves up, as the browser rounds
    kept = factors[notes["stream"]] > 0
    changed = notes.copy()
    changed["velocity"] = np.maximum(scaled, 1)
    return Clip(changed[kept], clip.steps)


def join_in_phase(loops: Sequence[NoteSequence], bars_per_cell: float, qpm: float = 120.0) -> NoteSequence:
    """Return the music of loops one after the other, each for some bars.

    Step s of the whole is step s mod the length of the loop that it lies in: the beat stays in phase, however long a
    loop lasts. A note ends with its loop's turn, unless the next loop has the same pitch sounding there: then it goes
    on until that one's end. What else sounds there, but would have begun before, begins there.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> one, other = (NoteSequence([Note(pitch, 0, 4), Note(pitch + 1, 16, 4)], steps=32) for pitch in (60, 70))
    >>> [(note.step, note.pitch) for note in join_in_phase([one, other], 1).notes]
    [(0, 60), (16, 71)]
    """
    length = round(bars_per_cell * STEPS_PER_BAR)
    notes: list[Note] = []
    held: dict[tuple[bool, int, int], int] = {}  # the notes of the turn before that would go on
    for turn, loop in enumerate(loops):
        start, end = turn * length, (turn + 1) * length
        goes_on: dict[tuple[bool, int, int], int] = {}
        for lap in range(start // loop.steps, -(-end // loop.steps)):
            for note in loop.notes:
                step, key = lap * loop.steps + note.step, (note.is_drum, note.program, note.pitch)
                stop = min(step + note.length, (lap + 1) * loop.steps)
                if step >= end or stop <= start:
                    continue
                place = held.get(key, len(notes)) if step < start else len(notes)
                if place == len(notes):
                    offset = 0.0 if step < start else note.offset
                    notes.append(dataclasses.replace(note, step=max(step, start), offset=offset))
                notes[place] = dataclasses.replace(notes[place], length=min(stop, end) - notes[place].step)
                if stop > end:
                    goes_on[key] = place
        held = goes_on
    return NoteSequence(notes, len(loops) * length, qpm)


def _in_lane(notes: Notes, lane: Lane) -> NDArray[np.bool_]:
    is_inside = notes["stream"] == lane["stream"]
    return is_inside if lane["pitches"] is None else is_inside & np.isin(notes["pitch"], lane["pitches"])


def _locked_notes(lock: Sequence[Any], lane: Lane, steps: int, accents: Sequence[int]) -> Notes:
    rows: list[tuple[int, ...]] = []
    if lane["pitches"] is None:
        for step, pitch, length, velocity, offset in lock:
            if step < steps:
                row = step, min(length, steps - step), pitch, velocity, round(offset * OFFSET_SCALE), lane["stream"]
                rows.append(row)
    else:
        for step in range(steps if len(lock) else 0):
            if lock[step % len(lock)]:
                velocity = accents[step % STEPS_PER_BAR] if len(accents) else DEFAULT_VELOCITY
                rows.append((step, 1, lane["pitches"][0], velocity, 0, lane["stream"]))
    return np.array(rows, NOTE)
