"""Note-ons and note-offs are paired by channel and pitch; no note is lost, and programs belong to the channel."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.music import midi
from tests.music.midi_files import meta, note_off, note_on, program, track, whole_file

STEP = 120  # ticks


def notes_of(*tracks: bytes) -> list[tuple]:
    """Return (pitch, start, end, program) of the notes of a file, in steps."""
    score = midi.read_score(whole_file(*tracks))
    columns = (score.start, score.pitch, score.end, score.program)
    notes = sorted(zip(*(column.tolist() for column in columns), strict=True))
    return [(pitch, round(start, 6), round(end, 6), program) for start, pitch, end, program in notes]


def spans_of(*tracks: bytes) -> list[tuple[float, float]]:
    return [(start, end) for _, start, end, _ in notes_of(*tracks)]


def on(step: float, pitch: int = 60, velocity: int = 100, *, channel: int = 0) -> tuple[int, bytes]:
    return int(step * STEP), note_on(pitch, velocity, channel=channel)


def off(step: float, pitch: int = 60, *, channel: int = 0) -> tuple[int, bytes]:
    return int(step * STEP), note_off(pitch, channel=channel)


@pytest.mark.parametrize(
    ("events", "spans"),
    [
        ([on(0), off(4)], [(0, 4)]),
        ([on(0), on(0, velocity=0)], [(0, 1)]),
        ([on(0), off(0), on(4), off(4)], [(0, 1), (4, 5)]),
        ([on(0), on(4), off(6), off(8)], [(0, 6), (4, 8)]),
        ([on(0), on(4), on(6), off(8), off(10), off(12)], [(0, 8), (4, 10), (6, 12)]),
        ([on(0), on(4), off(4), off(8)], [(0, 4), (4, 8)]),
        ([on(0), off(4), on(4), off(8)], [(0, 4), (4, 8)]),
        ([on(0), on(4), on(8)], [(0, 4), (4, 8), (8, 16)]),
        ([on(0), on(4), off(5), on(8), off(9)], [(0, 4), (4, 5), (8, 9)]),
        ([on(0), off(1), on(4), on(8), off(9)], [(0, 1), (4, 8), (8, 9)]),
        ([on(0), on(0), off(4)], [(0, 1), (0, 4)]),
        ([off(0), on(0), off(4), off(5), off(6)], [(0, 4)]),
        ([on(0), off(2, channel=1), off(3, 61), off(4)], [(0, 4)]),
    ],
)
def test_notes_are_paired_first_on_first_off(events, spans):
    assert spans_of(track(*events, end=16 * STEP)) == spans


def test_a_last_note_without_a_note_off_ends_with_its_track():
    assert spans_of(track(on(0), off(4), on(8), end=20 * STEP)) == [(0, 4), (8, 20)]
    assert spans_of(track(on(0), off(4), on(8))) == [(0, 4), (8, 9)]
    assert spans_of(track(on(0), end=4 * STEP), track(on(0, channel=1), off(32, channel=1))) == [(0, 4), (0, 32)]


@pytest.mark.parametrize("first", ["note-ons", "note-offs"])
def test_note_offs_may_stand_on_another_track(first):
    tracks = [track(on(0), on(4), on(8), on(12)), track(off(3), off(8), off(9), off(12), end=16 * STEP)]
    assert spans_of(*(tracks if first == "note-ons" else tracks[::-1])) == [(0, 3), (4, 8), (8, 9), (12, 13)]


def test_note_offs_of_another_track_end_nothing_that_has_its_own():
    both_hands = [track(on(0), off(8)), track(on(2), off(4), off(6))]
    assert spans_of(*both_hands) == [(0, 8), (2, 4)]


def test_a_program_holds_from_the_note_on():
    assert notes_of(track((0, program(5)), on(0), (200, program(40)), off(4), on(4, 62), off(8, 62))) == [
        (60, 0, 4, 5),
        (62, 4, 8, 40),
    ]


def test_a_program_of_any_track_holds_for_the_channel():
    setup = track((0, program(33)), (0, program(5, channel=1)), (8 * STEP, program(34)))
    bass = track(on(0, 40), off(4, 40), on(8, 41), off(9, 41))
    lead = track(on(0, 72, channel=1), off(4, 72, channel=1))
    expected = [(40, 0, 4, 33), (72, 0, 4, 5), (41, 8, 9, 34)]
    assert notes_of(setup, bass, lead) == expected
    assert notes_of(lead, bass, setup) == expected


def test_of_programs_at_one_tick_a_track_plays_its_own():
    tracks = [track((0, program(number)), on(step, pitch), off(step + 1, pitch)) for number, step, pitch in _BAND]
    assert notes_of(*tracks) == [(pitch, step, step + 1, number) for number, step, pitch in _BAND]


_BAND = [(number, 4 * number, 50 + number) for number in range(20)]


def test_a_later_program_of_another_track_replaces_a_tracks_own():
    own = track((0, program(1)), on(0), off(1), on(8), off(9), (16 * STEP, program(3)), on(16), off(17))
    assert [note[3] for note in notes_of(own, track((4 * STEP, program(2))))] == [1, 2, 3]
    assert [note[3] for note in notes_of(own, track((16 * STEP, program(2))))] == [1, 1, 3]


def test_ports_have_channels_of_their_own():
    first = track((0, meta(0x21, b"\0")), (0, program(7)), on(0), off(4))
    second = track((0, meta(0x21, b"\1")), on(0, 62), off(4, 62))
    assert notes_of(first, second) == [(60, 0, 4, 7), (62, 0, 4, 0)]


def test_the_pedal_of_any_track_holds_for_the_channel():
    pedal = track((0, b"\xb0\x40\x7f"), (960, b"\xb0\x40\x00"))
    score = midi.read_score(whole_file(pedal, track(on(0), off(1)), track(on(0, channel=1), off(1, channel=1))))
    assert score.sustain_pedal == ((0, 0.0, True), (0, 1.0, False))


# --- laws ---------------------------------------------------------------------------------------------------------

events_of_a_track = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from([60, 61]), st.integers(0, 3)), max_size=24
)  # step, pitch, velocity; those of velocity 0 are note-offs


@given(st.lists(events_of_a_track, min_size=1, max_size=3))
def test_every_note_on_is_a_note_and_ends_where_something_says_so(tracks):
    score = midi.read_score(whole_file(*(track(*(on(*event) for event in events), end=48 * STEP) for events in tracks)))
    found = Counter(zip(score.start.tolist(), score.pitch.tolist(), score.velocity.tolist(), strict=True))
    events = [event for each in tracks for event in each]
    assert found == Counter(event for event in events if event[2])
    for start, end, pitch in zip(score.start.tolist(), score.end.tolist(), score.pitch.tolist(), strict=True):
        ends = {step for step, event_pitch, _ in events if event_pitch == pitch and step > start}
        assert end > start
        assert end in {*ends, start + 1, 48}


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 60)), min_size=1, max_size=30),
    st.randoms(use_true_random=False),
)
def test_with_as_many_note_offs_as_note_ons_the_first_is_paired_with_the_first(spans, random):
    ons, offs = sorted(start for start, _ in spans), sorted(start + length for start, length in spans)
    score = midi.read_score(whole_file(track(*(on(start) for start in ons), *(off(end) for end in offs))))
    paired = sorted(zip(score.start.tolist(), score.end.tolist(), strict=True))
    assert paired == sorted((start, max(end, start + 1)) for start, end in zip(ons, offs, strict=True))


@st.composite
def scattered_files(draw):
    """Draw a file with one track of notes, and the same with its settings and note-offs scattered over other tracks."""
    ticks = st.integers(0, 4000)
    tempos = [(tick, meta(0x51, (300_000 + tick).to_bytes(3, "big"))) for tick in draw(st.sets(ticks, max_size=4))]
    meters = [(tick, meta(0x58, bytes([2 + tick % 5, 2, 24, 8]))) for tick in draw(st.sets(ticks, max_size=4))]
    programs = [
        (tick, program(tick % 128, channel=channel)) for channel in (0, 1) for tick in draw(st.sets(ticks, max_size=3))
    ]
    ends: dict[tuple[int, int], int] = {}
    notes, offs = [], []
    for tick in sorted(draw(st.lists(ticks, max_size=12))):
        channel, pitch = draw(st.sampled_from([0, 1])), draw(st.sampled_from([60, 64]))
        if tick > ends.get((channel, pitch), -1):
            ends[channel, pitch] = tick + draw(st.integers(1, 900))
            notes.append((tick, note_on(pitch, channel=channel)))
            offs.append((ends[channel, pitch], note_off(pitch, channel=channel)))
    settings_events = tempos + meters + programs
    together = whole_file(track(*settings_events, *notes, *offs, end=8000), track(end=8000), track(end=8000))
    tracks = [[], list(notes), []]
    for event in settings_events + offs:
        tracks[draw(st.integers(0, 2))].append(event)
    return together, whole_file(*(track(*events, end=8000) for events in tracks))


@given(scattered_files())
def test_the_placement_of_events_over_tracks_changes_nothing(files):
    together, scattered = map(midi.read_score, files)
    for column in ("start", "end", "pitch", "velocity", "program", "is_drum", "start_seconds", "end_seconds"):
        values = [
            sorted(zip(score.start.tolist(), score.pitch.tolist(), getattr(score, column).tolist(), strict=True))
            for score in (together, scattered)
        ]
        assert values[0] == values[1], column
    assert together.tempos == scattered.tempos
    assert together.time_signatures == scattered.time_signatures
    assert together.qpm == scattered.qpm
    assert together.warnings == scattered.warnings == ()
