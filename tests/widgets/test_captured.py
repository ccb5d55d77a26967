"""The music that was played last in the browser, in Python."""

import pretty_midi
import pytest

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.widgets.clips import Clip, encode_clips
from tests.widgets.conftest import browser_sends
from tests.widgets.fakes import MelodyFade

KICK = (0, 36, 1, 90, 0.25, 0)


@pytest.fixture
def play(wire):
    """Let the browser send what was played: ``play(palette, clips, tempos)`` returns the response."""

    def play_(palette, clips, tempos):
        wire.clear()
        body = {"tempos": tempos}
        browser_sends(palette, {"type": "request", "id": "1", "name": "captured", "body": body}, (encode_clips(clips),))
        [response] = [message.data["content"] for message in wire if message.data.get("method") == "custom"]
        return response

    return play_


def test_nothing_was_played_before_it_was(make):
    with pytest.raises(PaletteError, match="Nothing was played here yet"):
        _ = make().captured


def test_what_was_played_is_a_sequence_with_its_tempos(make, play, tmp_path):
    palette = make()
    take = Clip.of([KICK, (16, 38, 1, 90, 0, 0)], 32)
    assert play(palette, [take], [[0, 120], [16, 60]])["ok"]
    captured = palette.captured
    assert [(note.step, note.pitch) for note in captured.notes.notes] == [(0, 36), (16, 38)]
    assert (captured.notes.steps, captured.notes.qpm) == (32, 60)
    assert captured.tempos == ((0, 120.0), (16, 60.0))
    score = pretty_midi.PrettyMIDI(str(captured.save(tmp_path / "take.mid")))
    assert [round(note.start, 2) for note in score.instruments[0].notes] == [0.03, 2.0]
    assert score.get_tempo_changes()[1].round().tolist() == [120, 60]


@pytest.mark.parametrize(
    ("clips", "tempos", "message"),
    [
        ([], [[0, 120]], "is one clip; got 0"),
        ([None], [[0, 120]], "is one clip"),
        ([Clip.of([(0, 36, 1, 90, 0, 7)], 16)], [[0, 120]], "a stream that is not there: 7"),
        ([Clip.of([KICK], 16)], [], "tempos"),
        ([Clip.of([KICK], 16)], [[4, 120]], "begin at step 0"),
        ([Clip.of([KICK], 16)], [[0, 120], [8, 100], [8, 90]], "in order"),
        ([Clip.of([KICK], 16)], [[0, 4]], "20"),
    ],
)
def test_what_is_damaged_is_refused(make, play, clips, tempos, message):
    palette = make()
    response = play(palette, clips, tempos)
    assert not response["ok"]
    assert message in response["error"]
    with pytest.raises(PaletteError):
        _ = palette.captured


def test_what_the_instruments_of_a_session_played_is_one_piece_of_music(make, play):
    palette = make()
    rolls = lp.show(lp.NoteSequence([lp.Note(60, 0, 4, program=73)], steps=16))
    session = lp.Session([palette, rolls], qpm=100)
    with pytest.raises(PaletteError, match="Nothing was played here yet"):
        _ = session.captured
    flute = Clip.of([(8, 62, 4, 80, 0, 0)], 16)
    assert play(session, [Clip.of([KICK], 16), flute], [[0, 100]])["ok"]
    notes = session.captured.notes
    assert [(note.step, note.pitch, note.is_drum, note.program) for note in notes.notes] == [
        (0, 36, True, 0),
        (8, 62, False, 73),
    ]
    assert (notes.steps, notes.qpm) == (16, 100)
    assert "2 clips; got 1" in play(session, [flute], [[0, 100]])["error"]


def test_what_was_played_has_the_chosen_sounds(make, play):
    tune = lp.Palette(MelodyFade(), sounds=["Flute"])
    play(tune, [Clip.of([(0, 60, 4, 90, 0, 0)], 16)], [[0, 120]])
    assert {note.program for note in tune.captured.notes.notes} == {73}
