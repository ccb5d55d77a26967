"""Drum loops of two bars, as tablature."""

from __future__ import annotations

from types import MappingProxyType

from latentpalette.music.sequence import NoteSequence
from latentpalette.music.tablature import read_tab

DRUM_LOOPS = MappingProxyType(
    {
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
)


def read_loop(tab: str) -> NoteSequence:
    """Return a drum loop written as tablature; an x is a hit.

    Examples
    --------
    >>> read_loop("kick x.x.x.x.x.x.x.x.").steps
    16
    """
    lanes = read_tab(tab)
    hits: dict[str | int, list[int]] = {
        drum: [step for step, character in enumerate(characters) if character == "x"] for drum, characters in lanes
    }
    return NoteSequence.from_steps(hits, steps=len(lanes[0][1]))
