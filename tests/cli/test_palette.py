import pytest

from latentpalette.cli.app import app
from latentpalette.errors import MidiError, PaletteError
from latentpalette.music.presets import presets
from latentpalette.music.sequence import Note, NoteSequence, concatenate
from tests.cli.runner import failure, run


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    loops = presets()
    path = tmp_path_factory.mktemp("songs") / "song.mid"
    return concatenate([loops["Boom bap"], loops["Bossa"], loops["Trap"], loops["Samba"]]).save(path)


def test_a_song_becomes_a_page_and_a_folder_of_midi(song, tmp_path):
    page, folder = tmp_path / "pages" / "beats.html", tmp_path / "cells"
    result = run("palette", song, "--html", page, "--midi-out", folder, "--size", 3)
    assert result.exit_code == 0, result.output
    assert page.stat().st_size < 1_000_000
    assert sorted(file.name for file in folder.iterdir())[:2] == ["r01_c01.mid", "r01_c02.mid"]
    corner = NoteSequence.from_midi(folder / "r01_c01.mid")
    assert {(n.pitch, n.step) for n in corner.notes} == {(n.pitch, n.step) for n in presets()["Boom bap"].notes}
    assert "beats.html" in result.output
    assert "9 MIDI files" in result.output


def test_what_is_left_out_is_printed(song, tmp_path):
    lonely = concatenate([NoteSequence.from_midi(song), NoteSequence(steps=32), presets()["Trap"].slice(0, 16)])
    result = run("palette", lonely.save(tmp_path / "lonely.mid"), "--midi-out", tmp_path / "out", "--size", 3)
    assert "played alone" in result.output


def test_without_files_the_corners_are_sampled_and_a_seed_repeats_them(tmp_path):
    for name in ("one", "two"):
        assert run("palette", "--midi-out", tmp_path / name, "--size", 3, "--seed", 5).exit_code == 0
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_a_palette_has_the_tempo_of_its_files_and_says_where_they_differ(tmp_path):
    loop = presets()["Trap"]
    fast, slow = loop.replace(qpm=140).save(tmp_path / "fast.mid"), loop.replace(qpm=93).save(tmp_path / "slow.mid")
    result = run("palette", fast, slow, slow, "--midi-out", tmp_path / "out", "--size", 3)
    assert "Tempo: 93 qpm, as in corners B, C and D; corner A is at 140." in " ".join(result.output.split())
    assert NoteSequence.from_midi(tmp_path / "out" / "r01_c01.mid").qpm == pytest.approx(93, abs=0.01)
    run("palette", fast, slow, slow, "--midi-out", tmp_path / "given", "--size", 3, "--qpm", 100)
    assert NoteSequence.from_midi(tmp_path / "given" / "r01_c01.mid").qpm == pytest.approx(100, abs=0.01)


def test_the_corners_are_read_from_a_chosen_track(tmp_path):
    kicks = NoteSequence([Note(36, step) for step in range(0, 32, 8)], steps=32)
    kit = kicks.replace(notes=[*kicks.notes, Note(42, 4, is_drum=True)]).save(tmp_path / "kit.mid")
    out = tmp_path / "out"
    for options, pitches in ((["--track", "drums"], {42}), (["--drums", "piano"], {36})):
        result = run("palette", kit, *options, "--midi-out", out, "--size", 3)
        assert result.exit_code == 0, result.output
        assert {note.pitch for note in NoteSequence.from_midi(out / "r01_c01.mid").notes} == pitches
    assert "no track 'oboe'" in str(failure("palette", kit, "--track", "oboe", "--midi-out", out))


def test_a_palette_without_an_output_is_an_error():
    assert isinstance(failure("palette"), PaletteError)


def test_a_file_without_drums_is_named(tmp_path):
    empty = NoteSequence(steps=32).save(tmp_path / "empty.mid")
    error = failure("palette", empty, "--html", tmp_path / "x.html")
    assert isinstance(error, PaletteError)
    assert "empty.mid" in str(error)


def test_a_broken_file_is_named(tmp_path):
    broken = tmp_path / "broken.mid"
    broken.write_bytes(b"MThd")
    error = failure("palette", broken, "--html", tmp_path / "x.html")
    assert isinstance(error, MidiError)
    assert "broken.mid" in str(error)


def test_more_files_than_corners_are_refused(song, tmp_path):
    assert "four corners" in str(failure("palette", *[song] * 5, "--html", tmp_path / "x.html"))


def test_models_lists_the_names_that_load_takes():
    assert "drums-2bar" in run("models").output


def test_doctor_reports_and_succeeds_where_palettes_can_be_made():
    result = run("doctor")
    assert result.exit_code == 0, result.output
    assert "SoundFont" in result.output or "soundfont" in result.output


def test_a_mistake_is_one_line_and_a_failing_status(capsys):
    with pytest.raises(SystemExit) as stopped:
        app(["palette", "--size", "5"])
    assert stopped.value.code == 1
    assert "error: Nothing to make" in capsys.readouterr().err


def test_presets_are_named_beside_files(tmp_path):
    song = presets()["Samba"].replace(qpm=97).save(tmp_path / "song.mid")
    result = run("palette", "Bossa", song, "Trap", "--size", 3, "--midi-out", tmp_path / "cells")
    assert result.exit_code == 0, result.output
    corner = NoteSequence.from_midi(tmp_path / "cells" / "r01_c01.mid")
    assert {(n.pitch, n.step) for n in corner.notes} == {(n.pitch, n.step) for n in presets()["Bossa"].notes}
    assert corner.qpm == pytest.approx(97, abs=0.01)
