"""The melody mixer as a Python object."""

import mido
import numpy as np
import pytest

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.music.presets import presets
from latentpalette.widgets import instrument as module
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.melody_mixer import MelodyMixer
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import Clicks, CrossFade, Powers, clip_json

KICK = lp.NoteSequence.from_steps({"kick": [0, 8]}, steps=16)
SNARE = lp.NoteSequence.from_steps({"snare": [4, 12, 20, 28]}, steps=32)


@pytest.fixture
def mix(wire, monkeypatch):
    """Make a mixer over a fake model: ``mix(a, b, n=5)``."""
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())

    def make(a=KICK, b=SNARE, *, prior=None, **settings):
        return MelodyMixer(a, b, CrossFade(prior=prior), **{"n": 5, **settings})

    return make


def steps_and_pitches(music):
    return [(note.step, note.pitch) for note in music.notes]


def test_the_row_is_decoded_in_one_batch(mix):
    assert mix(n=33).model.decoded == 1


def test_the_ends_of_the_row_are_the_ends_themselves(mix):
    mixer = mix()
    assert steps_and_pitches(mixer.row[0].notes) == [(step, 36) for step in (0, 8, 16, 24)]
    assert steps_and_pitches(mixer.row[-1].notes) == steps_and_pitches(SNARE)


def test_the_ends_are_reconstructions_where_that_is_asked_for(mix):
    mixer = mix()
    mixer.model.decode_classes = lambda z: np.zeros((len(z), 32), int)  # silence of everything
    mixer.n = 4
    assert len(mixer.row[0].notes.notes) == 4
    mixer.use_original_ends = False
    assert len(mixer.row[0].notes.notes) == 0


def test_z_goes_from_end_to_end(mix):
    mixer = mix(n=3, interpolation="lerp")
    ends = CrossFade().encode(list(mixer.ends))
    np.testing.assert_allclose(mixer.row[0].z, ends[0])
    np.testing.assert_allclose(mixer.row[1].z, ends.mean(axis=0))


