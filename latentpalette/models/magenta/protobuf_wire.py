"""As much of the protobuf wire format as it takes to read a checkpoint's index."""

from __future__ import annotations

from latentpalette.errors import CheckpointError

_MOST_FIELDS = 10_000


class Reader:
    r"""Bytes, read from the front; reading past the end is a `CheckpointError`.

    Examples
    --------
    >>> source = Reader(b"\xac\x02rest", "example")
    >>> source.varint(), source.take(4), source.done
    (300, b'rest', True)
    """

    def __init__(self, content: bytes, name: str) -> None:
        self._content = content
        self._at = 0
        self._name = name

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._content)

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        end = self._at + size
        if end > len(self._content):
            raise CheckpointError(f"{self._name}: damaged. {size} bytes wanted, {len(self._content) - self._at} left.")
        taken = self._content[self._at : end]
        self._at = end
        return taken

    def varint(self) -> int:
        """A whole number of up to 64 bits, seven to a byte."""
        value = 0
        for shift in range(0, 70, 7):
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if value >> 64:
                    break
                return value
        raise CheckpointError(f"{self._name}: damaged. A number has more than 64 bits.")


class Fields:
    """The fields of one message by number, every value that was given for each."""

    def __init__(self, values: dict[int, list[int | bytes]], name: str) -> None:
        self._values = values
        self._name = name

    def integer(self, number: int) -> int:
        """A field that is a whole number, 0 or more; 0 where it is left out."""
        value = self._values.get(number, [0])[-1]
        if not isinstance(value, int) or value >= 1 << 63:  # protobuf's negative numbers
            raise CheckpointError(f"{self._name}: damaged. Field {number} is no number from 0 up.")
        return value

    def message(self, number: int) -> bytes:
        """A field that is bytes or a message; empty where it is left out."""
        value = self._values.get(number, [b""])[-1]
        if isinstance(value, int):
            raise CheckpointError(f"{self._name}: damaged. Field {number} is a number where a message should be.")
        return value

    def repeated(self, number: int) -> list[bytes]:
        """Every value of a field that is bytes or a message."""
        values = self._values.get(number, [])
        if any(isinstance(value, int) for value in values):
            raise CheckpointError(f"{self._name}: damaged. Field {number} is a number where a message should be.")
        return [value for value in values if not isinstance(value, int)]


def fields(content: bytes, name: str) -> Fields:
    r"""Take a message apart.

    Raises
    ------
    CheckpointError
        If it is no message.

    Examples
    --------
    >>> fields(b"\x08\x96\x01", "example").integer(1)
    150
    """
    source = Reader(content, name)
    values: dict[int, list[int | bytes]] = {}
    for _ in range(_MOST_FIELDS):
        if source.done:
            return Fields(values, name)
        number, kind = divmod(source.varint(), 8)
        value: int | bytes
        if kind == 0:
            value = source.varint()
        elif kind == 1:
            value = int.from_bytes(source.take(8), "little")
        elif kind == 2:
            value = source.take(source.varint())
        elif kind == 5:
            value = int.from_bytes(source.take(4), "little")
        else:
            raise CheckpointError(f"{name}: damaged. A field is of kind {kind}, which there is not.")
        values.setdefault(number, []).append(value)
    raise CheckpointError(f"{name}: damaged. A message has more than {_MOST_FIELDS} fields.")
