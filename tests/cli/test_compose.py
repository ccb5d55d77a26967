"""A prior over songs is fitted by one command, and another composes with it."""

from __future__ import annotations

import pytest

import latentpalette as lp
from latentpalette.errors import ModelError
from tests.cli.runner import failure, run_ok


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Return the folder of a model, into which the command has written a prior over a few songs."""
    root = tmp_path_factory.mktemp("compose")
    for number, loops in enumerate(list(lp.style_loops().values())[:14]):
        lp.concatenate([*loops, *loops][:8]).save(root / "songs" / f"{number}.mid")
    folder = lp.save(lp.load("drums-2bar"), root / "model")
    printed = run_ok("fit-songs", root / "songs", "--model", folder, "--max-steps", 4, "--width", 8, "--blocks", 1)
    assert "songs.safetensors" in printed
    assert "songs" in printed.partition("learned from ")[2]
    return folder


def test_a_song_is_composed_as_in_python(model, tmp_path):
    out = tmp_path / "song.mid"
    assert "3 windows of 3 made; to repeat: --seed 5" in run_ok("compose", 3, "-m", model, "--seed", 5, "-o", out)
    assert lp.NoteSequence.from_midi(out) == lp.concatenate(lp.compose(lp.load(model), 3, seed=5))


def test_a_gap_between_two_presets_is_filled(model, tmp_path):
    out = tmp_path / "song.mid"
    printed = run_ok("compose", "Bossa", 2, "Samba", "-m", model, "--seed", 5, "--qpm", 100, "-o", out)
    assert "2 windows of 4 made" in printed
    song = lp.NoteSequence.from_midi(out)
    assert (song.steps, song.qpm) == (128, 100)
    whole = lp.fill(lp.load(model), ["Bossa", None, None, "Samba"], seed=5, qpm=100)
    assert song == lp.concatenate([lp.presets()["Bossa"], *whole[1:3], lp.presets()["Samba"]]).replace(qpm=100)


def test_a_song_that_is_too_long_or_of_another_model_is_an_error(model, tmp_path):
    assert "1 to 256 windows" in str(failure("compose", 257, "-m", model, "-o", tmp_path / "x.mid"))
    error = failure("compose", 2, "-m", "drums-2d", "-o", tmp_path / "x.mid")
    assert isinstance(error, ModelError)
    assert "no learned prior over songs" in str(error)


def test_a_folder_without_a_model_is_an_error(tmp_path):
    assert "not a model's folder" in str(failure("fit-songs", tmp_path, "--model", tmp_path))
