"""Requests whose work takes long: it is done in parts, and between two of them others are responded to."""

import pytest

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.progress import parts
from latentpalette.widgets import instrument as module
from latentpalette.widgets import partly_decoded, requests
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.interpolation_slider import InterpolationSlider
from latentpalette.widgets.melody_mixer import MelodyMixer
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.requests import Unfinished
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import Clicks, CrossFade, Powers

KICKS = lp.NoteSequence.from_steps({"kick": list(range(0, 32, 2))}, steps=32)
SNARE = lp.NoteSequence.from_steps({"snare": [4, 12, 20, 28]}, steps=32)


def count_to(numbers, done):
    for number in numbers:
        yield parts.PART_WORK
        done.append(number)
    return {"count": len(numbers)}, []


def test_two_requests_take_turns_part_by_part():
    unfinished, done = Unfinished(), []
    responses = [
        unfinished.go_on(name, "count", lambda numbers=numbers: count_to(numbers, done))
        for _ in range(2)
        for name, numbers in (("a", [1, 2]), ("b", [11, 12]))
    ]
    assert done == [1, 11, 2, 12]
    assert responses == [None, None, ({"count": 2}, []), ({"count": 2}, [])]


def test_little_work_is_done_at_once():
    def work():
        for _ in range(4):
            yield parts.PART_WORK // 4
        return {}, []

    assert Unfinished().go_on("a", "count", work) == ({}, [])


