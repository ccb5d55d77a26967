"""Markdown as the pages of the repository are written: sections, links, code."""

from __future__ import annotations

import re
from collections.abc import Callable

_FENCE = re.compile(r"^(```.*?^```$)", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_LINK = re.compile(r"(\]\()([^)\s]+)(\))")


def anchor(heading: str) -> str:
    """Return the anchor that GitHub and MyST give a heading.

    Examples
    --------
    >>> anchor("1. A *corpus*, or `two`")
    '1-a-corpus-or-two'
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def split_sections(text: str) -> dict[str, str]:
    r"""Return the sections of a page by their headings of the second level; ``""`` is what stands above the first.

    Examples
    --------
    >>> split_sections("# A\n\none\n\n## B\n\ntwo\n")
    {'': 'one', 'B': 'two'}
    """
    # A heading in code is none: fences are put out of sight, with as many characters.
    hidden = _FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    headings = list(_HEADING.finditer(hidden))
    starts = [*(heading.start() for heading in headings), len(text)]
    sections = {"": re.sub(r"\A# .*\n", "", text[: starts[0]]).strip()}
    for heading, end in zip(headings, starts[1:], strict=True):
        sections[heading[1]] = text[heading.end() : end].strip()
    return sections


def replace_links(text: str, replace: Callable[[str], str]) -> str:
    """Return a page with its relative links replaced; code stays as it is."""

    def change(match: re.Match[str]) -> str:
        external = re.match(r"[a-z]+:", match[2]) is not None
        return match[0] if external else f"{match[1]}{replace(match[2])}{match[3]}"

    parts = _FENCE.split(text)
    return "".join(part if index % 2 else _LINK.sub(change, part) for index, part in enumerate(parts))


def code_blocks(text: str, language: str) -> list[str]:
    """Return the blocks of code of a page in a language, without their fences."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def replace_code(text: str, language: str, replace: Callable[[str], str]) -> str:
    """Return a page with each block of code in a language, fences included, replaced."""
    pattern = re.compile(rf"^```{language}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return pattern.sub(lambda match: replace(match[1]), text)
