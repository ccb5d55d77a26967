"""The code and the commands of docs/constraints.md run as they stand."""

from __future__ import annotations

import shlex

import latentpalette as lp
from tests.cli.runner import run_ok
from tests.conftest import REPOSITORY
from tests.docs.pages import code_blocks

PAGE = REPOSITORY / "docs" / "constraints.md"


def test_the_code_makes_fuller_loops_and_another_key():
    names: dict = {}
    for code in code_blocks(PAGE, "python"):
        exec(compile(code, str(PAGE), "exec"), names)
    steps = [len({note.step for note in loop.notes}) for loop in names["row"]]
    assert steps == sorted(steps)
    assert steps[0] < steps[-1]
    assert len(names["other_key"]) == 1


def test_the_commands_write_the_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    commands = [line for code in code_blocks(PAGE, "sh") for line in code.splitlines() if line]
    for command in commands:
        run_ok(*shlex.split(command)[1:])
    assert {path: lp.NoteSequence.from_midi(path).bars for path in ("fuller.mid", "eb.mid")} == {
        "fuller.mid": 2,
        "eb.mid": 2,
    }