def test_parts_that_take_long_on_a_busy_machine_are_done_one_at_a_time(monkeypatch):
    clock, done = [0.0], []
    monkeypatch.setattr(parts.time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(parts, "PART_MS", 60)

    def work():
        for number, seconds in enumerate((0.02, 0.02, 0.2, 0.01)):
            yield 10
            clock[0] += seconds
            done.append(number)
        return {}, []

    unfinished, at_once = Unfinished(), []
    while unfinished.go_on("a", "count", work) is None:
        at_once.append(len(done))
    assert at_once == [3]  # the third was not expected to take so long, and the fourth waits


def test_an_error_in_a_later_part_is_that_of_the_request():
    def work():
        yield parts.PART_WORK
        yield parts.PART_WORK
        raise PaletteError("no")

    unfinished = Unfinished()
    assert unfinished.go_on("a", "fail", work) is None
    with pytest.raises(PaletteError, match="no"):
        unfinished.go_on("a", "fail", work)


def test_a_request_that_was_dropped_for_newer_ones_begins_again():
    unfinished, done = Unfinished(), []
    for name in range(requests.MAX_UNFINISHED + 1):
        unfinished.go_on(name, "count", lambda: count_to([1, 2], done))
    done.clear()
    while unfinished.go_on(0, "count", lambda: count_to([1, 2], done)) is None:
        pass
    assert done == [1, 2]


class Counted(CrossFade):
    """A model that records how many loops it encodes, decodes and carries along its flow."""

    def __init__(self):
        super().__init__(prior=Powers())
        self.did = []
        carry = self.prior.from_time

        def from_time(z, time):
            self.did.append(("carried", len(z)))
            return carry(z, time)

        self.prior.from_time = from_time

    def posterior_arrays(self, frames):
        self.did.append(("encoded", len(frames)))
        return super().posterior_arrays(frames)

    def decode(self, z):
        self.did.append(("decoded", len(z)))
        return super().decode(z)


def ask(instrument, wire, name, **body):
    """Ask as the browser does, again until it is done: the response, its clips, and what the model did each time."""
    did = []
    while True:
        wire.clear()
        instrument.model.did.clear()
        browser_sends(instrument, {"type": "request", "id": name, "name": name, "body": body})
        did.append(list(instrument.model.did))
        (message,) = (message for message in wire if message.data.get("method") == "custom")
        content = message.data["content"]
        if not content.get("again"):
            return content["body"], [decode_clips(bytes(buffer)) for buffer in message.buffers[:1]], did


@pytest.fixture
def slow(wire, monkeypatch):
    """Models that decode four loops, or carry 32 places along their flow, in a part."""
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    monkeypatch.setattr(partly_decoded, "QUICK_WORK", 32 * 4)
    monkeypatch.setattr(partly_decoded, "MAX_BATCH_WORK", 32 * 4)
    monkeypatch.setattr(partly_decoded, "BATCH_MS", float("inf"))
    monkeypatch.setattr(parts, "PART_WORK", 32 * 4)


@pytest.mark.parametrize("make", [lambda model: MelodyMixer(KICKS, SNARE, model, n=33, even_steps=True),
                                  lambda model: InterpolationSlider(KICKS, SNARE, model)])  # fmt: skip
@pytest.mark.usefixtures("slow")
def test_new_ends_are_encoded_blended_and_decoded_in_parts(make, wire):
    made = make(Counted())
    browser_sets(made, {"end_clips": made.end_clips[::-1]})
    _, (clips,), did = ask(made, wire, "decode")
    assert [index for index, clip in enumerate(clips) if clip is not None] == [0, 8, 16, 32]
    assert did[0] == [("encoded", 2)]
    assert did[-1] == [("decoded", 4)]
    assert all(len(part) <= 1 and all(count <= 32 for _, count in part) for part in did)
    whole = make(Counted())
    whole.ends = [SNARE, KICKS]
    assert clips[:1] == decode_clips(whole.tiles)[:1]
    assert (made._cells.z == whole._cells.z).all()


@pytest.mark.usefixtures("slow")
def test_a_new_grid_is_encoded_blended_and_decoded_in_parts(wire):
    palette = Palette(Counted(), [KICKS, SNARE, KICKS, SNARE], size=11)
    inputs = {name: getattr(palette, name) for name in ("size", "labels", "interpolation", "chords")}
    _, (clips,), did = ask(palette, wire, "decode", corner_clips=palette.corner_clips[::-1], **inputs)
    assert [index for index, clip in enumerate(clips) if clip is not None] == [0, 10, 60, 110, 120]
    assert did[0] == [("encoded", 4)]
    assert [part for part in did if part and part[0][0] == "carried"] == [[("carried", 32)]] * 3 + [[("carried", 25)]]
    assert did[-2:] == [[("decoded", 4)], [("decoded", 1)]]  # the corners, and where the puck is
    whole = Palette(Counted(), [SNARE, KICKS, SNARE, KICKS], size=11)
    assert (palette.grid == whole.grid).all()
    assert palette.norm_percentiles == whole.norm_percentiles


@pytest.mark.usefixtures("slow")
def test_ends_that_change_between_two_parts_are_those_that_are_decoded(wire):
    made = MelodyMixer(KICKS, SNARE, Counted(), n=9)
    browser_sets(made, {"end_clips": made.end_clips[::-1]})
    browser_sends(made, {"type": "request", "id": "decode", "name": "decode", "body": {}})
    assert wire[-1].data["content"]["again"]
    browser_sets(made, {"end_clips": [made.end_clips[0]] * 2})
    _, (clips,), _ = ask(made, wire, "decode")
    assert made._cells.inputs == made._inputs()
    assert clips[0] == clips[8] is not None


@pytest.mark.usefixtures("slow")
def test_cells_of_a_grid_that_was_overtaken_between_two_parts_are_not_sent(wire):
    made = MelodyMixer(KICKS, SNARE, Counted(), n=33, even_steps=True)
    body = {"type": "request", "id": "1", "name": "cells", "body": {"indices": [1]}}
    while not wire[-1].data.get("content", {}).get("again"):  # all are decoded, and the even steps not chosen yet
        browser_sends(made, body)
    made.ends = [SNARE, KICKS]
    browser_sends(made, body)
    assert wire[-1].data["content"]["body"]["indices"] == []
