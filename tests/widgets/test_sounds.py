"""Sounds and volumes of the streams: what plays them, how loud, in the music, in files and in the browser's kit."""

from __future__ import annotations

from threading import Event
from types import SimpleNamespace

import pytest

import latentpalette as lp
from latentpalette.errors import SoundError
from latentpalette.music.midi import read
from latentpalette.widgets import instrument as module
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.palette import Palette
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import Clicks


@pytest.fixture(autouse=True)
def rendered(monkeypatch):
    """The streams of every kit that is rendered, in order."""
    kits: list[list[str]] = []

    def render(streams):
        kits.append([stream.instrument for stream in streams])
        return Clicks()

    monkeypatch.setattr(module, "kit_of_streams", render)
    return kits


@pytest.fixture(scope="module")
def trio_model():
    return lp.load("trio-16bar")


@pytest.fixture
def trio(trio_model):
    return Palette(trio_model, size=3)


def programs(sequence):
    return {(note.is_drum, note.program) for note in sequence.notes}


def test_a_sound_is_a_general_midi_name_and_the_music_has_its_program(trio):
    assert trio.sounds == ["Acoustic Grand Piano", "Electric Bass (finger)", "Standard Kit"]
    trio.sounds = {"melody": "violin", "drums": "Brush Kit"}
    assert trio.sounds == ["Violin", "Electric Bass (finger)", "Brush Kit"]
    assert programs(trio.selected.notes) == {(False, 40), (False, 33), (True, 40)}
    assert trio.streams[0]["instrument"] == "Violin"


def test_sounds_are_settings_from_the_beginning(trio_model):
    palette = Palette(trio_model, size=3, sounds={"bass": "Cello"}, volumes={"drums": 0.5})
    assert palette.sounds[1] == "Cello"
    assert palette.volumes == [1, 1, 0.5]
    assert "sounds=['Acoustic Grand Piano', 'Cello', 'Standard Kit']" in palette.to_python()
    assert "volumes=[1.0, 1.0, 0.5]" in palette.to_python()


def test_the_model_reads_its_own_instruments_whatever_plays_them(trio):
    trio.sounds = {"bass": "Violin", "melody": "Flute"}
    before = trio.grid.copy()
    trio.corners = list(trio.corners)
    assert (trio.grid == before).all()


@pytest.mark.parametrize(
    ("sounds", "message"),
    [
        (
            {"melody": "Violina"},
            r"sounds \(melody\): No instrument .* is called .Violina.. Did you mean .Violin.",
        ),
        ({"melody": "piano"}, "Did you mean .Acoustic Grand Piano. or .Bright Acoustic Piano."),
        (
            {"drums": "Violin"},
            r"sounds \(drums\): No drum kit .* is called .Violin.. Pass a name, as .Standard Kit.",
        ),
        ({"melodie": "Violin"}, "there is no stream 'melodie'. Did you mean 'melody'"),
        (["Violin"], "3 values, one for each of melody, bass, drums"),
    ],
)
def test_a_sound_that_does_not_exist_is_refused_with_those_that_are_like_it(trio, sounds, message):
    with pytest.raises(SettingError, match=message):
        trio.sounds = sounds
    assert trio.sounds[0] == "Acoustic Grand Piano"


def test_a_kit_that_the_soundfont_lacks_is_refused(trio):
    with pytest.raises(SettingError, match=r"TimGM6mb.sf2 has no SFX Kit"):
        trio.sounds = {"drums": "SFX Kit"}


def test_a_volume_scales_velocities_and_at_zero_a_stream_is_left_out(trio):
    full = trio.selected.notes.notes
    trio.volumes = {"melody": 0.5, "bass": 0}
    soft = trio.selected.notes.notes
    assert not [note for note in soft if note.program == 33 and not note.is_drum]
    pairs = zip(*([note for note in notes if note.program == 0] for notes in (full, soft)), strict=True)
    for before, after in pairs:
        assert after.velocity == (before.velocity if before.is_drum else int(before.velocity / 2 + 0.5))


