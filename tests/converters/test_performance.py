import dataclasses

import mido
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.converters.performance import BAR, DRUM_KIT, END, FINE, FIRST_PROGRAM, PerformanceConverter
from latentpalette.errors import ConverterError
from latentpalette.music.sequence import Note, NoteSequence, concatenate

band = PerformanceConverter()


def bar(*more: Note) -> NoteSequence:
    notes = [
        *(Note(60 + 2 * beat, 4 * beat, 4, velocity=65) for beat in range(4)),
        Note(36, 0, 16, velocity=81, program=33),
        *(Note(36, 4 * beat, velocity=113, is_drum=True) for beat in range(4)),
        *more,
    ]
    return NoteSequence(notes, steps=16)


def test_a_bar_of_a_band_survives_the_round_trip():
    assert band.decode(band.encode(bar()).targets) == bar()


def test_tracks_come_by_program_and_drums_last():
    first = band.encode(bar()).targets.reshape(8, 64, 490)[:, 0].argmax(axis=1)
    assert first[:4].tolist() == [FIRST_PROGRAM, FIRST_PROGRAM + 33, DRUM_KIT, END]


def test_empty_slots_hold_an_end_alone():
    lengths = band.lengths(band.encode(bar()).targets)
    assert lengths[3:].tolist() == [1] * 5
    assert (lengths[:3] > 2).all()


def test_microtiming_is_kept_to_a_sixth_of_a_sixteenth():
    late = bar(Note(70, 9, 2, velocity=65, offset=1 / 6, program=5))
    (note,) = (note for note in band.decode(band.encode(late).targets).notes if note.program == 5)
    assert (note.step, round(note.offset, 3)) == (9, 0.167)


@pytest.mark.parametrize(
    ("sequence", "why"),
    [
        (NoteSequence([Note(60, 0)], steps=16), "1 tracks"),
        (NoteSequence([Note(60, 0, program=p) for p in range(9)], steps=16), "9 tracks"),
        (bar(*(Note(40 + p, s, program=9) for p in range(10) for s in range(0, 16, 4))), "room for 62"),
        (bar().replace(steps=32), "one bar"),
    ],
)
def test_what_cannot_be_encoded_says_why(sequence, why):
    with pytest.raises(ConverterError, match=why):
        band.encode(sequence)


def test_bars_come_in_order_and_those_left_out_are_named():
    thin = NoteSequence([Note(60, 0)], steps=16)
    found = band.excerpts(concatenate([bar(), thin, bar()]))
    assert [excerpt.bar for excerpt in found] == [1, 3]
    assert [str(reason) for reason in found.left_out] == ["bar 2 (1 tracks; a performance has 2 to 8)"]


def test_silence_is_left_out_with_a_reason():
    assert [str(reason) for reason in band.excerpts(NoteSequence(steps=32)).left_out] == ["there are no notes"]


def test_a_tempo_change_in_a_bar_loses_nothing_but_magenta_loses_the_bar(tmp_path):
    steady = concatenate([bar(), bar(Note(70, 2, 2, velocity=65, program=5)), bar()]).replace(qpm=120)
    file = mido.MidiFile(steady.save(tmp_path / "steady.mid"))
    tempos = mido.MidiTrack()
    for ticks, qpm in ((0, 120), (6 * file.ticks_per_beat, 60), (2 * file.ticks_per_beat, 90)):
        tempos.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(qpm), time=ticks))
    file.tracks[0] = tempos
    file.save(tmp_path / "rubato.mid")
    expected, found = (band.excerpts(tmp_path / f"{name}.mid") for name in ("steady", "rubato"))
    assert [excerpt.bar for excerpt in found] == [1, 2, 3]
    assert [excerpt.track_tokens for excerpt in found] == [excerpt.track_tokens for excerpt in expected]
    assert [round(excerpt.qpm) for excerpt in found] == [120, 120, 90]
    strict = band.excerpts(tmp_path / "rubato.mid", strict=True)
    assert not {excerpt.track_tokens for excerpt in strict} >= {expected[1].track_tokens}


@st.composite
def bars(draw):
    """A bar of two to four tracks, on the stream's own grid: a sixth of a step, eight velocities."""
    notes = []
    for number in range(draw(st.integers(2, 4))):
        is_drum = number == 0 and draw(st.booleans())
        for pitch in draw(st.sets(st.integers(0, 127), min_size=2, max_size=12)):
            since = draw(st.integers(0, BAR - FINE // 4))
            step = (since + 3) // 6
            length = draw(st.integers(1, (BAR - since) // 6))
            velocity = 1 + 16 * draw(st.integers(0, 7))
            notes.append(Note(pitch, step, length, velocity, round(since / 6 - step, 6), is_drum, number * 8))
    return NoteSequence(notes, steps=16)


@given(bars())
def test_every_bar_survives_the_round_trip(music):
    again = band.decode(band.encode(music).targets)
    assert again == music.replace(notes=[dataclasses.replace(n, program=0) if n.is_drum else n for n in music.notes])


def test_chords_are_told_at_every_event():
    told = PerformanceConverter(chords=True).encode(bar(), symbols=["C", "Am"])
    controls = told.controls.reshape(8, 64, 49)
    events = PerformanceConverter.lengths(told.inputs)
    assert (controls[0, : events[0]].sum(axis=1) == 1).all()
    assert controls[0, 0].argmax() == 0, "no chord at the program"
    assert set(controls[0, 1 : events[0]].argmax(axis=1).tolist()) == {1, 22}


def test_rows_of_another_shape_are_refused():
    with pytest.raises(ConverterError, match=r"\(32, 490\)"):
        band.decode(np.zeros((32, 490)))
