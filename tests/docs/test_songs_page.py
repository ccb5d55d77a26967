"""The code and the commands of docs/songs.md run as they stand."""

from __future__ import annotations

import shlex

import latentpalette as lp
from tests.cli.runner import run_ok
from tests.conftest import REPOSITORY
from tests.docs.pages import code_blocks

PAGE = REPOSITORY / "docs" / "songs.md"


def test_the_code_composes_eight_windows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for code in code_blocks(PAGE, "python"):
        exec(compile(code, str(PAGE), "exec"), names)
    assert [window.steps for window in names["song"]] == [32] * 8


def test_the_commands_write_songs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lp.presets()["Bossa"].save(tmp_path / "my_loop.mid")
    commands = [line for code in code_blocks(PAGE, "sh") for line in code.splitlines() if line]
    for command in commands:
        run_ok(*shlex.split(command)[1:])
    lengths = {name: lp.NoteSequence.from_midi(f"{name}.mid").bars for name in ("song", "longer", "transition")}
    assert lengths == {"song": 16, "longer": 14, "transition": 8}
