"""The code of docs/your-own-style.md runs as it stands."""

from __future__ import annotations

from tests.conftest import REPOSITORY
from tests.docs.pages import code_blocks

PAGE = REPOSITORY / "docs" / "your-own-style.md"


def test_the_code_runs_and_leaves_a_small_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for code in code_blocks(PAGE, "python"):
        exec(compile(code, str(PAGE), "exec"), names)
    assert (tmp_path / "bossa.safetensors").stat().st_size < 160_000
    assert repr(names["again"]) == "PersonalModel(bossa: drums-2bar, 32 steps, z 4)"
