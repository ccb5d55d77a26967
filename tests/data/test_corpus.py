"""A corpus has the same songs from folders and archives, no duplicates, and a reason for all that is left out."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from latentpalette.converters import find_windows
from latentpalette.data.build import build_corpus
from latentpalette.data.corpus import Corpus
from latentpalette.data.extract import extract_song
from latentpalette.data.packing import find_packing
from latentpalette.data.sources import Song, iter_songs, scan, split_of
from latentpalette.errors import TrainingError
from latentpalette.models import store
from latentpalette.music import midi
from latentpalette.music.presets import presets
from latentpalette.music.sequence import Note, NoteSequence

DRUMS = {"name": "drums", "steps": 32, "drum_map": "reduced"}


def song(seed: int, bars: int = 6) -> bytes:
    rng = np.random.default_rng(seed)
    pitches = [36, 38, 42, 46, 49]
    hits = {pitch: np.flatnonzero(rng.random(16 * bars) < 0.4).tolist() for pitch in pitches}
    return midi.to_bytes(NoteSequence.from_steps(hits, steps=16 * bars))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve songs, one of them twice; a license; a file that is not MIDI; a song without drums."""
    home = tmp_path / "band"
    for number in range(12):
        album = home / f"album{number % 3}"
        album.mkdir(parents=True, exist_ok=True)
        (album / f"song{number:02}.mid").write_bytes(song(number))
    (home / "album0" / "again.mid").write_bytes(song(0))
    (home / "album1" / "broken.mid").write_bytes(b"RIFF" + bytes(40))
    piano = NoteSequence([Note(60, step, 2) for step in range(0, 32, 4)], steps=32)
    (home / "album2" / "piano.MID").write_bytes(midi.to_bytes(piano))
    (home / "LICENSE.txt").write_text("free")
    (home / "notes.txt").write_text("not music")
    return home


def packed(folder: Path, ending: str, *, inside: bool = True) -> Path:
    target = folder.parent / f"{folder.name}{ending}"
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    name = lambda path: path.relative_to(folder.parent if inside else folder).as_posix()
    if ending == ".zip":
        with zipfile.ZipFile(target, "w") as archive:
            for path in files:
                archive.write(path, name(path))
    else:
        with tarfile.open(target, "w:xz") as archive:
            for path in files:
                archive.add(path, name(path))
    return target


@pytest.mark.parametrize(("ending", "inside"), [(".tar.xz", True), (".zip", True), (".zip", False)])
def test_an_archive_gives_the_corpus_that_its_folder_gives(folder, ending, inside):
    from_folder, from_archive = (
        build_corpus([source], DRUMS, workers=0) for source in (folder, packed(folder, ending, inside=inside))
    )
    assert sorted(from_folder.songs) == sorted(from_archive.songs)
    assert {window.tobytes() for window in from_folder.windows} == {window.tobytes() for window in from_archive.windows}
    assert from_folder.report["licenses"] == from_archive.report["licenses"] == ["band/LICENSE.txt"]


def test_several_processes_give_the_corpus_that_one_gives(folder):
    one, two = (build_corpus([folder], DRUMS, workers=workers) for workers in (0, 2))
    assert np.array_equal(one.windows, two.windows)
    assert (one.songs, one.report) == (two.songs, two.report)


def test_the_windows_are_those_of_excerpts_packed_as_tokens(folder):
    reader, _ = find_packing(DRUMS)
    data = song(3)
    extracted = extract_song(Song("a.mid", data), DRUMS)
    expected = [reader.tokens(excerpt) for excerpt in find_windows(data, reader)]
    assert extracted.windows.dtype == np.uint16
    assert np.array_equal(extracted.windows, np.stack(expected))


def test_no_song_is_in_two_splits_and_no_window_occurs_twice(folder):
    corpus = build_corpus([folder], DRUMS, validation=0.4, workers=0)
    for index in range(len(corpus.songs)):
        assert len(set(corpus.split_index[corpus.song_index == index].tolist())) <= 1
    assert len({window.tobytes() for window in corpus.windows}) == len(corpus.windows)
    assert len(corpus.split("train")) > 0 < len(corpus.split("validation"))


def test_a_held_out_window_is_removed_from_training(tmp_path):
    home = tmp_path / "set"
    home.mkdir()
    (home / "a.mid").write_bytes(song(1))
    (home / "b.mid").write_bytes(song(1))
    (home / "c.mid").write_bytes(song(2))
    (home / "info.csv").write_text("midi_filename,split\na.mid,train\nb.mid,validation\nc.mid,train\n")
    corpus = build_corpus([home], DRUMS, workers=0)
    assert corpus.report["windows"] == {"found": 15, "kept": 10, "train": 5, "validation": 5, "test": 0}
    held_out = {window.tobytes() for window in corpus.split("validation")}
    assert held_out == {window.tobytes() for window in extract_song(Song("b.mid", song(1)), DRUMS).windows}


