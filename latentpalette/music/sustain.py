"""The sustain pedal: notes that ring on after their key is let go, written out as longer notes."""

from __future__ import annotations

import dataclasses
from collections import defaultdict

import numpy as np

from latentpalette.music.score import Score

# At one moment the pedal goes before the keys, and keys are struck before others are let go: note-seq's order.
_PEDAL_DOWN, _PEDAL_UP, _STRUCK, _LET_GO = range(4)


def sustained(score: Score) -> Score:
    """A score with its pedal written into the notes.

    A note whose key is let go while the pedal is down ends when the pedal comes up, or when its pitch is struck again.
    Source: note-seq's `apply_sustain_control_changes`. Only the times in seconds are moved.
    """
    if not score.pedal:
        return score
    starts, ends = score.start_seconds.tolist(), score.end_seconds.tolist()
    parts, pitches = score.part.tolist(), score.pitch.tolist()
    events = [(time, _PEDAL_DOWN if down else _PEDAL_UP, part) for part, time, down in score.pedal]
    events += [(time, _STRUCK, index) for index, time in enumerate(starts)]
    events += [(time, _LET_GO, index) for index, time in enumerate(ends)]
    events.sort(key=lambda event: event[:2])
    sounding: defaultdict[int, list[int]] = defaultdict(list)
    down: defaultdict[int, bool] = defaultdict(bool)
    doubled: set[int] = set()
    time = 0.0
    for time, kind, which in events:
        if kind in (_PEDAL_DOWN, _PEDAL_UP):
            down[which] = kind == _PEDAL_DOWN
            if kind == _PEDAL_UP:
                for note in sounding[which]:
                    ends[note] = max(ends[note], time)
                sounding[which] = [note for note in sounding[which] if ends[note] > time]
            continue
        part = parts[which]
        if kind == _STRUCK:
            if down[part]:
                again = [note for note in sounding[part] if pitches[note] == pitches[which]]
                for note in again:
                    ends[note] = time
                doubled.update(note for note in again if starts[note] == time)
                sounding[part] = [note for note in sounding[part] if note not in again]
            sounding[part].append(which)
        elif not down[part] and which in sounding[part]:
            sounding[part].remove(which)
    for note in (note for notes in sounding.values() for note in notes):
        ends[note] = time
    kept = np.array([index not in doubled for index in range(len(starts))], bool)
    moved = np.asarray(ends, float)
    columns = ("pitch", "velocity", "program", "part", "is_drum", "start", "end", "start_seconds")
    return dataclasses.replace(score, end_seconds=moved[kept], **{name: getattr(score, name)[kept] for name in columns})
