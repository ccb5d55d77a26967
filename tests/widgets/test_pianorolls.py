from __future__ import annotations

import base64
import gzip
import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.audio.repeatable import RepeatableSound
from latentpalette.audio.sound import Sound
from latentpalette.errors import MusicError, PaletteError, SoundError
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.widgets import pianorolls, roll_sounds
from latentpalette.widgets.pianorolls import describe, mimebundle, show
from tests.widgets.conftest import browser_sends, browser_sets

LOOP = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)
TUNE = NoteSequence([Note(60, 0, 4), Note(64, 4, 4)], 16)


@pytest.fixture(autouse=True)
def quick_sounds(monkeypatch):
    """Sounds that need no synthesizer: as many frames as the sequence has steps."""

    def to_audio_bytes(self):
        return b"sound of %d" % self.samples.shape[1], "audio/mpeg"

    def render_repeatable(sequence, *, repeats):
        return RepeatableSound(Sound(np.zeros((2, sequence.steps), np.float32), 44_100), lead=3)

    monkeypatch.setattr(Sound, "to_audio_bytes", to_audio_bytes)
    monkeypatch.setattr(roll_sounds, "render_repeatable", render_repeatable)


def response_of(wire):
    return wire[-1].data["content"], wire[-1].buffers


def test_one_sequence_or_several_can_be_shown(wire):
    assert repr(show(LOOP)) == "PianoRolls(1)"
    assert repr(show([LOOP, LOOP, LOOP], "A . B")) == "PianoRolls(3: A · B)"
    assert lp.show is show


def test_each_sequence_has_its_caption_its_alt_text_and_its_sound(wire):
    rolls = show([LOOP, TUNE.replace(steps=32)], "beat tune")
    beat, tune = rolls.items
    assert (beat["label"], beat["caption"]) == ("beat", "4 notes · 1 bar · 120 qpm")
    assert beat["alt_text"] == "kick 2, snare 2"
    assert (tune["label"], tune["alt_text"]) == ("tune", "2 notes")
    assert rolls.sounds[beat["start"] :][: beat["length"]] == b"sound of 16"
    assert rolls.sounds[tune["start"] :][: tune["length"]] == b"sound of 32"
    assert beat["step_seconds"] * beat["steps"] == LOOP.seconds
    assert (beat["frames"], beat["lead"], tune["frames"]) == (16, 3, 32)


def test_loops_of_up_to_four_bars_repeat_unless_asked_not_to(wire):
    four_bars, five_bars = LOOP.replace(steps=64), LOOP.replace(steps=65)
    assert show([LOOP, four_bars]).repeat
    assert not show([LOOP, five_bars]).repeat
    assert show(five_bars, repeat=True).repeat
    assert not show(LOOP, repeat=False).repeat
    with pytest.raises(MusicError, match="repeat is True or False; got 1"):
        show(LOOP, repeat=1)


def test_a_roll_says_which_of_its_notes_are_silent(wire, monkeypatch):
    silent = Sound(np.zeros((2, 16), np.float32), 44_100, left_out=("a.sf2: program 0 (part) is silent",))
    monkeypatch.setattr(roll_sounds, "render_repeatable", lambda _, repeats: RepeatableSound(silent, 0))
    assert show(LOOP).items[0]["sound_note"] == "a.sf2: program 0 (part) is silent"


def test_what_travels_is_json(wire):
    rolls = show([LOOP, TUNE])
    assert len(json.dumps(rolls.items)) < 40_000


def test_rolls_side_by_side_share_their_rows(wire):
    heights = [item["height"] for item in show([LOOP, TUNE]).items]
    assert heights[0] == heights[1]
    assert heights[0] > show(LOOP).items[0]["height"]


def test_the_png_is_sent_too_for_as_long_as_nothing_else_is_drawn(wire):
    rolls = show([LOOP, TUNE])
    assert rolls.png == rolls.to_png()
    assert rolls.png.startswith(b"\x89PNG")


def test_the_alt_text_of_an_empty_sequence_is_silence(wire):
    assert show(NoteSequence(steps=16)).items[0]["alt_text"] == "silence"


def test_a_long_sound_is_rendered_when_it_is_requested(wire):
    long = NoteSequence(steps=600)
    rolls = show([LOOP, long])
    assert rolls.items[1]["length"] == 0
    browser_sends(rolls, {"type": "request", "id": "1", "name": "sound", "body": {"index": 1}})
    content, buffers = response_of(wire)
    assert content["ok"]
    assert bytes(buffers[0]) == b"sound of 600"
    assert (content["body"]["frames"], content["body"]["lead"]) == (600, 3)


def test_bokehjs_is_sent_when_it_is_requested_and_not_before(wire):
    rolls = show(LOOP)
    assert rolls.bokehjs == b""
    browser_sends(rolls, {"type": "request", "id": "1", "name": "bokehjs", "body": {}})
    content, buffers = response_of(wire)
    assert content == {"type": "response", "id": "1", "ok": True, "body": {}}
    assert b"Bokeh" in gzip.decompress(bytes(buffers[0]))


