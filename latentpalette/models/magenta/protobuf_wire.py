"""Reader of the part of the protobuf wire format that the index of a checkpoint uses."""

from __future__ import annotations

from latentpalette.errors import CheckpointError

_MAX_FIELDS = 10_000


class Reader:
    r"""Sequential reader of bytes; reading past the end raises `CheckpointError`.

    Examples
    --------
    >>> reader = Reader(b"\xac\x02rest", "example")
    >>> reader.varint(), reader.read(4), reader.done
    (300, b'rest', True)
    """

    def __init__(self, content: bytes, name: str) -> None:
        self._content = content
        self._position = 0
        self._name = name

    @property
    def done(self) -> bool:
        """True at the end."""
        return self._position >= len(self._content)

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes."""
        end = self._position + size
        if end > len(self._content):
            raise CheckpointError(
                f"{self._name}: damaged. {size} bytes wanted, {len(self._content) - self._position} left."
            )
        content = self._content[self._position : end]
        self._position = end
        return content

    def varint(self) -> int:
        """Return the next base-128 varint, of up to 64 bits."""
        value = 0
        for shift in range(0, 70, 7):
            byte = self.read(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if value >> 64:
                    break
                return value
        raise CheckpointError(f"{self._name}: damaged. A number has more than 64 bits.")


class Fields:
    """Fields of one message: number to all its values."""

    def __init__(self, values: dict[int, list[int | bytes]], name: str) -> None:
        self._values = values
        self._name = name

    def integer(self, number: int) -> int:
        """Return a field that is a whole number, 0 or more; 0 by default."""
        value = self._values.get(number, [0])[-1]
        if not isinstance(value, int) or value >= 1 << 63:  # protobuf's negative numbers
            raise CheckpointError(f"{self._name}: damaged. Field {number} is no number from 0 up.")
        return value

    def message(self, number: int) -> bytes:
        """Return a field that is bytes or a message; empty by default."""
        value = self._values.get(number, [b""])[-1]
        if isinstance(value, int):
            raise CheckpointError(f"{self._name}: damaged. Field {number} is a number where a message should be.")
        return value

    def repeated(self, number: int) -> list[bytes]:
        """Return all values of a field that is bytes or a message."""
        values = self._values.get(number, [])
        if any(isinstance(value, int) for value in values):
            raise CheckpointError(f"{self._name}: damaged. Field {number} is a number where a message should be.")
        return [value for value in values if not isinstance(value, int)]


def parse_fields(content: bytes, name: str) -> Fields:
    r"""Parse a message.

    Raises
    ------
    CheckpointError
        If it is not a message.

    Examples
    --------
    >>> parse_fields(b"\x08\x96\x01", "example").integer(1)
    150
    """
    reader = Reader(content, name)
    values: dict[int, list[int | bytes]] = {}
    for _ in range(_MAX_FIELDS):
        if reader.done:
            return Fields(values, name)
        number, kind = divmod(reader.varint(), 8)
        value: int | bytes
        if kind == 0:
            value = reader.varint()
        elif kind == 1:
            value = int.from_bytes(reader.read(8), "little")
        elif kind == 2:
            value = reader.read(reader.varint())
        elif kind == 5:
            value = int.from_bytes(reader.read(4), "little")
        else:
            raise CheckpointError(f"{name}: damaged. A field has the unknown wire type {kind}.")
        values.setdefault(number, []).append(value)
    raise CheckpointError(f"{name}: damaged. A message has more than {_MAX_FIELDS} fields.")
