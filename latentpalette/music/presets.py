"""Ten drum loops to start from, written for this project."""

from __future__ import annotations

from functools import cache

from latentpalette.music import drums
from latentpalette.music.sequence import NoteSequence

# Two bars of drum tablature: a line for each drum, a character for each sixteenth; x is a hit.
_TABS = {
    "Four on the floor": """
        kick       x...x...x...x... x...x...x...x...
        snare      ....x.......x... ....x.......x..x
        closed hat x.x.x.x.x.x.x.x. x.x.x.x.x.x.x...
        open hat   ..............x. ..............x.
    """,
    "Boom bap": """
        kick       x..x......x..... x.....x...x..x..
        snare      ....x.......x... ....x..x....x...
        closed hat x.x.x.x.x.x.x.x. x.x.x.x.x.x.x.x.
        open hat   ................ ..............x.
    """,
    "Rock steady": """
        kick       x.....x.x....... x.....x.x.x.....
        snare      ....x.......x... ....x.......x...
        closed hat x.x.x.x.x.x.x.x. x.x.x.x.x.x.x.x.
        crash      x............... ................
    """,
    "Half-time": """
        kick       x.....x......... x..x......x.....
        snare      ........x....... ........x......x
        closed hat xxx.x.xxx.x.x.x. xxx.x.xxx.x.xxxx
    """,
    "Funk sixteenths": """
        kick       x.x.......x..x.. x.x....x..x.....
        snare      ....x..x.x..x..x ....x..x.x..x...
        closed hat xxxxxxxxxxxxxxxx xxxxxxxxxxxxxx..
        open hat   ................ ..............x.
    """,
    "Breakbeat": """
        kick       x.x.......xx.... x.x.......x.....
        snare      ....x..x.x..x..x .x..x..x.x....x.
        closed hat x.x.x.x.x.x.x.x. x.x.x.x.x.x.x.x.
        crash      ................ ..........x.....
    """,
    "Bossa": """
        kick       x..xx..xx..xx..x x..xx..xx..xx..x
        snare      x..x..x...x..x.. x..x..x...x..x..
        closed hat x.x.x.x.x.x.x.x. x.x.x.x.x.x.x.x.
    """,
    "Samba": """
        kick       x..xx..xx..xx..x x..xx..xx..xx..x
        snare      x.xx.x.xx.xx.x.x x.xx.x.xx.xx.x.x
        low tom    ....x.......x.x. ....x.......x.x.
        ride       x.x.x.x.x.x.x.x. x.x.x.x.x.x.x.x.
    """,
    "Ride and roll": """
        kick       x.......x....... x.......x..x....
        snare      ....x.......x... ....x...........
        high tom   ................ ........xx......
        mid tom    ................ ..........xx....
        low tom    ................ ............xxxx
        ride       x.x.x.x.x.x.x.x. x.x.x.x.........
    """,
    "Trap": """
        kick       x......x..x..... x..x...x..x...x.
        snare      ........x....... ........x.......
        closed hat x.x.x.x.x.x.xxxx x.x.xxxxx.x.x.xx
        open hat   ......x......... ..............x.
    """,
}


@cache
def presets() -> dict[str, NoteSequence]:
    """Return the ten loops by name, two bars each.

    Examples
    --------
    >>> len(presets()), presets()["Boom bap"].steps
    (10, 32)
    """
    return {name: _parse_tab(tab) for name, tab in _TABS.items()}


def _parse_tab(tab: str) -> NoteSequence:
    hits: dict[str | int, list[int]] = {}
    for line in filter(None, map(str.strip, tab.splitlines())):
        drum = next(name for name in drums.DRUM_NAMES if line.startswith(name))
        characters = line.removeprefix(drum).replace(" ", "")
        hits[drum] = [step for step, character in enumerate(characters) if character == "x"]
    return NoteSequence.from_steps(hits, steps=32)