def test_without_ends_two_presets_are_mixed(wire, monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    mixer = MelodyMixer(model=CrossFade())
    assert set(mixer.labels) <= set(presets())
    assert len(set(mixer.labels)) == 2


def test_the_row_is_one_piece_of_exactly_all_its_bars(mix):
    mixer = mix(n=3)
    assert mixer.notes.steps == 96
    assert mixer.notes.slice(64, 96).notes == mixer.row[2].notes.notes
    mixer.row_mode = "ping-pong"
    assert mixer.notes.steps == 128


def test_the_row_is_saved_with_a_marker_for_each_step(mix, tmp_path):
    mixer = mix(n=3, qpm=97)
    saved = lp.NoteSequence.from_midi(mixer.save(tmp_path / "row.mid"))
    assert (saved.steps, round(saved.qpm)) == (96, 97)
    assert steps_and_pitches(saved) == steps_and_pitches(mixer.notes)
    track = mido.MidiFile(tmp_path / "row.mid").tracks[0]
    markers = [event.text for event in track if event.type == "marker"]
    assert markers == ["step 1 - A 1.00 B .00", "step 2 - A .50 B .50", "step 3 - A .00 B 1.00"]


def test_muted_lanes_are_left_out_of_the_row_and_of_its_changes(mix):
    mixer = mix(n=2)
    assert mixer.changes == [8]
    mixer.mutes = [True, *[False] * 8]
    assert len(mixer.row[0].notes.notes) == 0
    assert mixer.changes == [4]


def test_even_steps_change_equally_much(mix):
    kicks, more = (lp.NoteSequence.from_steps({"kick": list(range(0, last, 2))}, steps=32) for last in (2, 32))
    mixer = mix(kicks, more, n=3, interpolation="lerp")

    def decode_gradually(places):
        share = np.clip(np.asarray(places)[:, ::9].sum(1) / 16, 0, 1) ** 3  # nothing happens for long, then all
        return [[int(step % 2 == 0 and step < 32 * part) for step in range(32)] for part in share]

    mixer.model.decode_classes = decode_gradually
    mixer.use_original_ends = False
    mixer.n = 5
    uneven = max(mixer.changes)
    mixer.even_steps = True
    assert max(mixer.changes) < uneven
    assert mixer.row[0].position == 0
    assert mixer.row[-1].position == 1


def test_the_chosen_step_is_selected_and_can_be_observed(mix):
    mixer = mix()
    seen = []
    mixer.observe(lambda change: seen.append(change["new"].index), "selected")
    mixer.tile = 3
    assert seen == [3]
    assert mixer.selected == mixer.row[3]


def test_another_number_of_steps_keeps_the_place_on_the_way(mix):
    mixer = mix(n=5, tile=3)
    mixer.n = 9
    assert (mixer.tile, len(mixer.row)) == (6, 9)


def test_other_ends_are_assigned_in_one_message(mix, wire):
    mixer = mix()
    wire.clear()
    mixer.ends = ["Bossa", KICK]
    assert mixer.labels == ["Bossa", "Loop B"]
    (message,) = [sent for sent in wire if sent.data.get("method") == "update"]
    names = set(message.data["state"]) | {path[0] for path in message.data["buffer_paths"]}
    assert {"end_clips", "labels", "tiles"} <= names


def test_the_browser_sets_ends_and_requests_the_row_in_a_message_of_its_own(mix, wire):
    mixer = mix()
    browser_sets(mixer, {"end_clips": [clip_json([1] * 32), clip_json([2] * 32)], "n": 3})
    assert mixer.model.decoded == 1
    wire.clear()
    browser_sends(mixer, {"type": "request", "id": "1", "name": "decode", "body": {}})
    (response,) = [sent for sent in wire if sent.data.get("method") == "custom"]
    assert response.data["content"]["ok"]
    assert [len(clip.notes) for clip in decode_clips(bytes(response.buffers[0]))] == [32, 64, 32]
    assert mixer.model.decoded == 2
    assert len(mixer.row) == 3


def test_a_sample_is_requested_with_temperature_and_seed(mix, wire):
    mixer = mix()
    wire.clear()
    body = {"temperature": 0.8, "seed": 7}
    browser_sends(mixer, {"type": "request", "id": "1", "name": "sample", "body": body})
    assert wire[-1].data["content"]["body"]["label"] == "Sampled #7"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n": 1}, "2 to 33"),
        ({"n": 34}, "2 to 33"),
        ({"interpolation": "linear"}, "great circle"),
        ({"interpolation": 0.4}, "learned prior"),
        ({"plays": "all"}, "tile"),
        ({"a": "Bosa"}, "End A: (.|\n)*Did you mean 'Bossa'"),
        ({"b": KICK.replace(steps=48)}, "End B: It is a loop of 32 steps"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_what_to_do(mix, change, message):
    with pytest.raises(PaletteError, match=message):
        mix(**change)


def test_a_mixer_without_a_model_says_what_it_needs():
    with pytest.raises(PaletteError, match="needs a model"):
        MelodyMixer("Bossa", "Trap")


def test_a_misspelt_setting_is_refused_with_the_nearest(mix):
    with pytest.raises(TypeError, match="Did you mean 'even_steps'"):
        mix(even_step=True)


def test_with_a_learned_prior_the_blend_follows_it(mix):
    assert mix(prior=Powers()).interpolation == 0.4
    assert mix().interpolation == "slerp"


def test_its_source_makes_the_same_mixer_again(mix, monkeypatch):
    mixer = mix("Bossa", SNARE, n=4, row_mode="once", qpm=100)
    source = mixer.to_python()
    monkeypatch.setattr(lp, "load", lambda name: CrossFade())
    made = {}
    exec(source, made)
    again = made["mixer"]
    assert (again.labels, again.n, again.row_mode, again.qpm) == (mixer.labels, 4, "once", 100)
    assert [tile.notes for tile in again.row] == [tile.notes for tile in mixer.row]


def test_its_picture_words_and_repr_say_what_it_is(mix):
    mixer = mix("Bossa", SNARE)
    assert mixer.to_png() == mixer.to_png()
    assert mixer.to_png().startswith(b"\x89PNG")
    assert mixer.alt_text() == "Mixer: 5 steps from Bossa to Loop B, 10 bars"
    assert repr(mixer) == "MelodyMixer(drums-2bar, 5 steps from Bossa to Loop B)"


@pytest.mark.parametrize("name", ["melody-2bar", "groove-4bar"])
def test_other_music_than_drums_can_be_mixed(name):
    mixer = MelodyMixer(model=lp.load(name), n=3)
    assert mixer.notes.steps == 3 * mixer.row[0].notes.steps
    assert all(tile.notes.notes for tile in mixer.row)


def test_a_page_of_its_own_says_what_it_is(mix, tmp_path):
    text = mix().to_html(tmp_path / "evening.html").read_text(encoding="utf-8")
    assert "<h1>evening</h1><p>From A to B in steps" in text
    assert "Melody Mixer, drums-2bar, by latentpalette." in text
