import re
import subprocess

import pytest

from latentpalette.widgets import bundle

MODULES = sorted(bundle.STATIC.rglob("*.js"))
STATIC_FILES = sorted(path for path in bundle.STATIC.rglob("*") if path.is_file())


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_every_import_is_named_relative_and_on_one_line(module):
    lines = re.findall(r"^[ \t]*import\b.*", module.read_text(encoding="utf-8"), re.MULTILINE)
    form = r'import \{ \w+(?:, \w+)* \} from "\.{1,2}/[\w./-]+\.js";'
    assert [line for line in lines if not re.fullmatch(form, line)] == []


@pytest.mark.parametrize("path", STATIC_FILES, ids=lambda path: path.name)
def test_no_static_file_mentions_an_address_on_the_network(path):
    text = path.read_text(encoding="utf-8", errors="replace")  # the kernels are bytes
    assert "http" not in text.replace("https by", "").lower() or path.name == "midiout.js"


def test_a_module_that_is_imported_twice_is_joined_once():
    joined = bundle.bundle_esm(bundle.STATIC / "palette.js")
    assert joined.count("function createEmitter(") == 1


def test_the_joined_module_imports_nothing_and_exports_one_thing():
    joined = bundle.bundle_esm(bundle.STATIC / "palette.js")
    assert re.findall(r"^import\b.*", joined, re.MULTILINE) == []
    assert re.findall(r"^export\b.*", joined, re.MULTILINE) == ["export default { initialize, render };"]


def test_a_module_is_enclosed_and_hands_out_what_it_exports(tmp_path):
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio" / "a.js").write_text("const one = 1;\nexport const two = 2;\nexport async function f() {}\n")
    (tmp_path / "b.js").write_text('import { f, two } from "./audio/a.js";\nexport default { f, two };\n')
    assert bundle.bundle_esm(tmp_path / "b.js") == (
        "const $audio_a = (() => {\nconst one = 1;\nconst two = 2;\nasync function f() {}\n\n"
        "return { two, f };\n})();\n\nconst { f, two } = $audio_a;\nexport default { f, two };\n"
    )


def test_comments_and_indents_are_left_out_of_the_joined_module(tmp_path):
    (tmp_path / "a.js").write_text(
        "// What it is.\n/** @type {number} */\nlet one = 1; // here\n\n/**\n * Say.\n * @param {X} x\n */\n"
        'const say = (x) => {\n  // again\n  /** @type {any} */ (x).y = "/**";\n  return "*/"; /* end */\n};\n'
    )
    assert bundle.bundle_esm(tmp_path / "a.js") == (
        'let one = 1; // here\n\nconst say = (x) => {\n/** @type {any} */ (x).y = "/**";\nreturn "*/"; /* end */\n};\n'
    )


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_no_text_of_a_module_has_several_lines_as_what_looks_like_a_comment_in_it_would_be_left_out(module):
    code = re.sub(r"^[ \t]*//.*|/\*\*(?:(?!\*/)[\s\S])*\*/", "", module.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert [line for line in code.splitlines() if re.sub(r'"(?:[^"\\]|\\.)*"', "", line).count("`") % 2] == []


def test_modules_with_names_in_common_keep_each_its_own(tmp_path, missing):
    (tmp_path / "view").mkdir()
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "a.js").write_text("const name = 1;\nfunction f() { return name; }\nexport const a = f();\n")
    (tmp_path / "view" / "b.js").write_text("const name = 2;\nfunction f() { return name; }\nexport const b = f();\n")
    (tmp_path / "c.mjs").write_text(
        'import { a } from "./state/a.js";\nimport { b } from "./view/b.js";\n'
        "const name = 3;\nconsole.log(a, b, name);\n"
    )
    (tmp_path / "joined.mjs").write_text(bundle.bundle_esm(tmp_path / "c.mjs"))
    assert node(tmp_path / "joined.mjs", missing).stdout == "1 2 3\n"


def test_modules_that_import_each_other_in_a_circle_are_refused(tmp_path):
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nexport const a = 1;\n')
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\nexport const b = 2;\n')
    with pytest.raises(ValueError, match=r"in a circle: a\.js -> b\.js -> a\.js"):
        bundle.bundle_esm(tmp_path / "a.js")


def node(script, missing, *options):
    try:
        return subprocess.run(["node", *options, script], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        missing("node is not installed")


def test_node_accepts_the_joined_module(tmp_path, missing):
    joined = tmp_path / "palette.mjs"
    joined.write_text(bundle.bundle_esm(bundle.STATIC / "palette.js"), encoding="utf-8")
    assert node(joined, missing, "--check").stderr == ""
