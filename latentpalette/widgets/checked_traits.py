"""Traits whose values are checked by a function, and traits that only Python sets."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import traitlets

from latentpalette.errors import PaletteError
from latentpalette.widgets.whole_values import as_whole

T = TypeVar("T")


class SettingError(PaletteError, traitlets.TraitError):
    """A value that a setting of a widget cannot have, or a trait that cannot be assigned."""


class CheckedTrait(traitlets.TraitType[T, Any]):
    """A trait whose values pass through a function.

    Parameters
    ----------
    check : callable (value) -> value
        Returns the value to store, or raises `SettingError`.
    default : object
        The value of a new widget; each has its own copy.
    """

    def __init__(self, check: Callable[[Any], T], default: Any) -> None:
        super().__init__()
        self.check = check
        self._default = default

    def make_dynamic_default(self) -> T:
        """Return a copy of the default, as traitlets asks for it."""
        return copy.deepcopy(self._default)

    def validate(self, obj: traitlets.HasTraits | None, value: Any) -> T:
        """Return the checked value, as traitlets asks for it; a widget may have a further check, `check_fit`."""
        checked = self.check(value)
        check_fit = getattr(obj, "check_fit", None)
        return self._as_stored(checked if check_fit is None else check_fit(self.name, checked))

    def _as_stored(self, value: Any) -> Any:
        return as_whole(value, str(self.name))


class DerivedTrait(CheckedTrait[T]):
    """A trait that the widget computes; neither an assignment nor the browser sets it.

    Parameters
    ----------
    default : object
    source : str
        The end of the sentence that refuses an assignment: ``"the corners; assign palette.corners"``.
    """

    def __init__(self, default: Any, *, source: str) -> None:
        super().__init__(lambda value: value, default)
        self.source = source

    def _as_stored(self, value: Any) -> Any:
        return value

    def __set__(self, obj: traitlets.HasTraits, value: Any) -> None:
        raise self.refusal()

    def refusal(self) -> SettingError:
        """Return the error that refuses an assignment."""
        return SettingError(f"{self.name} is read-only: it follows from {self.source}.")


class ComputedTrait(traitlets.TraitType[T, Any]):
    """A trait whose value follows from other traits; it is observed as any trait is.

    Its owner calls `update` when one of the others has changed.

    Parameters
    ----------
    assign : callable (owner, value) -> None, optional
        Sets the other traits to what makes this one `value`. Without it the trait is read-only.
    source : str
        The end of the sentence that refuses an assignment, as for `DerivedTrait`.
    """

    def __init__(self, assign: Callable[[Any, Any], None] | None = None, *, source: str = "other traits") -> None:
        super().__init__(default_value=None, allow_none=True)
        self._assign = assign
        self._source = source

    def __set__(self, obj: traitlets.HasTraits, value: Any) -> None:
        if self._assign is None:
            raise SettingError(f"{self.name} is read-only: it follows from {self._source}.")
        self.set(obj, value)

    def set(self, obj: traitlets.HasTraits, value: Any) -> None:
        """Handle an assignment."""
        # At the end of `hold_trait_notifications` traitlets assigns the value that is there.
        if self._assign is not None and value is not self.get(obj):
            self._assign(obj, value)

    def update(self, obj: traitlets.HasTraits, value: T) -> None:
        """Store a new value, and notify observers if it differs."""
        old: Any = self.get(obj)
        if old is value or (np.array_equal(old, value) if isinstance(value, np.ndarray) else old == value):
            return
        super().set(obj, as_whole(value, str(self.name)))

    def replace(self, obj: traitlets.HasTraits, value: T) -> None:
        """Store a new value without notifying observers."""
        obj._trait_values[str(self.name)] = as_whole(value, str(self.name))
