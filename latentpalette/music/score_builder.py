"""Build a `Score` from the contents of a MIDI file or of a `pretty_midi.PrettyMIDI`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np

from latentpalette.errors import MidiError
from latentpalette.music.midi_clock import Clock
from latentpalette.music.midi_file import TEXT, MetaEvent, MidiFile
from latentpalette.music.note_pairing import Instrument
from latentpalette.music.score import Score, TrackOrigin
from latentpalette.music.section import TimeSignature
from latentpalette.music.sequence import STEPS_PER_QUARTER
from latentpalette.music.skipped import Skipped, describe_skipped
from latentpalette.music.tempo import TempoMap, TickTempoMap

MAX_SECONDS = 4 * 3600.0
MAX_BARS = 20_000
MAX_PEDAL_CHANGES = 250_000  # all instruments together; those of one channel may share them, so they multiply
SUSTAIN_CC = 64  # number of the pedal's controller
MIN_PEDAL_DOWN = 64  # the controller's value from which the pedal is pressed
END_MARKER = "end of loop"  # a text event at the end of the piece, so that silence there survives


def build_score_from_file(
    name: str,
    file: MidiFile,
    instruments: Sequence[Instrument],
    track_names: Sequence[str],
    clock: Clock,
    *,
    last_tick: int,
    skipped: Sequence[Skipped] = (),
    magenta_compatible: bool = False,
) -> Score:
    """Build a `Score` from a parsed MIDI file.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    file : MidiFile
    instruments : list of Instrument
        The notes of the file, with the movements of the sustain pedal.
    track_names : list of str
        Names of the instruments.
    clock : Clock
        Its tempos and time signatures.
    last_tick : int
        Where the piece ends.
    skipped : list of Skipped
        Parts of the file that were not read as they stand.
    magenta_compatible : bool
        Compute steps from seconds, as Magenta does, where a note exactly between two steps may fall to either; without
        it from ticks.

    Raises
    ------
    MidiError
        If it is too long, or moves the sustain pedal without end.
    """
    ticks_per_quarter = file.ticks_per_quarter
    tempo_map = TickTempoMap(clock.tempos, ticks_per_quarter=ticks_per_quarter)
    notes = np.array([number for instrument in instruments for number in instrument.notes], int).reshape(-1, 4)
    end_markers = find_end_markers(file)
    meter_seconds = tempo_map.ticks_to_seconds([tick for tick, _, _ in clock.time_signatures]).tolist()
    score = build_score(
        name,
        seconds=float(tempo_map.ticks_to_seconds(last_tick)),
        columns=_columns(notes, instruments, tempo_map),
        tempo_map=tempo_map,
        steps=None if magenta_compatible else notes[:, :2] * STEPS_PER_QUARTER / ticks_per_quarter,
        time_signatures=[
            (seconds, numerator, denominator)
            for seconds, (_, numerator, denominator) in zip(meter_seconds, clock.time_signatures, strict=True)
        ],
        end_markers=tempo_map.ticks_to_seconds(end_markers).tolist(),
        track_names=track_names,
        track_origins=[
            TrackOrigin(instrument.name.strip(), instrument.track, instrument.channel) for instrument in instruments
        ],
        sustain_pedal=_sustain_pedal(instruments, tempo_map, name),
    )
    if not skipped:
        return score
    bars = score.number_bars()
    warnings = describe_skipped(skipped, lambda tick: bars.find(tick / ticks_per_quarter))
    return dataclasses.replace(score, warnings=warnings)


def find_end_markers(file: MidiFile) -> list[int]:
    """Return the ticks of the marks that `latentpalette.music.midi` writes at the end of a piece."""
    return [event.tick for track in file.tracks for event in track.meta_events if is_end_marker(event)]


def build_score(
    name: str,
    *,
    seconds: float,
    columns: Sequence[np.ndarray],
    tempo_map: TempoMap,
    time_signatures: Iterable[tuple[float, int, int]],
    end_markers: Iterable[float],
    track_names: Sequence[str],
    track_origins: Sequence[TrackOrigin],
    sustain_pedal: tuple[tuple[int, float, bool], ...],
    steps: np.ndarray | None = None,
) -> Score:
    """Build a `Score` from the contents of a MIDI file.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    seconds : float
        How long the piece lasts.
    columns : list of ndarray [shape=(n,)]
        Pitch, velocity, program, track, is_drum, start and end [seconds] of each note.
    tempo_map : TempoMap
    time_signatures : iterable of (seconds, numerator, denominator)
    end_markers : iterable of float [seconds]
        Times of the text event `END_MARKER`.
    track_names : list of str
    track_origins : list of TrackOrigin
    sustain_pedal : tuple of (track, seconds, is_down)
    steps : ndarray [shape=(n, 2)], optional
        Start and end of each note on the grid, where they are known exactly; else they are computed from the seconds.

    Raises
    ------
    MidiError
        If it is too long.
    """
    if not np.isfinite(seconds) or seconds > MAX_SECONDS:
        raise MidiError(
            f"{name}: lasts {seconds / 3600:,.1f} hours; the longest piece read here lasts {MAX_SECONDS / 3600:g}. "
            "Split it first."
        )
    pitch, velocity, program, track, is_drum, start, end = columns
    start, end = np.maximum(start.astype(float), 0.0), end.astype(float)
    tempo_quarters = tempo_map.seconds_to_quarters(tempo_map.seconds)
    qpms = np.clip(tempo_map.qpms, 1.0, 1000.0)
    tempos = tuple(zip(tempo_quarters.tolist(), tempo_map.seconds.tolist(), qpms.tolist(), strict=True))
    exact_steps = (tempo_map.seconds_to_steps(start), tempo_map.seconds_to_steps(end)) if steps is None else steps.T
    start_steps, end_steps = exact_steps
    end_markers = list(end_markers)
    end_marker = max(tempo_map.seconds_to_quarters(end_markers).tolist()) if end_markers else None
    quarters = max(float(end_steps.max(initial=0.0)) / STEPS_PER_QUARTER, end_marker or 0.0)
    if quarters / 4 > MAX_BARS:
        raise MidiError(
            f"{name}: {quarters / 4:,.0f} bars; the longest piece read here has {MAX_BARS:,}. Split it first."
        )
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
        track_origins=tuple(track_origins),
    )


def _time_signature_changes(events: Iterable[tuple[float, int, int]], tempo_map: TempoMap) -> tuple[TimeSignature, ...]:
    """Return the time signatures in order, 4/4 at 0 if none is there, each different from the one before."""
    events = sorted((event for event in events if event[1] > 0 and event[2] > 0), key=lambda event: event[0])
    quarters = tempo_map.seconds_to_quarters([event[0] for event in events]).tolist() if events else []
    signatures = [TimeSignature(begin, *event) for begin, event in zip(quarters, events, strict=True)]
    changes = [] if signatures and signatures[0].quarters == 0 else [TimeSignature(0.0, 0.0, 4, 4)]
    for signature in signatures:
        if changes and signature.quarters == changes[-1].quarters:
            changes.pop()
        # Many programs repeat the time signature at every bar.
        if not changes or str(signature) != str(changes[-1]):
            changes.append(signature)
    return tuple(changes)


def is_end_marker(event: MetaEvent) -> bool:
    """Return True if a meta event is the mark that `latentpalette.music.midi` writes at the end of a piece."""
    return event.type == TEXT and event.data == END_MARKER.encode()


def _columns(notes: np.ndarray, instruments: Sequence[Instrument], tempo_map: TickTempoMap) -> tuple[np.ndarray, ...]:
    """Return the columns of `build_score` for the notes [n, 4] of some instruments."""
    start, end = tempo_map.ticks_to_seconds(notes[:, :2]).T
    counts = [len(instrument.notes) // 4 for instrument in instruments]
    program = np.repeat([instrument.program for instrument in instruments], counts)
    is_drum = np.repeat([instrument.is_drum for instrument in instruments], counts)
    return notes[:, 2], notes[:, 3], program, np.repeat(np.arange(len(counts)), counts), is_drum, start, end


def _sustain_pedal(
    instruments: Sequence[Instrument], tempo_map: TickTempoMap, name: str
) -> tuple[tuple[int, float, bool], ...]:
    """Return the movements of the sustain pedal as (number of the instrument, seconds, is_down)."""
    num_changes = sum(len(instrument.control_changes) for instrument in instruments)
    if num_changes > MAX_PEDAL_CHANGES:
        raise MidiError(
            f"{name}: {num_changes:,} movements of the sustain pedal; at most {MAX_PEDAL_CHANGES:,} are read here. "
            "Thin out controller 64, or split the file."
        )
    changes = [
        (number, *change) for number, instrument in enumerate(instruments) for change in instrument.control_changes
    ]
    if not changes:
        return ()
    number, tick, value = np.array(changes, int).T
    seconds, is_down = tempo_map.ticks_to_seconds(tick), value >= MIN_PEDAL_DOWN
    return tuple(zip(number.tolist(), seconds.tolist(), is_down.tolist(), strict=True))
