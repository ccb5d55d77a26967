import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from latentpalette.converters.drum_pianoroll import DrumPianorollConverter
from latentpalette.errors import ConverterError


@given(st.sampled_from(["reduced", "reduced-2018", "full"]), st.data())
def test_every_pianoroll_survives_the_round_trip(name, data):
    converter = DrumPianorollConverter(drum_map=name)
    hits = data.draw(arrays(bool, (32, len(converter.pitch_map))))
    loop = converter.from_pianoroll(hits)
    assert (converter.encode(loop).targets == hits).all()
    assert converter.decode(converter.encode(loop).targets) == loop


def test_an_unknown_map_is_refused_with_the_known_ones():
    with pytest.raises(ConverterError, match="reduced-2018"):
        DrumPianorollConverter(drum_map="giant")
