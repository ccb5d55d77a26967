"""Passages of a piece: windows that follow each other without a gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def consecutive(bars: Iterable[int], hop: int) -> Iterator[list[int]]:
    """Yield the indexes of windows that follow each other without a gap, of each passage.

    Parameters
    ----------
    bars : iterable of int
        The first bar of each window, no two the same.
    hop : int
        Bars of a window.

    Examples
    --------
    >>> list(consecutive([1, 2, 3, 5, 6, 9], 2))
    [[0, 2, 3], [1], [4], [5]]
    """
    index = {bar: at for at, bar in enumerate(bars)}
    for bar in sorted(index):
        if bar - hop in index:
            continue
        passage = []
        while bar in index:
            passage.append(index[bar])
            bar += hop
        yield passage
