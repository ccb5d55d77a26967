"""Presets by name, wherever music is taken: a text is the name of a preset or the path of a file."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache

from latentpalette.errors import MusicError
from latentpalette.files import expand_path, is_file, path_exists
from latentpalette.music.presets.catalog import presets
from latentpalette.music.sequence import NoteSequence
from latentpalette.validation import short_repr

_MAX_LISTED = 40  # names in a message
_MIN_LIKENESS = 0.5  # of a name that is suggested


@cache
def all_presets() -> Mapping[str, NoteSequence]:
    """Return the presets of all kinds by name; of drums those on the grid."""
    kinds: tuple[tuple[str, int | None], ...] = (
        ("drums", None),
        ("melody", None),
        ("bass", None),
        ("melody", 16),
        ("trio", None),
    )
    return {name: music for kind, bars in kinds for name, music in presets(kind, bars=bars).items()}


def find_preset(
    text: object, among: Mapping[str, NoteSequence] | None = None, *, reader: str = ""
) -> NoteSequence | None:
    """Return the preset that a text names; None for the path of a file, and for anything that is no text.

    Parameters
    ----------
    text : object
    among : mapping of str to NoteSequence, optional
        The presets by name; those of all kinds by default.
    reader : str
        The model that reads them, for messages.

    Raises
    ------
    MusicError
        If it may be either, or is neither: a name without a suffix that no preset and no file has. The message has
        the nearest name.

    Examples
    --------
    >>> find_preset("Bossa").steps, find_preset("song.mid"), find_preset(b"MThd")
    (32, None, None)
    >>> find_preset("bosa nova")
    Traceback (most recent call last):
    latentpalette.errors.MusicError: No preset is called 'bosa nova', and no file. Did you mean 'Bossa'? ...
    """
    if not isinstance(text, str):
        return None
    among = all_presets() if among is None else among
    if text in among:
        if is_file(text):
            raise MusicError(
                f"{text!r} is a preset, and a file in this folder. For the file pass {f'./{text}'!r}, for the preset "
                f"lp.presets()[{text!r}] or model.presets[{text!r}]."
            )
        return among[text]
    path = expand_path(text)
    if path.suffix or path.name != text or path_exists(path):
        return None
    if among is not all_presets() and text in all_presets():
        raise MusicError(f"The preset {text!r} is of another kind than {reader or 'this'} reads.{_list(among)}")
    raise MusicError(f"No preset is called {short_repr(text)}, and no file.{_nearest(text, among)}{_list(among)}")


def _nearest(text: str, among: Mapping[str, NoteSequence]) -> str:
    """Return a sentence with the nearest name, capitals and small letters alike."""
    names = {name.casefold(): name for name in among}
    near = difflib.get_close_matches(text.casefold(), names, 1, _MIN_LIKENESS)
    return f" Did you mean {names[near[0]]!r}?" if near else ""


def _list(among: Mapping[str, NoteSequence]) -> str:
    if not among:
        return ""
    if len(among) > _MAX_LISTED:
        return ' lp.presets(), lp.presets("melody") and so on list them.'
    return f" There are: {', '.join(among)}."
