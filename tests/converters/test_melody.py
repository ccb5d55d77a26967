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
def test_what_any_rows_say_can_be_read_again(classes):
    tune = melody.decode(melody.example(classes).targets)
    assert melody.decode(melody.encode(tune).targets) == tune


def test_of_a_chord_the_highest_note_is_kept():
    chord = NoteSequence([Note(60, 0, 4), Note(67, 0, 4), Note(64, 0, 4)], steps=32)
    assert [note.pitch for note in melody.decode(melody.encode(chord).targets).notes] == [67]


def test_a_later_note_cuts_an_earlier_one():
    tune = NoteSequence([Note(60, 0, 16), Note(64, 4, 4)], steps=32)
    assert [(n.step, n.length) for n in melody.decode(melody.encode(tune).targets).notes] == [(0, 4), (4, 4)]


@pytest.mark.parametrize(("start", "stop"), [(24, 40), (16, 32)])
def test_a_tune_in_the_second_bar_only_can_be_read_again(start, stop):
    # Magenta's issue 1944: a sample whose first bar is silent could not be encoded.
    tune = NoteSequence([Note(60, start, min(stop, 32) - start)], steps=32)
    assert melody.decode(melody.encode(tune).targets) == tune


def test_a_program_that_is_not_taken_is_named():
    violin = NoteSequence([Note(60, 0, 32, program=40)], steps=64)
    found = MelodyConverter(programs=(0, 31)).excerpts(violin)
    assert len(found) == 0
    assert "not among programs 0 to 31" in str(found.left_out[0])


def test_a_rest_of_a_bar_parts_a_melody():
    notes = [Note(60 + step % 7, step, 4) for step in range(0, 32, 4)] + [
        Note(70, 64 + step, 4) for step in range(0, 32, 4)
    ]
    assert [excerpt.bar for excerpt in melody.excerpts(NoteSequence(notes, steps=96))] == [1, 5]


def test_drums_alone_are_no_melody():
    beat = NoteSequence.from_steps({"kick": [0]}, steps=32)
    with pytest.raises(ConverterError, match="No melody"):
        melody.encode(beat)
    assert len(melody.excerpts(beat)) == 0


def test_rows_of_another_width_are_refused():
    with pytest.raises(ConverterError, match=r"\(32, 9\)"):
        melody.decode(np.zeros((32, 9)))


def test_a_model_that_is_told_chords_hears_them():
    told = MelodyConverter(chords=True)
    tune = NoteSequence([Note(60, 0, 8), Note(64, 8, 8)], steps=32)
    given = told.encode(tune, symbols=["C", "Am", "F", "G"]).controls.argmax(axis=1)
    assert given[[0, 8, 16, 24]].tolist() == [1, 22, 6, 8]
    assert told.encode(tune).controls.shape == (32, 49)
    with pytest.raises(ConverterError, match="3 chords"):
        told.encode(tune, symbols=["C", "F", "G"])
