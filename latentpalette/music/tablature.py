"""Drum tablature: a line for each drum, a character for each sixteenth."""

from __future__ import annotations

from functools import cache

from latentpalette.music import drums


@cache
def read_tab(tab: str) -> tuple[tuple[str, str], ...]:
    """Return the drums of a tab, each with its characters; spaces between bars are left out.

    Parameters
    ----------
    tab : str
        Lines that begin with the name of a drum in `latentpalette.music.drums.DRUM_NAMES`.

    Examples
    --------
    >>> read_tab('''
    ...     kick       x.....x. x.......
    ...     closed hat x.x.x.x. x.x.x.x.
    ... ''')
    (('kick', 'x.....x.x.......'), ('closed hat', 'x.x.x.x.x.x.x.x.'))
    """
    lines = [line.strip() for line in tab.splitlines() if line.strip()]
    names = [next(name for name in drums.DRUM_NAMES if line.startswith(name)) for line in lines]
    return tuple((name, line.removeprefix(name).replace(" ", "")) for name, line in zip(names, lines, strict=True))
