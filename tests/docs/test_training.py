"""The commands of docs/training.md parse, and its code names what exists."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import re
import shlex

import pytest
import typer

from latentpalette.cli import app
from latentpalette.models.config import ModelConfig
from latentpalette.training.config import TrainConfig
from latentpalette.training.recipe import load_recipe
from tests.conftest import REPOSITORY
from tests.docs.pages import code_blocks, links

PAGE = REPOSITORY / "docs" / "training.md"
TEXT = PAGE.read_text(encoding="utf-8")
COMMANDS = [line for code in code_blocks(PAGE, "sh") for line in code.splitlines() if line.startswith("latentpalette ")]
CODE = code_blocks(PAGE, "python")


def test_the_page_has_a_command_for_each_of_the_steps():
    steps = {"corpus", "train", "whiten", "fit-prior", "styles", "danceability", "evaluate", "evaluate-constraints"}
    assert {shlex.split(command)[1] for command in COMMANDS} == steps
    assert len(CODE) >= 3


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_parses_with_all_its_options(command):
    _, name, *arguments = shlex.split(command)
    commands = typer.main.get_command(app).commands
    # Parsed, not run: an unknown option, a missing value or a value of the wrong kind raises.
    context = commands[name].make_context(name, arguments)
    assert context.params


@pytest.mark.parametrize("command", [command for command in COMMANDS if "--recipe" in command])
def test_the_recipe_of_a_command_exists(command):
    words = shlex.split(command)
    assert load_recipe(words[words.index("--recipe") + 1]).config.steps


@pytest.mark.parametrize("code", CODE)
def test_code_imports_what_exists(code):
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = importlib.import_module(node.module)
            for alias in node.names:
                assert hasattr(module, alias.name) or importlib.import_module(f"{node.module}.{alias.name}")
        elif isinstance(node, ast.Import):
            for alias in node.names:
                importlib.import_module(alias.name)


def test_every_setting_in_the_table_exists():
    fields = {field.name for config in (TrainConfig, ModelConfig) for field in dataclasses.fields(config)}
    rows = re.findall(r"^\| (`[^|]+) \| ", TEXT, re.MULTILINE)
    settings = [name.partition(".")[0] for row in rows for name in re.findall(r"`([^`]+)`", row)]
    assert len(settings) > 8
    assert [name for name in settings if name not in fields] == []


@pytest.mark.parametrize("target", links(PAGE))
def test_a_link_leads_to_a_file(target):
    assert (PAGE.parent / target).exists()
