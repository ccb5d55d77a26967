"""Parts of a MIDI file that reading passes over, and their description in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

_MAX_LISTED = 6  # examples or bars in a message


class Skipped(NamedTuple):
    """A part of a file that is not read as it stands.

    Parameters
    ----------
    kind : str
        A clause in the plural, the same for all parts of its kind: ``"impossible tempos are ignored"``.
    example : str
        The part itself: ``"0"``.
    tick : int, optional
        Where in the music it is; None where it has no place there.
    """

    kind: str
    example: str = ""
    tick: int | None = None


def describe_skipped(skipped: Iterable[Skipped], bar_at: Callable[[int], int]) -> tuple[str, ...]:
    """Describe what was skipped: one line for each kind, with examples and the numbers of bars.

    Parameters
    ----------
    skipped : iterable of Skipped
    bar_at : function
        Converts a tick to the number of its bar.

    Examples
    --------
    >>> parts = [Skipped("impossible tempos are ignored", "0", tick) for tick in (0, 480, 3840)]
    >>> describe_skipped(parts, lambda tick: tick // 1920 + 1)
    ('impossible tempos are ignored: 0 (bars 1 and 3)',)
    """
    by_kind: dict[str, list[Skipped]] = {}
    for part in skipped:
        by_kind.setdefault(part.kind, []).append(part)
    return tuple(_describe_kind(kind, parts, bar_at) for kind, parts in by_kind.items())


def _describe_kind(kind: str, parts: list[Skipped], bar_at: Callable[[int], int]) -> str:
    examples = list(dict.fromkeys(part.example for part in parts if part.example))
    bars = sorted({bar_at(part.tick) for part in parts if part.tick is not None})
    words = f"{kind}: {_list_some(examples)}" if examples else kind
    return f"{words} ({'bar' if len(bars) == 1 else 'bars'} {_list_some(map(str, bars))})" if bars else words


def _list_some(items: Iterable[str]) -> str:
    items = list(items)
    if len(items) > _MAX_LISTED:
        return ", ".join(items[:_MAX_LISTED]) + " ..."
    return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))
