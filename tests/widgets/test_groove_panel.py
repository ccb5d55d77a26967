"""The groove panel as a Python object, over the shipped models."""

import mido
import pytest

import latentpalette as lp
from latentpalette.errors import ModelError, PaletteError
from latentpalette.widgets import instrument as module
from latentpalette.widgets.drum_sources import read_drums
from latentpalette.widgets.groove_panel import GroovePanel
from tests.music.midi_files import part, whole_file
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import Clicks

BEAT = lp.NoteSequence.from_steps(
    {"kick": [0, 8], "snare": [4, 12, 20, 36], "closed hat": [2, 6, 10]}, steps=48, qpm=93
)
PITCHED = whole_file(part("Pads", 0, [36, 38]), part("Lead", 73, [42], channel=1))
SONG = lp.NoteSequence(
    [
        lp.Note(60, 0, 16, program=4),
        *(lp.Note(36, step, is_drum=True) for step in (0, 8, 16)),
        lp.Note(38, 4, velocity=90, is_drum=True),
        lp.Note(20, 9, is_drum=True),  # a sound of some kit, for which the model has no class
    ],
    steps=32,
    qpm=101,
)


@pytest.fixture
def make(wire, monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    return GroovePanel


def places(music):
    return sorted((note.step, note.pitch) for note in music.notes)


def asked(panel, wire, request, buffers=(), **body):
    """Send a request of the browser; return the body of the response and its buffers."""
    wire.clear()
    browser_sends(panel, {"type": "request", "id": "1", "name": request, "body": body}, buffers)
    content = wire[-1].data["content"]
    assert content["ok"], content
    return content["body"], wire[-1].buffers


def test_the_played_loop_has_the_hits_of_the_written_one(make):
    panel = make(BEAT)
    assert places(panel.written) == places(panel.played) == places(panel.notes) == places(BEAT)
    assert len({note.velocity for note in panel.played.notes}) > 2
    assert panel.qpm == 93
    humanized = lp.humanize(lp.load("groove-humanize"), BEAT)
    for note, expected in zip(panel.notes.notes, humanized.notes, strict=True):
        assert (note.step, note.pitch, note.velocity) == (expected.step, expected.pitch, expected.velocity)
        assert note.offset == pytest.approx(expected.offset, abs=0.002)  # offsets have 254 places in a step


def test_no_timing_and_no_velocity_is_the_loop_as_it_was_given(make):
    panel = make(BEAT, timing=0, velocity=0)
    assert panel.notes == BEAT
    panel.timing = 2
    assert panel.notes != BEAT


def test_another_drummer_plays_the_same_hits(make):
    usual, other = make(BEAT), make(BEAT, spread=1, seed=3)
    assert places(other.notes) == places(usual.notes)
    assert other.notes != usual.notes
    assert other.notes == make(BEAT, spread=1, seed=3).notes


def test_a_loop_of_any_length_is_filled_up_to_whole_bars(make):
    panel = make(BEAT.replace(steps=41))
    assert (panel.written.steps, panel.notes.steps) == (48, 48)


def test_all_else_of_a_song_stays_as_it_was(make, tmp_path):
    file = SONG.save(tmp_path / "song.mid")
    panel = make(file, swing=1)
    assert panel.label == "song.mid"
    assert [text.partition(":")[0] for text in panel.left_out] == [
        "1 note of other instruments",
        "1 hit of percussion that the model has no class for",
    ]
    saved = lp.NoteSequence.from_midi(panel.save(tmp_path / "new.mid"))
    assert [note for note in saved.notes if not note.is_drum] == [SONG.notes[1]]
    assert places(saved) == places(SONG)
    other = next(note for note in saved.notes if note.pitch == 20)
    assert other.velocity == 80
    assert other.offset == pytest.approx(0.5, abs=0.01)  # it swings with the drums
    names = [[event for event in track if event.type == "program_change"] for track in mido.MidiFile(file).tracks]
    assert names == [
        [event for event in track if event.type == "program_change"]
        for track in mido.MidiFile(tmp_path / "new.mid").tracks
    ]


def test_a_flam_keeps_both_of_its_hits(make):
    flam = lp.NoteSequence(
        [lp.Note(38, 4, velocity=40, offset=-0.25, is_drum=True), lp.Note(38, 4, velocity=110, is_drum=True)], steps=16
    )
    assert len(make(flam).notes.notes) == 2


def test_a_preset_is_read_as_it_is_written(make):
    panel = make("Boom bap")
    assert places(panel.written) == places(lp.presets()["Boom bap"])
    assert {note.offset for note in panel.written.notes} == {0}


@pytest.mark.parametrize(
    ("loop", "message"),
    [
        ("Boom bop", "Did you mean 'Boom bap'"),
        ("nowhere.mid", "no such file"),
        (7, "A loop is a NoteSequence, the name of a preset, or a MIDI file"),
        (lp.NoteSequence([lp.Note(60, 0)], steps=16), "no drums that the model knows"),
        (BEAT.replace(steps=16 * 300), "300 bars; a panel takes up to 256"),
    ],
)
def test_what_is_no_drum_loop_is_refused_with_what_to_do(make, loop, message):
    with pytest.raises(PaletteError, match=message):
        make(loop)


def test_a_model_of_another_task_is_refused(make):
    with pytest.raises(ModelError, match="cannot humanize"):
        make(BEAT, lp.load("groove-tap"))


@pytest.mark.parametrize(
    "setting", [{"timing": 2.5}, {"swing": -1}, {"swing_of": "quarters"}, {"plays": "A"}, {"spread": 9}]
)
def test_settings_out_of_range_are_refused(make, setting):
    with pytest.raises(PaletteError, match=next(iter(setting))):
        make(BEAT, **setting)


def test_the_browser_asks_for_another_drummer(make, wire):
    panel = make(BEAT)
    body, _ = asked(panel, wire, "humanize", written_clip=panel.written_clip, spread=1, seed=4)
    browser_sets(panel, {**body, "spread": 1, "seed": 4})
    assert panel.notes == make(BEAT, spread=1, seed=4).notes


def test_the_browser_asks_for_hats(make, wire):
    panel = make(lp.NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=32))
    body, _ = asked(panel, wire, "hats", written_clip=panel.written_clip, temperature=0.8, spread=0, seed=1)
    browser_sets(panel, body)
    added = {note.pitch for note in panel.notes.notes} - {36, 38}
    assert added == {42}
    assert {note.offset for note in panel.written.notes} == {0}


