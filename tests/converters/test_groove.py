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
    hits = draw(st.sets(st.tuples(st.integers(0, 31), st.integers(0, 8)), max_size=40))
    return NoteSequence(
        [
            Note(
                drums.REDUCED.exemplars[drum],
                step,
                velocity=draw(st.integers(1, 127)),
                offset=draw(st.integers(0 if step == 0 else -8, 8)) / 16,
                is_drum=True,
            )
            for step, drum in sorted(hits)
        ],
        steps=32,
    )


@given(performances())
def test_every_performance_survives_the_round_trip(performance):
    assert groove.decode(groove.encode(performance).targets) == performance


@given(performances())
def test_the_target_is_the_whole_performance_however_little_the_encoder_sees(performance):
    reduced = GrooveConverter(humanize=True), GrooveConverter(tapify=True), GrooveConverter(add_instruments=(2,))
    for converter in reduced:
        np.testing.assert_array_equal(converter.encode(performance).targets, groove.encode(performance).targets)


def test_an_early_hit_has_a_positive_offset_as_in_magenta():
    early = NoteSequence([Note(36, 4, offset=-0.25, is_drum=True)], steps=32)
    assert groove.encode(early).targets[4, 18] == pytest.approx(0.5)


def test_humanize_hides_all_but_hits():
    view = GrooveConverter(humanize=True).encode(NoteSequence([Note(36, 4, offset=0.3, is_drum=True)], steps=32)).inputs
    assert view[4, 0] == 1
    assert not view[:, 9:].any()


def test_taps_are_the_loudest_hit_of_a_step_with_its_timing():
    both = NoteSequence(
        [Note(36, 4, velocity=50, offset=0.1, is_drum=True), Note(38, 4, velocity=90, offset=-0.2, is_drum=True)],
        steps=32,
    )
    view = GrooveConverter(tapify=True).encode(both).inputs
    assert np.flatnonzero(view[4]).tolist() == [TAP_CLASS, 9 + TAP_CLASS, 18 + TAP_CLASS]
    assert view[4, 18 + TAP_CLASS] == pytest.approx(0.4)


def test_a_decoded_hit_has_a_velocity_even_where_it_is_zero():
    frames = np.zeros((32, 27))
    frames[0, 0], frames[0, 18] = 1, 0.9
    (note,) = groove.decode(frames).notes
    assert note.velocity == 1
    assert note.offset == 0, "nothing begins before the first step"


def test_another_length_is_refused_with_advice():
    with pytest.raises(ConverterError, match="excerpts"):
        groove.encode(NoteSequence(steps=64))
