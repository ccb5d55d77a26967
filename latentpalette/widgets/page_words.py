"""The sentence above a widget on a page of its own, for those who have not met it."""

from __future__ import annotations

# By script.
PURPOSES = {
    "palette": "Drag over the square and hear four pieces of music blend.",
    "sampler": "Click a tile to hear it, and star what you like.",
    "melodymixer": "From A to B in steps: click one to hear it, or play the whole row.",
    "interpolationslider": "Move the slider from A to B and hear the music change.",
    "latentloops": "Click the grid to hear four melodies blend, and make a song of what you like.",
    "latentsliders": "Hear music before and after it was moved along the ways in which music varies most.",
    "groovepanel": "Hear a beat as it is written, and as a drummer plays it.",
    "session": "Play them together: they stay in phase and at one tempo.",
    "pianorolls": "Play, and follow the notes.",
}


def page_words(script: str, name: str) -> str:
    """Return the sentences above a widget.

    Parameters
    ----------
    script : str
        Of the widget, in `PURPOSES`.
    name : str
        What it is: its kind and its model.

    Examples
    --------
    >>> page_words("palette", "Palette, drums-2bar")
    'Drag over the square and hear four pieces of music blend. Palette, drums-2bar, by latentpalette.'
    """
    return f"{PURPOSES[script]} {name}, by latentpalette."
