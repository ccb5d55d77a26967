"""Latent Loops of a slow model: the cells that are heard first come first."""

import pytest

from latentpalette.widgets import instrument as module
from latentpalette.widgets import partly_decoded
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.latent_loops import LatentLoops
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import Clicks, MelodyFade


@pytest.fixture
def slow(wire, monkeypatch):
    """Latent Loops of 12 by 12, of a model that decodes 25 cells at first and 10 at a time."""
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    monkeypatch.setattr(partly_decoded, "QUICK_WORK", 32 * 100)
    monkeypatch.setattr(partly_decoded, "MAX_BATCH_WORK", 32 * 10)
    return LatentLoops(MelodyFade(), size=12)


def missing_cells(loops):
    return [index for index, clip in enumerate(decode_clips(loops.cells)) if clip is None]


def test_a_large_grid_comes_coarse_first_and_is_filled_in_as_the_browser_asks(slow, wire):
    missing = missing_cells(slow)
    assert len(missing) == 144 - 25
    assert not {0, 11, 132, 143} & set(missing)
    wire.clear()
    browser_sends(slow, {"type": "request", "id": "1", "name": "cells", "body": {"indices": missing[::-1]}})
    (message,) = (message for message in wire if message.data.get("method") == "custom")
    assert message.data["content"]["body"]["indices"] == missing[:-11:-1]
    assert decode_clips(message.buffers[0]) == [slow._cells.clips[index] for index in missing[:-11:-1]]
    assert missing_cells(slow) == missing[:-10]


def test_other_corners_of_a_large_grid_play_before_it_is_whole(slow, wire):
    browser_sets(slow, {"corner_clips": [slow.corner_clips[1]] * 4})
    browser_sends(slow, {"type": "request", "id": "1", "name": "decode", "body": {}})
    missing = missing_cells(slow)
    assert len(missing) == 144 - 4  # the rest of the coarse grid comes next
    assert not {0, 11, 132, 143} & set(missing)


def test_what_is_asked_of_python_is_decoded_at_once(slow):
    slow.select(1, 1)
    assert slow.notes.notes
    assert None not in decode_clips(slow.standalone_state()["cells"])


def test_the_picture_of_a_large_grid_does_not_wait_for_all_of_it(slow):
    assert slow.display_png() != slow.to_png()
    assert missing_cells(slow) == []


def test_a_picture_that_is_displayed_decodes_nothing(slow):
    slow.display_png()
    assert len(missing_cells(slow)) == 144 - 25
