"""What music is to be like is said by the same options in every command that asks a model for it."""

from __future__ import annotations

import pytest
import typer.main

import latentpalette as lp
from latentpalette.cli.app import app
from latentpalette.errors import ModelError
from tests.cli.runner import failure, run_ok


def test_the_commands_that_ask_have_the_same_options():
    commands = typer.main.get_command(app).commands
    options = {
        name: {parameter.name for parameter in commands[name].params if "Ask for" in (parameter.help or "")}
        for name in ("sample", "constrain")
    }
    assert options["sample"] == options["constrain"]
    assert len(options["sample"]) == 10


def test_a_condition_without_an_option_of_its_own_is_asked_for_by_its_name(tmp_path):
    run_ok("sample", "-m", "drums-2bar-dance", "-n", 1, "--ask", "danceability=4", "--seed", 7, "-o", tmp_path)
    (file,) = tmp_path.glob("*.mid")
    loop = lp.load("drums-2bar-dance").sample(1, temperature=0.5, danceability=4.0, seed=7)[0]
    assert lp.NoteSequence.from_midi(file) == loop


def test_a_name_is_as_good_as_its_own_option(tmp_path):
    files = tmp_path / "named.mid", tmp_path / "asked.mid"
    run_ok("constrain", "Bossa", "--density", 0.8, "-o", files[0])
    run_ok("constrain", "Bossa", "--ask", "density=0.8", "-o", files[1])
    named, asked = map(lp.NoteSequence.from_midi, files)
    assert named == asked


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (["--ask", "danceability"], "takes a condition and its value"),
        (["--ask", "=4"], "takes a condition and its value"),
        (["--ask", "density=0.5", "--density", "0.6"], "asked for twice"),
        (["--ask", "seed=3"], "seed is no condition"),
        (["--ask", "mood=calm"], "mood"),
    ],
)
def test_what_cannot_be_asked_for_is_an_error(tmp_path, asked, message):
    error = failure("sample", *asked, "-o", tmp_path)
    assert isinstance(error, ModelError)
    assert message in str(error)
