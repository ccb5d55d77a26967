"""The chords that an instrument plays over, of a model that is conditioned on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from latentpalette.errors import LatentPaletteError, MusicError
from latentpalette.music.chord_symbols import read_chord, split_chords
from latentpalette.validation import check_list, short_repr
from latentpalette.widgets.checked_traits import SettingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from latentpalette.converters.base import Converter

MAX_CHORDS = 64
MAX_TEXT = 1000  # [characters]
_FIRST = (["C", "Am", "F", "G"], ["C"])  # of a new instrument: the first that its model can be given


def check_chords(value: Any) -> list[str]:
    """Return chord symbols, which are given as a list or as one text.

    Raises
    ------
    SettingError
        If one is no chord; the message has the nearest one.

    Examples
    --------
    >>> check_chords("C G/B | Am"), check_chords(("F", "G7"))
    (['C', 'G/B', 'Am'], ['F', 'G7'])
    >>> check_chords("C Hm")
    Traceback (most recent call last):
    latentpalette.widgets.checked_traits.SettingError: Unknown chord: 'Hm'. Did you mean 'Bm'? A chord is a root ...
    """
    if isinstance(value, str):
        value = split_chords(value[: MAX_TEXT + 1])
    chords = check_list(value, "chords", 0, MAX_CHORDS, of='chord symbols, ["C", "G"]', error=SettingError)
    try:
        return [read_chord(chord).symbol.strip() for chord in chords]
    except MusicError as error:
        raise SettingError(str(error)) from error


def first_chords(converter: Converter) -> list[str]:
    """Return the chords that an instrument begins with; none of a model that takes none.

    Examples
    --------
    >>> from latentpalette.converters.melody import MelodyConverter
    >>> first_chords(MelodyConverter(chords=True)), first_chords(MelodyConverter())
    (['C', 'Am', 'F', 'G'], [])
    """
    return next((chords for chords in _FIRST if takes_chords(converter) and _fits(converter, chords)), [])


def takes_chords(converter: Converter) -> bool:
    """Return whether a model is conditioned on chords."""
    return bool(converter.control_depth) and hasattr(converter, "chord_controls")


def _fits(converter: Any, chords: Sequence[str]) -> bool:
    try:
        converter.chord_controls(chords)
    except LatentPaletteError:
        return False
    return True


def require_chords(chords: Sequence[str], converter: Any, name: str) -> None:
    """Raise `SettingError` for chords that a model cannot be given, or none where it needs some."""
    if not takes_chords(converter):
        if chords:
            raise SettingError(f"{name} takes no chords; got {short_repr(list(chords))}.")
        return
    if not chords:
        raise SettingError(f'{name} plays over chords: name one, or several evenly spaced, "C Am F G".')
    try:
        converter.chord_controls(chords)
    except LatentPaletteError as error:
        raise SettingError(str(error)) from error
