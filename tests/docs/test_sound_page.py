"""The code of docs/sound.md runs as it stands and shows what the page says."""

from __future__ import annotations

from latentpalette.audio.leveling import CEILING, KNEE, MAX_GAIN_DB, TARGET_LOUDNESS
from latentpalette.audio.soundfont.zones import MAX_ZONES
from tests.conftest import REPOSITORY
from tests.docs.pages import code_blocks

PAGE = REPOSITORY / "docs" / "sound.md"


def test_the_code_runs_and_shows_what_the_page_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for code in code_blocks(PAGE, "python"):
        exec(compile(code, str(PAGE), "exec"), names)
    printed = capsys.readouterr().out
    assert "\n-16 True\n19\n" in printed
    assert (tmp_path / "beat.wav").is_file()
    assert names["clap"].sound().left_out


def test_the_numbers_are_those_of_the_code():
    text = PAGE.read_text(encoding="utf-8")
    assert f"**{TARGET_LOUDNESS:.0f} LUFS**" in text
    assert f"at most {MAX_GAIN_DB:.0f} dB" in text
    assert round(KNEE, 2) == round(10 ** (-8 / 20), 2)
    assert CEILING == 10 ** (-4.5 / 20)
    assert f"at most {MAX_ZONES} layers" in text
