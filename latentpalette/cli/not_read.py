"""Print the files that could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from latentpalette.cli.console import console

_MAX_LISTED = 100  # files of one reason
_MAX_NAME_LENGTH = 200


def print_not_read(items: Iterable[Mapping[str, str]]) -> None:
    """Print each file that could not be read, with the reason; of very many with one reason, the number.

    Parameters
    ----------
    items : iterable of mapping
        With ``name`` and ``reason``, as under ``not_read`` in the report of a corpus.
    """
    counts: dict[str, int] = {}
    for item in items:
        name, reason = item["name"], item["reason"]
        counts[reason] = counts.get(reason, 0) + 1
        if counts[reason] <= _MAX_LISTED:
            console.note(f"not read: {shorten_name(name)}: {reason}")
    for reason, count in counts.items():
        if count > _MAX_LISTED:
            console.note(f"not read: {count - _MAX_LISTED:,} more files: {reason}; the report of the corpus names them")


def shorten_name(name: str) -> str:
    """Return a name without its middle if it is very long.

    Examples
    --------
    >>> len(shorten_name("deep/" * 1000 + "song.mid"))
    203
    """
    if len(name) <= _MAX_NAME_LENGTH:
        return name
    return f"{name[: _MAX_NAME_LENGTH // 2]}...{name[-_MAX_NAME_LENGTH // 2 :]}"
