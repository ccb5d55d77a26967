"""Names of tracks, songs and files reach the terminal as text only, whatever characters they have."""

from __future__ import annotations

import zipfile

import pytest

from latentpalette.cli.app import app
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence
from tests.cli.runner import run

NAMES = {
    "escape": "a\x1b[31mred\x1b]0;title\x07b",
    "C1": "a\x9b31mb",
    "bidi": "a\u202egnp.b",
    "markup": "a[red]b[/red][/]:smile:",
    "long": "n" * 60_000,
}
BEAT = NoteSequence.from_steps({"kick": [0, 8, 16, 24], "snare": [4, 12, 20, 28]}, steps=32)


def named(name: str) -> bytes:
    """A file whose only track, of drums, has a name."""
    data = midi.to_bytes(BEAT)
    start = data.rindex(b"MTrk")
    text = name.encode()
    length = bytes([0x80 | len(text) >> 14, 0x80 | len(text) >> 7 & 127, len(text) & 127])
    event = b"\0\xff\x03" + length + text
    size = int.from_bytes(data[start + 4 : start + 8], "big") + len(event)
    return data[:start] + b"MTrk" + size.to_bytes(4, "big") + event + data[start + 8 :]


def assert_harmless(output: str) -> None:
    assert not set(output) & {"\x1b", "\x9b", "\x07", "\u202e"}
    assert len(output) < 20_000
    assert "Traceback" not in output


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize(
    "command",
    [
        ["extract", "FILE", "--model", "melody-2bar"],
        ["extract", "FILE", "--model", "drums-2bar", "--track", "nosuch"],
        ["extract", "FILE", "--model", "drums-2bar", "--drums", "nosuch"],
        ["interpolate", "FILE", "FILE", "--model", "melody-2bar", "--n", 2],
        ["humanize", "FILE", "--drums", "nosuch"],
        ["tap-to-drums", "FILE", "--drums", "nosuch"],
        ["palette", "FILE", "--html", "OUT/p.html", "--size", 3, "--drums", "nosuch"],
        ["corpus", "FILE", "--recipe", "melody-2bar", "--out", "OUT/c.npz", "--workers", 0],
    ],
    ids=lambda command: " ".join(map(str, command)),
)
def test_the_name_of_a_track_is_only_text(command, kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "song.mid"
    path.write_bytes(named(NAMES[kind]))
    result = run(*(str(part).replace("FILE", str(path)).replace("OUT", str(tmp_path)) for part in command))
    assert_harmless(result.output)


@pytest.mark.parametrize("kind", NAMES)
def test_the_name_of_a_song_in_an_archive_is_only_text(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile(tmp_path / "songs.zip", "w") as archive:
        archive.writestr(f"{NAMES[kind]}.mid", b"MThd, but no music")
    for command in (["extract"], ["corpus", "--out", tmp_path / "c.npz", "--workers", 0]):
        result = run(command[0], tmp_path / "songs.zip", *command[1:])
        assert result.exit_code != 0
        assert_harmless(result.output)


@pytest.mark.parametrize("command", ["add-hihat", "extract", "palette", "interpolate"])
def test_an_error_about_a_name_with_a_line_break_is_one_line(tmp_path, capsys, command):
    broken = tmp_path / "two\nlines\t\x1b[31m.mid"
    broken.write_bytes(b"junk")
    arguments = {"palette": ["--midi-out", str(tmp_path / "out")], "interpolate": [str(broken)]}.get(command, [])
    with pytest.raises(SystemExit):
        app([command, str(broken), *arguments])
    (line,) = [line for line in capsys.readouterr().err.split("\n") if line.strip()]
    assert line.startswith("error: ")
    assert "two\\nlines\\t\\x1b[31m.mid" in line
