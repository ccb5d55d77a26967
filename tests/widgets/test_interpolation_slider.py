"""The interpolation slider as a Python object."""

import json

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.latent.evenness import choose_even_places
from latentpalette.widgets import instrument as module
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.interpolation_slider import InterpolationSlider
from latentpalette.widgets.way import NUM_PLACES
from tests.conftest import REPOSITORY
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import Clicks, CrossFade, Powers, clip_json

KICK = lp.NoteSequence.from_steps({"kick": [0, 8]}, steps=16)
SNARE = lp.NoteSequence.from_steps({"snare": [4, 12, 20, 28]}, steps=32)
EVEN = json.loads((REPOSITORY / "tests" / "vectors" / "even_steps.json").read_text(encoding="utf-8"))


@pytest.fixture
def make(wire, monkeypatch):
    """Make a slider over a fake model: ``make(a, b, t=0.5)``."""
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())

    def make(a=KICK, b=SNARE, *, prior=None, **settings):
        return InterpolationSlider(a, b, CrossFade(prior=prior), **settings)

    return make


def steps_and_pitches(music):
    return [(note.step, note.pitch) for note in music.notes]


def asked(slider, wire, name, **body):
    """Send a request of the browser; return the content of the response and its buffers."""
    wire.clear()
    browser_sends(slider, {"type": "request", "id": "1", "name": name, "body": body})
    (response,) = [sent for sent in wire if sent.data.get("method") == "custom"]
    return response.data["content"], response.buffers


def test_the_way_is_decoded_in_one_batch(make):
    slider = make()
    assert slider.model.decoded == 1
    assert len(decode_clips(slider.tiles)) == NUM_PLACES
    assert slider.selected.notes.steps == 32
    assert slider.model.decoded == 1  # halfway is a place of the way


def test_a_place_between_is_decoded_when_its_music_is_needed(make):
    slider = make(t=0.51)
    assert slider.model.decoded == 1
    assert slider.selected.z.shape == (288,)
    assert slider.selected.notes is slider.selected.notes
    assert slider.model.decoded == 2


def test_the_ends_are_the_music_itself_unless_reconstructions_are_asked_for(make):
    slider = make(t=0)
    assert steps_and_pitches(slider.notes) == [(step, 36) for step in (0, 8, 16, 24)]
    slider.model.decode_classes = lambda z: np.zeros((len(z), 32), int)  # silence of everything
    slider.interpolation = "lerp"
    assert len(slider.notes.notes) == 4
    slider.use_original_ends = False
    assert len(slider.notes.notes) == 0


def test_z_goes_from_end_to_end(make):
    slider = make(interpolation="lerp")
    ends = CrossFade().encode(list(slider.ends))
    for t in (0, 0.3, 0.5, 1):
        np.testing.assert_allclose(slider.at(t).z, (1 - t) * ends[0] + t * ends[1], atol=1e-6)


def test_the_cross_fade_has_the_notes_of_both_ends(make):
    slider = make(t=0.25)
    accents = {note.step: note.velocity for end in slider.ends for note in end.notes}
    assert [note.step for note in slider.crossfade.notes] == [0, 4, 8, 12, 16, 20, 24, 28]
    for note in slider.crossfade.notes:
        assert note.velocity == np.floor((0.25 if note.pitch == 38 else 0.75) * accents[note.step] + 0.5)
    assert slider.crossfade == lp.crossfade(*slider.ends, 0.25)


def test_one_switch_says_which_of_them_the_music_is(make):
    slider = make(t=0.5)
    assert slider.notes == slider.selected.notes == slider.current_music()
    slider.plays = "crossfade"
    assert slider.notes == slider.crossfade == slider.current_music()


def test_mutes_and_locks_hold_for_both(make):
    slider = make(t=0.5, mutes=[True, *[False] * 8], locks=[None, [1, 0] * 16, *[None] * 7])
    for music in (slider.selected.notes, slider.crossfade):
        assert steps_and_pitches(music) == [(step, 38) for step in range(0, 32, 2)]


