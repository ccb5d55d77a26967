"""Requests from the browser: the declaration of their fields and buffers, and the check before any work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from latentpalette.errors import LatentPaletteError, suggest
from latentpalette.progress.parts import Paced, Task
from latentpalette.validation import short_repr

Response = tuple[dict[str, Any], list[bytes]]
Work = Task[Response]  # of a handler whose work takes longer than a tenth of a second: it is done in parts
Check = Callable[[Any], Any]
_Handler = TypeVar("_Handler", bound=Callable[..., Any])

MAX_ID_LENGTH = 100  # of a request
MAX_ERROR_LENGTH = 1000  # of the sentence in a response
MAX_UNFINISHED = 8  # requests whose work goes on when the browser asks once more; of more the oldest begin again


@dataclass(frozen=True)
class RequestForm:
    """The form of a request: all its fields, each with its check, and the size of its buffers.

    Parameters
    ----------
    name : str
    fields : mapping of name to function
        Each function returns a checked value, or raises an error.
    buffers : tuple of int [bytes]
        The largest size of each buffer. Buffers that are missing are empty.
    """

    name: str
    fields: Mapping[str, Check]
    buffers: tuple[int, ...] = ()

    def read(self, body: Any, buffers: Any) -> tuple[dict[str, Any], list[bytes]]:
        """Return the checked fields and buffers of a request.

        Raises
        ------
        LatentPaletteError
            If a field is missing, unknown or wrong, or there are too many bytes.

        Examples
        --------
        >>> form = RequestForm("sound", {"index": int})
        >>> form.read({"index": 1}, [])
        ({'index': 1}, [])
        >>> form.read({"indx": 1}, [])
        Traceback (most recent call last):
        latentpalette.errors.LatentPaletteError: A request 'sound' has no field 'indx'. Did you mean 'index'?
        """
        return self._read_fields({} if body is None else body), self._read_buffers(buffers)

    def _read_fields(self, body: Any) -> dict[str, Any]:
        subject = f"A request {self.name!r}"
        if not isinstance(body, dict):
            raise LatentPaletteError(f"{subject} has a body of named fields; got {short_repr(body)}.")
        for name in body:
            if name not in self.fields:
                hint = suggest(short_repr(name).strip("'"), self.fields)
                raise LatentPaletteError(f"{subject} has no field {short_repr(name)}.{hint}")
        for name in self.fields:
            if name not in body:
                raise LatentPaletteError(f"{subject} needs the field {name!r}, which is missing.")
        return {name: check(body[name]) for name, check in self.fields.items()}

    def _read_buffers(self, buffers: Any) -> list[bytes]:
        given = list(buffers or ())[: len(self.buffers) + 1]
        if len(given) > len(self.buffers):
            raise LatentPaletteError(f"A request {self.name!r} has {len(self.buffers)} buffers of bytes; got more.")
        views = []
        for buffer, limit in zip(given, self.buffers, strict=False):
            if not isinstance(buffer, (bytes, bytearray, memoryview)):
                raise LatentPaletteError(f"A request {self.name!r} has buffers of bytes; got {short_repr(buffer)}.")
            view = memoryview(buffer)
            if view.nbytes > limit:
                raise LatentPaletteError(
                    f"A request {self.name!r} takes up to {limit:,} bytes here; got {view.nbytes:,}."
                )
            views.append(view)
        return [bytes(view) for view in views] + [b""] * (len(self.buffers) - len(views))


def handles(request: str, *, buffers: Sequence[int] = (), **fields: Check) -> Callable[[_Handler], _Handler]:
    """Mark a method as the handler of a request from the browser.

    The method takes the request's checked fields as keywords and its buffers, and returns the response's body and
    buffers, or as a generator does so in parts. The message of an exception is shown in the widget.

    Parameters
    ----------
    request : str
        Its name.
    buffers, fields
        See `RequestForm`.
    """

    def mark(method: _Handler) -> _Handler:
        method._form = RequestForm(request, fields, tuple(buffers))  # type: ignore[attr-defined]
        return method

    return mark


class Unfinished:
    """The work of requests that are asked once more, until it is done: between two parts of it the kernel is free.

    Examples
    --------
    >>> from latentpalette.progress.parts import PART_WORK
    >>> def work():
    ...     for _ in range(2):
    ...         yield PART_WORK
    ...     return {"n": 1}, []
    >>> unfinished = Unfinished()
    >>> [unfinished.go_on("7", "count", work) for _ in range(2)]
    [None, ({'n': 1}, [])]
    """

    def __init__(self) -> None:
        self._works: dict[tuple[object, str], Paced] = {}

    def go_on(self, id_: object, name: str, begin: Callable[[], Response | Work]) -> Response | None:
        """Begin the work of a request, or go on with it; return the response once it is done, until then None."""
        paced = self._works.pop((id_, name), None)
        if paced is None:
            begun = begin()
            if isinstance(begun, tuple):
                return begun
            paced = Paced(begun)
        if paced.go_on():
            response: Any = paced.result
            return response
        self._works[id_, name] = paced
        while len(self._works) > MAX_UNFINISHED:
            del self._works[next(iter(self._works))]
        return None


def response_id(value: Any) -> str | int | None:
    """Return the id that a response repeats; None for what no browser of ours sends."""
    if isinstance(value, str) and len(value) <= MAX_ID_LENGTH:
        return value
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53 else None


def error_sentence(error: BaseException) -> str:
    """Return the sentence for the browser: that of an error of ours, else the class of the error with its message."""
    message = str(error)
    if not isinstance(error, LatentPaletteError):
        message = f"{type(error).__name__}: {message}"
    return message if len(message) <= MAX_ERROR_LENGTH else f"{message[:MAX_ERROR_LENGTH]} ..."