def test_the_browser_sends_taps_and_every_tap_sounds_where_it_was(make, wire):
    panel = make(BEAT)
    taps = [[0, 0.0], [3, 0.2], [6, -0.2], [8, 0.1], [11, 0.0], [14, 0.3]]
    body, _ = asked(panel, wire, "tap", taps=taps, bars=1, temperature=0.7, seed=1)
    browser_sets(panel, {**body, "label": "Tapped", "source_id": "", "taps": taps})
    offsets = {note.step: note.offset for note in panel.notes.notes}
    assert panel.notes.steps == 16
    for step, offset in taps:
        assert offsets[step] == pytest.approx(offset, abs=0.01)
    assert {note.offset for note in panel.written.notes} == {0}


def test_no_taps_are_no_drums(make, wire):
    panel = make(BEAT)
    body = {"taps": [], "bars": 2, "temperature": 0.7, "seed": 1}
    wire.clear()
    browser_sends(panel, {"type": "request", "id": "1", "name": "tap", "body": body})
    assert "Tap a rhythm" in wire[-1].data["content"]["error"]


def test_the_browser_loads_a_song_and_takes_it_away_with_its_new_drums(make, wire, tmp_path):
    panel = make("Bossa")
    data = SONG.save(tmp_path / "song.mid").read_bytes()
    body, _ = asked(panel, wire, "song", (data,), name="song.mid", track=None, spread=0, seed=1)
    assert body.pop("qpm") == pytest.approx(101, abs=0.01)
    loop = {name: body[name] for name in ("written_clip", "played_clip", "left_out", "source_id")}
    browser_sets(panel, {**loop, "label": "song.mid"})
    _, (file,) = asked(panel, wire, "file")
    assert places(lp.NoteSequence.from_midi(bytes(file))) == places(SONG)
    browser_sets(panel, {"source_id": ""})
    assert not any(note.pitch == 60 for note in panel.notes.notes)


def test_the_browser_chooses_the_track_that_is_the_drums_of_a_song(make, wire):
    panel = make("Bossa")
    body, _ = asked(panel, wire, "song", (PITCHED,), name="x.mid", track=None, spread=0, seed=1)
    assert body["reason"].startswith("MIDI file: no drums that the model knows, among 16 notes")
    assert [(entry["number"], entry["name"]) for entry in body["tracks"]] == [(1, "Pads"), (2, "Lead")]
    chosen, _ = asked(panel, wire, "song", (PITCHED,), name="x.mid", track=1, spread=0, seed=1)
    assert (chosen["track"], chosen["takes"]) == (1, "drums")
    assert {note[1] for note in chosen["written_clip"]["notes"]} == {36, 38}
    loop = {name: chosen[name] for name in ("written_clip", "played_clip", "left_out", "source_id")}
    browser_sets(panel, {**loop, "label": "x.mid"})
    _, (file,) = asked(panel, wire, "file")
    written = lp.NoteSequence.from_midi(bytes(file))
    assert not any(note.is_drum for note in written.notes)  # they stay where they are
    assert sum(note.pitch == 36 for note in written.notes) == 4
    both = {read_drums(PITCHED, drums=track).name for track in (1, 2)}
    assert len(both) == 2


