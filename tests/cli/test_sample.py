import re

import pytest

from latentpalette.errors import MidiError, ModelError
from latentpalette.models.config import CONFIGS
from latentpalette.models.store import load, save
from latentpalette.music.sequence import NoteSequence
from tests.cli.runner import failure, names, run
from tests.models.tiny_models import SIZES, model_of


@pytest.fixture(scope="module")
def melodies(tmp_path_factory):
    return save(model_of(CONFIGS["cat-mel_2bar_small"].replace(**SIZES)), tmp_path_factory.mktemp("models") / "tunes")


def test_samples_are_files_that_sort_as_they_were_drawn(tmp_path):
    result = run("sample", "--n", 3, "--seed", 7, "--temperature", 0.8, "--name", "beat", "--out", tmp_path / "new")
    assert result.exit_code == 0, result.output
    assert names(tmp_path / "new") == ["beat-1-of-3.mid", "beat-2-of-3.mid", "beat-3-of-3.mid"]
    expected = load("drums-2bar").sample(3, temperature=0.8, seed=7)
    assert [NoteSequence.from_midi(tmp_path / "new" / name) for name in names(tmp_path / "new")] == expected
    assert result.output.count("beat-") == 3


def test_without_a_name_the_model_and_the_time_are_the_name(tmp_path):
    assert run("sample", "-n", 1, "--out", tmp_path).exit_code == 0
    (name,) = names(tmp_path)
    assert re.fullmatch(r"drums-2bar_sample_\d{4}-\d\d-\d\d_\d{6}-1-of-1\.mid", name)


def test_a_seed_that_was_drawn_is_told_and_repeats_the_samples(tmp_path):
    first = run("sample", "-n", 2, "--out", tmp_path / "a", "--name", "x")
    seed = re.search(r"--seed (\d+)", first.output)[1]
    assert run("sample", "-n", 2, "--out", tmp_path / "b", "--name", "x", "--seed", seed).exit_code == 0
    for name in names(tmp_path / "a"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_temperature_of_nothing_takes_the_likeliest(tmp_path):
    assert run("sample", "-n", 1, "--seed", 1, "--temperature", 0, "--out", tmp_path, "--name", "x").exit_code == 0
    (expected,) = load("drums-2bar").sample(1, temperature=None, seed=1)
    assert NoteSequence.from_midi(tmp_path / "x-1-of-1.mid") == expected


def test_samples_are_rehearsed_as_often_as_asked(tmp_path):
    for often in (0, 2):
        run("sample", "-n", 1, "--seed", 1, "--rehearsals", often, "--out", tmp_path, "--name", f"x{often}")
        (expected,) = load("drums-2bar").sample(1, temperature=0.5, seed=1, rehearsals=often)
        assert NoteSequence.from_midi(tmp_path / f"x{often}-1-of-1.mid") == expected


def test_a_picture_lies_beside_each_and_sound_is_written_on_request(tmp_path):
    result = run("sample", "-n", 1, "--name", "x", "--plot", "--format", "wav", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert names(tmp_path) == ["x-1-of-1.png", "x-1-of-1.wav"]
    assert (tmp_path / "x-1-of-1.png").read_bytes()[:4] == b"\x89PNG"
    assert (tmp_path / "x-1-of-1.wav").read_bytes()[:4] == b"RIFF"


def test_any_model_samples_at_any_tempo(melodies, tmp_path):
    assert run("sample", "-m", melodies, "-n", 1, "--qpm", 93, "--name", "x", "--out", tmp_path).exit_code == 0
    tune = NoteSequence.from_midi(tmp_path / "x-1-of-1.mid")
    assert (tune.steps, round(tune.qpm, 2)) == (32, 93)


def test_chords_are_told_to_a_model_that_takes_them(melodies, tmp_path):
    steered = save(model_of(CONFIGS["cat-mel_2bar_med_chords"].replace(**SIZES)), tmp_path / "steered")
    options = ["-n", 1, "--seed", 1, "--name", "x", "--out", tmp_path, "--chords", "C Am, F G"]
    assert run("sample", "-m", steered, *options).exit_code == 0
    expected = load(steered).sample(1, temperature=0.5, seed=1, controls=["C", "Am", "F", "G"])
    assert NoteSequence.from_midi(tmp_path / "x-1-of-1.mid").notes == expected[0].notes
    error = failure("sample", "-m", melodies, *options)
    assert isinstance(error, ModelError)
    assert "takes no chords" in str(error)


def test_an_unknown_model_is_answered_with_the_known_ones(tmp_path):
    error = failure("sample", "--model", "drum-2bar", "--out", tmp_path)
    assert isinstance(error, ModelError)
    assert "Did you mean 'drums-2bar'" in str(error)


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("here")
    assert isinstance(failure("sample", "-n", 1, "--out", tmp_path / "file"), MidiError)
