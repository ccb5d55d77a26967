"""Drum loops of twelve styles, each in twenty-five variations, written for this project.

Two numbers say which variation: the level of the cymbals, and that of kick, snare and toms. So a model with two latent
dimensions has room for all of them.
"""

from __future__ import annotations

from latentpalette.errors import MusicError, suggest
from latentpalette.music.sequence import NoteSequence
from latentpalette.music.tablature import read_tab
from latentpalette.validation import check_integer

MAX_LEVEL = 4
CYMBALS = ("closed hat", "open hat", "crash", "ride")

# Two bars of drum tablature: a line for each drum, a character for each sixteenth. An x is a hit of every variation, a
# digit one from that level on: of the cymbals, or of kick, snare and toms.
_TABS = {
    "Rock": """
        kick       x......3x.1..... x..4..2.x.1.....
        snare      ....x..2....x... ....x..3....x..4
        closed hat x.1.x.x.x.1.x... x.2.x.x.x.2.x...
        open hat   ..............3. ..............x.
        crash      3............... ................
        ride       ................ 4.......4.......
    """,
    "Disco": """
        kick       x...x...x...x.3. x...x...x..1x..2
        snare      ....x..2....x..1 ....x..3....x.44
        closed hat 1..3....1..3.... 2..4....2..4....
        open hat   ..x...x...x...x. ..x...x...x...x.
    """,
    "Motown": """
        kick       x..x..1.x..x..1. x..x..2.x..x....
        snare      x...x...x.2.x... x...x..3x.3.x.44
        ride       x.1.x.x.x.1.x.x. x.2.x.x.x.2.x.x.
        closed hat 3.......3....... 4.......4.......
    """,
    "Funk": """
        kick       x.x.......x..1.. x.x....2..x.....
        snare      ....x..1.2..x..3 ....x..3.4..x..4
        closed hat x1x.x1x.x2x.x2x. x3x.x3x.x4x.x4..
        open hat   ................ ..............x.
    """,
    "Hip-hop": """
        kick       x..2...x..x..... x..3...x..x..1..
        snare      ....x.4.....x..1 ....x..2....x.34
        closed hat x.x1x.x.x.x1x... x.x2x.x.x.x2x...
        open hat   ..............x. ..............x.
        ride       3.......3....... 4.......4.......
    """,
    "Trap": """
        kick       x.....x....x.1.. x..2..x...x...3.
        snare      ........x......1 ........x..2.3.4
        closed hat x.x.x.x.x3x3x1x1 x.x.x.x.x4x4x2x2
        low tom    ................ ....4...........
    """,
    "Drum and bass": """
        kick       x.........x..... x.3.......x..1..
        snare      ....x..1.2..x..3 ....x..2....x.44
        ride       x.x.x.x.x.x.x.x. x.x.x.x.x.x.x.x.
        closed hat .1.......1...... .2.......2......
        crash      3.......3....... 4.......4.......
    """,
    "Reggae": """
        kick       1.......x...2... 1...2...x.......
        snare      ........x......3 ........x..3.4.4
        closed hat 1.x.3.x.1.x.3.x. 2.x.4.x.2.x.4...
        open hat   ................ ..............x.
    """,
    "Reggaeton": """
        kick       x...x...x..1x... x...x..1x...x...
        snare      ...x..x....x..x. ...x..x....x..x3
        low tom    ..........2..2.. ..........4..3.4
        closed hat 3.1.3.1.x...x... 4.2.4.2.x...x...
    """,
    "Bossa nova": """
        kick       x..xx..xx..xx..x x..xx..xx..xx..x
        snare      x..x..x...x..x.. x..x..x...x..x..
        low tom    ....1.......1... ....2.......2...
        high tom   ......3.......3. ......4.......4.
        closed hat x.1.x.3.x.1.x.3. x.2.x.4.x.2.x.4.
    """,
    "Samba": """
        kick       x..xx..xx..xx..x x..xx..xx..xx..x
        snare      x.xx.x.xx.xx.x.x x.xx.x.xx.xx.x.x
        low tom    ....x.......x.1. ....x.......x.2.
        mid tom    1.......3....... 2.......3.....44
        ride       x.1.x.3.x.1.x.3. x.2.x.4.x.2.x.4.
    """,
    "Bo Diddley": """
        kick       x.......x....... x.......x.......
        low tom    x..x..x...x.x... x..x..x...x.x...
        high tom   .......1......2. .......1......2.
        snare      ....3.......3... ....4.......4...
        closed hat x1x.x3x.x1x.x3x. x2x.x4x.x2x.x4x.
    """,
}

STYLES = tuple(_TABS)


def style_loop(style: str, *, cymbals: int = 2, drums: int = 2) -> NoteSequence:
    """Return a drum loop of a style, two bars.

    Parameters
    ----------
    style : str
        One of `STYLES`.
    cymbals : int [0 to 4]
        How busy hi-hat, ride and crash are: every level adds two hits to those of the level before.
    drums : int [0 to 4]
        The same of kick, snare and toms.

    Raises
    ------
    MusicError
        If there is no such style, or a level is out of range.

    Examples
    --------
    >>> [len(style_loop("Bossa nova", cymbals=level, drums=level).notes) for level in range(5)]
    [34, 38, 42, 46, 50]
    """
    if style not in _TABS:
        raise MusicError(f"No style is called {style!r}.{suggest(str(style), STYLES)} There are: {', '.join(STYLES)}.")
    cymbals = check_integer(cymbals, "The level of the cymbals", 0, MAX_LEVEL, error=MusicError)
    drums = check_integer(drums, "The level of the drums", 0, MAX_LEVEL, error=MusicError)
    hits: dict[str | int, list[int]] = {}
    for drum, characters in read_tab(_TABS[style]):
        level = cymbals if drum in CYMBALS else drums
        hits[drum] = [step for step, character in enumerate(characters) if _first_level(character) <= level]
    return NoteSequence.from_steps(hits, steps=32)


def is_held_out(style: str, *, cymbals: int, drums: int) -> bool:
    """Return True if a variation is kept aside when a model is trained: one in five, each level of a style once.

    Examples
    --------
    >>> [(c, d) for c in range(5) for d in range(5) if is_held_out("Rock", cymbals=c, drums=d)]
    [(0, 0), (1, 2), (2, 4), (3, 1), (4, 3)]
    """
    return (STYLES.index(style) + cymbals + 2 * drums) % (MAX_LEVEL + 1) == 0


def style_loops(*, held_out: bool | None = None) -> dict[str, list[NoteSequence]]:
    """Return the loops of every style: all variations, those kept aside in training, or the others.

    Examples
    --------
    >>> {name: len(loops) for name, loops in style_loops(held_out=True).items()}["Samba"]
    5
    """
    levels = range(MAX_LEVEL + 1)
    return {
        style: [
            style_loop(style, cymbals=cymbals, drums=drums)
            for cymbals in levels
            for drums in levels
            if held_out is None or held_out == is_held_out(style, cymbals=cymbals, drums=drums)
        ]
        for style in STYLES
    }


def _first_level(character: str) -> int:
    """Return the level from which on a character of a tab is a hit."""
    return 0 if character == "x" else int(character) if character.isdigit() else MAX_LEVEL + 1
