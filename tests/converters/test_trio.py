import pytest

from latentpalette.converters.trio import TrioConverter
from latentpalette.errors import ConverterError
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence

trio = TrioConverter(steps=64)


def band(bars: int) -> NoteSequence:
    """A melody, a bass and drums, each bar a little different."""
    notes = []
    for bar in range(bars):
        start = bar * STEPS_PER_BAR
        notes.append(Note(60 + bar % 24, start, 8))
        notes.append(Note(36 + bar % 12, start, 12, program=33))
        notes.append(Note(36, start + bar % 16, is_drum=True))
    return NoteSequence(notes, bars * STEPS_PER_BAR)


def test_three_streams_survive_the_round_trip():
    assert trio.decode(trio.encode(band(4)).targets) == band(4)


def test_other_instruments_are_ignored():
    violin = band(4).replace(notes=[*band(4).notes, Note(80, 0, program=40)])
    assert trio.decode(trio.encode(violin).targets) == band(4)


def test_nothing_to_encode_is_an_error_and_silence_is_not():
    with pytest.raises(ConverterError, match="No trio"):
        trio.encode(NoteSequence([Note(80, 0, program=40)], steps=64))
    assert trio.decode(trio.encode(NoteSequence(steps=64)).targets) == NoteSequence(steps=64)


def test_another_length_is_refused_with_advice():
    with pytest.raises(ConverterError, match="excerpts"):
        trio.encode(band(8))
