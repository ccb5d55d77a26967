"""The code of the pages on instruments runs as it stands."""

from __future__ import annotations

import pytest

from tests.conftest import REPOSITORY
from tests.docs.pages import code_blocks

PAGES = ("groove-panel", "interpolation-slider", "latent-loops", "latent-sliders", "melody-mixer", "pages", "sampler")


@pytest.mark.parametrize("name", PAGES)
def test_the_code_of_an_instrument_s_page_runs(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    page = REPOSITORY / "docs" / f"{name}.md"
    for code in code_blocks(page, "python"):
        exec(compile(code, str(page), "exec"), names)
    assert list(tmp_path.glob("*.html"))
