"""The words of the code: standard terms of machine learning, music informatics and MIDI, and one word for one thing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.conftest import REPOSITORY
from tests.import_graph import tracked

# Words of an earlier private dialect, with what they are called now. None may come back as a part of an identifier.
REPLACED = {
    "said": "prediction, token or label",
    "told": "controls",
    "heard": "input, frame or note",
    "hears": "reads",
    "taken": "sample, accepted",
    "retake": "resample",
    "rehears": "gibbs_steps",
    "dull": "is_degenerate",
    "stuck": "static",
    "let_go": "note_off",
    "struck": "note_on or hit",
    "strike": "note_on or hit",
    "strikes": "note_ons or hits",
    "touch": "expression",
    "optimiser": "optimizer",
    "quantise": "quantize",
    "colour": "color",
    "colours": "colors",
    "normalise": "normalize",
    "synthesiser": "synthesizer",
    "centre": "center",
}
PREFIXES = ("rehears",)  # whatever follows
# A limit is MAX_ or MIN_, not a superlative.
SUPERLATIVES = {"largest", "longest", "most", "slowest", "fewest", "coldest", "quietest", "narrowest", "faintest"}

# A docstring defines; it does not ask.
QUESTION = re.compile(r"(What|How|Where|Which|Whether|Who|Whom|Why)\b")


def words_of(identifier: str) -> list[str]:
    """The lower-case words of an identifier: ``"drumMap_size"`` has drum, map, size."""
    return re.findall(r"[a-z]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifier).lower())


def forbidden_in(identifier: str) -> str | None:
    """The first forbidden word of an identifier."""
    words = words_of(identifier)
    for word in REPLACED:
        parts = word.split("_")
        if any(words[start : start + len(parts)] == parts for start in range(len(words))):
            return word
    if identifier.isupper() and words[0] in SUPERLATIVES:
        return words[0]
    return next((prefix for prefix in PREFIXES for word in words if word.startswith(prefix)), None)


def python_identifiers(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name that a module defines, assigns, passes or imports, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
            case ast.arg():
                yield node.arg, node.lineno
            case ast.Name(ctx=ast.Store()):
                yield node.id, node.lineno
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr, node.lineno
            case ast.alias(asname=str()):
                yield str(node.asname), node.lineno


def javascript_identifiers(source: str) -> Iterator[tuple[str, int]]:
    """Every name that a script declares, and every parameter of a function, with its line."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*", lambda match: re.sub(r"[^\n]", " ", match[0]), source, flags=re.DOTALL)
    for number, line in enumerate(code.splitlines(), 1):
        for match in re.finditer(r"\b(?:function|class|const|let)\s+([A-Za-z_$][\w$]*)", line):
            yield match[1], number
        for match in re.finditer(r"\b(?:const|let)\s*[{\[]([^}\]=]*)[}\]]\s*=|\bfunction\s*\w*\(([^)]*)\)", line):
            yield from ((name, number) for name in re.findall(r"[A-Za-z_$][\w$]*", match[1] or match[2] or ""))


def names_of_the_tree() -> Iterator[tuple[str, str]]:
    """Every identifier of the repository, with the place it stands in."""
    for path in tracked("*.py"):
        place = path.relative_to(REPOSITORY)
        for name, line in python_identifiers(ast.parse(path.read_text(encoding="utf-8"))):
            yield name, f"{place}:{line}"
    for path in tracked("*.js", "*.mjs"):
        place = path.relative_to(REPOSITORY)
        for name, line in javascript_identifiers(path.read_text(encoding="utf-8")):
            yield name, f"{place}:{line}"
    for path in tracked("*.py", "*.js", "*.mjs", "*.css"):
        yield path.stem, str(path.relative_to(REPOSITORY))


def test_no_replaced_word_comes_back_as_an_identifier():
    back = [
        f"{place} {name}: instead of {word} write {REPLACED.get(word, 'MAX_ or MIN_, or the standard term')}"
        for name, place in names_of_the_tree()
        if (word := forbidden_in(name)) is not None
    ]
    assert back == []


def test_a_docstring_says_what_a_thing_is_and_asks_nothing():
    asking = []
    for path in tracked("latentpalette/**/*.py", "latentpalette/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                text = ast.get_docstring(node)
                if text and QUESTION.match(text):
                    asking.append(f"{path.relative_to(REPOSITORY)}:{getattr(node, 'lineno', 1)} {text.splitlines()[0]}")
    assert asking == []


@pytest.mark.parametrize(
    ("identifier", "word"),
    [
        ("was_said", "said"),
        ("saidBefore", "said"),
        ("_LET_GO", "let_go"),
        ("_MOST_TICKS", "most"),
        ("most_common", None),
        ("rehearsals", "rehears"),
        ("aside", None),
        ("touched", None),
        ("outlet_gold", None),
        ("restruck", None),
    ],
)
def test_a_word_is_found_as_a_word_and_not_inside_another(identifier, word):
    assert forbidden_in(identifier) == word
