"""Old names of options that are still accepted for one release. The next release deletes this file."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

from latentpalette.cli.console import console

OLD_OPTIONS: dict[str, dict[str, str]] = {
    "corpus": {
        "--basses": "--bass-tracks",
        "--config": "--recipe",
        "--kit": "--drum-map",
        "--melodies": "--melody-tracks",
    },
    "evaluate": {
        "--kit": "--drum-map",
        "--melodies": "--melody-tracks",
        "--pairs": "--interpolation-pairs",
        "--plane": "--hole-grid",
        "--rehearsals": "--gibbs-steps",
        "--songs": "--song-prefix",
    },
    "humanize": {"--whole": "--replace-hits"},
    "import": {"--half": "--fp16"},
    "interpolate": {"--joined": "--concatenate", "--walk": "--interpolation"},
    "palette": {"--midi": "--midi-out"},
    "sample": {"--rehearsals": "--gibbs-steps"},
    "train": {"--config": "--recipe", "--start": "--init-from"},
    "whiten": {"--half": "--fp16"},
}
"""For each command, the old names of its options and the new ones."""


class CommandWithOldOptions(TyperCommand):
    """A command that accepts the old names of its options, too, with a notice."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse arguments with old option names replaced by the new ones."""
        return super().parse_args(ctx, rename_options(self.name or "", args))


def rename_options(command: str, arguments: list[str]) -> list[str]:
    """Return a command's arguments with old option names replaced by the new ones; print a notice for each.

    Examples
    --------
    >>> rename_options("sample", ["-n", "1", "--", "--rehearsals"])
    ['-n', '1', '--', '--rehearsals']
    """
    new_names = OLD_OPTIONS.get(command, {})
    end = arguments.index("--") if "--" in arguments else len(arguments)  # what follows is no option
    renamed = []
    for argument in arguments[:end]:
        name, equals, value = argument.partition("=")
        if name in new_names:
            console.note(f"{name} is now called {new_names[name]}.")
            name = new_names[name]
        renamed.append(name + equals + value)
    return renamed + arguments[end:]
