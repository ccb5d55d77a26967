"""From MIDI files to a corpus: the same songs however they are packed, each window once, nothing lost in silence."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from latentpalette.data.build import build
from latentpalette.data.corpus import Corpus
from latentpalette.data.extract import windows_of
from latentpalette.data.packing import packing
from latentpalette.data.sources import Song, songs, split_of, survey
from latentpalette.errors import TrainingError
from latentpalette.music import midi
from latentpalette.music.sequence import Note, NoteSequence

DRUMS = {"name": "drums", "steps": 32, "map": "reduced"}


def song(seed: int, bars: int = 6) -> bytes:
    dice = np.random.default_rng(seed)
    pitches = [36, 38, 42, 46, 49]
    hits = {pitch: np.flatnonzero(dice.random(16 * bars) < 0.4).tolist() for pitch in pitches}
    return midi.to_bytes(NoteSequence.from_steps(hits, steps=16 * bars))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve songs, one of them twice; a licence; a file that is no MIDI; a song without drums."""
    home = tmp_path / "band"
    for number in range(12):
        place = home / f"album{number % 3}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"song{number:02}.mid").write_bytes(song(number))
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
    loose, from_archive = (build([each], DRUMS, workers=0) for each in (folder, packed(folder, ending, inside=inside)))
    assert sorted(loose.songs) == sorted(from_archive.songs)
    assert {row.tobytes() for row in loose.rows} == {row.tobytes() for row in from_archive.rows}
    assert loose.report["licences"] == from_archive.report["licences"] == ["band/LICENSE.txt"]


def test_several_processes_give_the_corpus_that_one_gives(folder):
    one, two = (build([folder], DRUMS, workers=workers) for workers in (0, 2))
    assert np.array_equal(one.rows, two.rows)
    assert (one.songs, one.report) == (two.songs, two.report)


def test_the_windows_are_those_of_excerpts_packed_as_labels(folder):
    reader, _ = packing(DRUMS)
    data = song(3)
    found = windows_of(Song("a.mid", data), DRUMS)
    expected = [reader.masks(excerpt) for excerpt in reader.excerpts(data)]
    assert found.rows.dtype == np.uint16
    assert np.array_equal(found.rows, np.stack(expected))


def test_no_song_is_in_two_splits_and_no_window_occurs_twice(folder):
    corpus = build([folder], DRUMS, validation=0.4, workers=0)
    for number in range(len(corpus.songs)):
        assert len(set(corpus.split[corpus.song == number].tolist())) <= 1
    assert len({row.tobytes() for row in corpus.rows}) == len(corpus.rows)
    assert len(corpus.part("train")) > 0 < len(corpus.part("validation"))


def test_a_held_out_window_is_given_up_by_training(tmp_path):
    home = tmp_path / "set"
    home.mkdir()
    (home / "a.mid").write_bytes(song(1))
    (home / "b.mid").write_bytes(song(1))
    (home / "c.mid").write_bytes(song(2))
    (home / "info.csv").write_text("midi_filename,split\na.mid,train\nb.mid,validation\nc.mid,train\n")
    corpus = build([home], DRUMS, workers=0)
    assert corpus.report["windows"] == {"found": 15, "kept": 10, "train": 5, "validation": 5, "test": 0}
    held_out = {row.tobytes() for row in corpus.part("validation")}
    assert held_out == {row.tobytes() for row in windows_of(Song("b.mid", song(1)), DRUMS).rows}


def test_a_table_of_splits_is_followed_and_a_hash_decides_the_rest(tmp_path):
    (tmp_path / "info.csv").write_text("midi_filename,split\nx/a.mid,test\n")
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.mid").write_bytes(song(1))
    found = survey(tmp_path)
    name = f"{tmp_path.name}/x/a.mid"
    assert found.splits == {name: "test"}
    assert split_of(name, splits=found.splits) == "test"
    assert split_of("other.mid", validation=1.0) == "validation"
    assert split_of("other.mid", validation=0.0) == "train"


def test_everything_left_out_is_counted_with_its_reason(folder):
    report = build([folder], DRUMS, workers=0).report
    assert report["files"] == 15
    assert report["unreadable"] == [{"reason": "not a MIDI file", "files": 1}]
    assert {"reason": "no drums", "files": 1, "bars": 0} in report["left_out"]


def test_progress_counts_every_file_once(folder):
    seen: list[tuple[int, int]] = []
    build([folder], DRUMS, workers=0, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 15) for done in range(1, 16)]


def test_a_saved_corpus_comes_back_whole(folder, tmp_path):
    corpus = build([folder], DRUMS, workers=0)
    again = Corpus.load(corpus.save(tmp_path / "deep" / "drums.npz"))
    assert all(np.array_equal(getattr(corpus, name), getattr(again, name)) for name in ("rows", "song", "split"))
    assert (again.songs, dict(again.converter)) == (corpus.songs, DRUMS)
    assert again.report == json.loads(json.dumps(corpus.report))
    assert repr(again) == repr(corpus)


def test_sources_without_a_window_say_what_was_found_instead(tmp_path):
    (tmp_path / "piano.mid").write_bytes(midi.to_bytes(NoteSequence([Note(60, 0, 16)], steps=64)))
    with pytest.raises(TrainingError, match="no drums"):
        build([tmp_path], DRUMS, workers=0)


@pytest.mark.parametrize("name", ["nowhere", "readme.txt", "broken.tar.xz", "broken.zip"])
def test_a_source_that_cannot_be_read_is_named(tmp_path, name):
    if name != "nowhere":
        (tmp_path / name).write_bytes(b"no archive")
    with pytest.raises(TrainingError, match=name.replace(".", r"\.")):
        list(songs(tmp_path / name))


def test_a_link_that_leaves_an_archive_is_not_followed(tmp_path):
    secret = tmp_path / "secret.mid"
    secret.write_bytes(song(1))
    with tarfile.open(tmp_path / "set.tar", "w") as archive:
        link = tarfile.TarInfo("set/link.mid")
        link.type, link.linkname = tarfile.SYMTYPE, "../secret.mid"
        archive.addfile(link)
        inner = tarfile.TarInfo("../../up.mid")
        inner.size = len(song(2))
        archive.addfile(inner, io.BytesIO(song(2)))
    assert [each.name for each in songs(tmp_path / "set.tar")] == ["set/up.mid"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY"])
def test_a_file_that_is_no_corpus_is_refused(tmp_path, content):
    path = tmp_path / "bad.npz"
    path.write_bytes(content)
    with pytest.raises(TrainingError, match="not a corpus"):
        Corpus.load(path)


def test_a_corpus_with_objects_in_it_is_refused_unopened(tmp_path):
    path = tmp_path / "hostile.npz"
    np.savez(path, rows=np.array([print], object), song=np.zeros(1), split=np.zeros(1), about=np.zeros(2, np.uint8))
    with pytest.raises(TrainingError, match="not a corpus"):
        Corpus.load(path)


def test_a_corpus_that_is_not_there_says_how_to_make_one(tmp_path):
    with pytest.raises(TrainingError, match="latentpalette corpus"):
        Corpus.load(tmp_path / "drums.npz")


def test_a_representation_without_a_packing_is_refused_by_name():
    with pytest.raises(TrainingError, match="'harp'"):
        packing({"name": "harp"})
