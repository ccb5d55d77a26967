import pytest

from latentpalette.converters.trio import TrioConverter
from latentpalette.errors import ConverterError
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence

trio = TrioConverter(steps=64)


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


def test_three_parts_survive_the_round_trip():
    assert trio.decode(trio.encode(band(4)).targets) == band(4)


def test_windows_are_a_bar_apart_and_in_order():
    assert [excerpt.bar for excerpt in trio.excerpts(band(7))] == [1, 2, 3, 4]


@pytest.mark.parametrize("part", ["melody", "bass", "drums"])
def test_a_missing_part_is_named(part):
    found = trio.excerpts(band(6, without=part))
    assert len(found) == 0
    assert f"have no {part}" in str(found.left_out[0])


def test_a_piece_shorter_than_a_window_says_so():
    assert "fewer than the 4" in str(trio.excerpts(band(3)).left_out[0])


def test_a_part_may_rest_for_two_bars():
    notes = [note for note in band(12).notes if not (note.program == 33 and note.step // 16 in (5, 6))]
    assert len(trio.excerpts(NoteSequence(notes, steps=192))) == 9


def test_a_part_that_rests_for_five_bars_parts_the_piece():
    notes = [note for note in band(16).notes if not (note.program == 33 and 5 <= note.step // 16 < 10)]
    bars = [excerpt.bar for excerpt in trio.excerpts(NoteSequence(notes, steps=256))]
    assert bars == [1, 2, 3, 4, 9, 10, 11, 12, 13], "bar 8 alone is more than two bars from any bass"


def test_other_instruments_are_not_heard():
    violin = band(4).replace(notes=[*band(4).notes, Note(80, 0, program=40)])
    assert trio.decode(trio.encode(violin).targets) == band(4)


def test_nothing_to_hear_is_an_error_and_silence_is_not():
    with pytest.raises(ConverterError, match="No trio"):
        trio.encode(NoteSequence([Note(80, 0, program=40)], steps=64))
    assert trio.decode(trio.encode(NoteSequence(steps=64)).targets) == NoteSequence(steps=64)


def test_another_length_says_what_to_do():
    with pytest.raises(ConverterError, match="excerpts"):
        trio.encode(band(8))
