"""The commands of the command line, with their arguments and options, from their help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer.main

from latentpalette.cli import app


def page(title: str) -> str:
    """Return the page [Markdown] of all commands."""
    commands: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    introduction = "What `latentpalette --help` and `latentpalette COMMAND --help` print."
    return "\n\n".join(
        [f"# {title}", introduction, *(part for name in commands for part in _command(name, commands[name]))]
    )


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [parameter for parameter in command.params if not parameter.opts[0].startswith("-")]
    usage = " ".join([name, *(_usage(argument) for argument in arguments), "[OPTIONS]"])
    yield f"## {name}"
    yield f"```text\nlatentpalette {usage}\n```"
    yield _prose(command.help)
    rows = [
        f"| {_names(parameter)} | {_description(parameter)} |" for parameter in command.params if not parameter.hidden
    ]
    yield "\n".join(["| option | |", "|---|---|", *rows])


def _usage(argument: Any) -> str:
    name = f"{argument.name.upper()}{'...' if argument.nargs == -1 else ''}"
    return name if argument.required else f"[{name}]"


def _names(parameter: Any) -> str:
    names = [*parameter.opts, *parameter.secondary_opts]
    return ", ".join(f"`{name if name.startswith('-') else name.upper()}`" for name in names)


def _description(parameter: Any) -> str:
    default = parameter.default
    is_plain = isinstance(default, int | float | str) and not isinstance(default, bool) and default != ""
    is_shown = is_plain and not parameter.required and getattr(parameter, "show_default", True)
    words = _prose(parameter.help or "").replace("|", "\\|")
    return f"{words} Default: `{default}`." if is_shown else words


def _prose(text: str) -> str:
    """Return a help text as Markdown: options and file names as code, no line broken inside a paragraph."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
    return re.sub(r"(?<![\w`-])(--[a-z][\w-]*)", r"`\1`", "\n\n".join(paragraphs)).replace("*", "\\*")
