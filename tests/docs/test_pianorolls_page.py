"""The code of docs/pianorolls.md runs as it stands, and its numbers are those of the code."""

from __future__ import annotations

from latentpalette.plots.overview import MAX_DRAWN_BARS
from latentpalette.plots.pianoroll_interactive import MAX_VISIBLE_STEPS
from latentpalette.widgets.roll_sounds import MAX_PRELOAD_SECONDS, MAX_REPEATED_BARS, MAX_SOUND_SECONDS
from tests.conftest import REPOSITORY
from tests.docs.pages import code_blocks

PAGE = REPOSITORY / "docs" / "pianorolls.md"


def test_the_code_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for code in code_blocks(PAGE, "python"):
        exec(compile(code, str(PAGE), "exec"), names)
    assert (tmp_path / "rolls.html").is_file()
    assert names["rolls"].repeat


def test_the_numbers_are_those_of_the_code():
    numbers = (MAX_REPEATED_BARS, MAX_VISIBLE_STEPS, MAX_DRAWN_BARS, MAX_PRELOAD_SECONDS, MAX_SOUND_SECONDS)
    assert numbers == (4, 256, 1000, 60, 1800)
