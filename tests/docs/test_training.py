"""docs/training.md tells the truth: its commands are understood, its code names what exists."""

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
from latentpalette.training.config import Settings
from latentpalette.training.recipe import recipe
from tests.conftest import REPOSITORY

PAGE = REPOSITORY / "docs" / "training.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = [
    line
    for language, text in BLOCK.findall(TEXT)
    if language == "sh"
    for line in text.splitlines()
    if line.startswith("latentpalette ")
]
CODE = [text for language, text in BLOCK.findall(TEXT) if language == "python"]


def test_the_four_steps_are_there():
    assert {shlex.split(command)[1] for command in COMMANDS} == {"corpus", "train", "whiten", "evaluate"}
    assert len(CODE) >= 3


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_understood_with_all_its_options(command):
    _, name, *arguments = shlex.split(command)
    commands = typer.main.get_command(app).commands
    # Parsed, not run: an unknown option, a missing value or a value of the wrong kind raises.
    context = commands[name].make_context(name, arguments)
    assert context.params


@pytest.mark.parametrize("command", [each for each in COMMANDS if "--config" in each])
def test_the_recipe_of_a_command_exists(command):
    words = shlex.split(command)
    assert recipe(words[words.index("--config") + 1]).config.steps


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
    known = {each.name for kind in (Settings, ModelConfig) for each in dataclasses.fields(kind)}
    rows = re.findall(r"^\| (`[^|]+) \| ", TEXT, re.MULTILINE)
    named = [name.partition(".")[0] for row in rows for name in re.findall(r"`([^`]+)`", row)]
    assert len(named) > 8
    assert [name for name in named if name not in known] == []


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:)([^)#]+)", TEXT))
def test_a_link_leads_to_a_file(target):
    assert (PAGE.parent / target).exists()
