"""Requests from the browser: each gets a response."""

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.models.first_sample import first_seed
from latentpalette.widgets.base import Widget
from latentpalette.widgets.clips import decode_clips, encode_clips
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.requests import handles
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import clip_json, clip_of, tokens_of

TOKENS = [1, 0, 0, 0] * 8
SILENT, KICKS = clip_json([0] * 32), clip_json(TOKENS)


def notes(rows):
    return {"steps": 32, "notes": rows}


def cells_of(number):
    return encode_clips([clip_of([2] * 32)] * number) if number else b""


@pytest.fixture
def ask(wire):
    def ask_(palette, name, body=None, buffers=()):
        while True:
            wire.clear()
            browser_sends(palette, {"type": "request", "id": "7", "name": name, "body": body}, buffers)
            custom = [message for message in wire if message.data.get("method") == "custom"]
            assert len(custom) == 1
            content = custom[0].data["content"]
            assert content["type"] == "response"
            assert content["id"] == "7"
            if not content.get("again"):
                return content, custom[0].buffers

    return ask_


def test_a_new_grid_comes_as_a_response_and_nothing_is_sent_twice(make, ask, wire):
    palette = make()
    body = {
        "corner_clips": [KICKS, SILENT, KICKS, SILENT],
        "labels": list("abcd"),
        "size": 3,
        "interpolation": "lerp",
        "chords": [],
    }
    response, buffers = ask(palette, "decode", body)
    assert response["ok"]
    assert len(response["body"]["norm_percentiles"]) == 9
    cells = decode_clips(buffers[0])
    assert (cells[0].to_json(), cells[8].to_json()) == (KICKS, SILENT)
    assert response["body"]["grid_id"] == palette.grid_id
    assert bytes(buffers[1]) == palette.corner_z
    np.testing.assert_array_equal(np.frombuffer(buffers[1], "<f4").reshape(4, 32, 9)[0, :, 0], TOKENS)
    assert len(wire) == 1
    assert (palette.corner_clips, palette.labels, palette.size) == (body["corner_clips"], body["labels"], 3)
    assert palette.notes(0, 0).notes[1].step == 4


def test_traits_the_browser_sets_are_not_decoded_for_and_not_sent_back(make, wire):
    palette = make()
    before = palette.model.decoded
    wire.clear()
    browser_sets(palette, {"corner_clips": [KICKS] * 4, "labels": list("abcd"), "puck": [0, 1]})
    assert palette.model.decoded == before
    assert [message for message in wire if "corner_clips" in message.data.get("state", {})] == []
    assert palette.corners[3].notes[0].pitch == 36
    assert palette.selected.row == 4


def test_a_browser_that_cannot_decode_the_sounds_gets_plain_ones(make, ask):
    palette = make()
    palette.finish_kit()
    response, (data,) = ask(palette, "kit", {})
    assert response["ok"]
    assert bytes(data[8:12]) == b"RIFF"
    assert [entry["pitch"] for entry in response["body"]["index"]] == [entry["pitch"] for entry in palette.kit_index]


def test_an_undone_state_is_stored_without_decoding(make, ask):
    palette = make()
    cells = encode_clips([clip_of([2] * 32)] * 9)
    corner_z = np.full((4, 288), 0.5, "<f4").tobytes()
    before = palette.model.decoded
    body = {**CORNERS, "norm_percentiles": [7] * 9}
    response, _ = ask(palette, "restore", body, (cells, corner_z))
    assert response["ok"]
    assert palette.model.decoded == before
    assert {note.pitch for note in palette.notes(1, 1).notes} == {38}
    np.testing.assert_array_equal(palette.grid, np.full((3, 3, 288), 0.5))


@pytest.mark.parametrize(
    ("num_cells", "num_z", "message"),
    [(8, 4, "has 9 clips; got 8"), (9, 3, "has 4608 bytes here; got 3456"), (9, 0, "got 0"), (0, 0, "are cut short")],
)
def test_an_undone_state_of_the_wrong_length_is_refused(make, ask, num_cells, num_z, message):
    palette = make()
    before = palette.cells, palette.corner_z
    body = {**CORNERS, "norm_percentiles": [7] * 9}
    buffers = [buffer for buffer in (cells_of(num_cells), bytes(4 * 288 * num_z)) if buffer]
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
    assert first["body"]["clip"] != other["body"]["clip"]


