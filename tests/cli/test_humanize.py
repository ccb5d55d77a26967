import pytest

from latentpalette.errors import MidiError, ModelError
from latentpalette.models.groove import humanize
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.store import load, save
from latentpalette.music.presets import presets
from latentpalette.music.sequence import Note, NoteSequence, concatenate
from tests.cli.runner import failure, file_names, run
from tests.models.tiny_models import SIZES, model_of
from tests.music.midi_files import beat, track, whole_file

SONG = concatenate([presets()["Boom bap"].replace(qpm=90), presets()["Bossa"], presets()["Trap"].slice(0, 16)])


@pytest.fixture(scope="module")
def groove_model(tmp_path_factory):
    return save(
        model_of(MAGENTA_CONFIGS["groovae_2bar_humanize"].replace(**SIZES)), tmp_path_factory.mktemp("m") / "groove"
    )


@pytest.fixture
def song(tmp_path):
    return SONG.replace(notes=[*SONG.notes, Note(48, 0, 64, program=33)]).save(tmp_path / "song.mid")


def test_a_song_of_any_length_is_humanized_and_keeps_its_hits(song, groove_model, tmp_path):
    result = run("humanize", song, "--model", groove_model, "--plot")
    assert result.exit_code == 0, result.output
    assert file_names(tmp_path) == ["song.mid", "song_humanized.mid", "song_humanized.png"]
    quantized, humanized = (NoteSequence.from_midi(tmp_path / name) for name in ("song.mid", "song_humanized.mid"))
    assert (humanized.steps, round(humanized.qpm, 2)) == (80, 90)
    assert [(n.step, n.pitch) for n in humanized.notes] == [(n.step, n.pitch) for n in quantized.notes]
    drums = [note for note in humanized.notes if note.is_drum]
    assert len({note.velocity for note in drums}) > 3
    assert any(abs(note.offset) > 0.01 for note in drums)
    assert [note for note in humanized.notes if not note.is_drum] == [
        note for note in quantized.notes if not note.is_drum
    ]


def test_hits_may_be_replaced_by_the_models_own(song, groove_model, tmp_path):
    target = tmp_path / "new" / "free.mid"
    options = ["--replace-hits", "--temperature", 1, "--seed", 3, "--out", target]
    result = run("humanize", song, "--model", groove_model, *options)
    assert result.exit_code == 0, result.output
    expected = humanize(load(groove_model), NoteSequence.from_midi(song), keep_hits=False, temperature=1.0, seed=3)
    assert [(n.step, n.pitch) for n in NoteSequence.from_midi(target).notes] == [
        (n.step, n.pitch) for n in expected.notes
    ]
    assert "--seed 3" in result.output


def test_the_result_may_be_audio(song, groove_model, tmp_path):
    assert run("humanize", song, "--model", groove_model, "--out", tmp_path / "x.wav").exit_code == 0
    assert (tmp_path / "x.wav").read_bytes()[:4] == b"RIFF"
    error = failure("humanize", song, "--model", groove_model, "--out", tmp_path / "x.doc")
    assert isinstance(error, MidiError)
    assert "files end in .mid, .wav" in str(error)


def test_the_default_model_adds_velocities_and_microtiming(song):
    result = run("humanize", song)
    assert result.exit_code == 0, result.output
    notes = NoteSequence.from_midi(song.with_name(f"{song.stem}_humanized.mid")).notes
    assert len({note.velocity for note in notes}) > 3
    assert any(note.offset for note in notes)


def test_a_model_that_cannot_humanize_is_refused(song):
    error = failure("humanize", song, "--model", "drums-2bar")
    assert isinstance(error, ModelError)
    assert "drums-2bar cannot humanize" in str(error)


def test_a_song_without_drums_is_refused(groove_model, tmp_path):
    piano = NoteSequence([Note(60, 0)], steps=32).save(tmp_path / "piano.mid")
    error = failure("humanize", piano, "--model", groove_model)
    assert isinstance(error, MidiError)
    assert "piano.mid: no drums: channel 10 is empty; there is 1, Acoustic Grand Piano." in str(error)
    assert "--drums 1 on the command line" in str(error)


def test_drums_on_another_channel_are_chosen(groove_model, tmp_path):
    song = tmp_path / "song.mid"
    song.write_bytes(whole_file(track(*beat(2, channel=0))))
    assert isinstance(failure("humanize", song, "--model", groove_model), MidiError)
    result = run("humanize", song, "--drums", "channel 1", "--model", groove_model)
    assert result.exit_code == 0, result.output
    assert NoteSequence.from_midi(tmp_path / "song_humanized.mid").is_drums
