"""Bars through changes of the time signature: a bar in which it changes is a section of its own."""

import pytest

from latentpalette.music import midi
from latentpalette.music.bars import BarNumbers
from latentpalette.music.section import TimeSignature
from tests.music.midi_files import meta, note_off, note_on, track, whole_file


def sections_of(*meters: tuple[float, int, int], quarters: int = 32) -> list[tuple]:
    """Return (bar, bars, time signature, cut short) of a piece with a note on every quarter."""
    events = [(round(at * 480), meta(0x58, bytes([numerator, power]))) for at, numerator, power in meters]
    notes = [event for at in range(quarters) for event in ((480 * at, note_on(60)), (480 * at + 400, note_off(60)))]
    score = midi.read_score(whole_file(track(*events), track(*notes)))
    sections = list(score.split_on_meter_changes())
    assert sum(len(section.notes) for section in sections) == quarters
    return [(each.bar, each.bars, str(each.time_signature), each.is_cut_short) for each in sections]


@pytest.mark.parametrize(
    ("meters", "sections"),
    [
        ([], [(1, 8, "4/4", False)]),
        ([(8, 3, 2)], [(1, 2, "4/4", False), (3, 8, "3/4", False)]),
        ([(10, 3, 2)], [(1, 2, "4/4", False), (3, 1, "4/4", True), (4, 8, "3/4", False)]),
        ([(0, 3, 2), (2, 4, 2)], [(1, 1, "3/4", True), (2, 8, "4/4", False)]),
        ([(8.05, 3, 2)], [(1, 2, "4/4", False), (3, 8, "3/4", False)]),
        ([(7.95, 3, 2)], [(1, 2, "4/4", False), (3, 8, "3/4", False)]),
        ([(0, 1, 2), (1, 4, 2)], [(1, 1, "1/4", False), (2, 8, "4/4", False)]),
        ([(0.05, 3, 2)], [(1, 11, "3/4", False)]),
        ([(at / 20, 3 + at % 2, 2) for at in range(5)], [(1, 1, "4/4", True), (2, 11, "3/4", False)]),
        ([(40, 3, 2)], [(1, 8, "4/4", False)]),
        ([(10, 4, 2)], [(1, 8, "4/4", False)]),
    ],
)
def test_a_bar_in_which_the_time_signature_changes_is_cut_short(meters, sections):
    assert sections_of(*meters) == sections


@pytest.mark.parametrize("tick", [3790, 3840, 3890])
def test_a_note_on_the_bar_line_is_in_the_new_time_signature_even_if_that_is_a_little_off(tick):
    notes = [event for at in (0, 3835) for event in ((at, note_on(60)), (at + 400, note_off(60)))]
    score = midi.read_score(whole_file(track((tick, meta(0x58, bytes([3, 2])))), track(*notes)))
    sections = list(score.split_on_meter_changes())
    assert [(section.bar, section.bars, len(section.notes)) for section in sections] == [(1, 2, 1), (3, 1, 1)]


def test_bars_are_numbered_through_changes():
    numbers = BarNumbers([TimeSignature(0.0, 0.0, 4, 4), TimeSignature(6.0, 3.0, 3, 4)], 12.0)
    assert [numbers.find(quarters) for quarters in (0, 3.9, 4, 5.9, 6, 9, 11, 50)] == [1, 1, 2, 2, 3, 4, 4, 4]