@pytest.mark.parametrize("volumes", [[1, 1], [1, 1, 1.5], {"melody": "loud"}, {"tuba": 1}])
def test_wrong_volumes_are_refused(trio, volumes):
    with pytest.raises(SettingError, match="volumes"):
        trio.volumes = volumes


def test_a_midi_file_has_programs_and_volumes(trio, tmp_path):
    trio.sounds = {"melody": "Flute"}
    trio.volumes = {"bass": 0.25}
    again = read(trio.selected.notes.save(tmp_path / "cell.mid"))
    assert programs(again) == {(False, 73), (False, 33), (True, 0)}
    assert max(note.velocity for note in again.notes if note.program == 33) <= 32


def test_the_state_has_them(trio, trio_model, tmp_path):
    trio.sounds = {"melody": "Oboe"}
    trio.volumes = {"bass": 0.3}
    other = Palette(trio_model, size=3)
    other.open_state(trio.save_state(tmp_path / "state.json"))
    assert (other.sounds[0], other.volumes) == ("Oboe", [1, 0.3, 1])
    assert other.streams[0]["instrument"] == "Oboe"


# --- the kit ------------------------------------------------------------------------------------------------------


@pytest.fixture
def ask(monkeypatch):
    """Ask an instrument whether its sounds are there, as its browser does."""

    def ask_(widget: Palette) -> dict:
        sent: list[dict] = []
        monkeypatch.setattr(widget, "send", lambda content, buffers=(): sent.append(content))
        browser_sends(widget, {"type": "request", "id": "1", "name": "sounds", "body": {}})
        return sent[0]

    return ask_


def slow(monkeypatch, *, fails: bool = False):
    """Let kits be rendered when the test says so."""
    gate = SimpleNamespace(open=Event(), rendered=[])

    def render(streams):
        gate.open.wait()
        if fails:
            raise SoundError("The font plays nothing.")
        gate.rendered.append([stream.instrument for stream in streams])
        return Clicks()

    monkeypatch.setattr(module, "kit_of_streams", render)
    return gate


def test_the_browser_s_choice_is_rendered_beside_all_else_and_sent_when_it_is_there(trio, monkeypatch, ask):
    gate = slow(monkeypatch)
    old = trio.kit
    monkeypatch.setattr(Clicks, "packed", lambda self, *, compressed=True: (b"new", []))
    browser_sets(trio, {"sounds": ["Violin", "Electric Bass (finger)", "Standard Kit"]})
    assert ask(trio)["body"] == {"ready": False}
    assert trio.kit == old  # it goes on to be played
    gate.open.set()
    trio.finish_kit()
    assert gate.rendered == [["Violin", "Electric Bass (finger)", "Standard Kit"]]
    assert ask(trio)["body"] == {"ready": True}
    assert trio.kit == b"new"


def test_a_kit_that_cannot_be_rendered_is_an_error_of_the_request(trio, monkeypatch, ask):
    gate = slow(monkeypatch, fails=True)
    trio.sounds = {"melody": "Violin"}
    gate.open.set()
    with pytest.raises(SoundError, match="plays nothing"):
        trio.finish_kit()
    assert ask(trio)["error"] == "The font plays nothing."


def test_an_instrument_is_made_before_its_sounds_and_a_page_of_it_waits_for_them(trio_model, monkeypatch):
    gate = slow(monkeypatch)
    palette = Palette(trio_model, size=3)
    assert palette.kit == b""
    gate.open.set()
    assert palette.standalone_state()["kit"]


def test_the_browser_knows_what_the_soundfont_has(trio):
    families = [family["family"] for family in trio.sound_choices["pitched"]]
    assert families[:3] == ["Piano", "Chromatic Percussion", "Organ"]
    assert "Jazz Kit" in trio.sound_choices["drums"][0]["names"]
    assert "sound_choices" not in trio.standalone_state()  # nothing renders them there
