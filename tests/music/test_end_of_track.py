"""The length of a piece: what the ends of its tracks say of it, in both directions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence
from tests.music.midi_files import beat, meta, note_off, note_on, track, whole_file

BAR = 1920
WALTZ = (0, meta(0x58, bytes([3, 2, 24, 8])))
ONE_BAR = beat(1)  # its last note ends at 1740


def steps_of(*tracks, division=480):
    return midi.read(whole_file(*tracks, division=division)).steps


@pytest.mark.parametrize("bars", [1, 2, 3, 16])
@pytest.mark.parametrize("late", [0, 1, 10, 59, -1, -59])
def test_a_loop_that_ends_in_silence_is_as_long_as_its_track_to_the_nearest_bar(bars, late):
    assert steps_of(track(*ONE_BAR, end=BAR * bars + late)) == 16 * bars


@given(st.sampled_from([24, 96, 120, 192, 480, 960, 30_720]), st.integers(1, 60))
def test_so_it_is_at_any_resolution_up_to_64_bars(division, bars):
    assert steps_of(track(*beat(1, division=division), end=4 * division * bars), division=division) == 16 * bars


def test_any_track_may_say_it():
    assert steps_of(track(end=2 * BAR), track(*ONE_BAR)) == 32
    assert steps_of(track(), track(*ONE_BAR, end=2 * BAR), track(end=BAR)) == 32


def test_a_bar_that_an_end_of_track_only_begins_does_not_count():
    assert steps_of(track(*ONE_BAR, end=BAR + 480)) == 16
    assert steps_of(track(*ONE_BAR, end=2 * BAR + 480)) == 32


@pytest.mark.parametrize(("quarters", "steps"), [(6, 24), (7, 28), (10, 40), (13, 48), (6.02, 16), (6.5, 16)])
def test_a_loop_may_end_on_a_beat_in_the_second_half_of_a_bar(quarters, steps):
    assert steps_of(track(*ONE_BAR, end=round(480 * quarters))) == steps


def test_a_loop_of_a_bar_and_a_half_keeps_its_length_with_notes_in_the_half():
    hits = [(0, note_on(36, channel=9)), (60, note_off(36, channel=9))]
    late = [(tick + 2400, event) for tick, event in hits]
    assert steps_of(track(*hits, *late, end=2880)) == 24
    assert steps_of(track(*hits, *late)) == 32
    assert steps_of(track(WALTZ, *hits, end=1440 + 960)) == 20


def test_bars_are_those_of_the_meter():
    hit = [(0, note_on(36, channel=9)), (60, note_off(36, channel=9))]
    assert steps_of(track(WALTZ, *hit, end=1440 * 3)) == 36
    assert steps_of(track(WALTZ, *hit)) == 12
    assert steps_of(track(WALTZ, (1440, meta(0x58, bytes([4, 2, 24, 8]))), *hit, end=1440 + BAR)) == 28


@pytest.mark.parametrize("spare", [0, 1, 10])
def test_an_end_of_track_that_follows_from_a_note_off_says_nothing(spare):
    long_crash = [(1800, note_on(49, channel=9)), (3 * BAR, note_off(49, channel=9))]
    assert steps_of(track(*ONE_BAR, *long_crash, end=3 * BAR + spare)) == 16
    assert steps_of(track(end=3 * BAR + spare), track(*ONE_BAR, *long_crash)) == 16


@pytest.mark.parametrize("spare", [0, 1, 10])
def test_an_end_of_track_that_follows_from_some_other_event_says_nothing(spare):
    late = (4 * BAR, meta(0x58, bytes([3, 2, 24, 8])))
    assert steps_of(track(late, end=4 * BAR + spare), track(*ONE_BAR)) == 16


def test_a_silence_of_hours_is_left_out_with_a_warning():
    score = midi.read_score(whole_file(track(*ONE_BAR, end=1000 * BAR)))
    assert score.quantize().steps == 16
    assert score.warnings == ("the end of a track is 999 bars after the music; that silence is left out",)


def test_the_mark_at_the_end_of_our_own_files_says_it_best():
    mark = (20 * 120, meta(1, b"end of loop"))
    assert steps_of(track(mark), track(*ONE_BAR, end=4 * BAR)) == 20


def test_a_silent_file_is_as_long_as_it_says():
    assert midi.read(whole_file(track(end=2 * BAR))) == NoteSequence(steps=32)
    assert midi.read(whole_file(track())) == NoteSequence()


def test_compatible_with_magenta_ends_of_tracks_are_ignored():
    data = whole_file(track(*ONE_BAR, end=4 * BAR))
    assert midi.read_score(data, magenta_compatible=True).end_marker is None
