"""Sessions: instruments that play together, as Python sees them."""

import base64

import pretty_midi
import pytest

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.progress.parts import finish
from latentpalette.widgets.session import Session
from tests.widgets.conftest import browser_sends, browser_sets


@pytest.fixture
def two(make):
    return make(["Boom bap"] * 4, qpm=93), make(["Samba"] * 4)


def test_all_have_the_tempo_of_the_first_and_keep_to_one(two):
    session = Session(two)
    assert {each.qpm for each in (session, *two)} == {93}
    two[1].qpm = 120
    assert {each.qpm for each in (session, *two)} == {120}
    session.qpm = 77
    assert {each.qpm for each in (session, *two)} == {77}
    assert {each.session_id for each in two} == {session.widget_id}


def test_the_mix_is_what_all_play_at_one_tempo(two):
    session = Session(two, qpm=100)
    hits = [len(palette.selected.notes) for palette in two]
    assert len(session.notes) == sum(hits)
    assert (session.notes.qpm, session.notes.steps) == (100, 32)
    two[0].silenced = True
    assert len(session.notes) == hits[1]


def test_shorter_music_is_repeated_to_the_length_of_the_longest(make):
    short, long = make(["Boom bap"] * 4), make(["Samba"] * 4, tool="draw")
    long.path = [(0, 0), (0, 3)]
    session = Session([short, long])
    assert session.notes.steps == long.path.notes.steps == 4 * 32
    assert len(session.notes) == 4 * len(short.selected.notes) + len(long.path.notes)
    assert session.mix(bars=3).steps == 48


def test_the_mix_is_saved(two, tmp_path):
    file = Session(two).save(tmp_path / "mix.mid")
    notes = sum(len(part.notes) for part in pretty_midi.PrettyMIDI(str(file)).instruments)
    assert 0 < notes <= sum(len(palette.selected.notes) for palette in two)


def test_drums_and_a_melody_keep_their_instruments(make):
    tune = lp.Palette(lp.load("melody-2bar"), size=3)
    notes = Session([make(["Boom bap"] * 4), tune]).notes.notes
    assert {note.is_drum for note in notes} == {True, False}


@pytest.mark.parametrize("given", [[], None, 7, "drums", [7], {}])
def test_what_is_no_list_of_instruments_is_refused(given):
    with pytest.raises(PaletteError, match=r"session has|instrument is"):
        Session(given)


def test_an_instrument_is_there_once_and_has_one_name(two):
    with pytest.raises(PaletteError, match="each once; got 2"):
        Session([two[0], two[0]])
    with pytest.raises(PaletteError, match="as many names; got 1"):
        Session(two, names=["drums"])
    assert repr(Session(two, names=["drums", "more"])) == "Session(drums, more)"


def test_the_volumes_of_the_instruments_are_a_balance_of_the_mix(two):
    session = Session(two)
    two[0].volume, two[1].volume = 0.4, 0.8
    loud = {(note.step, note.pitch): note.velocity for note in two[1].selected.notes.notes}
    soft = {(note.step, note.pitch): note.velocity for note in two[0].selected.notes.notes}
    mixed = session.notes.notes
    assert all(
        note.velocity in {loud.get(at), int((soft.get(at, 0)) / 2 + 0.5)}
        for note in mixed
        for at in [(note.step, note.pitch)]
    )
    two[0].volume = 0
    assert len(session.notes) == len(loud)


def test_a_notebook_shows_one_view_and_one_picture_of_all(two):
    data, metadata = Session(two, names=["drums", "more"])._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"].startswith("Session: drums, Palette: 5 by 5 loops between")


LOOP = lp.NoteSequence.from_steps({"kick": [0, 8], "snare": [4]}, steps=16)
TUNE = lp.NoteSequence([lp.Note(60, 0, 4, program=73), lp.Note(67, 8, 4, program=73)], steps=20, qpm=90)


def test_music_and_piano_rolls_play_in_a_session_at_its_tempo(make):
    palette, rolls = make(["Samba"] * 4, qpm=93), lp.show([TUNE, LOOP], "A B")
    session = Session([palette, rolls, LOOP])
    assert [each.qpm for each in session.instruments] == [93] * 3
    assert [member["name"] for member in session.members][1:] == ["Piano rolls", "Piano roll"]
    assert session.notes.steps == 32
    flutes = [note.step for note in session.notes.notes if note.program == 73]
    assert flutes == [0, 8, 20, 28]
    rolls.roll = 1
    assert not [note for note in session.notes.notes if note.program == 73]


