from __future__ import annotations

import os
import struct

import pytest

from latentpalette.audio.soundfont import find
from latentpalette.audio.soundfont.file import read_soundfont
from latentpalette.audio.soundfont.find import find_soundfont
from latentpalette.errors import SoundError
from tests.audio import fonts


@pytest.fixture(autouse=True)
def _nothing_of_this_machine(monkeypatch, tmp_path):
    """No variable, no system folders, and an empty place to stand in."""
    monkeypatch.delenv(find.ENV_VAR, raising=False)
    monkeypatch.setattr(find, "system_dirs", lambda: iter([tmp_path / "system"]))
    monkeypatch.setattr(find, "user_dirs", lambda: iter([tmp_path / "soundfonts"]))
    monkeypatch.chdir(tmp_path)


def put(folder, name, data=None):
    folder.mkdir(exist_ok=True)
    return fonts.write(folder / name, fonts.font() if data is None else data)


def test_without_any_other_the_font_inside_pretty_midi_is_found():
    assert find_soundfont().path.name == "TimGM6mb.sf2"
    assert "pretty_midi" in find_soundfont().path.parts


def test_a_systems_font_comes_before_pretty_midis(tmp_path):
    put(tmp_path / "system", "b.sf2")
    put(tmp_path / "system", "a.sf3")
    assert find_soundfont().path.name == "a.sf3"


def test_a_font_in_the_folder_soundfonts_comes_before_the_systems(tmp_path):
    put(tmp_path / "system", "system.sf2")
    put(tmp_path / "soundfonts", "mine.SF2")
    assert find_soundfont().path.name == "mine.SF2"


def test_the_variable_comes_before_the_folders_and_a_named_font_before_the_variable(tmp_path, monkeypatch):
    put(tmp_path / "soundfonts", "mine.sf2")
    monkeypatch.setenv(find.ENV_VAR, str(put(tmp_path, "variable.sf2")))
    assert find_soundfont().path.name == "variable.sf2"
    assert find_soundfont(put(tmp_path, "named.sf2")).path.name == "named.sf2"


def test_a_broken_font_of_the_system_is_passed_over_but_one_of_the_persons_own_is_named(tmp_path):
    put(tmp_path / "system", "broken.sf2", b"RIFF")
    assert find_soundfont().path.name == "TimGM6mb.sf2"
    put(tmp_path / "soundfonts", "mine.sf2", b"RIFF")
    with pytest.raises(SoundError, match=r"mine\.sf2 is not a SoundFont"):
        find_soundfont()


def test_a_variable_that_names_nothing_is_an_error_that_says_so(monkeypatch):
    monkeypatch.setenv(find.ENV_VAR, "nowhere.sf2")
    with pytest.raises(SoundError, match=r"nowhere\.sf2 .*\$LATENTPALETTE_SOUNDFONT"):
        find_soundfont()


def test_no_font_at_all_is_an_error_that_says_what_to_do(monkeypatch):
    monkeypatch.setattr(find, "bundled_soundfont", lambda: None)
    with pytest.raises(SoundError, match="pip install pretty_midi"):
        find_soundfont()


def test_the_folders_of_a_checkout_and_of_the_work_at_hand_are_its_own(tmp_path, monkeypatch, repository):
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert list(find.user_dirs()) == [repository / "soundfonts", tmp_path / "soundfonts"]


def test_a_font_tells_what_it_can_play(tmp_path):
    font = read_soundfont(put(tmp_path, "sine.sf2"))
    assert dict(font.presets) == {(0, 0): "part", (128, 0): "part"}


def test_a_kit_that_the_font_lacks_is_played_by_its_first_but_an_instrument_is_not_replaced(tmp_path):
    font = read_soundfont(put(tmp_path, "sine.sf2"))
    assert font.preset(25, is_drum=True) == (128, 0)
    with pytest.raises(SoundError, match=r"sine\.sf2 has no instrument with program 40. It has: 0"):
        font.preset(40, is_drum=False)


def test_a_font_without_drums_says_so(tmp_path):
    font = read_soundfont(put(tmp_path, "piano.sf2", fonts.font(drums=False)))
    with pytest.raises(SoundError, match=r"piano\.sf2 has no drums"):
        font.preset(0, is_drum=True)


def test_a_font_that_is_replaced_is_read_again(tmp_path):
    path = put(tmp_path, "font.sf2", fonts.font(drums=False))
    assert (128, 0) not in read_soundfont(path).presets
    fonts.write(path, fonts.font())
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
def test_a_file_that_is_no_soundfont_is_named(tmp_path, name, data, reason):
    with pytest.raises(SoundError, match=f"{name} {reason}"):
        read_soundfont(put(tmp_path, name, data))


def test_a_font_cut_off_anywhere_is_an_error_and_never_anything_else(tmp_path):
    whole = fonts.font()
    for length in range(0, len(whole), 97):
        with pytest.raises(SoundError, match=r"cut\.sf2"):
            read_soundfont(put(tmp_path, "cut.sf2", whole[:length]))


def test_a_font_with_any_byte_of_its_tables_changed_is_read_or_refused_but_never_crashes(tmp_path):
    whole = fonts.font()
    refusals = []
    for at in range(whole.index(b"pdta"), len(whole)):
        broken = put(tmp_path, f"{at}.sf2", whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            assert len(read_soundfont(broken).presets) <= 2
        except SoundError as error:
            refusals.append(str(error).startswith(f"{at}.sf2 "))
    assert all(refusals)
    assert len(refusals) > 100


def test_a_sample_that_reaches_beyond_the_file_is_refused(tmp_path):
    wave = fonts.sine()
    path = put(tmp_path, "long.sf2", fonts.pack(wave, fonts.tables(len(wave) * 10)))
    with pytest.raises(SoundError, match=r"long\.sf2 is broken: a sample lies outside"):
        read_soundfont(path)


def test_what_is_not_a_file_is_not_waited_for(tmp_path):
    with pytest.raises(SoundError, match="is not a file"):
        read_soundfont(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.sf2")
        with pytest.raises(SoundError, match=r"pipe\.sf2 is not a file"):
            read_soundfont(tmp_path / "pipe.sf2")
    with pytest.raises(SoundError, match="cannot be read"):
        read_soundfont(tmp_path / "none.sf2")
