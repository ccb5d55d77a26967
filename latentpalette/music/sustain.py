"""Apply the sustain pedal: notes held by the pedal become longer notes."""

from __future__ import annotations

import dataclasses
from collections import defaultdict

import numpy as np

from latentpalette.music.score import Score

# Order of events at the same time, as in note-seq: the pedal before the notes, note-ons before note-offs.
_PEDAL_DOWN, _PEDAL_UP, _NOTE_ON, _NOTE_OFF = range(4)


def apply_sustain(score: Score) -> Score:
    """Lengthen the notes of a score that its sustain pedal holds.

    A note that is released while the pedal is down ends when the pedal comes up, or when its pitch starts again. Only
    the times in seconds change.

    Source: note-seq's `apply_sustain_control_changes`.
    """
    if not score.sustain_pedal:
        return score
    starts, ends = score.start_seconds.tolist(), score.end_seconds.tolist()
    tracks, pitches = score.track.tolist(), score.pitch.tolist()
    events = [(time, _PEDAL_DOWN if is_down else _PEDAL_UP, track) for track, time, is_down in score.sustain_pedal]
    events += [(time, _NOTE_ON, note) for note, time in enumerate(starts)]
    events += [(time, _NOTE_OFF, note) for note, time in enumerate(ends)]
    events.sort(key=lambda event: event[:2])
    sounding: defaultdict[tuple[int, int], dict[int, None]] = defaultdict(dict)  # notes by track and pitch, in order
    held: defaultdict[int, list[int]] = defaultdict(list)  # notes of a track that only the pedal holds, or held
    is_pedal_down: defaultdict[int, bool] = defaultdict(bool)
    duplicates: set[int] = set()
    time = 0.0
    for time, kind, index in events:
        if kind in (_PEDAL_DOWN, _PEDAL_UP):
            track = index
            is_pedal_down[track] = kind == _PEDAL_DOWN
            if kind == _PEDAL_UP:
                for note in held.pop(track, ()):
                    if sounding[track, pitches[note]].pop(note, note) is None:
                        ends[note] = time
            continue
        track, pitch = tracks[index], pitches[index]
        if kind == _NOTE_ON:
            if is_pedal_down[track]:
                for note in sounding.pop((track, pitch), ()):
                    ends[note] = time
                    if starts[note] == time:
                        duplicates.add(note)
            sounding[track, pitch][index] = None
        elif is_pedal_down[track]:
            held[track].append(index)
        else:
            sounding[track, pitch].pop(index, None)
    for note in (note for notes in sounding.values() for note in notes):
        ends[note] = time
    is_unique = np.array([note not in duplicates for note in range(len(starts))], bool)
    return dataclasses.replace(score, end_seconds=np.asarray(ends, float)).select(is_unique)
