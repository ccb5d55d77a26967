"""Decode the text of meta events."""

from __future__ import annotations


def decode_text(data: bytes) -> str:
    r"""Decode a text without control characters: as UTF-8 where it is that, else as Latin-1.

    Examples
    --------
    >>> decode_text("Flöte".encode("utf-8")), decode_text("Flöte".encode("latin-1")), decode_text(b"Bass\0")
    ('Flöte', 'Flöte', 'Bass')
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return "".join(character for character in text if character.isprintable())