def test_the_first_seed_is_that_of_the_model(make):
    assert make().first_seed == first_seed("drums-2bar")


def test_the_code_that_makes_it_again_is_that_of_the_present_state(make, ask):
    palette = make()
    palette.qpm = 93
    response, _ = ask(palette, "python")
    assert response["body"]["text"] == palette.to_python()
    assert "qpm=93.0" in response["body"]["text"]


def test_the_page_is_the_one_that_is_written_to_a_file(make, ask, tmp_path):
    palette = make()
    _, (page,) = ask(palette, "page", {"model": "none"})
    written = palette.to_html(tmp_path / "page.html", title="Palette, drums-2bar")
    assert bytes(page) == written.read_bytes()


def test_the_windows_of_a_midi_file_come_in_order_with_their_bars(make, ask, tmp_path):
    song = lp.NoteSequence.from_steps({"kick": range(0, 64, 4), "snare": range(36, 64, 8)}, steps=64)
    data = song.save(tmp_path / "song.mid").read_bytes()
    response, _ = ask(make(), "midi", {"name": "song.mid", "track": None}, (data,))
    windows = response["body"]["windows"]
    assert [window["label"] for window in windows] == ["bars 1 and 2", "bars 2 and 3", "bars 3 and 4"]
    assert all(window["clip"]["steps"] == 32 for window in windows)


def test_a_midi_file_without_drums_gets_the_reason(make, ask, tmp_path):
    melody = lp.NoteSequence([lp.Note(60, 0, 4)], steps=32)
    response, _ = ask(make(), "midi", {"name": "x.mid", "track": None}, (melody.save(tmp_path / "x.mid").read_bytes(),))
    assert response["ok"]
    assert response["body"]["windows"] == []
    assert "drums" in " ".join(response["body"]["left_out"])


def test_the_chosen_tracks_of_a_midi_file_are_read(make, ask, tmp_path):
    kicks = lp.NoteSequence([lp.Note(36, step) for step in range(0, 32, 8)], steps=32)
    data = kicks.save(tmp_path / "x.mid").read_bytes()
    response, _ = ask(make(drums=1), "midi", {"name": "x.mid", "track": None}, (data,))
    assert tokens_of(response["body"]["windows"][0]["clip"])[::8] == [1] * 4
    response, _ = ask(make(drums="oboe"), "midi", {"name": "x.mid", "track": None}, (data,))
    assert "no track 'oboe'" in response["error"]


def test_a_broken_midi_file_gets_an_error_in_words(make, ask):
    response, _ = ask(make(), "midi", {"name": "x.mid", "track": None}, (b"MThd but no more",))
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
    response, _ = ask(make(), "decode", {**CORNERS, "size": size})
    assert "3 to 21" in response["error"]


CORNERS = {"corner_clips": [SILENT] * 4, "labels": list("abcd"), "size": 3, "interpolation": "lerp", "chords": []}
GRID = {**CORNERS, "norm_percentiles": [7] * 9}
NAN = float("nan")
CELLS = cells_of(9)


