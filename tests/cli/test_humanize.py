import pytest

from latentpalette.errors import MidiError, ModelError
from latentpalette.models.config import CONFIGS
from latentpalette.models.groove import humanize
from latentpalette.models.store import load, save
from latentpalette.music.presets import presets
from latentpalette.music.sequence import Note, NoteSequence, concatenate
from tests.cli.runner import failure, names, run
from tests.models.tiny_models import SIZES, model_of

SONG = concatenate([presets()["Boom bap"].replace(qpm=90), presets()["Bossa"], presets()["Trap"].slice(0, 16)])


@pytest.fixture(scope="module")
def drummer(tmp_path_factory):
    return save(model_of(CONFIGS["groovae_2bar_humanize"].replace(**SIZES)), tmp_path_factory.mktemp("m") / "drummer")


@pytest.fixture
def song(tmp_path):
    return SONG.replace(notes=[*SONG.notes, Note(48, 0, 64, program=33)]).save(tmp_path / "song.mid")


def test_a_song_of_any_length_is_played_by_a_drummer(song, drummer, tmp_path):
    result = run("humanize", song, "--model", drummer, "--plot")
    assert result.exit_code == 0, result.output
    assert names(tmp_path) == ["song.mid", "song_humanized.mid", "song_humanized.png"]
    stiff, played = (NoteSequence.from_midi(tmp_path / name) for name in ("song.mid", "song_humanized.mid"))
    assert (played.steps, round(played.qpm, 2)) == (80, 90)
    assert [(n.step, n.pitch) for n in played.notes] == [(n.step, n.pitch) for n in stiff.notes]
    drums = [note for note in played.notes if note.is_drum]
    assert len({note.velocity for note in drums}) > 3
    assert any(abs(note.offset) > 0.01 for note in drums)
    assert [note for note in played.notes if not note.is_drum] == [note for note in stiff.notes if not note.is_drum]


def test_the_whole_performance_may_be_the_models(song, drummer, tmp_path):
    target = tmp_path / "new" / "free.mid"
    options = ["--whole", "--temperature", 1, "--seed", 3, "--out", target]
    result = run("humanize", song, "--model", drummer, *options)
    assert result.exit_code == 0, result.output
    expected = humanize(load(drummer), NoteSequence.from_midi(song), keep=False, temperature=1.0, seed=3)
    assert [(n.step, n.pitch) for n in NoteSequence.from_midi(target).notes] == [
        (n.step, n.pitch) for n in expected.notes
    ]
    assert "--seed 3" in result.output


def test_it_may_be_written_as_sound(song, drummer, tmp_path):
    assert run("humanize", song, "--model", drummer, "--out", tmp_path / "x.wav").exit_code == 0
    assert (tmp_path / "x.wav").read_bytes()[:4] == b"RIFF"
    error = failure("humanize", song, "--model", drummer, "--out", tmp_path / "x.doc")
    assert isinstance(error, MidiError)
    assert "files end in .mid, .wav" in str(error)


def test_the_model_that_comes_with_the_package_plays_a_beat_as_a_drummer_would(song):
    result = run("humanize", song)
    assert result.exit_code == 0, result.output
    strokes = NoteSequence.from_midi(song.with_name(f"{song.stem}_humanized.mid")).notes
    assert len({note.velocity for note in strokes}) > 3
    assert any(note.offset for note in strokes)


def test_a_model_of_another_kind_is_refused(song):
    error = failure("humanize", song, "--model", "drums-2bar")
    assert isinstance(error, ModelError)
    assert "drums-2bar cannot humanize" in str(error)


def test_a_song_without_drums_is_refused(drummer, tmp_path):
    piano = NoteSequence([Note(60, 0)], steps=32).save(tmp_path / "piano.mid")
    error = failure("humanize", piano, "--model", drummer)
    assert isinstance(error, MidiError)
    assert "piano.mid: no drums to humanize" in str(error)
