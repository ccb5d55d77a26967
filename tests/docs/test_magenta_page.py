"""The code of docs/magenta.md runs as it stands, on small checkpoints of the formats that it names."""

from __future__ import annotations

import re
import shlex
import tempfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

import latentpalette as lp
from latentpalette.cli.app import app
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.store import load
from latentpalette.music.drums import DRUM_MAPS
from tests.conftest import REPOSITORY
from tests.docs.pages import code_blocks
from tests.models.magenta.checkpoint_files import write
from tests.models.magenta.test_archive import pack
from tests.models.magenta.test_mapping import tensors_of
from tests.models.magenta.tfjs_files import write_shards
from tests.models.tiny_models import SIZES

PAGE = REPOSITORY / "docs" / "magenta.md"
TEXT = PAGE.read_text(encoding="utf-8")
COMMANDS = [line for code in code_blocks(PAGE, "sh") for line in code.splitlines()]


def archive(folder, name, config):
    """Write an archive like those that Magenta published."""
    with tempfile.TemporaryDirectory() as checkpoint:
        write(Path(checkpoint) / "model.ckpt", tensors_of(MAGENTA_CONFIGS[config].replace(**SIZES)))
        files = {path.name: path.read_bytes() for path in Path(checkpoint).iterdir()}
    return pack(folder / name, files)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the files that the page names."""
    folder = tmp_path_factory.mktemp("magenta")
    archive(folder, "cat-drums_2bar_small.hikl.tar", "cat-drums_2bar_small")
    archive(folder, "groovae_2bar_humanize.tar", "groovae_2bar_humanize")
    melody = MAGENTA_CONFIGS["cat-mel_2bar_small"].replace(**SIZES)
    spec = {"type": "MelodyConverter", "args": {"minPitch": 21, "maxPitch": 108, "numSteps": 64}}
    write_shards(folder / "mel_4bar_small_q2", tensors_of(melody), spec=spec, width=2)
    loops = list(lp.presets().values())
    for name, loop in zip(("beat_a", "beat_b"), loops, strict=False):
        loop.save(folder / f"{name}.mid")
    lp.concatenate(loops[:2]).save(folder / "song.mid")
    return folder


@pytest.fixture(scope="module")
def outputs(folder):
    """Return the result of each command of the page, run in order."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return {line: CliRunner().invoke(app, shlex.split(line)[1:]) for line in COMMANDS}


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_runs(outputs, line):
    assert line.startswith("latentpalette ")
    assert outputs[line].exit_code == 0, f"{outputs[line].output}\n{outputs[line].exception!r}"


@pytest.mark.usefixtures("outputs")
def test_the_commands_write_the_files_that_the_page_names(folder):
    assert [load(folder / name).config.name for name in ("drums-hikl", "mel-4bar", "humanizer")] == [
        "cat-drums_2bar_small",
        "mel_4bar_small_q2",
        "groovae_2bar_humanize",
    ]
    assert sorted(path.name for path in (folder / "drums-hikl").iterdir()) == [
        "README.md",
        "config.json",
        "model.safetensors",
    ]
    assert len(list((folder / "sampled").glob("*.mid"))) == 4
    assert len(list((folder / "walk").glob("*.mid"))) == 7
    assert list((folder / "windows").glob("song*.mid"))
    assert lp.NoteSequence.from_midi(folder / "humanized.mid").notes


def test_the_python_runs(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    for code in code_blocks(PAGE, "python"):
        exec(code, names)
    assert len(names["loops"]) == 4
    assert "Drum map: reduced-2018" in capsys.readouterr().out


def test_every_configuration_and_option_that_the_page_names_exists():
    names = re.findall(r"`lp\.load\(path, config=\"([\w-]+)\"\)`|`--config ([\w-]+)`", TEXT)
    assert {name for pair in names for name in pair if name} <= set(MAGENTA_CONFIGS)
    help_text = CliRunner().invoke(app, ["import", "--help"], env={"COLUMNS": "200"}).output
    for option in ("--config", "--fp16", "--drum-map", "--out"):
        assert option in help_text


def test_every_method_that_the_page_names_exists():
    methods = set(re.findall(r"`model\.(\w+)[(`]", TEXT)) - {"safetensors"}  # the file
    assert methods >= {"sample", "encode", "posterior", "decode", "interpolate", "similar", "log_likelihood"}
    assert [name for name in methods if not hasattr(lp.MusicVAE, name)] == []


def test_the_drum_maps_differ_where_the_page_says():
    current, old = DRUM_MAPS["reduced"].classes, DRUM_MAPS["reduced-2018"].classes
    assert [pitch for pitch in range(128) if current.get(pitch) != old.get(pitch)] == [22, 26, 43, 52]
