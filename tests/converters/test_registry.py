import pytest

from latentpalette.converters import find_windows, make_converter, make_window_finder
from latentpalette.converters.drum_pianoroll import DrumPianorollConverter
from latentpalette.converters.registry import REPRESENTATIONS
from latentpalette.errors import ConverterError
from latentpalette.music.sequence import NoteSequence
from latentpalette.old_names import rename_fields


@pytest.mark.parametrize("name", REPRESENTATIONS)
def test_every_representation_has_a_converter_and_a_window_finder(name):
    converter = make_converter(name)
    assert isinstance(converter, REPRESENTATIONS[name].converter)
    assert isinstance(make_window_finder(converter), REPRESENTATIONS[name].window_finder)


def test_the_finder_has_the_options_of_the_converter():
    loop = NoteSequence.from_steps({"kick": [0, 16, 32, 48]}, steps=64)
    assert [window.steps for window in find_windows(loop, make_converter("drums", steps=64))] == [64]


def test_an_unknown_name_is_an_error_with_the_nearest():
    with pytest.raises(ConverterError, match="Did you mean 'drums'"):
        make_converter("drum")


def test_an_unknown_option_is_an_error():
    with pytest.raises(ConverterError, match="unexpected keyword"):
        make_converter("drums", tempo=3)


def test_old_names_are_read():
    assert make_converter("drum-roll", map="full") == DrumPianorollConverter(drum_map="full")
    old = {"converter": {"name": "drum-roll", "map": "full"}}
    assert rename_fields("ModelConfig", old) == {"converter": {"name": "drum-pianoroll", "drum_map": "full"}}
