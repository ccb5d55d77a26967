"""Requests from the browser: each gets a response."""

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.widgets.base import Widget
from tests.widgets.conftest import browser_sends, browser_sets

SILENT = [0] * 32
KICKS = [1, 0, 0, 0] * 8


@pytest.fixture
def ask(wire):
    def ask_(palette, name, body=None, buffers=()):
        wire.clear()
        browser_sends(palette, {"type": "request", "id": "7", "name": name, "body": body}, buffers)
        custom = [message for message in wire if message.data.get("method") == "custom"]
        assert len(custom) == 1
        assert custom[0].data["content"]["type"] == "response"
        assert custom[0].data["content"]["id"] == "7"
        return custom[0].data["content"], custom[0].buffers

    return ask_


def test_a_new_grid_comes_as_a_response_and_nothing_is_sent_twice(make, ask, wire):
    palette = make()
    body = {"patterns": [KICKS, SILENT, KICKS, SILENT], "labels": list("abcd"), "size": 3}
    response, buffers = ask(palette, "decode", body)
    assert response["ok"]
    assert len(response["body"]["norm_percentiles"]) == 9
    cells = np.frombuffer(buffers[0], "<u2").reshape(3, 3, 32)
    assert cells[0, 0].tolist() == KICKS
    assert cells[2, 2].tolist() == SILENT
    assert bytes(buffers[1]) == palette.corner_z
    np.testing.assert_array_equal(np.frombuffer(buffers[1], "<f4").reshape(4, 32, 9)[0, :, 0], KICKS)
    assert len(wire) == 1
    assert (palette.patterns, palette.labels, palette.size) == (body["patterns"], body["labels"], 3)
    assert palette.notes(0, 0).notes[1].step == 4


def test_traits_the_browser_sets_are_not_decoded_for_and_not_sent_back(make, wire):
    palette = make()
    before = palette.model.decoded
    wire.clear()
    browser_sets(palette, {"patterns": [KICKS] * 4, "labels": list("abcd"), "puck": [0, 1]})
    assert palette.model.decoded == before
    assert [message for message in wire if "patterns" in message.data.get("state", {})] == []
    assert palette.corners[3].notes[0].pitch == 36
    assert palette.selected.row == 4


def test_an_undone_state_is_stored_without_decoding(make, ask):
    palette = make()
    cells = np.full((3, 3, 32), 2, "<u2").tobytes()
    corner_z = np.full((4, 288), 0.5, "<f4").tobytes()
    before = palette.model.decoded
    body = {"patterns": [SILENT] * 4, "labels": list("abcd"), "size": 3, "norm_percentiles": [7] * 9}
    response, _ = ask(palette, "restore", body, (cells, corner_z))
    assert response["ok"]
    assert palette.model.decoded == before
    assert {note.pitch for note in palette.notes(1, 1).notes} == {38}
    np.testing.assert_array_equal(palette.grid, np.full((3, 3, 288), 0.5))


@pytest.mark.parametrize(
    ("num_cells", "num_z", "message"),
    [(8, 4, "does not fit 512 bytes"), (9, 3, "has 4608 bytes here; got 3456"), (9, 0, "got 0"), (0, 0, "fit 0 bytes")],
)
def test_an_undone_state_of_the_wrong_length_is_refused(make, ask, num_cells, num_z, message):
    palette = make()
    before = palette.cells, palette.corner_z
    body = {"patterns": [SILENT] * 4, "labels": list("abcd"), "size": 3, "norm_percentiles": [7] * 9}
    buffers = [buffer for buffer in (bytes(64 * num_cells), bytes(4 * 288 * num_z)) if buffer]
    response, _ = ask(palette, "restore", body, buffers)
    assert message in response["error"]
    assert (palette.cells, palette.corner_z) == before


def test_a_sample_has_its_seed_in_its_name_and_is_the_same_again(make, ask):
    palette = make()
    first, _ = ask(palette, "sample", {"temperature": 0.8, "seed": 7})
    again, _ = ask(palette, "sample", {"temperature": 0.8, "seed": 7})
    other, _ = ask(palette, "sample", {"temperature": 0.8, "seed": 8})
    assert first["body"]["label"] == "Sampled #7"
    assert first["body"] == again["body"]
    assert first["body"]["pattern"] != other["body"]["pattern"]


def test_the_windows_of_a_midi_file_come_in_order_with_their_bars(make, ask, tmp_path):
    song = lp.NoteSequence.from_steps({"kick": range(0, 64, 4), "snare": range(36, 64, 8)}, steps=64)
    data = song.save(tmp_path / "song.mid").read_bytes()
    response, _ = ask(make(), "midi", {"name": "song.mid"}, (data,))
    windows = response["body"]["windows"]
    assert [window["bar"] for window in windows] == sorted(window["bar"] for window in windows)
    assert all(len(window["pattern"]) == 32 for window in windows)
    assert windows[0]["label"] == "bars 1 and 2"


def test_a_midi_file_without_drums_gets_the_reason(make, ask, tmp_path):
    melody = lp.NoteSequence([lp.Note(60, 0, 4)], steps=32)
    response, _ = ask(make(), "midi", {"name": "x.mid"}, (melody.save(tmp_path / "x.mid").read_bytes(),))
    assert response["ok"]
    assert response["body"]["windows"] == []
    assert "drums" in " ".join(response["body"]["left_out"])


def test_a_broken_midi_file_gets_an_error_in_words(make, ask):
    response, _ = ask(make(), "midi", {"name": "x.mid"}, (b"MThd but no more",))
    assert response["ok"] is False
    assert "MIDI" in response["error"]


def test_an_unknown_request_gets_a_response_too(make, ask):
    response, _ = ask(make(), "fly")
    assert response == {"type": "response", "id": "7", "ok": False, "error": "Palette has no handler for 'fly'."}


def test_an_unforeseen_error_gets_a_response_too(make, ask, caplog):
    palette = make()
    palette.model.sample = None
    response, _ = ask(palette, "sample", {"temperature": 1, "seed": 1})
    assert response["ok"] is False
    assert response["error"].startswith("TypeError")
    assert "sample" in caplog.text


@pytest.mark.parametrize("size", [0, 22, 10**9, None])
def test_a_size_the_browser_must_not_ask_for_is_refused(make, ask, size):
    response, _ = ask(make(), "decode", {"patterns": [SILENT] * 4, "labels": list("abcd"), "size": size})
    assert "3 to 21" in response["error"]


def test_messages_that_are_no_requests_are_left_to_others(make, wire):
    palette = make()
    wire.clear()
    browser_sends(palette, {"kind": "something else"})
    assert wire == []


def test_a_request_handler_is_inherited():
    class Child(Widget):
        script = "palette"

    assert Child._handlers == Widget._handlers
