"""Commands as a test runs them."""

from typer.testing import CliRunner

from latentpalette.cli.app import app


def run(*arguments):
    """Run a command; a mistake of the caller's is in `result.exception`."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def failure(*arguments):
    """What a command fails with; it must not end as if all were well."""
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    return result.exception


def names(folder):
    """The files of a folder, in order."""
    return sorted(file.name for file in folder.iterdir())
