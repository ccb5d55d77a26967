"""The base of all commands: ``~`` in every path, printable messages, and one line for an error."""

from __future__ import annotations

import errno
import io
import os
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any, get_args, get_type_hints

from typer.core import TyperGroup

from latentpalette.cli.console import console, printable
from latentpalette.cli.old_options import CommandWithOldOptions
from latentpalette.data.members import clean_text
from latentpalette.errors import FileError, LatentPaletteError
from latentpalette.files import expand_path

TRACEBACK = "LATENTPALETTE_TRACEBACK"

# What the linker, PyTorch and C++ say.
_OUT_OF_MEMORY = (
    "failed to map segment",
    "cannot allocate memory",
    "can't allocate memory",
    "bad_alloc",
    "out of memory",
)
_TORCH_BYTES = 700e6  # of address space, with a model


class Command(CommandWithOldOptions):
    """A command whose paths, each of them, may begin with ``~``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments; expand the paths among them."""
        with _printable_usage_errors():
            rest = super().parse_args(ctx, args)
        for name in path_parameters(self.callback):
            ctx.params[name] = _expand(ctx.params.get(name))
        return rest


class Group(TyperGroup):
    """The group of the commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments before a command's name."""
        with _printable_usage_errors():
            return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find a command by its name."""
        with _printable_usage_errors():
            return super().resolve_command(ctx, args)


@contextmanager
def errors_in_one_line(arguments: Any = ()) -> Iterator[None]:
    """Print an error as one line, and warnings as notes; only `TRACEBACK` in the environment shows a traceback.

    Parameters
    ----------
    arguments : list of str
        Those of the command. Where a message has one of them, its line breaks are escapes.
    """
    _replace_what_cannot_be_printed()
    with warnings.catch_warnings():
        warnings.showwarning = _print_warning
        try:
            _check_current_folder()
            yield
        except Exception as error:
            if os.environ.get(TRACEBACK):
                traceback.print_exc()
            console.error(_escape_lines(_in_words(error), arguments))
            raise SystemExit(1) from None


def _replace_what_cannot_be_printed() -> None:
    """Print characters that the terminal's encoding lacks as escapes; by default they are an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _check_current_folder() -> None:
    try:
        Path.cwd()
    except FileNotFoundError as error:  # MKL would end the process in its own words
        raise FileError("The current folder has been removed. Change to another one: cd") from error


def path_parameters(function: Any) -> list[str]:
    """Return the names of a function's parameters that are paths, lists of them, or optional.

    Examples
    --------
    >>> def sample(n: int, out: Path | None, midi: list[Path]) -> None: ...
    >>> path_parameters(sample)
    ['out', 'midi']
    """
    return [name for name, hint in get_type_hints(function).items() if _is_path(hint)]


def _is_path(hint: Any) -> bool:
    return hint is Path or any(map(_is_path, get_args(hint)))


def _in_words(error: Exception) -> str:
    if isinstance(error, LatentPaletteError):
        return str(error)
    if _lacks_memory(error):
        limit = _memory_limit()
        return "There is not enough memory for this. " + (
            "Ask for less at a time."
            if limit is None
            else f"The process may use {limit / 1e6:,.0f} MB (ulimit -v), and PyTorch alone takes about "
            f"{_TORCH_BYTES / 1e6:,.0f}: raise the limit, or ask for less at a time."
        )
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}." if error.filename is not None else f"{error.strerror}."
    text = " ".join(str(error).split())
    return (
        f"{type(error).__name__}{': ' if text else ''}{text[:300]}. This is a defect of latentpalette; please report "
        f"it, with what {TRACEBACK}=1 shows."
    )


def _lacks_memory(error: Exception) -> bool:
    """Return whether an error says that memory could not be allocated: libraries have their own classes and words."""
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return True
    text = str(error).lower()
    if isinstance(error, SystemError):  # Python's, where it could not even make the MemoryError
        return "without exception set" in text and _memory_limit() is not None
    return any(words in text for words in _OUT_OF_MEMORY)


def _memory_limit() -> int | None:
    """Return the limit on the address space of this process [bytes]; None if there is none."""
    try:
        import resource
    except ImportError:  # on Windows
        return None
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit


def _escape_lines(text: str, arguments: Any) -> str:
    for argument in filter(None, map(str, arguments or ())):
        for name in (argument, PurePath(argument).name):
            if "\n" in name or "\t" in name:
                text = text.replace(name, clean_text(name))
    return text


def _print_warning(message: Any, *_: Any, **__: Any) -> None:
    console.note(f"warning: {message}")


def _expand(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_expand(item) for item in value]
    return value if value is None else expand_path(value)


@contextmanager
def _printable_usage_errors() -> Iterator[None]:
    """Make the message of an error of usage printable: it has the argument in it."""
    try:
        yield
    except Exception as error:
        if isinstance(getattr(error, "message", None), str):
            error.message = printable(error.message)  # type: ignore[attr-defined]
        raise
