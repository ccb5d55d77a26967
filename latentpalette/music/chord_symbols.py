"""Chord symbols as they stand on lead sheets, read as triads: what a model that is conditioned on chords knows.

The third makes a triad major or minor, and the fifth a major one augmented and a minor one diminished, as in note-seq
(`chord_symbol_quality`). All else is left out: the bass of a slash chord, sixths, sevenths and what is above them.
note-seq refuses chords without a third and thirds with the wrong fifth; here a chord without a third counts as major,
and a fifth that fits no triad counts as pure. A small "o" after a root is the sign of a diminished chord, as on lead
sheets and in note-seq: "Do" is D diminished, and no syllable; those of solfège are not read.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from latentpalette.errors import MusicError, suggest
from latentpalette.validation import short_repr

ROOTS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
NO_CHORD = "N.C."
KINDS = ("", "m", "+", "dim")  # of triads, in the order of their classes

_NO_CHORD = re.compile(r"n\.?\s?c\.?|n/c|n|no[\s_-]?chord|none|tacet", re.IGNORECASE)
_ROOT = re.compile(r"([A-G])(#{1,2}|b{1,2}|x)?")
_BASS = re.compile(r"/\s*[A-Ga-g](#{1,2}|b{1,2}|x)?\s*$")
_GERMAN_ROOT = re.compile(r"^(?:([A-H])(is|es)|([AE])(s)|(H)())")
_SHIFTS = {"": 0, "#": 1, "##": 2, "x": 2, "b": -1, "bb": -2}
_EXAMPLES = ("m", "7", "maj7", "m7", "6", "9", "sus4", "add9", "dim", "m7b5", "+", "7b9", "m6", "maj9", "13")
_MAX_LENGTH = 40  # [characters]

# The parts of a kind, in the order in which they are tried, with the third and the fifth that they ask for [semitones
# from a major triad's]; None where they leave it as it is. Single letters are case-sensitive: M7 and m7.
_Parts = tuple[tuple[str, int | None, int | None], ...]
_PARTS: _Parts = (
    (r"(?i:half[\s-]?dim(?:inished)?|hdim)|ø|h", -1, -1),
    (r"(?i:no|omit)\s?[35](?i:rd|th)?", None, None),
    (r"(?i:dim(?:inished)?)|°|o", -1, -1),
    (r"(?i:aug(?:mented)?)", 0, 1),
    (r"(?i:maj(?:or)?|dom(?:inant)?|ma(?!dd|lt))", None, None),
    (r"(?i:min(?:or)?|mi)", -1, None),
    (r"[MΔj]", None, None),
    (r"m", -1, None),
    (r"(?i:sus(?:pended)?)\s?[24]*", None, None),
    (r"(?i:alt(?:ered)?)", None, None),
    (r"(?i:add)\s?[b#]?(?:2|4|6|9|11|13)", None, None),
    (r"[b-]\s?5", None, -1),
    (r"[#+]\s?5|5\s?[#+]", None, 1),
    (r"[b#+-]\s?(?:9|11|13|6|4|2)", None, None),
    (r"/\s?[b#]?[1-7](?!\d)", None, None),  # a bass by its degree, or 6/9 and 7/4
    (r"11|13|[2-79]", None, None),
    (r"\+", None, 1),
    (r"-", None, None),  # after a number, for a flat one: 7/9-
    (r"[\s(),\[\]:]+|/(?=\s*\w)", None, None),
)
_PARTS_AFTER_ROOT: _Parts = (
    (r"-(?!\s?5(?!\d))", -1, None),
    (r"\+(?!\s?5(?!\d))", 0, 1),
    *_PARTS,
)
_ANY_PART, _FIRST_PART = (
    tuple((re.compile(pattern), third, fifth) for pattern, third, fifth in parts)
    for parts in (_PARTS, _PARTS_AFTER_ROOT)
)

# Signs of music and typography, after Unicode's compatibility forms have made superscripts plain digits.
_SIGNS = str.maketrans(
    {
        "♭": "b", "♯": "#", "♮": "", "𝄫": "bb", "𝄪": "##",
        "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-",
        "△": "Δ", "∆": "Δ", "▵": "Δ", "^": "Δ",
        "Ø": "ø", "∅": "ø", "⌀": "ø", "˚": "°", "º": "°",
        "’": "", "'": "",
    }
)  # fmt: skip


class ChordSymbol(NamedTuple):
    """A chord symbol and the triad that it is read as.

    Parameters
    ----------
    symbol : str
        As it was written.
    triad_class : int
        0 for no chord, then 12 each of major, minor, augmented and diminished triads; each of the four starts at C.
    """

    symbol: str
    triad_class: int

    @property
    def triad(self) -> str:
        """The symbol of the triad."""
        kind, root = divmod(self.triad_class - 1, 12)
        return NO_CHORD if self.triad_class == 0 else ROOTS[root] + KINDS[kind]

    @property
    def is_simplified(self) -> bool:
        """True if it says more than its triad: a bass, a seventh, a suspension."""
        if self.triad_class == 0:
            return False
        kind = _plain_kind(self.symbol)
        return kind not in _SPELLINGS[KINDS[(self.triad_class - 1) // 12]]

    def __str__(self) -> str:
        return f"{self.symbol} as {self.triad}"


# Kinds that say no more than a triad.
_SPELLINGS = {
    "": {"", "M", "maj", "major", "ma"},
    "m": {"m", "-", "min", "minor", "mi"},
    "+": {"+", "aug", "augmented", "+5", "(#5)"},
    "dim": {"dim", "o", "°", "diminished", "mb5", "m-5", "m(b5)"},
}


def read_chord(symbol: str) -> ChordSymbol:
    """Read a chord symbol as a triad.

    Raises
    ------
    MusicError
        If it is no chord; the message has the nearest one.

    Examples
    --------
    >>> [read_chord(symbol).triad for symbol in ("Am7", "D/F#", "Csus4", "B♭maj9", "F#ø7", "G7(#5)", "N.C.")]
    ['Am', 'D', 'C', 'Bb', 'F#dim', 'G+', 'N.C.']
    >>> read_chord("Do").triad
    'Ddim'
    >>> print(read_chord("C7b9"), read_chord("C7b9").is_simplified)
    C7b9 as C True
    >>> read_chord("Cmol")
    Traceback (most recent call last):
    latentpalette.errors.MusicError: Unknown chord: 'Cmol'. Did you mean 'Cm'? A chord is a root (C, F#, Bb ...) and ...
    """
    if not isinstance(symbol, str):
        raise MusicError(f'A chord is a symbol such as "Am7"; got {short_repr(symbol)}.')
    return ChordSymbol(symbol, _parse(symbol))


def split_chords(text: str) -> list[str]:
    """Split chord symbols at spaces, commas and bar lines, but not inside parentheses.

    Examples
    --------
    >>> split_chords("C, Am7(b9, #11) | F/A")
    ['C', 'Am7(b9, #11)', 'F/A']
    """
    return re.findall(r"(?:\([^()]*\)|[^\s,|])+", text)


def describe_simplified(symbols: list[str]) -> str:
    """Describe which chords say more than the triads that they are read as; empty if none does.

    Examples
    --------
    >>> describe_simplified(["C", "Am7", "D/F#", "Am7"])
    'chords are read as triads: Am7 as Am, D/F# as D'
    >>> describe_simplified(["C", "Am"])
    ''
    """
    chords = [chord for chord in map(read_chord, dict.fromkeys(symbols)) if chord.is_simplified]
    return f"chords are read as triads: {', '.join(map(str, chords))}" if chords else ""


@lru_cache(maxsize=4096)
def _parse(symbol: str) -> int:
    """Return the class of a triad."""
    if len(symbol) > _MAX_LENGTH:
        raise _unknown(symbol)
    text = _normalize(symbol)
    if _NO_CHORD.fullmatch(text):
        return 0
    root = _ROOT.match(text)
    if root is None:
        raise _unknown(symbol)
    pitch_class = "C.D.EF.G.A.B".index(root[1]) + _SHIFTS[root[2] or ""]
    third_and_fifth = _parse_kind(_BASS.sub("", text[root.end() :]))
    if third_and_fifth is None:
        raise _unknown(symbol)
    third, fifth = third_and_fifth
    kind = {(0, 1): 2, (-1, -1): 3}.get((third, fifth), 1 if third else 0)
    return 1 + 12 * kind + pitch_class % 12


def _parse_kind(text: str) -> tuple[int, int] | None:
    """Return the changes of third and fifth [semitones] from a major triad; None if it is no kind of chord."""
    third, fifth, position = 0, 0, 0
    while position < len(text):
        for pattern, new_third, new_fifth in _FIRST_PART if position == 0 else _ANY_PART:
            match = pattern.match(text, position)
            if match and match.end() > position:
                third = third if new_third is None else new_third
                fifth = fifth if new_fifth is None else new_fifth
                position = match.end()
                break
        else:
            return None
    return third, fifth


def _normalize(symbol: str) -> str:
    """Return a symbol in plain signs: ``"B♭ᵒ⁷"`` as ``"Bbo7"``."""
    return unicodedata.normalize("NFKC", symbol.translate(_SIGNS)).translate(_SIGNS).strip()


def _plain_kind(symbol: str) -> str:
    """Return the kind of a symbol, and its bass if it has one."""
    text = _normalize(symbol)
    root = _ROOT.match(text)
    kind = text[root.end() :].strip() if root else text
    return kind if kind in ("M", "m") else kind.lower()


def _translate_root(match: re.Match[str]) -> str:
    """Return a German root in English: ``"Fis"`` as ``"F#"``, ``"Es"`` as ``"Eb"``, ``"H"`` as ``"B"``."""
    letter, accidental = (group for group in match.groups() if group is not None)
    return letter.replace("H", "B") + {"is": "#", "es": "b", "s": "b"}.get(accidental, "")


def _unknown(symbol: object) -> MusicError:
    text = str(symbol)[:_MAX_LENGTH]
    capitalized = _GERMAN_ROOT.sub(_translate_root, text[:1].upper() + text[1:])
    known = [root + kind for root in ROOTS for kind in ("", *_EXAMPLES)]
    hint = suggest(capitalized, known, cutoff=0.4)
    return MusicError(
        f"Unknown chord: {text!r}.{hint} A chord is a root (C, F#, Bb ...) and a kind "
        f"({', '.join(_EXAMPLES)} ...), perhaps over a bass (C/E); N.C. is no chord."
    )
