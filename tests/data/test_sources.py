"""Which files of a folder or an archive are songs."""

import zipfile

import pytest

from latentpalette.data.sources import iter_songs, scan
from latentpalette.errors import TrainingError
from latentpalette.music.midi_names import MIDI_SUFFIXES

SONGS = [f"{number}{suffix}" for number, suffix in enumerate((*MIDI_SUFFIXES, ".MID", ".Kar"))]
OTHERS = ["notes.txt", "mid", "song.mid.gz", "._0.mid", "cover.png"]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "songs").mkdir()
    for name in SONGS + OTHERS:
        (tmp_path / "songs" / name).write_bytes(name.encode())
    return tmp_path / "songs"


def test_every_midi_file_of_a_folder_or_archive_is_a_song(folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "songs.zip", "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    for source in (folder, tmp_path / "songs.zip"):
        assert [song.name for song in iter_songs(source)] == [f"songs/{name}" for name in SONGS]
        assert scan(source).songs == len(SONGS)


@pytest.mark.parametrize("name", SONGS)
def test_a_midi_file_alone_is_a_source(folder, name):
    assert [song.data for song in iter_songs(folder / name)] == [name.encode()]


def test_another_file_is_refused_with_the_names_of_midi_files(folder):
    with pytest.raises(TrainingError, match=r"a MIDI file \(\.mid, \.midi, \.smf, \.kar, \.rmi, \.rmid\)"):
        list(iter_songs(folder / "notes.txt"))
