import re
import subprocess
from collections import Counter

import pytest

from latentpalette.widgets import assets

MODULES = sorted(assets.STATIC.rglob("*.js"))
ENTRIES = sorted(path for path in assets.STATIC.glob("*.js") if path.name != "standalone.js")
STATIC_FILES = sorted(path for path in assets.STATIC.rglob("*") if path.is_file())
_TOP_LEVEL = re.compile(r"^(?:export\s+)?(?:async\s+)?(?:function\*?|class|const|let|var)\s+(\w+)", re.MULTILINE)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda path: path.name)
def test_no_two_modules_that_are_joined_have_a_top_level_name_in_common(entry):
    joined = assets.esm(entry) + (assets.STATIC / "standalone.js").read_text(encoding="utf-8")
    assert [name for name, times in Counter(_TOP_LEVEL.findall(joined)).items() if times > 1] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_every_import_is_named_relative_and_on_one_line(module):
    lines = re.findall(r"^[ \t]*import\b.*", module.read_text(encoding="utf-8"), re.MULTILINE)
    form = r'import \{ \w+(?:, \w+)* \} from "\.{1,2}/[\w./-]+\.js";'
    assert [line for line in lines if not re.fullmatch(form, line)] == []


@pytest.mark.parametrize("path", STATIC_FILES, ids=lambda path: path.name)
def test_no_static_file_mentions_an_address_on_the_network(path):
    assert "http" not in path.read_text(encoding="utf-8").replace("https by", "").lower() or path.name == "midiout.js"


def test_a_module_that_is_imported_twice_is_joined_once():
    joined = assets.esm(assets.STATIC / "palette.js")
    assert joined.count("function createEmitter(") == 1


def test_the_joined_module_imports_nothing_and_exports_one_thing():
    joined = assets.esm(assets.STATIC / "palette.js")
    assert re.findall(r"^import\b.*", joined, re.MULTILINE) == []
    assert re.findall(r"^export\b.*", joined, re.MULTILINE) == ["export default { render };"]


def test_modules_that_import_each_other_in_a_ring_are_still_joined_once(tmp_path):
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nexport const a = 1;\n')
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\nexport const b = 2;\n')
    assert assets.esm(tmp_path / "a.js") == "const b = 2;\n\nexport const a = 1;\n"


def test_node_accepts_the_joined_module(tmp_path, missing):
    joined = tmp_path / "palette.mjs"
    joined.write_text(assets.esm(assets.STATIC / "palette.js"), encoding="utf-8")
    try:
        checked = subprocess.run(["node", "--check", joined], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        missing("node is not installed")
    assert checked.stderr == ""
