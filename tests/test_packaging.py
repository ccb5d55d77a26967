"""pyproject.toml, constraints.txt and the two conda files say the same."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import REPOSITORY
from tests.import_graph import PACKAGE, project
from tests.versions import supported_versions

CONDA_FILES = ("environment.yml", "environment-windows.yml")


def pins() -> dict[str, Version]:
    """The versions that constraints.txt pins on this Python, by name."""
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line) for line in lines if line and not line.startswith("#")]
    here = [pin for pin in wanted if pin.marker is None or pin.marker.evaluate()]
    assert all(re.fullmatch(r"==[^*,]+", str(pin.specifier)) for pin in here), "a constraint is one exact version"
    return {canonicalize_name(pin.name): Version(str(pin.specifier)[2:]) for pin in here}


def ranges() -> list[Requirement]:
    """Every requirement of pyproject.toml that applies here, those of the extras included."""
    groups = [project()["dependencies"], *project()["optional-dependencies"].values()]
    found = [Requirement(line) for group in groups for line in group]
    return [wanted for wanted in found if wanted.marker is None or wanted.marker.evaluate()]


def conda(name: str) -> tuple[list[str], list[str]]:
    """The lines of a conda file: those for conda, those for pip."""
    listed = yaml.safe_load((REPOSITORY / name).read_text(encoding="utf-8"))["dependencies"]
    (from_pip,) = [line["pip"] for line in listed if isinstance(line, dict)]
    return [line for line in listed if isinstance(line, str)], from_pip


def test_what_pyproject_asks_for_is_pinned_inside_its_range():
    pinned = pins()
    astray = [
        f"{wanted}, pinned: {pinned.get(canonicalize_name(wanted.name))}"
        for wanted in ranges()
        if not wanted.specifier.contains(pinned.get(canonicalize_name(wanted.name), "0"))
    ]
    assert astray == []


def test_pyproject_asks_for_ranges_and_pins_nothing():
    assert [str(wanted) for wanted in ranges() if "==" in str(wanted.specifier)] == []


def test_torch_is_pinned_to_the_version_whose_numbers_are_tested():
    assert pins()["torch"] == Version("2.13.0")


def test_what_is_installed_here_is_what_constraints_txt_says():
    installed = {
        canonicalize_name(found.metadata["Name"]): Version(found.version)
        for found in importlib.metadata.distributions()
    }
    differing = {
        name: f"{installed[name]} installed, {version} pinned"
        for name, version in pins().items()
        if name in installed and Version(installed[name].public) != version
    }
    assert differing == {}


def test_the_conda_files_differ_in_fluidsynth_alone():
    posix, windows = ((REPOSITORY / name).read_text(encoding="utf-8").splitlines() for name in CONDA_FILES)
    assert [line for line in posix if line.strip() != "- fluidsynth"] == windows
    assert "  - fluidsynth" in posix


@pytest.mark.parametrize("name", CONDA_FILES)
def test_a_conda_file_installs_the_package_with_the_lab_and_the_constraints(name):
    _, from_pip = conda(name)
    assert "-e .[lab]" in from_pip
    assert "-c constraints.txt" in from_pip


@pytest.mark.parametrize("name", CONDA_FILES)
def test_a_conda_file_takes_from_pip_what_conda_forge_lacks(name):
    from_conda, from_pip = conda(name)
    pinned = {Requirement(line).name: line for line in from_pip if not line.startswith("-")}
    assert {"pretty_midi", "pyfluidsynth"} <= set(pinned)
    assert [line for line in from_conda if re.match(r"pretty.?midi|pyfluidsynth", line)] == []


@pytest.mark.parametrize("name", CONDA_FILES)
def test_a_conda_file_pins_what_constraints_txt_pins(name):
    pinned = pins()
    for wanted in (Requirement(line) for line in conda(name)[1] if not line.startswith("-")):
        assert str(wanted.specifier) == f"=={pinned[canonicalize_name(wanted.name)]}"


@pytest.mark.parametrize("name", CONDA_FILES)
def test_a_conda_file_asks_for_a_python_that_the_package_runs_on(name):
    (python,) = [line for line in conda(name)[0] if line.startswith("python=")]
    allowed = Requirement(f"python{project()['requires-python']}").specifier
    assert allowed.contains(python.removeprefix("python="))


def test_the_oldest_python_is_the_same_everywhere():
    supported = supported_versions()
    oldest = str(min(Version(version) for version in supported))
    venv = (REPOSITORY / "tests" / "venv.sh").read_text(encoding="utf-8")
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")

    assert project()["requires-python"] == f">={oldest}"
    assert sorted(re.findall(r"python(3\.\d+) ", venv)) == sorted(supported)
    assert f"({oldest.replace('.', ', ')})" in venv
    assert re.findall(r"(3\.\d+) or later", venv) == [oldest, oldest]
    assert re.findall(r"Python (3\.\d+) or newer", readme) == [oldest]


def test_the_package_says_the_version_that_pyproject_says():
    import latentpalette

    assert latentpalette.__version__ == project()["version"]


def test_the_licence_is_apache_2_in_full():
    text = (REPOSITORY / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert project()["license"] == "Apache-2.0"


@pytest.mark.parametrize("command", ["lab", "test"])
def test_make_knows_the_two_commands(command):
    plan = subprocess.run(
        ["make", "--dry-run", command, "LAB_FLAGS=--port 9999", f"VENV={sys.prefix}"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert plan.returncode == 0, plan.stderr
    expected = {"lab": "01_first_palette.ipynb --port 9999", "test": "js jstypes lint types versions pytest"}
    assert expected[command] in plan.stdout


def test_no_file_of_the_package_is_larger_than_a_clone_can_bear():
    large = {path.name: path.stat().st_size for path in PACKAGE.rglob("*") if path.is_file()}
    assert {name: size for name, size in large.items() if size > 10_000_000} == {}
