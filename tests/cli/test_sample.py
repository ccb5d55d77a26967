import re

import pytest

from latentpalette.errors import FileError, ModelError
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.store import load, save
from latentpalette.music.sequence import NoteSequence
from tests.cli.runner import failure, file_names, run
from tests.models.tiny_models import SIZES, model_of


@pytest.fixture(scope="module")
def melodies(tmp_path_factory):
    return save(
        model_of(MAGENTA_CONFIGS["cat-mel_2bar_small"].replace(**SIZES)), tmp_path_factory.mktemp("models") / "tunes"
    )


def test_files_sort_in_the_order_of_the_samples(tmp_path):
    result = run("sample", "--n", 3, "--seed", 7, "--temperature", 0.8, "--name", "beat", "--out", tmp_path / "new")
    assert result.exit_code == 0, result.output
    assert file_names(tmp_path / "new") == ["beat-1-of-3.mid", "beat-2-of-3.mid", "beat-3-of-3.mid"]
    expected = load("drums-2bar").sample(3, temperature=0.8, seed=7)
    assert [NoteSequence.from_midi(tmp_path / "new" / name) for name in file_names(tmp_path / "new")] == expected
    assert result.output.count("beat-") == 3


def test_the_best_of_several_are_written_and_can_be_repeated(tmp_path):
    result = run("sample", "-n", 2, "--seed", 7, "--best-of", 4, "--name", "beat", "--out", tmp_path)
    expected = load("drums-2bar").sample(2, temperature=0.5, seed=7, best_of=4)
    assert [NoteSequence.from_midi(tmp_path / name) for name in file_names(tmp_path)] == expected
    assert "to repeat: --seed 7 --best-of 4" in result.output


def test_the_default_name_is_the_model_and_the_time(tmp_path):
    assert run("sample", "-n", 1, "--out", tmp_path).exit_code == 0
    (name,) = file_names(tmp_path)
    assert re.fullmatch(r"drums-2bar_sample_\d{4}-\d\d-\d\d_\d{6}-1-of-1\.mid", name)


def test_a_random_seed_is_printed_and_repeats_the_samples(tmp_path):
    first = run("sample", "-n", 2, "--out", tmp_path / "a", "--name", "x")
    seed = re.search(r"--seed (\d+)", first.output)[1]
    assert run("sample", "-n", 2, "--out", tmp_path / "b", "--name", "x", "--seed", seed).exit_code == 0
    for name in file_names(tmp_path / "a"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_temperature_0_is_arg_max(tmp_path):
    assert run("sample", "-n", 1, "--seed", 1, "--temperature", 0, "--out", tmp_path, "--name", "x").exit_code == 0
    (expected,) = load("drums-2bar").sample(1, temperature=None, seed=1)
    assert NoteSequence.from_midi(tmp_path / "x-1-of-1.mid") == expected


def test_gibbs_steps_are_passed_on(tmp_path):
    for gibbs_steps in (0, 2):
        run(
            "sample", "-n", 1, "--seed", 1, "--gibbs-steps", gibbs_steps, "--out", tmp_path, "--name", f"x{gibbs_steps}"
        )
        (expected,) = load("drums-2bar").sample(1, temperature=0.5, seed=1, gibbs_steps=gibbs_steps)
        assert NoteSequence.from_midi(tmp_path / f"x{gibbs_steps}-1-of-1.mid") == expected


def test_pictures_and_audio_are_written_on_request(tmp_path):
    result = run("sample", "-n", 1, "--name", "x", "--plot", "--format", "wav", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert file_names(tmp_path) == ["x-1-of-1.png", "x-1-of-1.wav"]
    assert (tmp_path / "x-1-of-1.png").read_bytes()[:4] == b"\x89PNG"
    assert (tmp_path / "x-1-of-1.wav").read_bytes()[:4] == b"RIFF"


def test_a_model_and_a_tempo_can_be_chosen(melodies, tmp_path):
    assert run("sample", "-m", melodies, "-n", 1, "--qpm", 93, "--name", "x", "--out", tmp_path).exit_code == 0
    tune = NoteSequence.from_midi(tmp_path / "x-1-of-1.mid")
    assert (tune.steps, round(tune.qpm, 2)) == (32, 93)


def test_chords_condition_a_model_that_takes_them(melodies, tmp_path):
    conditioned = save(model_of(MAGENTA_CONFIGS["cat-mel_2bar_med_chords"].replace(**SIZES)), tmp_path / "conditioned")
    options = ["-n", 1, "--seed", 1, "--name", "x", "--out", tmp_path, "--chords", "C Am, F G"]
    assert run("sample", "-m", conditioned, *options).exit_code == 0
    expected = load(conditioned).sample(1, temperature=0.5, seed=1, controls=["C", "Am", "F", "G"])
    assert NoteSequence.from_midi(tmp_path / "x-1-of-1.mid").notes == expected[0].notes
    error = failure("sample", "-m", melodies, *options)
    assert isinstance(error, ModelError)
    assert "takes no chords" in str(error)


def test_an_unknown_model_is_answered_with_the_nearest(tmp_path):
    error = failure("sample", "--model", "drum-2bar", "--out", tmp_path)
    assert isinstance(error, ModelError)
    assert "Did you mean 'drums-2bar'" in str(error)


def test_an_output_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("text")
    assert isinstance(failure("sample", "-n", 1, "--out", tmp_path / "file"), FileError)


def test_chords_of_a_lead_sheet_are_read_as_triads_and_those_that_say_more_are_named(tmp_path):
    conditioned = save(model_of(MAGENTA_CONFIGS["cat-mel_2bar_med_chords"].replace(**SIZES)), tmp_path / "conditioned")
    options = ["-m", conditioned, "-n", 1, "--seed", 1, "--name", "x", "--out", tmp_path]
    printed = run("sample", *options, "--chords", "C/E | Am7(b9, #11), F G")
    assert printed.exit_code == 0, printed.output
    assert "chords are read as triads: C/E as C, Am7(b9, #11) as Am" in " ".join(printed.output.split())
    expected = load(conditioned).sample(1, temperature=0.5, seed=1, controls=["C", "Am", "F", "G"])
    assert NoteSequence.from_midi(tmp_path / "x-1-of-1.mid").notes == expected[0].notes
    assert "read as triads" not in run("sample", *options, "--chords", "C Am").output