def test_without_a_soundfont_the_roll_is_shown_and_has_the_reason_of_its_silence(wire, monkeypatch):
    def no_sound(sequence, *, repeats):
        raise SoundError("none.sf2 cannot be read.")

    monkeypatch.setattr(roll_sounds, "render_repeatable", no_sound)
    rolls = show(LOOP)
    assert rolls.sounds == b""
    assert rolls.items[0]["sound_error"] == "none.sf2 cannot be read."
    browser_sends(rolls, {"type": "request", "id": "1", "name": "sound", "body": {"index": 0}})
    content, _ = response_of(wire)
    assert (content["ok"], content["error"]) == (False, "none.sf2 cannot be read.")


def test_a_saved_notebook_holds_a_picture_and_words_and_little_else(wire):
    data, _ = mimebundle(LOOP)
    assert set(data) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    assert data["text/plain"] == "NoteSequence(4 notes, 16 steps, 120 qpm)"
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert len(json.dumps(data)) < 60_000


def test_the_picture_has_a_text_alternative(wire):
    _, metadata = show([LOOP, TUNE.replace(steps=32)], "beat tune")._repr_mimebundle_()
    expected = "2 piano rolls: beat, 1 bar, 4 drum hits (kick 2, snare 2); tune, 2 bars, 2 notes"
    assert metadata["image/png"]["alt"] == expected


def test_a_program_that_only_records_gets_a_picture_and_no_view(wire, monkeypatch):
    monkeypatch.setenv("LATENTPALETTE_WIDGETS", "never")
    data, metadata = show(LOOP)._repr_mimebundle_()
    assert (set(data), data["text/plain"]) == ({"text/plain", "image/png"}, "PianoRolls(1)")
    wire.clear()
    assert set(LOOP._repr_mimebundle_()[0]) == {"text/plain", "image/png"}
    assert LOOP._repr_mimebundle_()[1] == metadata == {"image/png": {"alt": describe([LOOP])}}
    assert wire == [], "no widget was made"


def test_a_sequence_shows_itself(wire):
    data, _ = LOOP._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data


def test_a_row_of_five_saved_is_well_under_200_kb(wire):
    loops = [LOOP.replace(steps=32)] * 5
    assert len(json.dumps(show(loops, "A . . . B")._repr_mimebundle_()[0])) < 120_000


def test_in_a_terminal_only_text_is_made(monkeypatch):
    shell = SimpleNamespace(display_formatter=SimpleNamespace(active_types=["text/plain"]))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(pianorolls, "PianoRolls", None)
    assert mimebundle(LOOP) == {"text/plain": repr(LOOP)}


def test_a_page_of_its_own_has_everything_in_it(wire, tmp_path):
    page = show([LOOP, NoteSequence(steps=600)], "<b> B").to_html(tmp_path / "rolls.html").read_text(encoding="utf-8")
    assert "http" not in page.replace("http-equiv", "")
    assert "\\u003cb>" in page
    assert base64.b64encode(b"sound of 16sound of 600").decode() in page
    assert len(page) < 700_000


def test_of_a_very_long_sequence_the_beginning_is_drawn_and_nothing_is_rendered(wire):
    (item,) = show(NoteSequence(steps=10_000_000)).items
    assert item["caption"].endswith("625,000 bars · 120 qpm · bars 1 to 1,000 of 625,000 are drawn")
    rolls = show(NoteSequence(steps=10_000_000))
    browser_sends(rolls, {"type": "request", "id": "1", "name": "sound", "body": {"index": 0}})
    content, _ = response_of(wire)
    assert content["error"].startswith("It lasts 20,833 minutes; up to 30 minutes are played here.")


@pytest.mark.parametrize("index", [1, -1, 0.5, None, "0", True, 10**400])
def test_a_sound_that_there_is_not_is_refused_in_words(wire, index):
    browser_sends(show(LOOP), {"type": "request", "id": "1", "name": "sound", "body": {"index": index}})
    content, _ = response_of(wire)
    assert "index is a whole number from 0" in content["error"]


def test_no_trait_of_the_rolls_is_set_from_outside(wire):
    rolls = show(LOOP)
    items = rolls.items
    wire.clear()
    browser_sets(rolls, {"items": []})
    assert wire[0].data["content"]["error"].startswith("items is read-only: it follows from the sequences")
    with pytest.raises(PaletteError, match="png is read-only"):
        rolls.png = b""
    assert rolls.items is items


def test_sequences_of_different_tempos_say_so(wire):
    assert show([LOOP, LOOP.replace(qpm=93)]).tempo_note == "The tempos differ: each is played at its own."
    assert show([LOOP, LOOP]).tempo_note == ""


def test_a_setting_of_a_row_that_is_misspelt_is_refused_with_the_nearest():
    with pytest.raises(TypeError, match=r"no setting 'lables'. Did you mean 'labels'"):
        show(LOOP, lables="A")


def test_a_row_has_a_limited_number_of_sequences():
    with pytest.raises(MusicError, match=r"Up to 64 sequences are shown side by side; got 65\. Show some"):
        show([LOOP] * 65)


@pytest.mark.parametrize(("sequences", "labels"), [([], None), ([LOOP], ["a", "b"]), ([3], None), (3, None)])
def test_what_cannot_be_shown_is_refused(sequences, labels):
    with pytest.raises(MusicError):
        show(sequences, labels)
