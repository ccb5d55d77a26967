import pytest

from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence
from latentpalette.windows.trio import TrioWindowFinder

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
