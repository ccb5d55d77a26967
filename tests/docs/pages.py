"""The pages of the documentation, and the code in them."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import REPOSITORY

README = REPOSITORY / "README.md"
PAGES = (README, *sorted((REPOSITORY / "docs").glob("*.md")))
CARDS = tuple(sorted((REPOSITORY / "latentpalette" / "pretrained").glob("*/README.md")))
NOTEBOOKS = tuple(sorted((REPOSITORY / "notebooks").glob("*.ipynb")))

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def code_blocks(page: Path, language: str) -> list[str]:
    """Return the fenced code blocks of a page in one language."""
    return [code for found, code in _BLOCK.findall(page.read_text(encoding="utf-8")) if found == language]


def links(page: Path) -> list[str]:
    """Return the relative links of a page, without anchors."""
    return sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))))
