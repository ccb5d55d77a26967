import pytest

from latentpalette.errors import MusicError
from latentpalette.music.drums import REDUCED, ROLAND
from latentpalette.music.streams import Stream


def test_drums_have_the_pitches_that_their_classes_are_played_with():
    stream = Stream.drums(ROLAND)
    assert (stream.low, stream.high) == (min(ROLAND.exemplars), max(ROLAND.exemplars))
    assert stream.is_drum


def test_the_browser_reads_a_stream_as_plain_values():
    assert Stream("melody", program=73, low=48, high=83).to_json() == {
        "name": "melody", "is_drum": False, "program": 73, "instrument": "Flute", "low": 48, "high": 83,
    }  # fmt: skip


def test_equal_streams_can_share_a_kit():
    assert len({Stream.drums(REDUCED), Stream.drums(REDUCED)}) == 1


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"program": 128}, "0 to 127; the stream 'bass' has 128"),
        ({"low": 60, "high": 40}, "the lowest first; the stream 'bass' has 60 to 40"),
        ({"high": 128}, "has 0 to 128"),
        ({"is_drum": True}, "needs a drum map"),
    ],
)
def test_what_no_stream_can_be_is_refused_with_the_value(settings, problem):
    with pytest.raises(MusicError, match=problem):
        Stream("bass", **settings)
