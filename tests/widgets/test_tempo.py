"""A palette has the tempo of its corners, and takes it through every door."""

import mido
import pytest

import latentpalette as lp
from latentpalette.widgets.tempo import common_tempo
from tests.widgets.conftest import browser_sends, browser_sets


def loop(qpm, drum="kick"):
    return lp.NoteSequence.from_steps({drum: [0, 8, 20]}, steps=32, qpm=qpm)


@pytest.mark.parametrize("qpm", [20, 93, 97, 174.5, 400])
def test_four_loops_at_a_tempo_make_a_palette_at_it(make, tmp_path, qpm):
    file = loop(qpm).save(tmp_path / "loop.mid")
    palette = make([file, loop(qpm, "snare"), file.read_bytes(), "Trap"])
    assert palette.qpm == pytest.approx(qpm, abs=0.01)
    assert palette.tempo_note == ""
    assert {corner.qpm for corner in palette.corners} == {palette.qpm}


def test_every_file_of_a_palette_has_its_tempo(make, tmp_path):
    palette = make([loop(93)] * 4)
    palette.path = [(0, 0), (0, 2)]
    palette.path.save(tmp_path / "walk.mid")
    (cell, *_) = palette.save_grid(tmp_path / "cells")
    for file in (tmp_path / "walk.mid", cell):
        tempos = [event.tempo for track in mido.MidiFile(file).tracks for event in track if event.type == "set_tempo"]
        assert tempos == [pytest.approx(60e6 / 93, abs=1)]
    assert {palette.selected.notes.qpm, palette.path.notes.qpm, palette.notes(0, 0).qpm} == {93.0}
    assert palette.path.seconds == palette.path.notes.seconds == pytest.approx(3 * 32 * 15 / 93)
    assert palette.standalone_state()["qpm"] == 93.0
    assert "qpm=93.0" in palette.to_python()


def test_where_the_corners_differ_most_decide_and_the_palette_says_so(make):
    palette = make([loop(120), loop(93), loop(93), "Trap"])
    assert palette.qpm == 93
    assert palette.tempo_note == "Tempo: 93 qpm, as in corners B and C; corner A is at 120."
    assert palette.get_state("tempo_note") == {"tempo_note": palette.tempo_note}


def test_of_two_and_two_the_first_decides():
    assert common_tempo([90.0, 100.0, 100.0, 90.0])[0] == 90.0
    assert common_tempo([None, 100.0, 90.0, None])[0] == 100.0


def test_a_tempo_beyond_the_limits_is_the_nearest_and_the_palette_says_so(make):
    palette = make([loop(800)] * 4)
    assert palette.qpm == 400
    assert palette.tempo_note == "Tempo: 400 qpm, the fastest that can be played; corners A, B, C and D are at 800."


def test_a_tempo_that_is_given_wins(make):
    palette = make([loop(93)] * 4, qpm=100)
    assert (palette.qpm, palette.tempo_note) == (100, "")


def test_presets_and_places_in_latent_space_have_no_tempo(make):
    assert make().qpm == 120
    assert make(["Trap", [0.0] * 288, "Bossa", loop(93)]).qpm == 93


def test_new_corners_bring_their_tempo_to_a_silent_palette_in_one_message(make, wire):
    palette = make()
    wire.clear()
    palette.corners = [loop(93)] * 4
    assert palette.qpm == 93
    assert palette.tempo_note == "Tempo: 93 qpm, that of the new corners."
    (update,) = [message.data["state"] for message in wire if message.data["method"] == "update"]
    assert {"qpm", "tempo_note", "corner_clips"} <= set(update)
    palette.corners = [loop(80)] * 4
    assert palette.qpm == 80


@pytest.mark.parametrize("choose", ["given", "assigned", "browser", "playing"])
def test_the_tempo_does_not_jump_under_the_player_nor_away_from_what_was_set(make, choose):
    palette = make(**({"qpm": 100} if choose == "given" else {}))
    if choose == "assigned":
        palette.qpm = 100
    elif choose == "browser":
        browser_sets(palette, {"qpm": 100})
    elif choose == "playing":
        palette.playing = True
    before = palette.qpm
    palette.corners = [loop(93), loop(93), "Trap", loop(before)]
    assert palette.qpm == before
    assert palette.tempo_note == (
        f"The palette stays at {before:g} qpm; corners A and B are at 93. Set palette.qpm to change that."
    )
    palette.qpm = 93
    assert palette.tempo_note == ""


def test_the_browser_receives_the_tempo_of_a_dropped_file(make, wire, tmp_path):
    palette = make()
    wire.clear()
    data = loop(93).save(tmp_path / "loop.mid").read_bytes()
    message = {"type": "request", "id": "1", "name": "midi", "body": {"name": "loop.mid", "track": None}}
    browser_sends(palette, message, (data,))
    (window,) = wire[0].data["content"]["body"]["windows"]
    assert window["qpm"] == pytest.approx(93, abs=0.01)
    assert palette.qpm == 120
