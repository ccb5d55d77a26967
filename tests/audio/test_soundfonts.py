from __future__ import annotations

import os
import struct

import pytest

from latentpalette.audio.soundfont import find
from latentpalette.audio.soundfont.file import read_soundfont
from latentpalette.audio.soundfont.find import find_soundfont
from latentpalette.errors import SoundError
from tests.audio import soundfont_files


@pytest.fixture(autouse=True)
def _no_soundfonts_of_this_machine(monkeypatch, tmp_path):
    """No variable, no system directories, and an empty current directory."""
    monkeypatch.delenv(find.ENV_VAR, raising=False)
    monkeypatch.setattr(find, "system_dirs", lambda: iter([tmp_path / "system"]))
    monkeypatch.setattr(find, "user_dirs", lambda: iter([tmp_path / "soundfonts"]))
    monkeypatch.chdir(tmp_path)


def write_in(directory, name, data=None):
    directory.mkdir(exist_ok=True)
    return soundfont_files.write(directory / name, soundfont_files.soundfont_bytes() if data is None else data)


def test_without_any_other_the_soundfont_inside_pretty_midi_is_found():
    assert find_soundfont().path.name == "TimGM6mb.sf2"
    assert "pretty_midi" in find_soundfont().path.parts


def test_a_systems_soundfont_precedes_that_of_pretty_midi(tmp_path):
    write_in(tmp_path / "system", "b.sf2")
    write_in(tmp_path / "system", "a.sf3")
    assert find_soundfont().path.name == "a.sf3"


def test_a_soundfont_in_the_directory_soundfonts_precedes_the_systems(tmp_path):
    write_in(tmp_path / "system", "system.sf2")
    write_in(tmp_path / "soundfonts", "mine.SF2")
    assert find_soundfont().path.name == "mine.SF2"


def test_the_variable_precedes_the_directories_and_a_named_soundfont_the_variable(tmp_path, monkeypatch):
    write_in(tmp_path / "soundfonts", "mine.sf2")
    monkeypatch.setenv(find.ENV_VAR, str(write_in(tmp_path, "variable.sf2")))
    assert find_soundfont().path.name == "variable.sf2"
    assert find_soundfont(write_in(tmp_path, "named.sf2")).path.name == "named.sf2"


def test_a_broken_soundfont_of_the_system_is_skipped_but_a_broken_one_of_the_user_is_an_error(tmp_path):
    write_in(tmp_path / "system", "broken.sf2", b"RIFF")
    assert find_soundfont().path.name == "TimGM6mb.sf2"
    write_in(tmp_path / "soundfonts", "mine.sf2", b"RIFF")
    with pytest.raises(SoundError, match=r"mine\.sf2 is not a SoundFont"):
        find_soundfont()


def test_a_variable_that_names_no_file_is_an_error(monkeypatch):
    monkeypatch.setenv(find.ENV_VAR, "nowhere.sf2")
    with pytest.raises(SoundError, match=r"nowhere\.sf2 .*\$LATENTPALETTE_SOUNDFONT"):
        find_soundfont()


def test_without_any_soundfont_the_error_names_the_package_to_install(monkeypatch):
    monkeypatch.setattr(find, "bundled_soundfont", lambda: None)
    with pytest.raises(SoundError, match="pip install pretty_midi"):
        find_soundfont()


def test_the_users_directories_are_in_the_checkout_and_the_current_directory(tmp_path, monkeypatch, repository):
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert list(find.user_dirs()) == [repository / "soundfonts", tmp_path / "soundfonts"]


def test_a_soundfont_has_its_presets(tmp_path):
    soundfont = read_soundfont(write_in(tmp_path, "sine.sf2"))
    assert dict(soundfont.presets) == {(0, 0): "part", (128, 0): "part"}


def test_a_kit_that_the_soundfont_lacks_is_played_by_its_first_but_an_instrument_is_not_replaced(tmp_path):
    soundfont = read_soundfont(write_in(tmp_path, "sine.sf2"))
    assert soundfont.preset(25, is_drum=True) == (128, 0)
    with pytest.raises(SoundError, match=r"sine\.sf2 has no instrument with program 40. It has: 0"):
        soundfont.preset(40, is_drum=False)


def test_playing_drums_without_a_kit_is_an_error(tmp_path):
    soundfont = read_soundfont(write_in(tmp_path, "piano.sf2", soundfont_files.soundfont_bytes(drums=False)))
    with pytest.raises(SoundError, match=r"piano\.sf2 has no drums"):
        soundfont.preset(0, is_drum=True)


def test_a_soundfont_that_is_replaced_is_read_again(tmp_path):
    path = write_in(tmp_path, "font.sf2", soundfont_files.soundfont_bytes(drums=False))
    assert (128, 0) not in read_soundfont(path).presets
    soundfont_files.write(path, soundfont_files.soundfont_bytes())
    assert (128, 0) in read_soundfont(path).presets


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.sf2", b"", "is not a SoundFont"),
        ("song.sf2", b"MThd" + bytes(100), "is not a SoundFont"),
        ("wave.sf2", b"RIFF" + struct.pack("<I", 36) + b"WAVE" + bytes(32), "is not a SoundFont"),
        ("hollow.sf2", b"RIFF" + struct.pack("<I", 4) + b"sfbk", "is not a whole SoundFont: it has no smpl"),
    ],
)
def test_a_file_of_another_kind_is_an_error_with_its_name(tmp_path, name, data, reason):
    with pytest.raises(SoundError, match=f"{name} {reason}"):
        read_soundfont(write_in(tmp_path, name, data))


def test_a_soundfont_truncated_anywhere_is_a_sound_error(tmp_path):
    data = soundfont_files.soundfont_bytes()
    for length in range(0, len(data), 97):
        with pytest.raises(SoundError, match=r"truncated\.sf2"):
            read_soundfont(write_in(tmp_path, "truncated.sf2", data[:length]))


def test_a_soundfont_with_any_byte_of_its_tables_changed_is_read_or_refused_but_never_crashes(tmp_path):
    data = soundfont_files.soundfont_bytes()
    refusals = []
    for position in range(data.index(b"pdta"), len(data)):
        broken = write_in(
            tmp_path, f"{position}.sf2", data[:position] + bytes([data[position] ^ 0xFF]) + data[position + 1 :]
        )
        try:
            assert len(read_soundfont(broken).presets) <= 2
        except SoundError as error:
            refusals.append(str(error).startswith(f"{position}.sf2 "))
    assert all(refusals)
    assert len(refusals) > 100


def test_a_sample_that_reaches_beyond_the_file_is_refused(tmp_path):
    wave = soundfont_files.sine()
    path = write_in(tmp_path, "long.sf2", soundfont_files.pack(wave, soundfont_files.tables(len(wave) * 10)))
    with pytest.raises(SoundError, match=r"long\.sf2 is broken: a sample lies outside"):
        read_soundfont(path)


def test_reading_something_else_than_a_file_is_an_error_and_does_not_block(tmp_path):
    with pytest.raises(SoundError, match="is a folder without a SoundFont in it"):
        read_soundfont(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.sf2")
        with pytest.raises(SoundError, match=r"pipe\.sf2 is not a file"):
            read_soundfont(tmp_path / "pipe.sf2")
    with pytest.raises(SoundError, match="cannot be read"):
        read_soundfont(tmp_path / "none.sf2")
