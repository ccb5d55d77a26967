"""Values of traits that are assigned as a whole: a change inside one would be seen by nobody."""

from __future__ import annotations

from typing import Any, NoReturn

from latentpalette.errors import PaletteError
from latentpalette.validation import short_repr


class WholeValueError(PaletteError, TypeError):
    """An attempt to change a part of a value that is assigned as a whole."""


class NoPlaceError(PaletteError, IndexError, TypeError):
    """An index that a value of an instrument does not have."""


class _Whole:
    """Base of the lists, dicts and tuples of a trait: they know its name, for messages."""

    _trait: str = ""
    _advice: str = ""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise WholeValueError(
            f"{self._trait} is not changed in place, which nobody would see: {self._advice.format(name=self._trait)}."
        )

    __setitem__ = __delitem__ = __iadd__ = __imul__ = __ior__ = _refuse


class WholeList(_Whole, list[Any]):
    """A list that is assigned as a whole; its copies are ordinary lists."""

    _advice = "make another list, such as values = list(instrument.{name}), and assign it"
    append = extend = insert = remove = pop = clear = sort = reverse = _Whole._refuse

    def __reduce__(self) -> tuple[type, tuple[list[Any]]]:
        return list, (list(self),)


class WholeDict(_Whole, dict[str, Any]):
    """A dict that is assigned as a whole; its copies are ordinary dicts."""

    _advice = "make another dict, such as {{**instrument.{name}, ...}}, and assign it"
    update = setdefault = pop = popitem = clear = _Whole._refuse

    def __reduce__(self) -> tuple[type, tuple[dict[str, Any]]]:
        return dict, (dict(self),)


class WholeTuple(_Whole, tuple[Any, ...]):
    """A tuple that an instrument computes; an index that it does not have is answered with those that it has."""

    _advice = "make a list of all of them, such as music = list(instrument.{name}), and assign it"

    def __getitem__(self, index: Any) -> Any:
        try:
            return super().__getitem__(index)
        except (IndexError, TypeError):
            raise NoPlaceError(self._describe_places(index)) from None

    def __reduce__(self) -> tuple[type, tuple[tuple[Any, ...]]]:
        return tuple, (tuple(self),)

    def _describe_places(self, index: Any) -> str:
        if not self:
            return f"{self._trait} is empty; got index {short_repr(index)}."
        letter = index.strip().upper() if isinstance(index, str) else ""
        number = "ABCDEFGH".find(letter) if len(letter) == 1 else -1
        hint = f" {letter} is {self._trait}[{number}]." if 0 <= number < len(self) else ""
        return f"{self._trait} has {len(self)} places, 0 to {len(self) - 1}; got index {short_repr(index)}.{hint}"


def as_whole(value: Any, trait: str) -> Any:
    """Return a value of a trait whose lists, dicts and tuples cannot be changed in place, at any depth of lists.

    Parameters
    ----------
    value : object
    trait : str
        Its name, for messages.

    Examples
    --------
    >>> as_whole([False, False], "mutes")[0] = True
    Traceback (most recent call last):
    latentpalette.widgets.whole_values.WholeValueError: mutes is not changed in place, which nobody would see: make \
another list, such as values = list(instrument.mutes), and assign it.
    """
    whole: _Whole
    if type(value) is list:
        whole = WholeList(as_whole(each, trait) if type(each) in (list, dict) else each for each in value)
    elif type(value) is dict:
        whole = WholeDict({key: as_whole(each, trait) for key, each in value.items()})
    elif type(value) is tuple:
        whole = WholeTuple(value)
    else:
        return value
    whole._trait = trait
    return whole
