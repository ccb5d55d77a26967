import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.converters.melody import MelodyConverter
from latentpalette.errors import ConverterError
from latentpalette.music.sequence import Note, NoteSequence

melody = MelodyConverter()


@st.composite
def tunes(draw):
    notes, step = [], draw(st.integers(0, 40))
    while step < 32:
        length = draw(st.integers(1, min(12, 32 - step)))
        notes.append(Note(draw(st.integers(21, 108)), step, length))
        step += length + draw(st.integers(0, 12))
    return NoteSequence(notes, steps=32)


@given(tunes())
def test_every_melody_survives_the_round_trip(tune):
    assert melody.decode(melody.encode(tune).targets) == tune


@given(st.lists(st.integers(0, 89), min_size=32, max_size=32))
def test_any_decoded_tokens_can_be_encoded_again(tokens):
    tune = melody.decode(melody.example(tokens).targets)
    assert melody.decode(melody.encode(tune).targets) == tune


def test_of_a_chord_the_highest_note_is_kept():
    chord = NoteSequence([Note(60, 0, 4), Note(67, 0, 4), Note(64, 0, 4)], steps=32)
    assert [note.pitch for note in melody.decode(melody.encode(chord).targets).notes] == [67]


def test_a_later_note_cuts_an_earlier_one():
    tune = NoteSequence([Note(60, 0, 16), Note(64, 4, 4)], steps=32)
    assert [(n.step, n.length) for n in melody.decode(melody.encode(tune).targets).notes] == [(0, 4), (4, 4)]


@pytest.mark.parametrize(("start", "stop"), [(24, 40), (16, 32)])
def test_a_melody_in_the_second_bar_only_can_be_encoded(start, stop):
    # Magenta's issue 1944: a sample whose first bar is silent could not be encoded.
    tune = NoteSequence([Note(60, start, min(stop, 32) - start)], steps=32)
    assert melody.decode(melody.encode(tune).targets) == tune


def test_drums_alone_are_no_melody():
    beat = NoteSequence.from_steps({"kick": [0]}, steps=32)
    with pytest.raises(ConverterError, match="No melody"):
        melody.encode(beat)


def test_frames_of_another_width_are_refused():
    with pytest.raises(ConverterError, match=r"\(32, 9\)"):
        melody.decode(np.zeros((32, 9)))


def test_chords_are_the_controls_of_a_model_with_chords():
    with_chords = MelodyConverter(chords=True)
    tune = NoteSequence([Note(60, 0, 8), Note(64, 8, 8)], steps=32)
    triads = with_chords.encode(tune, chords=["C", "Am", "F", "G"]).controls.argmax(axis=1)
    assert triads[[0, 8, 16, 24]].tolist() == [1, 22, 6, 8]
    assert with_chords.encode(tune).controls.shape == (32, 49)
    with pytest.raises(ConverterError, match="3 chords"):
        with_chords.encode(tune, chords=["C", "F", "G"])
