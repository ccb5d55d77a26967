from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import MusicError
from latentpalette.music.drums import FULL, REDUCED
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.plots.labels import resolve_labels
from latentpalette.plots.layout import column_count, fit_layout
from latentpalette.plots.marks import legend_entries, note_marks, position_label, time_ticks, timing_label, track_colors

LOOP = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)


def test_drums_have_the_nine_lanes_of_the_reduced_map_from_the_kick_up():
    assert fit_layout([LOOP]).lanes == REDUCED.names
    assert list(fit_layout([LOOP]).row_labels.values()) == list(REDUCED.names)


def test_silence_has_the_lanes_of_drums():
    assert fit_layout([NoteSequence(steps=16)]).lanes == REDUCED.names


def test_drums_of_one_class_share_its_lane():
    layout = fit_layout([LOOP])
    snares = [Note(pitch, 0, is_drum=True) for pitch in (38, 40, 37, 39)]
    assert len({layout.row_span(note) for note in snares}) == 1


def test_a_drum_without_a_class_has_a_lane_of_its_own():
    odd = NoteSequence([Note(24, 0, is_drum=True), Note(36, 0, is_drum=True)], 16)
    assert fit_layout([odd]).lanes == (*REDUCED.names, "drum 24")


def test_all_sequences_of_a_row_fit_on_its_rows():
    low, high = NoteSequence([Note(40, 0)], 16), NoteSequence([Note(80, 0)], 16)
    shared = fit_layout([low, high])
    assert shared.pitches == range(39, 83)
    assert shared.row_span(low.notes[0]) == (0.5, 1.5)
    assert shared.row_span(high.notes[0]) == (40.5, 41.5)


def test_a_roll_is_as_high_as_its_notes_need():
    tune = NoteSequence([Note(60, 0), Note(71, 0)], 32)
    assert fit_layout([tune]).pitches == range(59, 74), "their range and three rows"
    piano = NoteSequence([Note(21, 0), Note(108, 0)], 32)
    heights = [fit_layout([music]).height for music in (tune, piano, LOOP)]
    assert heights == [135, 364, 135]
    assert [fit_layout([music, music], small=True).height for music in (tune, piano, LOOP)] == [105, 228, 108]


@given(st.lists(st.integers(0, 127), min_size=1), st.booleans(), st.booleans())
def test_rolls_of_a_row_fit_on_a_screen_whatever_their_pitches(pitches, with_drums, small):
    notes = [Note(pitch, 0) for pitch in pitches] + [Note(36, 0, is_drum=True)] * with_drums
    layout = fit_layout([NoteSequence(notes, 16)], small=small)
    assert layout.height <= (450 if small else 700)
    assert layout.row_height >= 2.5


def test_as_many_rolls_stand_side_by_side_as_have_room():
    assert [column_count(4, steps, 1180) for steps in (16, 32, 64, 256)] == [4, 4, 2, 2]
    assert [column_count(count, 32, 820) for count in (1, 2, 3, 4, 5, 64)] == [1, 2, 3, 2, 3, 3]
    assert column_count(3, 256, 100) == 1


def test_a_single_note_is_shown_within_an_octave():
    assert len(fit_layout([NoteSequence([Note(60, 0)], 16)]).pitches) == 12
    assert len(fit_layout([NoteSequence([Note(127, 0)], 16)]).pitches) >= 6


def test_a_given_pitch_range_does_not_depend_on_the_notes():
    layout = fit_layout([NoteSequence([Note(60, 0), Note(100, 0)], 16)], pitch_range=(55, 67))
    assert layout.pitches == range(55, 68)
    assert layout.row_span(Note(100, 0)) is None


@pytest.mark.parametrize("pitch_range", [(60, 50), (-1, 50), (60, 128)])
def test_an_invalid_pitch_range_is_refused(pitch_range):
    with pytest.raises(MusicError, match="two pitches from 0 to 127"):
        fit_layout([NoteSequence([Note(60, 0)], 16)], pitch_range=pitch_range)


def test_drums_lie_below_pitches_with_room_between():
    both = fit_layout([NoteSequence([Note(60, 0), Note(36, 0, is_drum=True)], 16)])
    assert both.row_span(Note(51, 0, is_drum=True))[1] <= both.row_span(Note(both.pitches[0], 0))[0]
    assert max(both.row_span(Note(pitch, 0))[1] for pitch in both.pitches) == both.row_count - 0.5


