"""Decode and encode the text of meta events."""

from __future__ import annotations

import unicodedata

# Signs that Unicode does not take apart into ASCII; files/asciitext.js has the same.
_IN_ASCII = {
    **dict.fromkeys("·•–—‐‑−", "-"),
    **dict.fromkeys("‘’‚", "'"),
    **dict.fromkeys("“”„«»", '"'),
    "♭": "b",
    "♯": "#",
    "♮": "n",
    "→": "->",
    "←": "<-",
    "↔": "<->",
    "×": "x",
    "⁄": "/",
    "°": "o",
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
}


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


def encode_text(text: str) -> bytes:
    """Encode a text in ASCII, as far as it can be spelled so; what cannot is in UTF-8.

    The standard names no encoding, and programs read texts in whichever is that of their system; ASCII is the same in
    all of them.

    Examples
    --------
    >>> encode_text("r1 c1 · B♭ → Flöte"), encode_text("太鼓") == "太鼓".encode()
    (b'r1 c1 - Bb -> Flote', True)
    """
    return "".join(map(_spell, unicodedata.normalize("NFC", text))).encode()


def _spell(character: str) -> str:
    """Return a character in ASCII if it can be spelled so: "e" for "é". Control characters are left out."""
    category = unicodedata.category(character)
    if category.startswith("Z") or character in "\t\n\v\f\r":
        return " "
    if category.startswith("C"):
        return ""
    parts = unicodedata.normalize("NFKD", character)
    letters = "".join(_IN_ASCII.get(part, part) for part in parts if not unicodedata.category(part).startswith("M"))
    return letters if letters.isascii() else character
