"""The code of docs/instruments.md runs as it stands."""

from tests.conftest import REPOSITORY
from tests.docs.pages import code_blocks

PAGE = REPOSITORY / "docs" / "instruments.md"


def test_the_code_of_the_page_runs_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = code_blocks(PAGE, "python")
    assert len(blocks) >= 2
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    assert {"walk.mid", "together.mid", "together.html"} <= {file.name for file in tmp_path.iterdir()}
