"""Latent Loops as a Python object."""

import dataclasses

import mido
import pytest

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.music.scales import Key, is_in_scale
from latentpalette.widgets import instrument as module
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.latent_loops import LatentLoops
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import Clicks, CrossFade, MelodyFade, Powers


def line(*pitches, steps=32):
    """A melody of notes as long as one another."""
    length = steps // len(pitches)
    return lp.NoteSequence([lp.Note(pitch, length * k, length) for k, pitch in enumerate(pitches)], steps)


UP, DOWN, LOW, HIGH = line(60, 62, 64, 67), line(67, 64, 62, 60), line(48, 50), line(72, 76)
CORNERS = [UP, DOWN, LOW, HIGH]
PLACE = {
    "clip": {"steps": 32, "notes": []},
    "label": "",
    "at": None,
    "repeats": 1,
    "transpose": 0,
    "drums": None,
}
BEAT = lp.NoteSequence.from_steps({"kick": [0, 8, 16, 24]}, steps=32)


@pytest.fixture
def make(wire, monkeypatch):
    """Make Latent Loops over fake models: ``make(size=4)``."""
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())

    def make_(corners=CORNERS, *, prior=None, drums=False, **settings):
        return LatentLoops(
            MelodyFade(prior=prior), corners, drums=CrossFade() if drums else None, **{"size": 4, **settings}
        )

    return make_


def pitches(music):
    return [note.pitch for note in music.notes]


# --- grid and scale ---------------------------------------------------------------------------------------------------


def test_the_grid_lies_between_its_corners(make):
    loops = make()
    for place, corner in zip([(0, 0), (0, 3), (3, 0), (3, 3)], CORNERS, strict=True):
        loops.select(*place)
        assert loops.selected.notes == corner


def test_without_corners_there_are_four_sketches_in_the_scale(make):
    loops = make(None, tonic="Eb", scale="minor")
    assert loops.labels == ["Sketch"] * 4
    assert all(len(curve) == 32 for curve in loops.curves)
    assert all(is_in_scale(pitch, Key(3, "minor")) for corner in loops.corners for pitch in pitches(corner))
    assert len({corner.notes for corner in loops.corners}) == 4


def test_music_that_is_put_in_a_corner_is_moved_into_the_scale_with_a_note_of_it(make):
    loops = make([line(61, 65, 66, 60), *CORNERS[1:]])
    assert pitches(loops.corners[0]) == [60, 64, 67, 60]
    assert loops.corners[0].left_out == ("3 notes moved into C major pentatonic",)


def test_music_stays_as_it_is_where_that_is_asked_for(make):
    loops = make([line(61, 65), *CORNERS[1:]], snap_to_scale=False)
    assert pitches(loops.corners[0]) == [61, 65]


def test_blends_are_moved_into_the_scale(make):
    loops = make([line(61, 65)] * 3 + [HIGH], snap_to_scale=False)
    loops.select(1, 1)
    assert 61 in pitches(loops.notes)
    loops.snap_to_scale = True
    assert 61 not in pitches(loops.notes)
    assert all(is_in_scale(pitch, loops.key) for pitch in pitches(loops.notes))


def test_another_tonic_transposes_everything(make):
    loops = make()
    loops.clipboard = [UP]
    loops.append(DOWN)
    loops.tonic = "D"
    assert pitches(loops.corners[0]) == [62, 64, 66, 69]
    assert pitches(loops.clipboard[0]) == [62, 64, 66, 69]
    assert pitches(loops.song) == [69, 66, 64, 62]


def test_another_tonic_is_reached_the_nearer_way(make):
    loops = make()
    loops.tonic = "A"
    assert pitches(loops.corners[0]) == [57, 59, 61, 64]


def test_another_scale_maps_by_degree(make):
    loops = make(scale="major")
    loops.append(line(60, 64, 67, 71))
    loops.scale = "minor"
    assert pitches(loops.song) == [60, 63, 67, 70]
    assert pitches(loops.corners[0]) == [60, 62, 63, 67]


def test_to_try_scales_loses_nothing(make):
    loops = make(scale="major")
    before = loops.corner_clips
    for scale in ("minor pentatonic", "blues", "chromatic", "dorian", "major"):
        loops.scale = scale
    assert loops.corner_clips == before


def test_a_sketch_snaps_to_the_scale_and_keeps_its_curve(make):
    loops = make()
    loops.sketch("B", [60, 72])
    assert loops.labels[1] == "Sketch"
    assert loops.curves[1][0] == pytest.approx(60.19)
    assert pitches(loops.corners[1])[0] == 60
    assert pitches(loops.corners[1])[-1] == 72
    loops.select(0, 3)
    assert loops.notes == loops.corners[1]


