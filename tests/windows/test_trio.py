from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.converters import find_windows, make_converter
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence
from latentpalette.windows import trio
from latentpalette.windows.trio import LIMITS, Limits, TrioWindowFinder
from tests.music.midi_files import note_off, note_on, program, track, whole_file

find = TrioWindowFinder(steps=64).find


def band(bars: int, *, without: str = "") -> NoteSequence:
    """A melody, a bass and drums, each bar a little different."""
    notes = []
    for bar in range(bars):
        start = bar * STEPS_PER_BAR
        if without != "melody":
            notes.append(Note(60 + bar % 24, start, 8))
        if without != "bass":
            notes.append(Note(36 + bar % 12, start, 12, program=33))
        if without != "drums":
            notes.append(Note(36, start + bar % 16, is_drum=True))
    return NoteSequence(notes, bars * STEPS_PER_BAR)


def test_windows_are_a_bar_apart_and_in_order():
    assert [excerpt.bar for excerpt in find(band(7))] == [1, 2, 3, 4]


@pytest.mark.parametrize("stream", ["melody", "bass", "drums"])
def test_a_missing_stream_is_named(stream):
    excerpts = find(band(6, without=stream))
    assert len(excerpts) == 0
    assert f"have no {stream}" in str(excerpts.left_out[0])


def test_a_piece_shorter_than_a_window_is_left_out_with_a_reason():
    assert "fewer than the 4" in str(find(band(3)).left_out[0])


def test_a_stream_may_rest_for_two_bars():
    notes = [note for note in band(12).notes if not (note.program == 33 and note.step // 16 in (5, 6))]
    assert len(find(NoteSequence(notes, steps=192))) == 9


def test_a_stream_that_rests_for_five_bars_splits_the_piece():
    notes = [note for note in band(16).notes if not (note.program == 33 and 5 <= note.step // 16 < 10)]
    bars = [excerpt.bar for excerpt in find(NoteSequence(notes, steps=256))]
    assert bars == [1, 2, 3, 4, 9, 10, 11, 12, 13], "bar 8 alone is more than two bars from any bass"


# --- files of more combinations of tracks than anyone wants


def held(channel: int, number: int, pitch: int, *, bars: int, until: int | None = None) -> bytes:
    """Return a track of one long note, or of a drum on every bar."""
    stop = bars if until is None else until
    if channel == 9:
        hits = [(1920 * bar, note_on(pitch, channel=9)) for bar in range(stop)]
        return track(*hits, *((tick + 60, note_off(pitch, channel=9)) for tick, _ in hits))
    events = [(0, program(number, channel=channel)), (0, note_on(pitch, channel=channel))]
    return track(*events, (1920 * stop, note_off(pitch, channel=channel)))


def many_tracks(melodies: int, basses: int, drums: int, *, bars: int) -> bytes:
    return whole_file(
        *(held(0, 0, 50 + index, bars=bars) for index in range(melodies)),
        *(held(1, 33, 30 + index, bars=bars) for index in range(basses)),
        *(held(9, 0, 36, bars=bars) for _ in range(drums)),
    )


@given(st.tuples(*3 * [st.integers(1, 9)]))
def test_few_combinations_are_all_tried_and_of_many_a_limited_number(counts):
    found = find_windows(many_tracks(*counts, bars=2), make_converter("trio", steps=32))
    tried = len(found)
    assert tried == prod(counts) or LIMITS.combinations / 2 < tried <= LIMITS.combinations
    reasons = [str(reason) for reason in found.left_out]
    expected = (
        f"bars 1 and 2 have {prod(counts)} combinations of tracks; {tried} of those that play in the most bars are "
        "tried; track=... and drums=... in Python or --track and --drums on the command line choose tracks"
    )
    assert reasons == ([] if tried == prod(counts) else [expected])


def test_the_combinations_that_are_tried_are_of_the_tracks_that_play_most(monkeypatch):
    monkeypatch.setattr(trio, "LIMITS", Limits(combinations=2, windows=2_000, notes=10_000))
    lengths = [4, 12, 8, 12]
    tracks = [held(0, 0, 60 + index, bars=12, until=length) for index, length in enumerate(lengths)]
    found = find_windows(whole_file(*tracks, held(1, 33, 30, bars=12), held(9, 0, 36, bars=12)), trio_converter())
    assert {note.pitch for window in found for note in window.notes if note.pitch >= 60} == {61, 63}


@pytest.mark.parametrize("limits", [Limits(32, 5, 10**6), Limits(32, 2_000, 20)])
def test_beyond_a_number_of_windows_or_notes_no_other_combination_is_tried(monkeypatch, limits):
    monkeypatch.setattr(trio, "LIMITS", limits)
    found = find_windows(many_tracks(3, 1, 1, bars=12), trio_converter())
    assert len(found) == 9, "the first combination has all its windows"
    assert str(found.left_out[0]).startswith(
        "bars 1 to 12 have so many windows that other combinations of tracks are not tried; track=... and drums=..."
    )


def trio_converter():
    return make_converter("trio", steps=64)


def test_compatible_with_magenta_all_combinations_of_a_song_are_tried():
    data = many_tracks(5, 4, 3, bars=2)
    assert len(find_windows(data, make_converter("trio", steps=32), magenta_compatible=True)) == 60


def test_a_note_that_ends_in_a_window_is_carried_into_it_whatever_comes_before():
    notes = [Note(60, 0, 70), Note(64, 72, 200), *(Note(36, 16 * bar, 16, program=33) for bar in range(12))]
    drums = [Note(36, 16 * bar, is_drum=True) for bar in range(12)]
    windows = find(NoteSequence([*notes, *drums], steps=192))
    assert [window.carried_note_offs for window in windows[:7]] == [
        (),
        *(((70 - 16 * bar, 0), (0, 33)) for bar in range(1, 5)),
        *(((272 - 16 * bar, 0), (0, 33)) for bar in range(5, 7)),
    ]
