"""An interrupted build continues; parallel builds give the same file; synthetic trios are marked."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import mido
import numpy as np
import pytest

from latentpalette.data import staging
from latentpalette.data.build import build_corpus, build_corpus_file
from latentpalette.data.corpus import Corpus
from latentpalette.data.extract import SongWindows
from latentpalette.errors import TrainingError
from latentpalette.music import midi
from latentpalette.music.sequence import Note, NoteSequence

DRUMS = {"name": "drums", "steps": 32, "drum_map": "reduced"}
TRIO = {"name": "trio", "steps": 64}


def loop(seed: int, bars: int = 6) -> bytes:
    rng = np.random.default_rng(seed)
    hits = {pitch: np.flatnonzero(rng.random(16 * bars) < 0.4).tolist() for pitch in (36, 38, 42)}
    return midi.to_bytes(NoteSequence.from_steps(hits, steps=16 * bars, qpm=90 + seed))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "band"
    home.mkdir()
    for number in range(9):
        (home / f"{number}.mid").write_bytes(loop(number % 8))
    (home / "broken.mid").write_bytes(b"RIFF")
    return home


class Killed(BaseException):
    """Ends a build as abruptly as a signal."""


def killed_after(files: int):
    def progress(done: int, total: int) -> None:
        if done == files:
            raise Killed

    return progress


def test_a_corpus_is_not_written_over_what_it_is_made_of(folder, tmp_path):
    song = folder / "0.mid"
    whole = song.read_bytes()
    (tmp_path / "link.npz").symlink_to(song)
    for out in (song, tmp_path / "link.npz"):
        with pytest.raises(TrainingError, match="it is to be read, and would be overwritten"):
            build_corpus_file(out, [song], DRUMS, workers=0)
    assert song.read_bytes() == whole


@pytest.mark.parametrize("name", ["/dev/null", "/dev/full", "pipe"])
def test_a_corpus_is_not_written_to_a_device_or_a_pipe(folder, tmp_path, name):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(TrainingError, match="a device or a pipe; a corpus is a file"):
        build_corpus_file(tmp_path / name, [folder], DRUMS, workers=0)


@pytest.mark.parametrize("files", [1, 4, 10])
def test_a_build_that_was_killed_continues_and_writes_the_same_file(folder, tmp_path, files):
    whole, interrupted = tmp_path / "whole.npz", tmp_path / "interrupted.npz"
    build_corpus_file(whole, [folder], DRUMS, workers=0)
    with pytest.raises(Killed):
        build_corpus_file(interrupted, [folder], DRUMS, workers=0, progress=killed_after(files))
    assert not interrupted.exists()
    done_counts: list[int] = []
    build_corpus_file(interrupted, [folder], DRUMS, workers=0, progress=lambda done, total: done_counts.append(done))
    assert done_counts == list(range(files + 1, 11))
    assert interrupted.read_bytes() == whole.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["band", "interrupted.npz", "whole.npz"]


def test_incomplete_writes_of_a_killed_build_are_discarded(folder, tmp_path):
    whole, interrupted = tmp_path / "whole.npz", tmp_path / "interrupted.npz"
    build_corpus_file(whole, [folder], DRUMS, workers=0)
    with pytest.raises(Killed):
        build_corpus_file(interrupted, [folder], DRUMS, workers=0, progress=killed_after(3))
    part, killed = tmp_path / "interrupted.npz.part", tmp_path / "killed"
    with closing(sqlite3.connect(part / "windows.sqlite")) as database:
        database.execute("PRAGMA cache_size = 1")  # so that much of it is on disk before it is committed
        database.execute('INSERT INTO song VALUES (\'{"song": "half\', ?, ?)', (bytes(100_000), bytes(100_000)))
        shutil.copytree(part, killed)
    assert (killed / "windows.sqlite-journal").stat().st_size > 0
    shutil.rmtree(part)
    killed.rename(part)
    build_corpus_file(interrupted, [folder], DRUMS, workers=0)
    assert interrupted.read_bytes() == whole.read_bytes()


def test_a_damaged_part_folder_is_refused(folder, tmp_path):
    (tmp_path / "out.npz.part").mkdir()
    (tmp_path / "out.npz.part" / "windows.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(TrainingError, match=r"out\.npz\.part: cannot be resumed \(.*not a database\)"):
        build_corpus_file(tmp_path / "out.npz", [folder], DRUMS, workers=0)


def test_a_build_with_other_settings_does_not_continue_an_interrupted_one(folder, tmp_path):
    out = tmp_path / "out.npz"
    with pytest.raises(Killed):
        build_corpus_file(out, [folder], DRUMS, workers=0, progress=killed_after(3))
    with pytest.raises(TrainingError, match="of other sources or settings"):
        build_corpus_file(out, [folder], {**DRUMS, "steps": 64}, workers=0)


def test_two_processes_do_not_build_in_the_same_folder(tmp_path):
    with closing(staging.Staging(tmp_path / "staging", {}, shape=(2,), dtype="uint8")) as first:
        first.add(SongWindows("a", np.zeros((1, 2), np.uint8), qpm=np.zeros(1, np.float32)))
        with pytest.raises(TrainingError, match="database is locked"):
            staging.Staging(tmp_path / "staging", {}, shape=(2,), dtype="uint8")


def test_songs_in_another_order_are_detected(folder, tmp_path):
    out = tmp_path / "out.npz"
    with pytest.raises(Killed):
        build_corpus_file(out, [folder], DRUMS, workers=0, progress=killed_after(3))
    (folder / "1.mid").rename(folder / "zzz.mid")
    with pytest.raises(TrainingError, match=r"read band/1\.mid where the sources now have band/2\.mid"):
        build_corpus_file(out, [folder], DRUMS, workers=0)


def test_a_build_without_windows_leaves_no_files(folder, tmp_path):
    with pytest.raises(TrainingError, match="No windows in 10 MIDI files"):
        build_corpus_file(tmp_path / "out.npz", [folder], {"name": "melody"}, workers=0)
    assert [path.name for path in tmp_path.iterdir()] == ["band"]


def test_several_processes_write_the_file_that_one_writes(folder, tmp_path):
    one, two = tmp_path / "one.npz", tmp_path / "two.npz"
    build_corpus_file(one, [folder], DRUMS, workers=0)
    build_corpus_file(two, [folder], DRUMS, workers=2)
    assert one.read_bytes() == two.read_bytes()


def test_each_window_has_its_tempo(folder):
    corpus = build_corpus([folder], DRUMS, workers=0)
    tempos = {name: corpus.qpm[corpus.song_index == index] for index, name in enumerate(corpus.songs)}
    assert np.allclose(tempos["band/5.mid"], 95)
    assert len(tempos["band/5.mid"]) == 5


def test_duplicates_are_found_among_all_windows(folder):
    corpus = build_corpus([folder], DRUMS, workers=0)
    assert (corpus.report["windows"]["found"], corpus.report["windows"]["kept"]) == (45, 40)
    assert len({window.tobytes() for window in corpus.windows}) == len(corpus.windows) == 40


def test_of_equal_windows_the_first_held_out_one_is_kept(tmp_path):
    store = staging.Staging(tmp_path / "staging", {}, shape=(2,), dtype="uint8")
    for song, windows in (("a", [[1, 1], [2, 2], [1, 1]]), ("b", [[3, 3], [2, 2]]), ("c", [[3, 3], [4, 4]])):
        store.add(SongWindows(song, np.array(windows, np.uint8), qpm=np.full(len(windows), 120, np.float32)))
    is_kept = store.deduplicate(np.array([0, 1, 0], np.uint8), np.array([0, 3, 5]))
    store.close()
    assert is_kept.tolist() == [True, False, False, True, True, False, True]


def song_for_voice(bars: int = 6, *, seed: int = 0) -> bytes:
    """A melody for voice over two staves of chords."""
    rng = np.random.default_rng(seed)
    file = mido.MidiFile(ticks_per_beat=480)
    for channel, (name, program, lowest) in enumerate(
        (("voice 1: Sopran", 52, 60), ("accomp staff 1: Piano", 0, 55), ("accomp staff 2: Piano", 0, 36))
    ):
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
        track.append(mido.Message("program_change", program=program, channel=channel))
        for _ in range(4 * bars):
            chord = [lowest + int(rng.integers(12)), *([lowest + 14, lowest + 19] if channel else [])]
            for kind in ("note_on", "note_off"):
                for index, note in enumerate(chord):
                    time = 480 if kind == "note_off" and index == 0 else 0
                    track.append(mido.Message(kind, note=note, velocity=80, time=time, channel=channel))
        file.tracks.append(track)
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


@pytest.fixture
def songbook(tmp_path: Path) -> Path:
    home = tmp_path / "songbook"
    home.mkdir()
    for number in range(3):
        (home / f"{number}.mid").write_bytes(song_for_voice(seed=number))
    band = [Note(72 + step % 5, step, 1) for step in range(96)]
    band += [Note(40, step, 4, program=33) for step in range(0, 96, 4)]
    band += [Note(36, step, 1, is_drum=True) for step in range(0, 96, 8)]
    (home / "band.mid").write_bytes(midi.to_bytes(NoteSequence(band, 96)))
    return home


def test_synthetic_trios_have_a_voice_its_lowest_line_and_drum_loops_and_are_marked(folder, songbook, tmp_path):
    drums = build_corpus([folder], DRUMS, validation=0.3, workers=0)
    corpus = build_corpus([songbook], TRIO, drum_corpus=drums, validation=0.0, workers=0)
    is_synthetic = np.array([name.startswith("synthetic/") for name in corpus.songs])[corpus.song_index]
    assert sorted(corpus.songs) == [
        "songbook/band.mid",
        "synthetic/songbook/0.mid",
        "synthetic/songbook/1.mid",
        "synthetic/songbook/2.mid",
    ]
    assert corpus.report["synthetic"] == {"songs": 3, "windows": int(is_synthetic.sum())}
    assert 0 < is_synthetic.sum() < len(is_synthetic)
    first = corpus.windows[corpus.song_index == corpus.songs.index("synthetic/songbook/0.mid")][0]
    score = midi.read_score(song_for_voice())
    voice, bass = (score.pitch[score.track == number] for number in (0, 2))
    assert first[::4, 0].tolist() == (voice[:16] - 19).tolist()
    assert first[::4, 1].tolist() == (bass.reshape(-1, 3).min(1)[:16] - 19).tolist()
    loops = {loop.tobytes() for loop in drums.split("train")}
    assert {bars.tobytes() for bars in first[:, 2].reshape(2, 32)} <= loops
    assert corpus.windows[~is_synthetic][0][::8, 2].tolist() == [1] * 8


def test_synthetic_trios_are_for_training_only_and_the_same_every_time(folder, songbook):
    drums = build_corpus([folder], DRUMS, validation=0.3, workers=0)
    one, two = (build_corpus([songbook], TRIO, drum_corpus=drums, validation=1.0, workers=0) for _ in range(2))
    assert np.array_equal(one.windows, two.windows)
    held_out = {one.songs[number] for number in one.song_index[one.split_index > 0]}
    assert held_out == {"songbook/band.mid"}


def test_without_drum_loops_no_trio_is_synthesized(songbook):
    assert build_corpus([songbook], TRIO, validation=0.0, workers=0).songs == ("songbook/band.mid",)


def test_drums_come_from_drum_loops_only(songbook):
    with pytest.raises(TrainingError, match="come from a corpus of drum loops"):
        build_corpus(
            [songbook],
            TRIO,
            drum_corpus=Corpus(
                np.zeros((1, 32), np.uint8), np.zeros(1, np.int32), np.zeros(1, np.uint8), ("a",), {"name": "melody"}
            ),
            workers=0,
        )
