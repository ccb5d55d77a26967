"""The commands of docs/command-line.md run as they stand, one after the other, and leave what the page promises."""

from __future__ import annotations

import re
import shlex

import pytest
import typer.main

from latentpalette.cli.app import app
from latentpalette.music.sequence import NoteSequence
from tests.cli.runner import run_ok
from tests.conftest import REPOSITORY
from tests.docs.pages import code_blocks, links

PAGE = REPOSITORY / "docs" / "command-line.md"
COMMANDS = [line for code in code_blocks(PAGE, "sh") for line in code.splitlines()]


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """The folder after all commands have run."""
    folder = tmp_path_factory.mktemp("command_line")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in COMMANDS:
            program, *words = shlex.split(command)
            assert program == "latentpalette"
            run_ok(*words)
    return folder / "output"


def test_every_file_that_a_command_names_is_there(output):
    named = {word.removeprefix("output/") for line in COMMANDS for word in shlex.split(line) if "output/" in word}
    assert len(named) > 10
    assert [name for name in named if not (output / name).exists()] == []


def test_every_step_of_the_beat_leaves_midi_and_a_picture(output):
    for folder, count in (("sample", 6), ("interpolate", 18)):
        files = [file.stem for file in (output / folder).glob("*.mid")]
        assert len(files) == count
        assert {file.stem for file in (output / folder).glob("*.png")} == set(files)
    assert (output / "groove" / "beat.png").read_bytes().startswith(b"\x89PNG")


def test_the_joined_beat_has_six_loops_and_the_drummer_changes_their_velocities(output):
    written = NoteSequence.from_midi(output / "interpolate" / "beat-joined.mid")
    played = NoteSequence.from_midi(output / "groove" / "beat.mid")
    assert written.bars == played.bars == 12
    assert [(note.step, note.pitch) for note in written.notes] == [(note.step, note.pitch) for note in played.notes]
    assert len({note.velocity for note in played.notes}) > 10 > len({note.velocity for note in written.notes})


def test_the_song_is_as_long_as_its_sections(output):
    song = NoteSequence.from_midi(output / "song" / "song.mid")
    assert (song.bars, round(song.qpm)) == (12 + 8 + 8 + 8, 104)


def test_a_page_has_a_roll_for_each_file_and_needs_no_network(output):
    page = (output / "beats.html").read_text(encoding="utf-8")
    assert re.findall(r'"label": "([^"]*)"', page) == ["1", "2", "3", "4", "5", "6"]
    assert re.findall(r'(?:src|href)="https?:', page) == []


def test_the_page_names_every_command_for_music():
    used = {shlex.split(command)[1] for command in COMMANDS}
    others = {"models", "import", "doctor", "corpus", "train", "whiten"}
    others |= {"fit-prior", "fit-songs", "evaluate", "evaluate-songs", "evaluate-constraints", "spotify-danceability"}
    assert used | others | {"tap-to-drums"} == set(typer.main.get_command(app).commands)


@pytest.mark.parametrize("target", links(PAGE))
def test_a_link_leads_to_a_file(target):
    assert (PAGE.parent / target).exists()