def test_a_sketch_has_no_notes_shorter_than_its_grid(make):
    loops = make()
    loops.sketch("A", [60, 84, 60, 84], grid=4)
    assert {note.length % 4 for note in loops.corners[0].notes} == {0}


# --- clipboard and song -----------------------------------------------------------------------------------------------


def test_the_clipboard_has_eight_slots_that_take_any_music(make):
    loops = make()
    loops.select(0, 0)
    loops.clipboard = [loops.selected, None, "Lullaby"]
    assert len(loops.clipboard) == 8
    assert loops.clipboard[0] == UP
    assert [loops.clipboard[1], *loops.clipboard[3:]] == [None] * 6
    loops.select(1, 2)
    loops.clipboard = [*loops.clipboard[:3], loops.corners[1], loops.selected]
    assert [slot and slot["at"] for slot in loops.clips[:5]] == [[0, 0], None, None, [1, 0], [2 / 3, 1 / 3]]
    assert loops.clipboard[2].label == "Lullaby"


def test_the_song_repeats_and_transposes_its_places(make):
    loops = make()
    loops.timeline = [(UP, 2), (DOWN, 1, 5), HIGH]
    assert loops.song.steps == 4 * 32
    assert pitches(loops.song) == [60, 62, 64, 67] * 2 + [72, 69, 67, 65] + [72, 76]
    assert [place.repeats for place in loops.timeline] == [2, 1, 1]
    assert loops.timeline[0].notes.steps == 64


def test_a_place_can_be_changed_and_put_back(make):
    loops = make()
    loops.timeline = [UP, DOWN]
    first, second = loops.timeline
    loops.timeline = [second, dataclasses.replace(first, repeats=3)]
    assert pitches(loops.song) == [67, 64, 62, 60] + [60, 62, 64, 67] * 3


def test_what_is_transposed_out_of_the_range_comes_back_by_octaves(make):
    loops = make([line(108, 105)] * 4, snap_to_scale=False)
    loops.append(loops.corners[0], 1, 7)
    assert pitches(loops.song) == [103, 100]


def test_drums_are_a_second_row_of_the_song(make):
    loops = make(drums=True)
    loops.append(UP, 2, 0, BEAT)
    loops.append(DOWN)
    assert [note.step for note in loops.song.notes if note.is_drum] == [0, 8, 16, 24, 32, 40, 48, 56]
    loops.mutes = [False, True]
    assert not any(note.is_drum for note in loops.song.notes)


def test_drums_of_another_length_repeat_under_the_place(make):
    loops = make(drums=True)
    loops.append(UP, 2, 0, lp.NoteSequence.from_steps({"snare": [4]}, steps=16))
    assert [note.step for note in loops.song.notes if note.is_drum] == [4, 20, 36, 52]


def test_the_song_is_saved_with_a_marker_for_each_place(make, tmp_path):
    loops = make(drums=True, qpm=90)
    loops.timeline = [(UP, 2, 0, BEAT), DOWN]
    path = loops.save(tmp_path / "song.mid")
    markers = [message.text for message in mido.MidiFile(path).tracks[0] if message.type == "marker"]
    assert markers == ["1: Loop of the song", "2: Loop of the song"]
    assert lp.NoteSequence.from_midi(path).steps == 96
    assert loops.save(tmp_path / "song.wav", loop=True).stat().st_size > 44


def test_without_places_the_chosen_loop_is_saved(make, tmp_path):
    loops = make()
    assert lp.NoteSequence.from_midi(loops.save(tmp_path / "loop.mid")).steps == 32
    assert loops.current_music() == loops.notes
    loops.append(UP)
    loops.plays = "song"
    assert loops.current_music() == loops.song


# --- messages ---------------------------------------------------------------------------------------------------------


def test_models_that_make_no_single_melody_are_refused_with_the_reason(make):
    with pytest.raises(PaletteError, match=r"sketch one melody in a scale; 'drums-2bar' makes drums\. Give it"):
        LatentLoops(CrossFade())
    with pytest.raises(PaletteError, match="drums= is a model of drums"):
        LatentLoops(MelodyFade(), drums=MelodyFade())
    with pytest.raises(PaletteError, match="There are no drums here"):
        make().append(UP, 1, 0, BEAT)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": 3}, "size"),
        ({"size": 13}, "size"),
        ({"tonic": "H"}, "tonic"),
        ({"scale": "mayor"}, "major"),
        ({"sketch_grid": 3}, "sketch_grid"),
        ({"interpolation": 0.4}, "learned prior"),
    ],
)
def test_a_wrong_setting_says_what_it_can_be(make, settings, message):
    with pytest.raises(PaletteError, match=message):
        make(**settings)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ((UP, 0), "repeats"),
        ((UP, 17), "repeats"),
        ((UP, 1, 25), "transpose"),
        ((), "A place of the song is music"),
        (line(60, steps=48), "48"),
    ],
)
def test_a_wrong_place_says_what_it_can_be(make, place, message):
    with pytest.raises(PaletteError, match=message):
        make().timeline = [place]


