"""The wheel that people install: all of it is inside, and alone in a fresh environment it sounds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.import_graph import PACKAGE

pytestmark = pytest.mark.timeout(1200)  # the first test waits for pip to fetch and unpack torch

RENDER = """
import latentpalette as lp
loop = lp.NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)
sound = loop.sound()
print(abs(sound.samples).max() > 0.01, sound.samples.shape[0], sound.rate)
"""

DECODE = """
import latentpalette as lp
model = lp.load("drums-2bar")
print([loop.steps for loop in model.sample(2, seed=1)])
"""


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV", "CI")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, REPOSITORY, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def fresh_python(wheel, tmp_path_factory) -> Iterator[Callable[[str], str]]:
    """Run code by a Python that has the wheel and what the wheel asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("fresh")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(python, "-m", "pip", "install", "--quiet", wheel, "-c", REPOSITORY / "constraints.txt", cwd=folder)
    yield lambda code: run(python, "-I", "-c", code, cwd=folder)
    shutil.rmtree(folder)  # torch is large, and pytest keeps what tests leave


def test_every_file_of_the_package_is_in_the_wheel(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(
        ["git", "ls-files", "--", "latentpalette"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    ).stdout.split()
    wanted = set(listed) or {
        path.relative_to(REPOSITORY).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted <= inside


@pytest.mark.parametrize(
    "pattern",
    [f"widgets/static/{place}.{kind}" for place in ("*", "*/**/*") for kind in ("js", "css")]
    + ["widgets/static/engine/kernels.*", "py.typed"],
)
def test_the_wheel_holds(wheel, pattern):
    wanted = {path.relative_to(REPOSITORY).as_posix() for path in PACKAGE.glob(pattern)}
    assert wanted, f"there is no latentpalette/{pattern}"
    assert wanted <= set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_each_shipped_model_with_its_card(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    models = [folder for folder in (PACKAGE / "pretrained").iterdir() if (folder / "config.json").is_file()]
    assert models
    for folder in models:
        at = folder.relative_to(REPOSITORY).as_posix()
        assert {f"{at}/config.json", f"{at}/model.safetensors", f"{at}/README.md"} <= inside


def test_the_wheel_holds_nothing_else(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"latentpalette"}


def test_the_wheel_alone_renders_a_sound(fresh_python):
    assert fresh_python(RENDER) == "True 2 44100\n"


def test_the_wheel_alone_decodes_with_the_shipped_model(fresh_python):
    assert fresh_python(DECODE) == "[32, 32]\n"


def test_the_wheel_alone_knows_nothing_of_tests_and_jupyterlab(fresh_python):
    found = "import importlib.util as u; print([n for n in ('pytest', 'jupyterlab', 'lightning') if u.find_spec(n)])"
    assert fresh_python(found) == "[]\n"


def test_the_wheel_alone_answers_on_the_command_line(fresh_python):
    assert "palette" in fresh_python("from latentpalette.cli import app; app(['--help'], standalone_mode=False)")
