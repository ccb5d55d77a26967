"""Laws of reading: whatever the pairing of note-ons and note-offs and the placement of other events, the rules hold."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from latentpalette.music import midi
from latentpalette.music.midi import read_score
from latentpalette.music.score import Score
from tests.music.midi_files import meta, note_off, note_on, program, track, whole_file
from tests.music.pairing_rules import Events, meters_of, notes_of, tempos_of

PPQ, END = 480, 4000
TICKS = st.integers(0, 30).map(lambda eighth: eighth * 120)  # few, so that many events meet on one


def events_of(
    strategy: st.SearchStrategy, *, max_size: int = 12, ticks: st.SearchStrategy[int] = TICKS
) -> st.SearchStrategy[Events]:
    """Draw the events of a track, in the order of their ticks; those of one tick in any order."""
    events = st.lists(st.tuples(ticks, strategy), max_size=max_size)
    return events.map(lambda drawn: sorted(drawn, key=lambda event: event[0]))


pitches, channels = st.sampled_from([60, 61]), st.sampled_from([0, 1, 9])
note_ons = st.builds(lambda pitch, velocity, channel: note_on(pitch, velocity, channel=channel), pitches,
                     st.sampled_from([0, 1, 100, 127]), channels)  # fmt: skip
note_offs = st.builds(lambda pitch, channel: note_off(pitch, channel=channel), pitches, channels)
programs = st.builds(lambda number, channel: program(number, channel=channel), st.integers(0, 127), channels)

tempos = st.integers(0, 2**24 - 1).map(lambda microseconds: meta(0x51, microseconds.to_bytes(3, "big")))
meters = st.builds(lambda top, power: meta(0x58, bytes([top, power, 24, 8])), st.integers(0, 17), st.integers(0, 9))


def read_tracks(tracks: list[Events], ends: list[int]) -> Score:
    written = [track(*events, end=end) for events, end in zip(tracks, ends, strict=True)]
    return read_score(whole_file(*written, division=PPQ))


def assert_notes_follow_the_rules(tracks: list[Events], ends: list[int]) -> None:
    score = read_tracks(tracks, ends)
    rules = notes_of(tracks, ends=ends, ticks_per_step=PPQ // 4)
    columns = (score.start, score.end, score.is_drum, score.pitch, score.velocity, score.program)
    found = sorted(zip(*(np.round(column * (120 if n < 2 else 1)).astype(int).tolist()
                         for n, column in enumerate(columns)), strict=True))  # fmt: skip
    assert found == sorted(
        (note.start, note.end, int(note.channel == 9), note.pitch, note.velocity, note.program) for note in rules
    )


@given(events_of(note_ons | note_offs, max_size=16), st.integers(0, 2))
def test_any_pairing_on_one_track_follows_the_rules(events, silence):
    end = max((tick for tick, _ in events), default=0) + silence * 240
    assert_notes_follow_the_rules([events], [end])


@given(st.lists(events_of(note_ons | note_offs), min_size=2, max_size=3))
def test_any_pairing_over_several_tracks_follows_the_rules(tracks):
    assert_notes_follow_the_rules(tracks, [END] * len(tracks))


program_events = st.sampled_from([note_on(60), note_off(60), *map(program, range(5)), program(7, channel=1)])


@given(st.lists(events_of(program_events, ticks=st.sampled_from([0, 480, 960])), min_size=1, max_size=3))
def test_programs_hold_at_the_note_on_from_whichever_track(tracks):
    assert_notes_follow_the_rules(tracks, [END + 240 * number for number in range(len(tracks))])


@given(st.lists(events_of(tempos | meters | note_ons), min_size=1, max_size=3))
def test_any_placement_of_tempos_and_time_signatures_is_read(tracks):
    score = read_tracks(tracks, [END] * len(tracks))
    rules = tempos_of(tracks)
    assert [round(quarters * PPQ) for quarters, _, _ in score.tempos] == [tick for tick, _ in rules]
    qpms = [max(60e6 / microseconds, 1.0) for _, microseconds in rules]
    np.testing.assert_allclose([qpm for _, _, qpm in score.tempos], qpms, rtol=1e-9)
    meters_read = [(round(meter.quarters * PPQ), str(meter)) for meter in score.time_signatures]
    assert meters_read == [(tick, f"{top}/{bottom}") for tick, (top, bottom) in meters_of(tracks)]


@given(st.lists(events_of(tempos | note_ons | note_offs), min_size=1, max_size=3))
def test_seconds_are_the_sum_of_what_each_tempo_holds(tracks):
    score = read_tracks(tracks, [END] * len(tracks))
    rules = tempos_of(tracks)

    def seconds_at(tick: float) -> float:
        starts = [start for start, _ in rules] + [float("inf")]
        return sum(
            max(min(tick, starts[number + 1]) - start, 0) / PPQ * microseconds / 1e6
            for number, (start, microseconds) in enumerate(rules)
        )

    np.testing.assert_allclose(score.start_seconds, [seconds_at(step * 120) for step in score.start], atol=1e-6)
    np.testing.assert_allclose(score.end_seconds, [seconds_at(step * 120) for step in score.end], atol=1e-6)


@given(st.lists(events_of(note_ons | note_offs | programs | tempos | meters), min_size=1, max_size=3))
def test_reading_twice_gives_the_same_and_every_note_lies_within(tracks):
    score, again = (read_tracks(tracks, [END] * len(tracks)) for _ in range(2))
    sequence = score.quantize()
    assert sequence == again.quantize()
    assert score.warnings == again.warnings
    assert all(0 <= note.step < sequence.steps for note in sequence.notes)
    assert midi.read(midi.to_bytes(sequence)).steps == sequence.steps