@pytest.mark.parametrize(
    ("name", "body", "buffers", "message"),
    [
        ("decode", {**CORNERS, "corner_clips": [SILENT] * 100_000}, (), "list of 4 clips"),
        (
            "decode",
            {**CORNERS, "corner_clips": [notes([[0] * 6] * 10**5)] * 4},
            (),
            "up to 20,000 notes",
        ),
        (
            "decode",
            {**CORNERS, "corner_clips": [notes([[NAN] * 6])] * 4},
            (),
            "whole number from 0 to 31; got nan",
        ),
        ("decode", {**CORNERS, "labels": ["x" * 10**6] * 4}, (), "at most 300 characters"),
        ("decode", {**CORNERS, "size": 10**400}, (), "3 to 21"),
        ("decode", {**CORNERS, "colour": 1}, (), "no field 'colour'"),
        ("decode", {**CORNERS, "x" * 10**6: 1}, (), "no field 'xxx"),
        ("decode", {"corner_clips": [SILENT] * 4, "size": 3}, (), "needs the field 'labels'"),
        ("decode", [1, 2], (), "body of named fields"),
        ("decode", CORNERS, (b"x",), "has 0 buffers"),
        ("restore", GRID, (bytes(40 << 20), b""), "takes up to 33,554,432 bytes here; got 41,943,040"),
        ("restore", GRID, (b"", b"", b""), "has 2 buffers"),
        ("restore", GRID, ("text",), "buffers of bytes; got 'text'"),
        ("restore", {**GRID, "norm_percentiles": [7] * 10**6}, (), "list of up to 441 whole numbers"),
        ("restore", {**GRID, "norm_percentiles": [7]}, (CELLS, bytes(4608)), "as many percentiles; got 1"),
        ("restore", GRID, (CELLS[:-1], bytes(4608)), "which their table does not fit"),
        ("restore", GRID, (CELLS, b"\xff" * 4608), "NaN"),
        ("sample", {"temperature": NAN, "seed": 1}, (), "temperature is a number from 0.01 to 10; got nan"),
        ("sample", {"temperature": 1, "seed": 1.5}, (), "seed is a whole number"),
        ("sample", {"temperature": 1, "seed": 10**100}, (), "seed is a whole number"),
        ("sample", None, (), "needs the field 'temperature'"),
        ("midi", {"name": "x.mid", "track": None}, (), "x.mid is empty"),
        ("midi", {"name": 7, "track": None}, (b"MThd",), "name is a text; got 7"),
        ("midi", {"name": "x.mid", "track": None}, (bytes(17 << 20),), "takes up to 16,777,216 bytes"),
        (["decode"], {}, (), r"no handler for ['decode']"),
        ("x" * 10**6, {}, (), "no handler for 'xxx"),
        ("__init__", {}, (), "no handler for '__init__'"),
    ],
)
def test_a_wrong_request_is_refused_in_words_before_any_work(make, ask, name, body, buffers, message):
    palette = make()
    before = palette.model.decoded, palette.model.encoded, palette.cells
    response, _ = ask(palette, name, body, buffers)
    assert response["ok"] is False
    assert message in response["error"]
    assert len(response["error"]) < 400
    assert (palette.model.decoded, palette.model.encoded, palette.cells) == before


@pytest.mark.parametrize("identity", [None, "x" * 10**6, [1], {"a": 1}, 1.5, True, 10**400])
def test_an_id_that_no_browser_sends_is_answered_without_one(make, wire, identity):
    palette = make()
    wire.clear()
    browser_sends(palette, {"type": "request", "id": identity, "name": "decode", "body": CORNERS})
    assert wire[0].data["content"]["id"] is None
    assert wire[0].data["content"]["ok"]


def test_the_page_is_sent_the_number_of_loops_before_python_decodes_them(make, wire):
    palette = make()
    wire.clear()
    palette.size = 7
    kinds = [message.data.get("content", sorted(message.data.get("state", ()))) for message in wire]
    assert kinds.index({"type": "decoding", "loops": 49}) < next(
        i for i, kind in enumerate(kinds) if "norm_percentiles" in kind
    )

    palette.model.decode_classes = None
    wire.clear()
    with pytest.raises(TypeError):
        palette.size = 9
    assert [message.data["content"]["loops"] for message in wire if "content" in message.data] == [81, 0]


def test_messages_that_are_no_requests_are_left_to_others(make, wire):
    palette = make()
    wire.clear()
    browser_sends(palette, {"kind": "something else"})
    assert wire == []


def test_a_request_handler_is_inherited():
    class Child(Widget):
        script = "palette"

    assert Child._handlers == Widget._handlers


def test_requests_of_every_base_are_handled():
    class Left(Widget):
        @handles("left")
        def _handle_left(self):
            return {}, []

    class Right(Widget):
        @handles("right")
        def _handle_right(self):
            return {}, []

    class Both(Left, Right):
        pass

    assert {"left", "right"} <= set(Both._handlers)
    assert {"sounds", "kit", "page", "sample"} <= set(Palette._handlers)
