import pytest

from latentpalette.errors import MidiError
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.store import load, save
from latentpalette.music.presets import presets
from latentpalette.music.sequence import Note, NoteSequence, concatenate
from tests.cli.runner import failure, file_names, run
from tests.models.tiny_models import SIZES, model_of
from tests.music.midi_files import beat, meta, track, whole_file


@pytest.fixture
def song(tmp_path):
    loops = presets()
    silence = NoteSequence(steps=32)
    return concatenate([loops["Boom bap"], silence, loops["Trap"], silence, loops["Samba"]]).save(tmp_path / "song.mid")


def test_all_windows_are_written_in_order_with_their_bars_and_the_rest_is_explained(song, tmp_path):
    result = run("extract", song, "--out", tmp_path / "out", "--plot")
    assert result.exit_code == 0, result.output
    expected = ["song_bars-01-02", "song_bars-05-06", "song_bars-09-10"]
    assert file_names(tmp_path / "out") == [f"{name}.{ending}" for name in expected for ending in ("mid", "png")]
    assert NoteSequence.from_midi(tmp_path / "out" / "song_bars-05-06.mid") == presets()["Trap"]
    assert "bars 3 and 4 are without drums" in " ".join(result.output.split())


def test_a_written_window_can_be_read_again(song, tmp_path):
    run("extract", song, "--out", tmp_path / "out")
    again = run("extract", tmp_path / "out" / "song_bars-05-06.mid", "--out", tmp_path / "again")
    assert again.exit_code == 0
    assert file_names(tmp_path / "again") == ["song_bars-05-06_bars-1-2.mid"]


def test_a_file_without_windows_fails_the_command_after_the_others_are_done(song, tmp_path):
    piano = NoteSequence([Note(60, step) for step in range(0, 64, 4)], steps=64).save(tmp_path / "piano.mid")
    error = failure("extract", piano, tmp_path / "gone.mid", song, "--out", tmp_path / "out")
    assert isinstance(error, MidiError)
    assert "piano.mid: nothing that drums-2bar can read: no drums" in str(error)
    assert "gone.mid" in str(error)
    assert len(file_names(tmp_path / "out")) == 3


def test_windows_of_the_same_bars_are_named_by_their_tracks(tmp_path):
    duet = NoteSequence(
        [Note(60 + s % 7, s, 4, program=p) for p in (0, 24) for s in range(p % 5, 32, 4)], steps=32
    ).save(tmp_path / "duet.mid")
    model = save(model_of(MAGENTA_CONFIGS["cat-mel_2bar_small"].replace(**SIZES)), tmp_path / "tunes")
    windows = load(model).excerpts(duet, track="all")
    assert len(windows) == 2
    assert run("extract", duet, "-m", model, "--track", "all", "--out", tmp_path / "out").exit_code == 0
    assert file_names(tmp_path / "out") == sorted(
        f"duet_bars-1-2_{window.track.replace(' ', '-').replace('(', '').replace(')', '')}.mid" for window in windows
    )


def test_a_band_is_cut_bar_by_bar(tmp_path):
    notes = [
        *(Note(60 + beat % 5, 4 * beat, 4) for beat in range(12)),
        *(Note(36, 4 * beat, is_drum=True) for beat in range(12)),
    ]
    piece = NoteSequence(notes, steps=48).save(tmp_path / "band.mid")
    model = save(model_of(MAGENTA_CONFIGS["hier-multiperf_vel_1bar_med"].replace(**SIZES)), tmp_path / "bars")
    assert run("extract", piece, "-m", model, "--out", tmp_path / "out").exit_code == 0
    assert file_names(tmp_path / "out") == ["band_bar-1.mid", "band_bar-2.mid", "band_bar-3.mid"]


def test_tracks_and_drums_are_chosen_by_name_or_channel(tmp_path):
    song = tmp_path / "song.mid"
    song.write_bytes(whole_file(track((0, meta(3, b"Groove Box")), *beat(2, channel=0))))
    error = failure("extract", song, "--out", tmp_path)
    assert "--drums 1 on the command line" in str(error)
    assert run("extract", song, "--drums", "groove box", "--out", tmp_path / "out").exit_code == 0
    assert file_names(tmp_path / "out") == ["song_bars-1-2.mid"]
    error = failure("extract", song, "--drums", "channel 2", "--out", tmp_path)
    assert "no track 'channel 2'. There are: 1, Groove Box (Acoustic Grand Piano, channel 1" in str(error)


def test_a_melody_is_chosen_and_the_best_one_is_named(tmp_path):
    notes = [
        Note(60 + number // 9 + step % 7, step, 4, program=number) for number in (0, 73) for step in range(0, 32, 4)
    ]
    duet = NoteSequence(notes, steps=32).save(tmp_path / "duet.mid")
    result = run("extract", duet, "-m", "melody-2bar", "--out", tmp_path / "best")
    assert "of 2 tracks the melody is track 2, Flute" in " ".join(result.output.split())
    assert run("extract", duet, "-m", "melody-2bar", "--track", "piano", "--out", tmp_path / "piano").exit_code == 0
    pitches = [
        NoteSequence.from_midi(tmp_path / name / "duet_bars-1-2.mid").notes[0].pitch for name in ("best", "piano")
    ]
    assert pitches == [68, 60]


def test_a_folder_without_midi_files_says_what_was_looked_for(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").write_text("no music")
    error = failure("extract", tmp_path / "empty", "--out", tmp_path / "out")
    assert str(error) == "empty: no MIDI file in it (.mid, .midi, .smf, .kar, .rmi, .rmid)."