def test_what_is_muted_is_neither_in_the_notes_nor_in_the_file(make, tmp_path):
    file = SONG.save(tmp_path / "song.mid")
    for panel in (make(file), make(SONG)):
        panel.mutes = [True, *panel.mutes[1:]]
        assert 36 not in {note.pitch for note in panel.notes.notes}
        saved = lp.NoteSequence.from_midi(panel.save(tmp_path / "new.mid"))
        assert places(saved) == places(panel.notes) == sorted(set(places(SONG)) - {(0, 36), (8, 36), (16, 36)})


def test_a_saved_state_has_the_loop_its_feel_and_the_rest_of_its_song(make, tmp_path):
    file = SONG.save(tmp_path / "song.mid")
    panel = make(file, timing=0.5, swing=0.25, spread=1, seed=3)
    panel.mutes = [True, *panel.mutes[1:]]
    saved = panel.save_state(tmp_path / "groove.json")
    again = make(file)
    again.qpm = panel.qpm
    again.open_state(saved)
    assert again.notes == panel.notes
    assert any(note.pitch == 60 for note in again.notes.notes)


def test_a_state_of_a_file_that_is_not_here_has_the_drums_and_says_what_to_do(make, tmp_path):
    panel = make(SONG.save(tmp_path / "song.mid"))
    other = make("Bossa")
    other.open_state(panel.save_state(tmp_path / "groove.json"))
    assert other.written.notes == panel.written.notes
    assert (other.source_id, other.label) == ("", "song.mid")
    assert other.left_out == ["The rest of the song is not here: load its file again to save the drums with it."]


def test_a_file_that_is_gone_is_still_what_the_drums_are_saved_in(make, tmp_path):
    file = SONG.save(tmp_path / "song.mid")
    panel = make(file)
    file.unlink()
    assert places(lp.NoteSequence.from_midi(panel.save(tmp_path / "new.mid"))) == places(SONG)


def test_the_browser_shows_that_a_file_is_not_there(make, wire):
    panel = make("Bossa")
    wire.clear()
    browser_sets(panel, {"source_id": "another panel's"})
    assert panel.source_id == ""
    (sent,) = [message.data["state"] for message in wire if "left_out" in message.data.get("state", {})]
    assert sent["left_out"] == panel.left_out


@pytest.mark.parametrize("bars", [1, 3, 5, 40])
def test_a_loop_of_any_number_of_bars_is_played(make, bars):
    loop = lp.NoteSequence([lp.Note(36, 4 * beat, is_drum=True) for beat in range(4 * bars)], steps=16 * bars)
    panel = make(loop)
    assert panel.played.steps == loop.steps
    assert places(panel.notes) == places(loop)
    assert any(note.offset for note in panel.played.notes if note.step >= loop.steps - 16)  # to its end


def test_its_source_makes_the_same_panel_again(make):
    for panel in (make("Bossa", timing=0.5, spread=1, seed=9), make(BEAT, swing=0.25, label="mine")):
        made = {}
        exec(panel.to_python(), made)
        again = made["panel"]
        assert places(again.notes) == places(panel.notes)
        assert (again.timing, again.swing, again.label) == (panel.timing, panel.swing, panel.label)
        assert again.played.notes == panel.played.notes


def test_its_source_has_all_of_a_song(make, tmp_path):
    file = SONG.save(tmp_path / "song.mid")
    edited = make(file.read_bytes(), timing=0.5)
    edited.written_clip = {**edited.written_clip, "notes": edited.written_clip["notes"][:-1]}
    for panel in (make(SONG, qpm=97), make(file), edited):
        made = {}
        exec(panel.to_python(), made)
        assert places(made["panel"].notes) == places(panel.notes)
        assert made["panel"].left_out == panel.left_out
        assert made["panel"].qpm == panel.qpm
    assert str(file) in make(file).to_python()


def test_its_picture_words_and_repr_say_what_it_is(make):
    panel = make(BEAT, timing=0.5, swing=0.3)
    assert panel.to_png().startswith(b"\x89PNG")
    assert panel.alt_text() == "Groove panel: Loop, 3 bars, as written and as played"
    assert repr(panel) == "GroovePanel(Loop, 3 bars: timing 50 %, velocity 100 %, swing 30 %)"