def test_the_place_is_saved_as_a_file(make, tmp_path):
    slider = make(t=0.5, plays="crossfade", qpm=97)
    saved = lp.NoteSequence.from_midi(slider.save(tmp_path / "mix.mid"))
    assert (saved.steps, round(saved.qpm)) == (32, 97)
    assert steps_and_pitches(saved) == steps_and_pitches(slider.crossfade)


def test_the_row_is_its_steps(make):
    slider = make(n=5)
    assert [place.t for place in slider.row] == [0, 0.25, 0.5, 0.75, 1]
    assert slider.row[2] == slider.at(0.5)
    assert slider.row[1].label == "A .75 B .25"


def test_even_steps_change_equally_much(make):
    slider = make(n=5, interpolation="lerp")
    late = [[1] * max(0, place - 16) + [0] * (32 - max(0, place - 16)) for place in range(NUM_PLACES)]
    slider.model.decode_classes = lambda z: late
    slider.use_original_ends = False
    slider.interpolation = "slerp"
    slider.even_steps = True
    assert [len(place.notes.notes) for place in slider.row] == [0, 4, 8, 12, 16]


@pytest.mark.parametrize("case", EVEN, ids=lambda case: f"{case['n']} of {len(case['changes'])}")
def test_even_steps_are_chosen_as_the_browser_chooses_them(case):
    assert choose_even_places(case["changes"], case["n"]).tolist() == case["places"]


def test_the_place_can_be_observed(make):
    slider = make()
    seen = []
    slider.observe(lambda change: seen.append(change["new"].t), "selected")
    slider.t = 0.3
    slider.t = 0.3
    slider.qpm = 90
    assert seen == [0.3, 0.3]  # the second time at another tempo


def test_other_ends_are_assigned_in_one_message(make, wire):
    slider = make()
    wire.clear()
    slider.ends = ["Bossa", KICK]
    assert slider.labels == ["Bossa", "Loop B"]
    (message,) = [sent for sent in wire if sent.data.get("method") == "update"]
    assert {"end_clips", "labels"} <= set(message.data["state"])
    assert ["tiles"] in message.data["buffer_paths"]


def test_the_browser_sets_ends_and_requests_the_way_in_a_message_of_its_own(make, wire):
    slider = make()
    browser_sets(slider, {"end_clips": [clip_json([1] * 32), clip_json([2] * 32)]})
    assert slider.model.decoded == 1
    content, (tiles,) = asked(slider, wire, "decode")
    assert content["ok"]
    assert len(decode_clips(bytes(tiles))[0].notes) == 32
    assert slider.model.decoded == 2


def test_the_browser_requests_an_exact_place(make, wire):
    slider = make()
    browser_sets(slider, {"t": 0.51})
    assert slider.model.decoded == 1  # until somebody asks for the music, a drag costs nothing
    content, (clip,) = asked(slider, wire, "place", t=0.51)
    assert content["ok"]
    (decoded,) = decode_clips(bytes(clip))
    assert decoded == slider.selected.clip


