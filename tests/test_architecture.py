"""The plan of the house, held: who may import whom, and which library lives where."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.import_graph import PACKAGE, imports, is_import_call, modules, project, tracked

# From the ground up. A module may import its own floor and those before it.
FLOORS = (
    "errors",
    "wording",
    "validation",
    "files",
    "effects",
    "tar_header",
    "calls",
    "lazy",
    "old_names",
    "progress",
    "music",
    "windows",
    "converters",
    "latent",
    "models",
    "data",
    "evaluation",
    "training",
    "audio",
    "plots",
    "widgets",
    "cli",
)

# The return type of `NoteSequence.sound`. At run time nothing imports upward: `music.hooks` is connected by the root.
TYPES_FROM_ABOVE = {"music.sequence": {"audio"}}

# Where a library may be imported at run time; each other one only has to be declared.
HOMES = {
    "torch": ("models", "data.batches", "data.augment", "evaluation", "training"),
    "lightning": ("training",),
    "safetensors": ("models", "training"),
    "sklearn": ("evaluation",),
    "google_crc32c": ("models",),
    "anywidget": ("widgets",),
    "ipywidgets": ("widgets",),
    "bokeh": ("plots",),
    "jupyter_bokeh": ("plots",),
    "matplotlib": ("plots",),
    "pretty_midi": ("music.midi", "audio"),
    "fluidsynth": ("audio",),
    "soundfile": ("audio",),
    "distributed": ("data.parallel",),
    "typer": ("cli",),
    "spotipy": ("data.spotify",),
    "requests": ("data.spotify",),
}

HEAVY = {"torch", "lightning", "numpy", "pretty_midi", "soundfile", "bokeh", "matplotlib", "anywidget"}

# What a module is called in pyproject.toml, where that is not its own name: the package it comes in or comes with.
COMES_WITH = {
    "fluidsynth": "pyfluidsynth",
    "google_crc32c": "google-crc32c",
    "sklearn": "scikit-learn",
    "requests": "spotipy",
    "IPython": "ipywidgets",
    "comm": "ipywidgets",
    "traitlets": "ipywidgets",
    "PIL": "matplotlib",
}


def floor_of(module: str) -> str:
    return module.partition(".")[0]


def ours() -> list:
    """The imports of our own modules by our own modules, the package's root aside."""
    return [found for found in imports() if found.library is None and found.module]


def test_every_module_stands_on_a_named_floor():
    assert {floor_of(name) for name in modules() if name} <= {*FLOORS, "__main__"}


def test_imports_go_down_never_up():
    upward = []
    for found in ours():
        here, there = floor_of(found.module), floor_of(found.name.removeprefix("latentpalette."))
        is_named_type = found.when == "for types" and there in TYPES_FROM_ABOVE.get(found.module, ())
        if here != "__main__" and not is_named_type and FLOORS.index(there) > FLOORS.index(here):
            upward.append(str(found))
    assert upward == []


def test_each_type_from_above_is_used():
    used = {(found.module, floor_of(found.name.removeprefix("latentpalette."))) for found in ours()}
    assert {(module, floor) for module, floors in TYPES_FROM_ABOVE.items() for floor in floors} <= used


def test_no_imports_go_in_a_circle():
    graph: dict[str, set[str]] = {}
    for found in ours():
        if found.when != "for types":
            graph.setdefault(found.module, set()).add(found.name.removeprefix("latentpalette."))
    circle: list[str] = []
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        circle = error.args[1]
    assert circle == []


def test_nothing_inside_imports_a_lazy_name():
    packages = ("data", "evaluation", "latent", "plots", "training")
    lazy = {"latentpalette", *(f"latentpalette.{name}" for name in packages)}
    asked = [str(found) for found in ours() if found.name in lazy and floor_of(found.module) != "cli"]
    assert asked == []


def test_an_import_by_name_says_which_name():
    computed = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if name != "lazy" and is_import_call(node) and not isinstance(node.args[0], ast.Constant)
    ]
    assert computed == []


