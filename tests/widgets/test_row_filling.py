"""A mixer and a slider of a slow model: what is heard first is decoded first, and the rest as the browser asks."""

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.progress import parts
from latentpalette.widgets import instrument as module
from latentpalette.widgets import partly_decoded
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.interpolation_slider import InterpolationSlider
from latentpalette.widgets.melody_mixer import MelodyMixer
from latentpalette.widgets.way import NUM_PLACES
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import Clicks, CrossFade

KICKS = lp.NoteSequence.from_steps({"kick": list(range(0, 32, 2))}, steps=32)
SNARE = lp.NoteSequence.from_steps({"snare": [4, 12, 20, 28]}, steps=32)
ENDS_AND_QUARTERS = [0, 8, 16, 24, 32]


@pytest.fixture(autouse=True)
def slow(wire, monkeypatch):
    """Models that decode four loops at a time."""
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    monkeypatch.setattr(partly_decoded, "QUICK_WORK", 32 * 4)
    monkeypatch.setattr(partly_decoded, "MAX_BATCH_WORK", 32 * 4)
    monkeypatch.setattr(partly_decoded, "BATCH_MS", float("inf"))


def mixer(**settings):
    return MelodyMixer(KICKS, SNARE, CrossFade(), **{"n": 33, "interpolation": "lerp", **settings})


def slider(**settings):
    return InterpolationSlider(KICKS, SNARE, CrossFade(), interpolation="lerp", **settings)


def there(instrument):
    return [index for index, clip in enumerate(decode_clips(instrument.tiles)) if clip is not None]


def ask(instrument, wire, name, **body):
    wire.clear()
    browser_sends(instrument, {"type": "request", "id": "1", "name": name, "body": body})
    (message,) = (message for message in wire if message.data.get("method") == "custom")
    return message.data["content"], [decode_clips(bytes(buffer)) for buffer in message.buffers]


def fill_in(instrument, wire):
    """Ask as the browser does until nothing is left; return how many requests that took."""
    shown, requests = decode_clips(instrument.tiles), 0
    while any(clip is None for clip in shown) or instrument.progress[0] < instrument.progress[1]:
        missing = [index for index, clip in enumerate(shown) if clip is None]
        content, (clips,) = ask(instrument, wire, "cells", indices=missing)
        for index, clip in zip(content["body"]["indices"], clips, strict=True):
            shown[index] = clip
        requests += 1
    assert shown == decode_clips(instrument.tiles)
    return requests


@pytest.mark.parametrize("make", [mixer, slider])
def test_the_ends_and_a_few_places_between_them_come_first(make):
    made = make()
    assert there(made) == ENDS_AND_QUARTERS
    assert made.progress == [5, 33]


@pytest.mark.parametrize("make", [mixer, slider])
def test_the_rest_comes_in_parts_as_the_browser_asks(make, wire):
    made = make()
    content, (clips,) = ask(made, wire, "cells", indices=[20, 19, 18, 17, 15, 14])
    assert content["body"] == {"indices": [20, 19, 18, 17], "progress": [9, 33]}
    assert None not in clips
    assert there(made) == sorted([*ENDS_AND_QUARTERS, 20, 19, 18, 17])
    assert fill_in(made, wire) == 6
    assert made.progress == [33, 33]


@pytest.mark.parametrize("make", [mixer, slider])
def test_what_python_has_decoded_meanwhile_is_sent_with_the_next_part(make, wire):
    made = make()
    if make is mixer:
        assert made.row[3].notes is not None
    else:
        assert made.at(3 / 32).notes is not None
    content, _ = ask(made, wire, "cells", indices=[4, 3, 5, 6, 7])
    assert set(content["body"]["indices"]) == {3, 4, 5, 6, 7}


@pytest.mark.parametrize("make", [mixer, slider])
def test_other_ends_play_after_the_first_part(make, wire):
    made = make()
    browser_sets(made, {"end_clips": made.end_clips[::-1]})
    content, (clips,) = ask(made, wire, "decode")
    assert [index for index, clip in enumerate(clips) if clip is not None] == [0, 8, 16, 32]
    assert content["body"]["progress"] == [4, 33]
    ask(made, wire, "cells", indices=[1, 24])
    assert 24 in there(made)  # coarse ones first


def test_even_steps_are_spaced_evenly_until_all_is_decoded_that_they_are_chosen_from(wire):
    uneven, even = mixer(), mixer(even_steps=True)
    assert even.progress == [5, 129]
    assert there(even) == ENDS_AND_QUARTERS
    for index in ENDS_AND_QUARTERS:
        assert decode_clips(even.tiles)[index] == decode_clips(uneven.tiles)[index]
    assert fill_in(even, wire) == 31
    assert even.progress == [129, 129]
    assert decode_clips(even.tiles) == [even.row[index].row.at(place) for index, place in enumerate(even._cells.places)]


def test_even_steps_that_are_asked_of_python_are_decoded_at_once(wire):
    made = mixer(even_steps=True)
    positions = [tile.position for tile in made.row]
    assert positions == sorted(positions)
    assert made.progress == [5, 129]  # the browser has what it had, and asks for the rest
    content, (clips,) = ask(made, wire, "cells", indices=[1])
    assert content["body"]["indices"] == list(range(33))
    assert clips == decode_clips(made.tiles)


def test_a_row_that_nobody_plays_costs_no_decoding_in_python():
    made = mixer()
    before = made.model.decoded
    browser_sets(made, {"tile": 7})
    assert made.selected.index == 7
    assert made.model.decoded == before
    np.testing.assert_allclose(made.selected.z, made.row[7].z)
    assert made.model.decoded == before


@pytest.mark.parametrize("make", [mixer, slider])
def test_a_page_of_its_own_has_all_of_it(make):
    assert None not in decode_clips(make().standalone_state()["tiles"])


def test_the_picture_that_is_displayed_decodes_nothing():
    made = mixer()
    before = made.model.decoded
    few = made.display_png()
    assert made.model.decoded == before
    assert few != made.to_png()
    assert there(made) == list(range(33))


@pytest.mark.parametrize("make", [mixer, slider])
def test_a_step_that_is_not_there_is_refused(make, wire):
    content, _ = ask(make(), wire, "cells", indices=[NUM_PLACES])
    assert "There are 33 clips here; got the index 33" in content["error"]


def test_a_batch_that_took_long_is_followed_by_smaller_ones(monkeypatch, wire):
    monkeypatch.setattr(partly_decoded, "BATCH_MS", 62.5)
    made = slider()
    clock = [0.0]
    monkeypatch.setattr(parts.time, "perf_counter", lambda: clock[0])
    decode = made.model.decode
    sizes = []

    def decode_slowly(z):
        sizes.append(len(z))
        clock[0] += len(z) / 32
        return decode(z)

    made.model.decode = decode_slowly
    monkeypatch.setattr(partly_decoded, "MIN_BATCH_WORK", 32)
    for _ in range(4):
        ask(made, wire, "cells", indices=made._cells.missing)
    assert sizes == [4, 2, 4, 2]
