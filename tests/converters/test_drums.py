import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.converters import make_converter
from latentpalette.converters.drums import DrumsConverter
from latentpalette.errors import ConverterError
from latentpalette.music.sequence import Note, NoteSequence

drums = DrumsConverter()
loop_tokens = st.lists(st.integers(0, 511), min_size=32, max_size=32)


@given(loop_tokens)
def test_every_loop_survives_the_round_trip(tokens):
    loop = drums.from_tokens(tokens)
    assert drums.tokens(loop).tolist() == tokens
    assert drums.decode(drums.encode(loop).targets) == loop
    assert drums.decode(drums.encode(loop).inputs) == loop


def test_a_loop_that_ends_in_silence_survives_the_round_trip():
    loop = NoteSequence.from_steps({"kick": [0, 8]}, steps=32)
    assert drums.decode(drums.encode(loop).targets) == loop


def test_the_last_input_bit_is_set_where_nothing_sounds():
    inputs = drums.encode(NoteSequence.from_steps({"snare": [1]}, steps=32)).inputs
    assert inputs[0].tolist() == [0] * 9 + [1]
    assert inputs[1].tolist() == [0, 1] + [0] * 8


def test_the_token_is_a_sum_of_powers_of_two():
    loop = NoteSequence.from_steps({"kick": [3], "ride": [3]}, steps=32)
    assert drums.encode(loop).targets[3].argmax() == 1 + 256


def test_notes_that_are_no_drums_and_unknown_pitches_are_ignored():
    notes = [Note(60, 0), Note(36, 4, is_drum=True), Note(20, 8, is_drum=True)]
    assert np.flatnonzero(drums.tokens(NoteSequence(notes, steps=32))).tolist() == [4]


@pytest.mark.parametrize(("steps", "advice"), [(16, "replace"), (64, "excerpts")])
def test_another_length_is_refused_with_advice(steps, advice):
    with pytest.raises(ConverterError, match=advice):
        drums.encode(NoteSequence.from_steps({"kick": [0]}, steps=steps))


def test_a_melody_is_refused_with_the_reason():
    with pytest.raises(ConverterError, match=r"none of the notes \(1\) is a drum"):
        drums.encode(NoteSequence([Note(60, 0)], steps=32))


def test_frames_of_another_width_are_refused():
    with pytest.raises(ConverterError, match=r"\(32, 7\)"):
        drums.decode(np.zeros((32, 7)))


def test_a_map_of_more_classes_than_nine_is_refused():
    with pytest.raises(ConverterError, match="nine classes"):
        make_converter("drums", drum_map="full")
