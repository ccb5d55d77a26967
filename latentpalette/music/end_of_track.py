"""The length of a piece by the ends of its tracks."""

from __future__ import annotations

import dataclasses

from latentpalette.music.bars import find_bar_line
from latentpalette.music.midi_file import MidiFile, Track
from latentpalette.music.score import Score
from latentpalette.music.section import EPSILON
from latentpalette.music.sequence import STEPS_PER_QUARTER

_MAX_OFF_BAR_LINE = 0.5  # [steps] many programs end a track some ticks before or after its last bar line
_MAX_SILENCE = 64 * 4  # [quarter notes], for music that is shorter than that


def extend_to_end_of_track(score: Score, file: MidiFile) -> Score:
    """Return a score that is as long as the longest track of its file, silence at the end included.

    So a loop whose last bar is silent keeps its length. A piece ends at a bar line, or on a beat in the second half of
    a bar, as a loop of one bar and a half does; other parts of a bar are not counted, as programs end tracks with some
    time to spare. An end of track at the last event of its track, or at the last note-off of any, says nothing; and a
    silence longer than 64 bars and than the music is left out, with a warning.

    Parameters
    ----------
    score : Score
    file : MidiFile
        The file that it was read from.
    """
    if score.end_marker is not None:
        return score
    tolerance = max(file.ticks_per_quarter // 48, 1)  # pretty_midi ends every track a tick after its last event
    ends = [track.end_tick for track in file.tracks if track.end_tick > track.last_tick + tolerance]
    end_tick = max(ends, default=0)
    if any(_last_note_tick(track) + tolerance >= end_tick for track in file.tracks):
        return score
    quarters = end_tick / file.ticks_per_quarter
    end = find_bar_line(score.time_signatures, quarters + _MAX_OFF_BAR_LINE / STEPS_PER_QUARTER)
    if end_tick % file.ticks_per_quarter == 0 and quarters - end >= _quarters_per_bar(score, end) / 2:
        end = quarters
    silence = end - score.length
    if silence <= EPSILON:
        return score
    if silence > max(_MAX_SILENCE, score.length):
        warning = f"the end of a track is {silence / 4:,.0f} bars after the music; that silence is left out"
        return dataclasses.replace(score, warnings=(*score.warnings, warning))
    return dataclasses.replace(score, end_marker=end)


def _quarters_per_bar(score: Score, quarters: float) -> float:
    """Return the length of a bar that begins at a position [quarter notes]."""
    meters = [meter for meter in score.time_signatures if meter.quarters <= quarters + EPSILON]
    return (meters or score.time_signatures)[-1].steps_per_bar / STEPS_PER_QUARTER


def _last_note_tick(track: Track) -> int:
    """Return the tick of the last note event of a track, most often a note-off; -1 if there is none."""
    return next((tick for tick, status, _, _ in reversed(track.events) if status < 0xA0), -1)
