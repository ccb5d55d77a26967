"""Old names of options are accepted for one release."""

from __future__ import annotations

import pytest
import typer

from latentpalette.cli.app import app
from latentpalette.cli.old_options import OLD_OPTIONS

COMMANDS = typer.main.get_command(app).commands
REQUIRED = {
    "corpus": ["music", "--out", "corpus.npz"],
    "evaluate": ["--model", "drums-2bar"],
    "humanize": ["beat.mid"],
    "import": ["checkpoint", "--out", "model"],
    "interpolate": ["a.mid", "b.mid"],
    "palette": [],
    "sample": [],
    "train": ["--corpus", "corpus.npz", "--out", "run"],
    "whiten": ["--model", "drums-2bar", "--corpus", "corpus.npz", "--out", "white"],
}
VALUES = {"--gibbs-steps": "3", "--hole-grid": "3", "--interpolation": "lerp", "--interpolation-pairs": "3"}
RENAMED = [(command, old, new) for command, names in OLD_OPTIONS.items() for old, new in names.items()]


def option(command, name):
    (found,) = (parameter for parameter in COMMANDS[command].params if name in parameter.opts)
    return found


def parse(command, *arguments):
    # Parsed, not run: an unknown option, a missing value or a value of the wrong kind raises.
    return COMMANDS[command].make_context(command, [*REQUIRED[command], *arguments]).params


@pytest.mark.parametrize(("command", "old", "new"), RENAMED)
def test_an_old_option_does_what_the_new_one_does_and_prints_a_notice(command, old, new, capsys):
    parameter = option(command, new)
    value = [] if parameter.is_flag else [VALUES.get(new, "value")]
    expected = parse(command, new, *value)
    assert expected != parse(command)
    assert capsys.readouterr().err == ""
    assert parse(command, old, *value) == expected
    assert capsys.readouterr().err == f"{old} is now called {new}.\n"


@pytest.mark.parametrize(("command", "old", "new"), [row for row in RENAMED if not option(row[0], row[2]).is_flag])
def test_an_old_option_may_be_joined_to_its_value(command, old, new):
    value = VALUES.get(new, "value")
    assert parse(command, f"{old}={value}") == parse(command, new, value)


@pytest.mark.parametrize(("command", "old", "new"), RENAMED)
def test_an_old_option_is_not_listed(command, old, new):
    assert not any(old in parameter.opts for parameter in COMMANDS[command].params)


def test_options_that_kept_their_names_are_left_alone(capsys):
    assert parse("import", "--config", "groovae_4bar")["config"] == "groovae_4bar"
    assert [str(path) for path in parse("evaluate", "--midi", "songs")["midi"]] == ["songs"]
    assert capsys.readouterr().err == ""
