"""The page of conditions: its code runs, and its recipe is one."""

from __future__ import annotations

import json

from latentpalette.training.recipe import load_recipe
from tests.conftest import REPOSITORY
from tests.docs.pages import code_blocks

PAGE = REPOSITORY / "docs" / "conditions.md"


def test_its_code_runs():
    for code in code_blocks(PAGE, "python"):
        exec(compile(code, PAGE.name, "exec"), {})


def test_its_recipe_names_two_conditions(tmp_path):
    (text,) = code_blocks(PAGE, "json")
    json.loads(text)
    (tmp_path / "my-drums.json").write_text(text)
    assert load_recipe(tmp_path / "my-drums.json").conditions == ("density", "energy")
