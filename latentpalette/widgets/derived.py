"""Observing what is computed: `palette.observe(f, "selected")`, though `selected` is made anew at each look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import traitlets

Observer = Callable[[Any], None]


class Derives(traitlets.HasTraits):
    """A mixin. `derived` says from which traits each computed property follows."""

    derived: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def observe(
        self,
        handler: Observer,
        names: Any = traitlets.All,
        type: Any = "change",  # noqa: A002
    ) -> None:
        """Call `handler(change)` when a trait, or a computed property, changes.

        Parameters
        ----------
        handler : callable
            Receives a bunch with `name`, `new` and `owner` (and `old` for traits).
        names : str or list of str
        type : str
        """
        plain, computed = self._split(names)
        for name in computed:
            relay = _Relay(self, name, handler)
            self._relays().append(relay)
            super().observe(relay, list(self.derived[name]))
        if plain is not None:
            super().observe(handler, plain, type)

    def unobserve(
        self,
        handler: Observer,
        names: Any = traitlets.All,
        type: Any = "change",  # noqa: A002
    ) -> None:
        """Stop calling `handler`."""
        plain, computed = self._split(names)
        for relay in [relay for relay in self._relays() if relay.handler == handler and relay.name in computed]:
            self._relays().remove(relay)
            super().unobserve(relay, list(self.derived[relay.name]))
        if plain is not None:
            super().unobserve(handler, plain, type)

    def fingerprint(self, name: str) -> Any:
        """Something small that differs whenever the property does."""
        return getattr(self, name)

    def _relays(self) -> list[_Relay]:
        relays: list[_Relay] = self.__dict__.setdefault("_observers_of_derived", [])
        return relays

    def _split(self, names: Any) -> tuple[Any, list[str]]:
        """Real traits (None: there are none) and computed properties."""
        if names is traitlets.All:
            return names, []
        listed = [names] if isinstance(names, str) else list(names) if isinstance(names, Iterable) else [names]
        computed = [name for name in listed if name in self.derived]
        plain = [name for name in listed if name not in self.derived]
        return plain or None, computed


class _Relay:
    """Tells one observer of one computed property, once for each value."""

    def __init__(self, owner: Derives, name: str, handler: Observer) -> None:
        self.owner, self.name, self.handler = owner, name, handler
        self.last = owner.fingerprint(name)

    def __call__(self, change: Any) -> None:
        now = self.owner.fingerprint(self.name)
        if now == self.last:
            return
        self.last = now
        self.handler(
            traitlets.Bunch(name=self.name, new=getattr(self.owner, self.name), owner=self.owner, type="change")
        )