def test_a_table_of_splits_decides_and_a_hash_decides_the_rest(tmp_path):
    (tmp_path / "info.csv").write_text("midi_filename,split\nx/a.mid,test\n")
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.mid").write_bytes(song(1))
    info = scan(tmp_path)
    name = f"{tmp_path.name}/x/a.mid"
    assert info.splits == {name: "test"}
    assert split_of(name, splits=info.splits) == "test"
    assert split_of("other.mid", validation=1.0) == "validation"
    assert split_of("other.mid", validation=0.0) == "train"


def test_everything_left_out_is_counted_with_its_reason(folder):
    report = build_corpus([folder], DRUMS, workers=0).report
    assert report["files"] == 15
    assert report["unreadable"] == [{"reason": "not a MIDI file", "files": 1}]
    assert {"reason": "no drums", "files": 1, "bars": 0} in report["left_out"]


def test_progress_counts_every_file_once(folder):
    calls: list[tuple[int, int]] = []
    build_corpus([folder], DRUMS, workers=0, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(done, 15) for done in range(1, 16)]


def test_a_saved_corpus_comes_back_whole(folder, tmp_path):
    corpus = build_corpus([folder], DRUMS, workers=0)
    again = Corpus.load(corpus.save(tmp_path / "deep" / "drums.npz"))
    assert all(
        np.array_equal(getattr(corpus, name), getattr(again, name)) for name in ("windows", "song_index", "split_index")
    )
    assert (again.songs, dict(again.converter)) == (corpus.songs, DRUMS)
    assert again.report == json.loads(json.dumps(corpus.report))
    assert repr(again) == repr(corpus)


def test_the_error_about_sources_without_windows_has_the_reasons(tmp_path):
    (tmp_path / "piano.mid").write_bytes(midi.to_bytes(NoteSequence([Note(60, 0, 16)], steps=64)))
    with pytest.raises(TrainingError, match="no drums"):
        build_corpus([tmp_path], DRUMS, workers=0)


@pytest.mark.parametrize("name", ["nowhere", "readme.txt", "broken.tar.xz", "broken.zip"])
def test_the_error_about_an_unreadable_source_names_it(tmp_path, name):
    if name != "nowhere":
        (tmp_path / name).write_bytes(b"no archive")
    with pytest.raises(TrainingError, match=name.replace(".", r"\.")):
        list(iter_songs(tmp_path / name))


def test_a_link_out_of_an_archive_is_not_followed(tmp_path):
    secret = tmp_path / "secret.mid"
    secret.write_bytes(song(1))
    with tarfile.open(tmp_path / "set.tar", "w") as archive:
        link = tarfile.TarInfo("set/link.mid")
        link.type, link.linkname = tarfile.SYMTYPE, "../secret.mid"
        archive.addfile(link)
        inner = tarfile.TarInfo("../../up.mid")
        inner.size = len(song(2))
        archive.addfile(inner, io.BytesIO(song(2)))
    songs = list(iter_songs(tmp_path / "set.tar"))
    assert [song.name for song in songs if song.data] == ["set/up.mid"]
    assert [(song.name, song.problem) for song in songs if song.problem] == [
        ("set/link.mid", "a link; the file is read under its own name")
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY"])
def test_a_file_that_is_not_a_corpus_is_refused(tmp_path, content):
    path = tmp_path / "bad.npz"
    path.write_bytes(content)
    with pytest.raises(TrainingError, match="not a corpus"):
        Corpus.load(path)


def test_a_corpus_with_pickled_objects_is_refused_without_unpickling(tmp_path):
    path = tmp_path / "hostile.npz"
    np.savez(path, rows=np.array([print], object), song=np.zeros(1), split=np.zeros(1), about=np.zeros(2, np.uint8))
    with pytest.raises(TrainingError, match="not a corpus"):
        Corpus.load(path)


def test_the_error_about_a_missing_corpus_says_how_to_make_one(tmp_path):
    with pytest.raises(TrainingError, match="latentpalette corpus"):
        Corpus.load(tmp_path / "drums.npz")


def test_the_error_about_a_representation_without_a_packed_form_names_it():
    with pytest.raises(TrainingError, match="'harp'"):
        find_packing({"name": "harp"})


def test_windows_in_memory_keep_their_songs_and_songs_their_split():
    loops = list(presets().values())
    songs = {f"song {n}": [loops[n % 10], loops[(n + 1) % 10]] for n in range(20)}
    corpus = Corpus.from_sequences(songs, DRUMS, validation=0.3)
    assert corpus.song_index.tolist() == [song for song in range(20) for _ in range(2)]
    assert all(len(set(corpus.split_index[corpus.song_index == song])) == 1 for song in range(20))
    assert set(corpus.split_index) == {0, 1}
    sequence = store.load("drums-2bar").converter.from_tokens(corpus.windows[1])
    assert sequence == presets()["Boom bap"]


def test_the_error_about_a_window_of_another_length_names_its_song():
    with pytest.raises(TrainingError, match="odd one: a window of 16 steps; the converter reads 32"):
        Corpus.from_sequences({"odd one": [NoteSequence(steps=16)]}, DRUMS)
    with pytest.raises(TrainingError, match="no window in 1 song\\."):
        Corpus.from_sequences({"empty": []}, DRUMS)
