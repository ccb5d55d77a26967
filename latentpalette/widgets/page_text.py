"""Bytes as text of a page: compressed, and with seven bits a character, which takes an eighth less than base64."""

from __future__ import annotations

import zlib

import numpy as np

# ASCII that a page does not hand over as it is, or that may end a tag; each is two other characters in its stead. What
# is not ASCII takes a browser a quarter longer to read.
_REPLACED = {"~": "~~", "\0": "~0", "\r": "~r", "<": "~l"}


def to_text(data: bytes, *, width: int = 1) -> str:
    """Return bytes as text that static/engine/page/text.js reads.

    Parameters
    ----------
    data : bytes
    width : int
        Bytes of a number. First bytes of all numbers come first, then their second bytes ...: sign and exponent of
        weights have less to say than what follows, and are compressed by themselves.

    Examples
    --------
    >>> to_text(bytes(1000)).isprintable(), len(to_text(bytes(1000), width=2)) < 30
    (False, True)
    """
    planes = np.frombuffer(data, np.uint8).reshape(-1, width).T.tobytes()
    bits = np.unpackbits(np.frombuffer(zlib.compress(planes, 9), np.uint8))
    padded = np.concatenate([bits, np.zeros(-len(bits) % 7, np.uint8)]).reshape(-1, 7)
    text = (np.packbits(padded, axis=1)[:, 0] >> 1).tobytes().decode("ascii")
    for character, other in _REPLACED.items():
        text = text.replace(character, other)
    return text
