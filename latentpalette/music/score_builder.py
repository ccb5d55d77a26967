"""Build a `Score` from the contents of a MIDI file, whichever library read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from latentpalette.errors import MidiError
from latentpalette.music.score import Score
from latentpalette.music.section import TimeSignature
from latentpalette.music.sequence import STEPS_PER_QUARTER
from latentpalette.music.tempo import TempoMap

MAX_BARS = 20_000


def build_score(
    name: str,
    *,
    columns: Sequence[np.ndarray],
    tempo_map: TempoMap,
    time_signatures: Iterable[Any],
    end_markers: Iterable[float],
    track_names: Sequence[str],
    sustain_pedal: tuple[tuple[int, float, bool], ...],
) -> Score:
    """Build a `Score` from the contents of a MIDI file.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    columns : list of ndarray [shape=(n,)]
        Pitch, velocity, program, track, is_drum, start and end [seconds] of each note.
    tempo_map : TempoMap
    time_signatures : iterable of object
        With ``time`` [seconds], ``numerator`` and ``denominator``.
    end_markers : iterable of float [seconds]
        Times of the text event `latentpalette.music.midi.END_MARKER`.
    track_names : list of str
    sustain_pedal : tuple of (track, seconds, is_down)

    Raises
    ------
    MidiError
        If it is too long.
    """
    pitch, velocity, program, track, is_drum, start, end = columns
    start, end = np.maximum(start.astype(float), 0.0), end.astype(float)
    tempos = tuple(
        (tempo_map.seconds_to_quarters(seconds), float(seconds), min(max(float(qpm), 1.0), 1000.0))
        for seconds, qpm in zip(tempo_map.seconds, tempo_map.qpms, strict=True)
    )
    start_steps, end_steps = tempo_map.seconds_to_steps(start), tempo_map.seconds_to_steps(end)
    end_marker = max((tempo_map.seconds_to_quarters(seconds) for seconds in end_markers), default=None)
    quarters = max(float(end_steps.max(initial=0.0)) / STEPS_PER_QUARTER, end_marker or 0.0)
    if quarters / 4 > MAX_BARS:
        raise MidiError(f"{name}: {quarters / 4:,.0f} bars; the longest piece read here has {MAX_BARS:,}.")
    return Score(
        name=name,
        pitch=pitch.astype(int),
        velocity=velocity.astype(int),
        program=program.astype(int),
        track=track.astype(int),
        is_drum=is_drum.astype(bool),
        start=start_steps,
        end=end_steps,
        start_seconds=start,
        end_seconds=end,
        tempos=tempos,
        time_signatures=_time_signature_changes(time_signatures, tempo_map),
        end_marker=end_marker,
        track_names=tuple(track_names),
        sustain_pedal=sustain_pedal,
    )


def _time_signature_changes(events: Iterable[Any], tempo_map: TempoMap) -> tuple[TimeSignature, ...]:
    """Return the time signatures in order, 4/4 at 0 if none is there, each different from the one before."""
    signatures = [
        TimeSignature(tempo_map.seconds_to_quarters(event.time), float(event.time), event.numerator, event.denominator)
        for event in sorted(events, key=lambda event: event.time)
        if event.numerator > 0 and event.denominator > 0
    ]
    changes = [] if signatures and signatures[0].quarters == 0 else [TimeSignature(0.0, 0.0, 4, 4)]
    for signature in signatures:
        if changes and signature.quarters == changes[-1].quarters:
            changes.pop()
        # Many programs repeat the time signature at every bar.
        if not changes or str(signature) != str(changes[-1]):
            changes.append(signature)
    return tuple(changes)