@pytest.mark.parametrize("library", HOMES)
def test_a_library_stays_where_it_lives(library):
    astray = [
        str(found)
        for found in imports()
        if found.library == library
        and found.when != "for types"
        and not any(found.module == home or found.module.startswith(f"{home}.") for home in HOMES[library])
    ]
    assert astray == []


def test_every_library_that_is_imported_is_declared():
    extras = project()["optional-dependencies"]
    train = extras["train"]
    declared = {
        "": project()["dependencies"],
        "training": train,
        "evaluation": train,
        "data": [*extras["cluster"], *extras["spotify"]],
    }
    names = {floor: {re.split(r"[^\w-]", line)[0].lower() for line in lines} for floor, lines in declared.items()}
    undeclared = []
    for found in imports():
        library = found.library
        if library is None or library in sys.stdlib_module_names:
            continue
        wanted = COMES_WITH.get(library, library).lower()
        if wanted not in names[""] | names.get(floor_of(found.module), set()):
            undeclared.append(str(found))
    assert undeclared == []


def in_a_fresh_python(code: str) -> str:
    """Run code as CI would see it, warnings as errors; return everything it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=REPOSITORY,
        env={"CI": "true", "PATH": "/usr/bin:/bin", "HOME": str(Path.home())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_importing_the_package_loads_nothing_heavy_and_prints_nothing():
    code = f"import sys, latentpalette; assert not (heavy := {HEAVY!r} & set(sys.modules)), heavy"
    assert in_a_fresh_python(code) == ""


def test_importing_every_module_prints_nothing_and_warns_of_nothing():
    names = [f"latentpalette.{name}" for name in modules() if name and name != "__main__"]
    assert in_a_fresh_python(f"import importlib\nfor name in {names!r}: importlib.import_module(name)") == ""


def test_every_file_fits_on_a_few_screens():
    long = {
        str(path.relative_to(REPOSITORY)): lines
        for path in tracked("*.py", "*.js", "*.mjs", "*.css")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) >= 400
    }
    assert long == {}


def test_nothing_is_unpickled_evaluated_or_executed():
    forbidden = {"eval", "exec", "compile", "pickle.load", "pickle.loads", "torch.load", "marshal.loads"}
    calls = [
        f"{name}:{node.lineno} calls {ast.unparse(node.func)}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            ast.unparse(node.func) in forbidden
            or any(keyword.arg == "allow_pickle" and ast.unparse(keyword.value) != "False" for keyword in node.keywords)
        )
    ]
    unpicklers = {"pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
    assert calls == []
    assert [str(found) for found in imports() if found.library in unpicklers] == []


# The command `spotify-danceability`, which is there to fetch values of songs, and says so.
FETCHES = "data.spotify"


def test_nothing_fetches_from_the_network_but_one_command():
    clients = {"urllib", "urllib3", "http", "requests", "httpx", "aiohttp", "socket", "ftplib", "spotipy"}
    fetching = [found for found in imports() if found.library in clients and found.name != "urllib.parse"]
    assert [str(found) for found in fetching if found.module != FETCHES] == []
    assert {found.when for found in fetching} == {"in a function"}
    users = {(found.module, found.when) for found in ours() if found.name == f"latentpalette.{FETCHES}"}
    assert users == {("cli.spotify", "in a function")}


SYSTEM_FOLDERS = ("/usr/", "/etc/", "/opt/homebrew", "/opt/local", "/Library/")


def test_no_path_of_one_machine_is_written_into_the_package():
    written = [
        f"{name}:{node.lineno} {node.value!r}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.match(r"/[a-zA-Z]\w*/\w", node.value)
        and not node.value.startswith(SYSTEM_FOLDERS)
    ]
    assert written == []


def test_no_file_names_the_folder_it_was_made_in():
    naming = [
        str(path.relative_to(REPOSITORY))
        for path in tracked("*.py", "*.js", "*.css", "*.html", "*.md", "*.ipynb", "*.json", "*.toml", "*.txt", "*.yml")
        if re.search(rf"{re.escape(str(REPOSITORY))}\b|/(?:home|Users|root)/\w", path.read_text(encoding="utf-8"))
    ]
    assert naming == []


def test_the_package_says_that_it_is_typed():
    assert (PACKAGE / "py.typed").is_file()
