"""Ten drum loops to start from, written for this project."""

from __future__ import annotations

from functools import cache

from latentpalette.music import drums
from latentpalette.music.sequence import NoteSequence

# A row a drum, a sign a sixteenth, two bars: x is a stroke.
_SCORES = {
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
    """The loops by name, two bars each.

    Examples
    --------
    >>> len(presets()), presets()["Boom bap"].steps
    (10, 32)
    """
    return {name: _read(score) for name, score in _SCORES.items()}


def _read(score: str) -> NoteSequence:
    hits: dict[str | int, list[int]] = {}
    for line in filter(None, map(str.strip, score.splitlines())):
        drum = next(name for name in drums.NAMES if line.startswith(name))
        strokes = line.removeprefix(drum).replace(" ", "")
        hits[drum] = [step for step, sign in enumerate(strokes) if sign == "x"]
    return NoteSequence.from_steps(hits, steps=32)