def test_rolls_that_play_in_order_are_in_the_mix_one_after_the_other(make):
    palette, rolls = make(["Samba"] * 4, qpm=93), lp.show([TUNE, LOOP], "A B")
    session = Session([palette, rolls])
    palette.silenced = True
    rolls.in_order = True
    assert session.notes.steps == 64, "two turns of two bars, as the longest has"
    flutes = [(note.step, note.pitch) for note in session.notes.notes if note.program == 73]
    assert flutes == [(0, 60), (8, 67), (20, 60), (28, 67)]
    assert [note.step for note in session.notes.notes if note.is_drum] == [32, 36, 40, 48, 52, 56]
    assert session.mix(bars=2).steps == 32
    assert "rolls.in_order = True" in rolls.to_python()
    rolls.in_order = False
    assert session.notes.steps == 20


def test_the_browser_has_the_notes_of_rolls_and_a_kit_of_the_pitches_that_are_played(make):
    rolls = lp.show([TUNE, LOOP])
    Session([make(["Samba"] * 4), rolls])
    assert [(stream["name"], stream["low"], stream["high"]) for stream in rolls.streams] == [
        ("Flute", 60, 67),
        ("drums", 36, 38),
    ]
    assert [clip["steps"] for clip in rolls.clips] == [20, 16]
    rolls.finish_kit()
    assert {entry["pitch"] for entry in rolls.kit_index if entry["stream"] == 1} == {36, 38}
    assert len(rolls.kit) < 60_000
    state = rolls.standalone_state()
    assert state["session_id"]
    assert state["kit"] == rolls.kit


def test_rolls_alone_have_no_kit():
    assert "kit" not in lp.show(TUNE).standalone_state()


@pytest.mark.parametrize(
    ("music", "message"),
    [(lp.NoteSequence(steps=16), "no note"), (lp.NoteSequence([lp.Note(60, 0)], steps=5000), "up to 4096 steps")],
)
def test_music_that_cannot_play_in_a_session_says_why(make, music, message):
    with pytest.raises(PaletteError, match=message):
        Session([make(["Samba"] * 4), music])


def test_of_two_instruments_that_hit_the_same_drum_the_louder_is_in_the_file(make, tmp_path):
    session = Session([make(["Samba"] * 4), make(["Samba"] * 4)])
    session.instruments[0].volume = 0.25
    score = pretty_midi.PrettyMIDI(str(session.save(tmp_path / "mix.mid")))
    alone = session.instruments[1].selected.notes
    assert [note.velocity for note in score.instruments[0].notes if note.pitch == 36] == [
        note.velocity for note in alone.notes if note.pitch == 36
    ]


def test_rolls_get_their_notes_and_sounds_when_the_page_asks_for_them(wire):
    rolls = lp.show(TUNE)
    ask = {"type": "request", "id": "1", "name": "join", "body": {}}
    browser_sends(rolls, ask)
    assert rolls.session_id == "page"
    assert [len(clip["notes"]) for clip in rolls.clips] == [2]
    rolls.finish_kit()
    assert rolls.kit
    browser_sets(rolls, {"session_id": ""})
    assert rolls.session_id == ""
    wire.clear()
    browser_sends(lp.show(lp.NoteSequence(steps=16)), ask)
    assert "no note" in wire[-1].data["content"]["error"]


def test_the_browser_saves_its_page_without_a_model_and_with_all_of_them():
    model = lp.load("drums-2d")
    session = Session([lp.Palette(model, size=3), lp.Sampler(model, 4)])
    asked = [{"name": "page", "body": {"model": part}} for part in ("none", "full")]
    plain, carrying = (finish(session._handle(each, []))[1][0] for each in asked)
    assert b'id="engine"' not in plain
    assert carrying.count(b'id="model-') == 1


def test_instruments_that_have_the_same_sounds_carry_them_once_in_a_page(two, tmp_path):
    page = Session(two).to_html(tmp_path / "session.html").read_text(encoding="utf-8")
    kit = base64.b64encode(two[0].kit).decode()
    assert two[0].kit == two[1].kit
    assert page.count(kit) == 1
