"""The code of docs/presets.md runs as it stands, and its tables have the presets and figures of the code."""

from __future__ import annotations

import re

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.music.features import backbeat, kick_on_the_one
from tests.conftest import REPOSITORY
from tests.docs.pages import code_blocks

PAGE = REPOSITORY / "docs" / "presets.md"
TEXT = PAGE.read_text(encoding="utf-8")
KINDS = {
    "lp.presets()": lp.presets(),
    'lp.presets("melody")': lp.presets("melody"),
    'lp.presets("bass")': lp.presets("bass"),
    'lp.presets("melody", bars=16)': lp.presets("melody", bars=16),
    'lp.presets("trio")': lp.presets("trio"),
}


def test_the_code_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for code in code_blocks(PAGE, "python"):
        exec(compile(code, str(PAGE), "exec"), names)
    assert (tmp_path / "beats.mid").is_file()


@pytest.mark.parametrize("call", KINDS)
def test_the_table_lists_every_preset(call):
    (row,) = re.findall(rf"^\| `{re.escape(call)}` \|.*\| (.*) \|$", TEXT, re.MULTILINE)
    assert row.split(", ") == list(KINDS[call])


@pytest.mark.parametrize("best_of", [1, 8])
def test_the_shares_of_samples_are_those_of_the_page(best_of):
    label = "as drawn" if best_of == 1 else f"the best of {best_of}"
    (figures,) = re.findall(rf"^\| {label} \| (\d+) % \| (\d+) % \|$", TEXT, re.MULTILINE)
    loops = lp.load("drums-2bar").sample(64, temperature=0.8, seed=1, best_of=best_of)
    shares = [100 * np.mean([feature(loop) == 1 for loop in loops]) for feature in (backbeat, kick_on_the_one)]
    assert shares == pytest.approx([int(figure) for figure in figures], abs=2)