def test_a_sketch_of_nonsense_is_refused(make):
    loops = make()
    with pytest.raises(PaletteError, match="corner"):
        loops.sketch("E", [60])
    with pytest.raises(lp.LatentPaletteError, match="A curve is a list of pitches"):
        loops.sketch("A", [200])


# --- the browser ------------------------------------------------------------------------------------------------------


def test_new_corners_of_the_browser_are_decoded_when_it_asks(make, wire):
    loops = make()
    decoded = loops.model.decoded
    browser_sets(loops, {"corner_clips": [loops.corner_clips[1]] * 4})
    assert loops.model.decoded == decoded
    wire.clear()
    browser_sends(loops, {"type": "request", "id": 1, "name": "decode", "body": {}})
    (response,) = [message for message in wire if message.data.get("method") == "custom"]
    assert response.data["content"]["ok"]
    assert len(decode_clips(bytes(response.buffers[0]))) == 16
    loops.select(1, 2)
    assert loops.notes == DOWN


def test_a_key_of_the_browser_moves_nothing_by_itself(make):
    loops = make()
    before = loops.corner_clips
    browser_sets(loops, {"tonic": 2})
    assert (loops.tonic, loops.corner_clips) == (2, before)


@pytest.mark.parametrize(
    "state",
    [
        {"places": [{"clip": {"steps": 16, "notes": []}, "label": "", "at": None}]},
        {"places": [PLACE | {"clip": {"steps": 16, "notes": []}}]},
        {"places": [PLACE | {"drums": {"clip": {"steps": 32, "notes": []}, "label": ""}}]},
        {"clips": [None] * 7},
        {"curves": [[60]] * 4},
        {"refined": [{"row": 20, "col": 0, "clip": {"steps": 32, "notes": []}}]},
        {"scale": "other"},
        {"cells": b""},
    ],
    ids=lambda state: next(iter(state)),
)
def test_wrong_values_of_the_browser_are_refused(make, state):
    with pytest.raises(SettingError):
        make().set_state(state)


def test_a_refined_cell_plays_instead_of_what_was_decoded(make):
    loops = make()
    loops.refined = [{"row": 1, "col": 2, "clip": loops.corner_clips[3]}]
    loops.select(1, 2)
    assert loops.notes == HIGH
    loops.size = 5
    assert loops.refined == []


def test_the_browser_can_ask_for_drums(make, wire):
    loops = make(drums=True)
    wire.clear()
    body = {"temperature": 0.8, "seed": 3}
    browser_sends(loops, {"type": "request", "id": 1, "name": "drums", "body": body})
    (response,) = [message.data["content"] for message in wire if message.data.get("method") == "custom"]
    assert response["ok"]
    assert {note[5] for note in response["body"]["clip"]["notes"]} == {1}


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_the_code_makes_the_same_loops_and_the_same_song(make, monkeypatch):
    loops = make(drums=True, tonic=2, scale="dorian", prior=Powers())
    loops.clipboard = [None, UP]
    loops.timeline = [(UP, 2, 0, BEAT), (DOWN, 1, -3)]
    loops.select(2, 1)
    models = {"melody-2bar": MelodyFade(prior=Powers()), "drums-2bar": CrossFade()}
    monkeypatch.setattr(lp, "load", models.get)
    names: dict = {}
    exec(loops.to_python(), names)
    other = names["loops"]
    assert other.song == loops.song
    assert other.corners == loops.corners
    assert (other.key, other.cell, other.clipboard[1]) == (loops.key, loops.cell, loops.clipboard[1])


def test_a_state_that_is_opened_is_the_one_that_was_saved(make, tmp_path):
    loops, other = make(drums=True), make([HIGH] * 4, drums=True, scale="minor")
    loops.timeline = [(UP, 2, 0, BEAT)]
    loops.sketch("A", [60, 70])
    loops.tonic = 5
    other.open_state(loops.save_state(tmp_path / "loops.json"))
    assert {name: getattr(other, name) for name in loops.edited} == {
        name: getattr(loops, name) for name in loops.edited
    }
    assert other.cells == loops.cells
    assert other.song == loops.song


def test_there_is_a_picture_and_its_text(make):
    loops = make()
    assert loops.to_png().startswith(b"\x89PNG")
    assert loops.alt_text().startswith("Latent Loops in C major pentatonic: 4 by 4 loops between")


def test_observers_hear_of_the_song_and_the_chosen_loop(make):
    loops, notified = make(), []
    loops.observe(lambda change: notified.append(change.name), ["selected", "timeline", "clipboard"])
    loops.append(UP)
    loops.select(2, 2)
    loops.clipboard = [UP]
    assert notified == ["timeline", "selected", "clipboard"]
