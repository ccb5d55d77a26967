"""Run commands in tests."""

from typer.testing import CliRunner

from latentpalette.cli.app import app


def run(*arguments):
    """Run a command; an exception is in `result.exception`."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def run_ok(*arguments):
    """Run a command that must succeed; return what it printed, as one line."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def failure(*arguments):
    """Run a command that must fail; return its exception."""
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    return result.exception


def file_names(folder):
    """Return the names of a folder's files, sorted."""
    return sorted(file.name for file in folder.iterdir())
