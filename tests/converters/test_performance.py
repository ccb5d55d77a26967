import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.converters.performance import PerformanceConverter
from latentpalette.errors import ConverterError
from latentpalette.music.performance_tokens import (
    DRUM_KIT,
    END_TOKEN,
    FINE_STEPS_PER_BAR,
    FINE_STEPS_PER_QUARTER,
    FIRST_PROGRAM,
)
from latentpalette.music.sequence import Note, NoteSequence

converter = PerformanceConverter()


def bar(*more: Note) -> NoteSequence:
    notes = [
        *(Note(60 + 2 * beat, 4 * beat, 4, velocity=65) for beat in range(4)),
        Note(36, 0, 16, velocity=81, program=33),
        *(Note(36, 4 * beat, velocity=113, is_drum=True) for beat in range(4)),
        *more,
    ]
    return NoteSequence(notes, steps=16)


def test_a_bar_of_a_band_survives_the_round_trip():
    assert converter.decode(converter.encode(bar()).targets) == bar()


def test_tracks_come_by_program_and_drums_last():
    first = converter.encode(bar()).targets.reshape(8, 64, 490)[:, 0].argmax(axis=1)
    assert first[:4].tolist() == [FIRST_PROGRAM, FIRST_PROGRAM + 33, DRUM_KIT, END_TOKEN]


def test_empty_slots_hold_an_end_alone():
    lengths = converter.lengths(converter.encode(bar()).targets)
    assert lengths[3:].tolist() == [1] * 5
    assert (lengths[:3] > 2).all()


def test_microtiming_survives_to_a_sixth_of_a_sixteenth():
    late = bar(Note(70, 9, 2, velocity=65, offset=1 / 6, program=5))
    (note,) = (note for note in converter.decode(converter.encode(late).targets).notes if note.program == 5)
    assert (note.step, round(note.offset, 3)) == (9, 0.167)


@pytest.mark.parametrize(
    ("sequence", "reason"),
    [
        (NoteSequence([Note(60, 0)], steps=16), "1 tracks"),
        (NoteSequence([Note(60, 0, program=p) for p in range(9)], steps=16), "9 tracks"),
        (bar(*(Note(40 + p, s, program=9) for p in range(10) for s in range(0, 16, 4))), "room for 62"),
        (bar().replace(steps=32), "one bar"),
    ],
)
def test_what_cannot_be_encoded_is_refused_with_a_reason(sequence, reason):
    with pytest.raises(ConverterError, match=reason):
        converter.encode(sequence)


@st.composite
def bars(draw):
    """A bar of two to four tracks, on the fine grid: a sixth of a step, eight velocities."""
    notes = []
    for number in range(draw(st.integers(2, 4))):
        is_drum = number == 0 and draw(st.booleans())
        for pitch in draw(st.sets(st.integers(0, 127), min_size=2, max_size=12)):
            start = draw(st.integers(0, FINE_STEPS_PER_BAR - FINE_STEPS_PER_QUARTER // 4))
            step = (start + 3) // 6
            length = draw(st.integers(1, (FINE_STEPS_PER_BAR - start) // 6))
            velocity = 1 + 16 * draw(st.integers(0, 7))
            notes.append(Note(pitch, step, length, velocity, round(start / 6 - step, 6), is_drum, number * 8))
    return NoteSequence(notes, steps=16)


@given(bars())
def test_every_bar_survives_the_round_trip(music):
    again = converter.decode(converter.encode(music).targets)
    assert again == music.replace(notes=[dataclasses.replace(n, program=0) if n.is_drum else n for n in music.notes])


def test_every_event_has_a_chord():
    example = PerformanceConverter(chords=True).encode(bar(), chords=["C", "Am"])
    controls = example.controls.reshape(8, 64, 49)
    lengths = PerformanceConverter.lengths(example.inputs)
    assert (controls[0, : lengths[0]].sum(axis=1) == 1).all()
    assert controls[0, 0].argmax() == 0, "no chord at the program"
    assert set(controls[0, 1 : lengths[0]].argmax(axis=1).tolist()) == {1, 22}


def test_frames_of_another_shape_are_refused():
    with pytest.raises(ConverterError, match=r"\(32, 490\)"):
        converter.decode(np.zeros((32, 490)))
