import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.converters.groove import TAP_CLASS, GrooveConverter
from latentpalette.errors import ConverterError
from latentpalette.music import drums
from latentpalette.music.sequence import Note, NoteSequence

groove = GrooveConverter()


@st.composite
def performances(draw):
    places = draw(st.sets(st.tuples(st.integers(0, 31), st.integers(0, 8)), max_size=40))
    return NoteSequence(
        [
            Note(
                drums.REDUCED.exemplars[drum],
                step,
                velocity=draw(st.integers(1, 127)),
                offset=draw(st.integers(0 if step == 0 else -8, 8)) / 16,
                is_drum=True,
            )
            for step, drum in sorted(places)
        ],
        steps=32,
    )


@given(performances())
def test_every_performance_survives_the_round_trip(performance):
    assert groove.decode(groove.encode(performance).targets) == performance


@given(performances())
def test_the_target_is_the_whole_performance_however_little_the_encoder_sees(performance):
    for lossy in (GrooveConverter(humanize=True), GrooveConverter(tapify=True), GrooveConverter(add_instruments=(2,))):
        np.testing.assert_array_equal(lossy.encode(performance).targets, groove.encode(performance).targets)


def test_an_early_stroke_has_a_positive_offset_as_magenta_writes_it():
    early = NoteSequence([Note(36, 4, offset=-0.25, is_drum=True)], steps=32)
    assert groove.encode(early).targets[4, 18] == pytest.approx(0.5)


def test_humanize_shows_hits_alone():
    seen = GrooveConverter(humanize=True).encode(NoteSequence([Note(36, 4, offset=0.3, is_drum=True)], steps=32)).inputs
    assert seen[4, 0] == 1
    assert not seen[:, 9:].any()


def test_taps_keep_the_loudest_stroke_of_a_step_and_its_timing():
    both = NoteSequence(
        [Note(36, 4, velocity=50, offset=0.1, is_drum=True), Note(38, 4, velocity=90, offset=-0.2, is_drum=True)],
        steps=32,
    )
    seen = GrooveConverter(tapify=True).encode(both).inputs
    assert np.flatnonzero(seen[4]).tolist() == [TAP_CLASS, 9 + TAP_CLASS, 18 + TAP_CLASS]
    assert seen[4, 18 + TAP_CLASS] == pytest.approx(0.4)


def test_a_drawn_hit_is_heard_even_where_no_velocity_was_drawn():
    rows = np.zeros((32, 27))
    rows[0, 0], rows[0, 18] = 1, 0.9
    (note,) = groove.decode(rows).notes
    assert note.velocity == 1
    assert note.offset == 0, "nothing begins before the first step"


def test_a_tail_that_fills_no_window_is_named():
    beat = NoteSequence([Note(36, step, is_drum=True) for step in range(0, 48, 4)], steps=48)
    found = groove.excerpts(beat)
    assert len(found) == 1
    assert "do not fill a window" in str(found.left_out[0])


def test_an_unknown_pitch_is_reported_not_raised():
    found = GrooveConverter(drum_map="roland").excerpts(
        NoteSequence([Note(35, 0, is_drum=True), Note(36, 20, is_drum=True)], steps=32)
    )
    assert any("35 (acoustic kick)" in str(reason) for reason in found.left_out)


def test_another_length_says_what_to_do():
    with pytest.raises(ConverterError, match="excerpts"):
        groove.encode(NoteSequence(steps=64))
