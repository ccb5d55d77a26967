"""Texts: chord symbols, and names that mean something to terminals, pages and file systems."""

from __future__ import annotations

import html.parser
import io
import json
import re

import rich.console

from latentpalette.cli.console import Console
from latentpalette.music.chords import triad_class
from latentpalette.widgets.standalone import PageWidget, standalone_page
from tests.fuzz.harness import Folders, Outcome
from tests.fuzz.mutations import Random, chance, pick

_ROOTS = ("C", "F#", "Bb", "E♭", "A♯", "H", "c", "Cb", "B#", "Gbb", "Fx", "N.C.", "NC", "")
_KINDS = (
    *("", "m", "-", "min", "maj7", "M7", "Δ", "6", "m6", "9", "7b9", "sus4", "sus", "add9", "ø", "o7", "°", "aug", "+"),
    *("dim", "m7b5", "7#5", "13", "alt", "5", "(b5)", "7/5", "mmaj7", "maj", "#11", "♭9"),
)
_PIECES = (
    *("\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\r", "\n", "\b", "\x7f", "\0", "\u202e", "\u2028", "\u200b", "\ud800"),
    *("</script>", "<!--", "<script>alert(1)</script>", '"', "'", "&amp;", "]]>", "[bold]", "[/]", "[link=x]", "{0}"),
    *("%s", "$(x)", "`", "\\", "../", "é", "\U0001f941", "a", "B", " ", "-", "song"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def random_name(rng: Random) -> str:
    return "".join(pick(rng, _PIECES) for _ in range(int(rng.integers(1, 9))))


def fuzz_chords(rng: Random, _: Folders) -> Outcome:
    """A chord symbol has a triad or is refused; one that has a triad can be a control."""
    symbol = pick(rng, _ROOTS) + "".join(pick(rng, _KINDS) for _ in range(int(rng.geometric(0.7))))
    if chance(rng, 0.3):
        symbol += "/" + pick(rng, _ROOTS)
    if chance(rng, 0.2):
        place = int(rng.integers(len(symbol) + 1))
        symbol = symbol[:place] + pick(rng, _PIECES) + symbol[place:]
    triad = triad_class(symbol)
    assert isinstance(triad, int)
    assert 0 <= triad < 49
    return "read"


def fuzz_names(rng: Random, _: Folders) -> Outcome:
    """A name reaches no terminal as a command, and no page as markup."""
    name = random_name(rng)
    for write in ("result", "note", "error"):
        output = io.StringIO()
        console = Console()
        console.stdout = console.stderr = rich.console.Console(
            file=output, highlight=False, force_terminal=False, width=200
        )
        getattr(console, write)(name)
        printed = output.getvalue()
        assert not _CONTROLS.search(printed), f"{write} prints {printed!r}"
        printed.encode()  # no half of a surrogate pair
    state = {"labels": [name, name], "cells": b"\0\1", name: 1}
    page = standalone_page([PageWidget("export default { render() {} };", "", state)], title=name)
    parser = _Page()
    parser.feed(page)
    assert parser.scripts == 2, f"{parser.scripts} scripts in the page"
    assert json.loads(parser.state)[0]["traits"]["labels"] == [name, name]
    assert parser.title == name
    return "shown"


class _Page(html.parser.HTMLParser):
    """The parts of a page that may hold names."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts, self.state, self.title, self._inside = 0, "", "", ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self._inside = "state" if ("id", "state") in attributes else tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "state":
            self.state += data
        elif self._inside == "title":
            self.title += data