@given(
    st.lists(st.builds(Note, pitch=st.integers(0, 127), step=st.integers(0, 31), is_drum=st.booleans()), max_size=20)
)
def test_every_note_has_a_row_and_no_two_rows_overlap(notes):
    layout = fit_layout([NoteSequence(notes, 32)])
    spans = sorted({layout.row_span(note) for note in notes})
    assert all(-0.5 <= low < top <= layout.row_count - 0.5 for low, top in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_every_drum_can_be_drawn():
    everything = NoteSequence([Note(pitch, 0, is_drum=True) for pitch in FULL.exemplars], 16)
    assert len(note_marks(everything, fit_layout([everything]))) == 61


def test_microtiming_moves_a_mark_off_its_step():
    late = NoteSequence([Note(36, 4, offset=0.25, is_drum=True)], 16)
    assert note_marks(late, fit_layout([late]))[0].left == 4.25


def test_a_stronger_note_is_more_opaque():
    notes = [Note(36, step, velocity=velocity, is_drum=True) for step, velocity in enumerate((1, 40, 80, 110))]
    loop = NoteSequence(notes, 16)
    opacities = [mark.opacity for mark in note_marks(loop, fit_layout([loop]))]
    assert opacities == sorted(opacities)
    assert 0.2 < opacities[0] < 0.3
    assert opacities[-1] == 1


def test_a_drum_hit_is_less_than_a_step_wide_and_a_note_as_wide_as_it_is_long():
    sequence = NoteSequence([Note(36, 0, 8, is_drum=True), Note(60, 0, 8)], 16)
    lengths = {mark.name: mark.right - mark.left for mark in note_marks(sequence, fit_layout([sequence]))}
    assert lengths["kick (36)"] < 1
    assert lengths["C4 (60)"] == pytest.approx(8, abs=0.1)


def test_tracks_differ_in_color():
    sequence = NoteSequence([Note(36, 0, is_drum=True), Note(60, 0), Note(40, 0, program=33)], 16)
    assert len({mark.color for mark in note_marks(sequence, fit_layout([sequence]))}) == 3


def test_a_track_has_one_color_in_all_sequences_of_a_row():
    bass, band = NoteSequence([Note(40, 0, program=33)], 16), NoteSequence([Note(60, 0), Note(40, 0, program=33)], 16)
    colors = track_colors([bass, band])
    (alone,) = note_marks(bass, fit_layout([bass]), colors)
    assert alone.color in [
        mark.color for mark in note_marks(band, fit_layout([band]), colors) if mark.name == "E2 (40)"
    ]


def test_a_legend_names_the_tracks_where_there_are_several():
    trio = NoteSequence([Note(60, 0), Note(40, 0, program=33), Note(36, 0, is_drum=True, program=8)], 16)
    names = [name for name, _ in legend_entries(track_colors([trio, LOOP]))]
    assert names == ["Acoustic Grand Piano", "Electric Bass (finger)", "drums"]
    assert legend_entries(track_colors([LOOP])) == []
    orchestra = NoteSequence([Note(60, 0, program=program) for program in range(20)], 16)
    assert [name for name, _ in legend_entries(track_colors([orchestra]))][-1] == "12 more"


def test_a_mark_has_the_name_position_and_timing_of_its_note():
    loop = NoteSequence([Note(38, 22, velocity=90, offset=-0.1, is_drum=True)], 32)
    (mark,) = note_marks(loop, fit_layout([loop]))
    assert (mark.name, mark.position, mark.velocity, mark.timing) == ("snare (38)", "2.2.3", 90, "10 % of a step early")


def test_positions_are_counted_from_one_and_timings_are_in_percent():
    assert [position_label(step) for step in (0, 3, 4, 16)] == ["1.1.1", "1.1.4", "1.2.1", "2.1.1"]
    assert timing_label(0.004) == "on the step"


@pytest.mark.parametrize(("bars", "max_ticks"), [(1, 4), (2, 8), (3, 12), (4, 4), (16, 16), (17, 16), (400, 16)])
def test_the_time_axis_has_no_more_ticks_than_fit(bars, max_ticks):
    assert 1 <= len(time_ticks(16 * bars)) <= max_ticks


def test_a_string_of_labels_is_split_at_its_spaces():
    assert resolve_labels([LOOP] * 5, "A . . . B") == ["A", "·", "·", "·", "B"]
    assert resolve_labels([LOOP], "Boom bap") == ["Boom bap"]
    assert resolve_labels([LOOP, LOOP], ["Boom bap", "Trap"]) == ["Boom bap", "Trap"]


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
        resolve_labels(sequences, labels)
