import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from latentpalette.converters.drum_pianoroll import DrumRollConverter
from latentpalette.errors import ConverterError


@given(st.sampled_from(["reduced", "reduced-2018", "full"]), st.data())
def test_every_roll_survives_the_round_trip(name, data):
    converter = DrumRollConverter(map=name)
    hits = data.draw(arrays(bool, (32, len(converter.drum_map))))
    loop = converter.from_roll(hits)
    assert (converter.encode(loop).outputs == hits).all()
    assert converter.decode(converter.encode(loop).outputs) == loop


def test_an_unknown_map_lists_those_there_are():
    with pytest.raises(ConverterError, match="reduced-2018"):
        DrumRollConverter(map="giant")
