from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import MusicError
from latentpalette.music.drums import FULL, REDUCED
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.plots.labels import names
from latentpalette.plots.layout import rows
from latentpalette.plots.marks import marks, place, ruler, timing

LOOP = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)


def test_drums_have_the_nine_lanes_of_the_usual_map_from_the_kick_up():
    assert rows([LOOP]).lanes == REDUCED.names
    assert list(rows([LOOP]).labels.values()) == list(REDUCED.names)


def test_silence_has_the_lanes_of_drums():
    assert rows([NoteSequence(steps=16)]).lanes == REDUCED.names


def test_drums_of_one_class_share_its_lane():
    high = rows([LOOP])
    snares = [Note(pitch, 0, is_drum=True) for pitch in (38, 40, 37, 39)]
    assert len({high.span(note) for note in snares}) == 1


def test_a_drum_without_a_class_has_a_lane_of_its_own():
    odd = NoteSequence([Note(24, 0, is_drum=True), Note(36, 0, is_drum=True)], 16)
    assert rows([odd]).lanes == (*REDUCED.names, "drum 24")


def test_all_sequences_of_a_row_fit_on_its_rows():
    low, high = NoteSequence([Note(40, 0)], 16), NoteSequence([Note(80, 0)], 16)
    shared = rows([low, high])
    assert shared.pitches == range(40, 81)
    assert shared.span(low.notes[0]) == (-0.5, 0.5)
    assert shared.span(high.notes[0]) == (39.5, 40.5)


def test_a_single_note_is_shown_within_an_octave():
    assert len(rows([NoteSequence([Note(60, 0)], 16)]).pitches) == 12
    assert len(rows([NoteSequence([Note(127, 0)], 16)]).pitches) >= 6


def test_a_pitch_range_is_kept_whatever_is_played():
    high = rows([NoteSequence([Note(60, 0), Note(100, 0)], 16)], pitch_range=(55, 67))
    assert high.pitches == range(55, 68)
    assert high.span(Note(100, 0)) is None


@pytest.mark.parametrize("wanted", [(60, 50), (-1, 50), (60, 128)])
def test_a_pitch_range_that_cannot_be_is_refused(wanted):
    with pytest.raises(MusicError, match="two pitches from 0 to 127"):
        rows([NoteSequence([Note(60, 0)], 16)], pitch_range=wanted)


def test_drums_lie_below_pitches_with_room_between():
    both = rows([NoteSequence([Note(60, 0), Note(36, 0, is_drum=True)], 16)])
    assert both.span(Note(51, 0, is_drum=True))[1] <= both.span(Note(both.pitches[0], 0))[0]
    assert max(both.span(Note(pitch, 0))[1] for pitch in both.pitches) == both.count - 0.5


@given(
    st.lists(st.builds(Note, pitch=st.integers(0, 127), step=st.integers(0, 31), is_drum=st.booleans()), max_size=20)
)
def test_every_note_has_a_place_and_no_two_rows_overlap(notes):
    high = rows([NoteSequence(notes, 32)])
    spans = sorted({high.span(note) for note in notes})
    assert all(-0.5 <= low < top <= high.count - 0.5 for low, top in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_every_drum_there_is_can_be_drawn():
    everything = NoteSequence([Note(pitch, 0, is_drum=True) for pitch in FULL.exemplars], 16)
    assert len(marks(everything, rows([everything]))) == 61


def test_microtiming_moves_a_mark_off_its_step():
    late = NoteSequence([Note(36, 4, offset=0.25, is_drum=True)], 16)
    assert marks(late, rows([late]))[0].left == 4.25


def test_a_stronger_note_is_more_opaque():
    notes = [Note(36, step, velocity=velocity, is_drum=True) for step, velocity in enumerate((1, 40, 80, 110))]
    loop = NoteSequence(notes, 16)
    opacities = [mark.opacity for mark in marks(loop, rows([loop]))]
    assert opacities == sorted(opacities)
    assert 0.2 < opacities[0] < 0.3
    assert opacities[-1] == 1


def test_a_drum_is_drawn_as_a_stroke_and_a_note_as_long_as_it_sounds():
    mixed = NoteSequence([Note(36, 0, 8, is_drum=True), Note(60, 0, 8)], 16)
    lengths = {mark.name: mark.right - mark.left for mark in marks(mixed, rows([mixed]))}
    assert lengths["kick (36)"] < 1
    assert lengths["C4 (60)"] == pytest.approx(8, abs=0.1)


def test_parts_differ_in_colour():
    mixed = NoteSequence([Note(36, 0, is_drum=True), Note(60, 0), Note(40, 0, program=33)], 16)
    assert len({mark.colour for mark in marks(mixed, rows([mixed]))}) == 3


def test_a_mark_says_what_a_person_would():
    loop = NoteSequence([Note(38, 22, velocity=90, offset=-0.1, is_drum=True)], 32)
    (mark,) = marks(loop, rows([loop]))
    assert (mark.name, mark.place, mark.velocity, mark.timing) == ("snare (38)", "2.2.3", 90, "10 % of a step early")


def test_places_and_timings_are_counted_as_musicians_count():
    assert [place(step) for step in (0, 3, 4, 16)] == ["1.1.1", "1.1.4", "1.2.1", "2.1.1"]
    assert timing(0.004) == "on the step"


@pytest.mark.parametrize(("bars", "most"), [(1, 4), (2, 8), (3, 12), (4, 4), (16, 16), (17, 16), (400, 16)])
def test_the_ruler_never_has_more_to_say_than_there_is_room_for(bars, most):
    assert 1 <= len(ruler(16 * bars)) <= most


def test_a_string_of_labels_is_split_at_its_spaces():
    assert names([LOOP] * 5, "A . . . B") == ["A", "·", "·", "·", "B"]
    assert names([LOOP], "Boom bap") == ["Boom bap"]
    assert names([LOOP, LOOP], ["Boom bap", "Trap"]) == ["Boom bap", "Trap"]


@pytest.mark.parametrize(
    ("sequences", "labels", "reason"),
    [
        ([LOOP, LOOP], "A B C", r"2 sequences and 3 labels: 'A', 'B', 'C'"),
        ([], None, "nothing to show"),
        ([LOOP, "loop.mid"], None, r"NoteSequences can be shown; got 'loop\.mid'"),
    ],
)
def test_labels_that_do_not_fit_are_refused(sequences, labels, reason):
    with pytest.raises(MusicError, match=reason):
        names(sequences, labels)