@pytest.mark.parametrize("t", [-1, 2, float("nan"), "0.5", None, True])
def test_a_place_that_is_not_between_the_ends_is_refused(make, wire, t):
    slider = make()
    with pytest.raises(PaletteError, match="t, the place between A and B, is a number from 0 to 1"):
        slider.t = t
    with pytest.raises(PaletteError, match="from 0 to 1"):
        slider.at(t)
    assert not asked(slider, wire, "place", t=t)[0]["ok"]
    assert slider.t == 0.5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n": 1}, "2 to 33"),
        ({"n": 34}, "2 to 33"),
        ({"interpolation": "linear"}, "great circle"),
        ({"interpolation": 0.4}, "learned prior"),
        ({"plays": "mix"}, "'model' or 'crossfade'"),
        ({"autoplay_bars": 3}, "1, 2, 4, 8, 16, 32 or 64"),
        ({"snap": "yes"}, "snap"),
        ({"a": "Bosa"}, "End A: (.|\n)*Did you mean 'Bossa'"),
        ({"b": KICK.replace(steps=48)}, "End B: It is a loop of 32 steps"),
        ({"b": np.zeros(7)}, "End B: a z is an array of 288 numbers"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_what_to_do(make, change, message):
    with pytest.raises(PaletteError, match=message):
        make(**change)


def test_a_slider_without_a_model_says_what_it_needs():
    with pytest.raises(PaletteError, match="A slider needs a model"):
        InterpolationSlider("Bossa", "Trap")


def test_a_misspelt_setting_is_refused_with_the_nearest(make):
    with pytest.raises(TypeError, match="Did you mean 'autoplay'"):
        make(auto_play=True)


def test_with_a_learned_prior_the_way_follows_it(make):
    assert make(prior=Powers()).interpolation == 0.4
    assert make().interpolation == "slerp"


def test_its_source_makes_the_same_slider_again(make, monkeypatch):
    slider = make("Bossa", SNARE, t=0.3, n=4, snap=True, plays="crossfade", qpm=100)
    monkeypatch.setattr(lp, "load", lambda name: CrossFade())
    made = {}
    exec(slider.to_python(), made)
    again = made["slider"]
    assert (again.labels, again.t, again.n, again.snap, again.qpm) == (slider.labels, 0.3, 4, True, 100)
    assert again.notes == slider.notes


def test_its_state_is_a_file(make, tmp_path):
    slider = make("Bossa", SNARE, t=0.3, n=7, even_steps=True)
    file = slider.save_state(tmp_path / "slider.json")
    other = make()
    other.open_state(file)
    assert (other.t, other.n, other.even_steps, other.labels) == (0.3, 7, True, slider.labels)
    assert other.notes == slider.notes


def test_it_plays_in_a_session(make):
    slider = make(t=1)
    session = lp.Session([slider], qpm=96)
    assert slider.qpm == 96
    assert steps_and_pitches(session.notes) == steps_and_pitches(SNARE)


def test_its_picture_words_and_repr_say_what_it_is(make):
    slider = make("Bossa", SNARE, t=0.38)
    assert slider.to_png() == slider.to_png()
    assert slider.to_png().startswith(b"\x89PNG")
    words = "Interpolation slider from Bossa to Loop B, at A .62 B .38: as the model plays it, and as a mix"
    assert slider.alt_text() == words
    assert repr(slider) == "InterpolationSlider(drums-2bar, at .38 from Bossa to Loop B)"
    slider.t = 1
    assert "at 1.00" in repr(slider)


@pytest.mark.parametrize("name", ["melody-2bar", "melody-2bar-ae", "groove-4bar"])
def test_other_music_than_drums_can_be_interpolated(name):
    slider = InterpolationSlider(model=lp.load(name), t=0.4)
    assert slider.selected.notes.notes
    assert slider.crossfade.notes
    assert slider.notes.steps == slider.crossfade.steps


def test_a_slider_that_moves_by_itself_plays_its_ride_there_and_back():
    slider = InterpolationSlider(
        "Four on the floor", "Samba", CrossFade(), t=0.3, autoplay_bars=2, use_original_ends=False
    )
    assert slider.current_music() == slider.notes
    slider.autoplay = True
    ride = slider.current_music()
    assert (ride.steps, ride) == (64, slider.ride)
    first, back = ([(note.step % 4, note.pitch) for note in ride.notes if note.step // 4 == beat] for beat in (0, 15))
    a = [(note.step, note.pitch) for note in slider.at(0).notes.notes if note.step < 4]
    assert first == a
    near_a = [(note.step % 4, note.pitch) for note in slider.at(4 / 32).notes.notes if note.step // 4 == 7]
    assert back == near_a
    slider.launch_quantization = "loop"
    assert slider.ride.steps == 64
    slider.snap, slider.n = True, 2
    assert {note for note in slider.ride.notes if note.step < 32} == set(slider.at(0).notes.notes)
