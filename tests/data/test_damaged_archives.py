"""A damaged archive is read before and after the damage, and whatever is lost is named."""

from __future__ import annotations

import tarfile
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latentpalette.data import members
from latentpalette.data.sources import iter_songs
from tests.data.damaged_archives import ALL_TARS, NAMES, SONGS, read_source, song_of, write_tar, write_zip

UNIQUE = {"suppress_health_check": [HealthCheck.function_scoped_fixture], "deadline": None}


def spans_of(data: bytes) -> dict[str, tuple[int, int]]:
    """Return where the header of each song begins in a tar archive, and where its content ends."""
    starts = {name: data.index(name.encode()) for name in NAMES}
    return {name: (start, start + 512 + len(SONGS[name])) for name, start in starts.items()}


@pytest.mark.parametrize("ending", ALL_TARS)
def test_a_whole_tar_archive_is_read_without_a_word(tmp_path, ending):
    assert read_source(write_tar(tmp_path / f"songs{ending}")) == (SONGS, [])


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_are_read_in_every_format(tmp_path, form):
    folder = "/".join(["a long folder name"] * 5)
    names = [f"{folder}/{number}.mid" for number in range(3)] + ([] if form == tarfile.USTAR_FORMAT else ["é" * 200])
    files = {name: song_of(number) for number, name in enumerate(names)}
    songs, problems = read_source(write_tar(tmp_path / "songs.tar", files, form=form))
    assert songs == {f"{number}.mid": song_of(number) for number in range(3)}
    assert [song.name.rpartition("/")[2] for song in problems] == ["é" * 200] * (len(names) - 3)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_whole_zip_archive_is_read_without_a_word(tmp_path, method):
    assert read_source(write_zip(tmp_path / "songs.zip", method=method)) == (SONGS, [])


def test_a_flipped_byte_in_a_tar_header_loses_that_song_alone_and_names_it(tmp_path):
    path = write_tar(tmp_path / "songs.tar")
    data = bytearray(path.read_bytes())
    data[data.index(b"song05.mid") + 120] ^= 0x40
    path.write_bytes(data)
    songs, problems = read_source(path)
    assert set(SONGS) - set(songs) == {"song05.mid"}
    assert [(song.name, song.problem) for song in problems] == [
        ("songs/song05.mid", "its header in the archive is damaged")
    ]


@settings(max_examples=150, **UNIQUE)
@given(position=st.integers(0, 10**6), change=st.integers(1, 255))
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT])
def test_any_changed_byte_of_a_tar_archive_loses_one_song_at_most_and_is_noticed_in_headers(
    tmp_path, form, position, change
):
    path = write_tar(tmp_path / "songs.tar", form=form)
    data = bytearray(path.read_bytes())
    position %= len(data)
    data[position] ^= change
    path.write_bytes(data)
    songs, problems = read_source(path)
    lost = [name for name, song in SONGS.items() if songs.get(name) != song]
    assert len(lost) <= 1
    is_content_changed = bool(lost) and lost[0] in songs
    assert problems or not lost or is_content_changed


@settings(max_examples=120, **UNIQUE)
@given(position=st.integers(0, 10**6), length=st.integers(1, 3000), seed=st.integers(0, 99), zero=st.booleans())
def test_an_overwritten_part_of_a_tar_archive_loses_what_is_in_it_alone(tmp_path, position, length, seed, zero):
    path = write_tar(tmp_path / "songs.tar")
    data = bytearray(path.read_bytes())
    spans = spans_of(data)
    start = position % data.rindex(b"song19.mid")
    data[start : start + length] = bytes(length) if zero else np.random.default_rng(seed).bytes(length)
    path.write_bytes(data)
    songs, problems = read_source(path)
    for name, (first, last) in spans.items():
        if last <= start or first >= start + length:
            assert songs[name] == SONGS[name]
    is_header_lost = any(name not in songs for name in NAMES)
    assert problems or not is_header_lost


@settings(max_examples=150, **UNIQUE)
@given(kept=st.floats(0, 1), ending=st.sampled_from([*ALL_TARS, ".zip"]))
def test_of_an_archive_that_is_cut_off_the_songs_before_are_read_and_the_cut_is_named(tmp_path, kept, ending):
    path = tmp_path / f"songs{ending}"
    path = write_zip(path) if ending == ".zip" else write_tar(path)
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * (len(data) - 1))])
    songs, problems = read_source(path)
    assert list(songs) == NAMES[: len(songs)]
    assert all(SONGS[name] == song for name, song in songs.items())
    assert problems or len(songs) == len(SONGS)
    if ending == ".tar":
        assert list(songs) == [name for name, (_, last) in spans_of(data).items() if last <= path.stat().st_size]


@settings(max_examples=150, **UNIQUE)
@given(position=st.integers(0, 10**6), change=st.integers(1, 255), ending=st.sampled_from([*ALL_TARS[1:], ".zip"]))
def test_any_changed_byte_of_a_packed_archive_is_noticed_if_it_changes_a_song(tmp_path, position, change, ending):
    path = tmp_path / f"songs{ending}"
    path = write_zip(path) if ending == ".zip" else write_tar(path)
    data = bytearray(path.read_bytes())
    data[position % len(data)] ^= change
    path.write_bytes(data)
    songs, problems = read_source(path)
    read = [song.data for song in iter_songs(path) if not song.problem] if songs else []
    if ending == ".zip":  # a name may be changed without a word, but no song is lost
        assert len(set(SONGS.values()) - set(read)) <= 1
        assert set(read) <= set(SONGS.values())
    assert problems or read == list(SONGS.values())


@settings(max_examples=150, **UNIQUE)
@given(
    data=st.binary(max_size=3000),
    ending=st.sampled_from([*ALL_TARS, ".zip"]),
    magic=st.sampled_from([b"", b"\x1f\x8b\x08\0", b"BZh9", b"\xfd7zXZ\0", b"PK\x03\x04", b"PK\x05\x06"]),
)
def test_any_bytes_are_an_archive_or_an_error_of_ours(tmp_path, data, ending, magic):
    path = tmp_path / f"songs{ending}"
    path.write_bytes(magic + data)
    songs, problems = read_source(path)
    assert problems
    assert not songs


@pytest.mark.parametrize("ending", [".tar", ".tar.xz", ".zip"])
def test_an_archive_with_too_many_members_is_read_up_to_a_limit(tmp_path, monkeypatch, ending):
    monkeypatch.setattr(members, "MAX_MEMBERS", 5)
    path = tmp_path / f"songs{ending}"
    songs, problems = read_source(write_zip(path) if ending == ".zip" else write_tar(path))
    assert list(songs) == NAMES[:5]
    assert ["members, and what follows is not read; split it" in song.problem for song in problems] == [True]


def test_an_archive_without_a_single_file_ends_at_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(members, "MAX_MEMBERS", 100)
    path = tmp_path / "folders.tar"
    with tarfile.open(path, "w") as archive:
        for number in range(150):
            folder = tarfile.TarInfo(f"folder{number}")
            folder.type = tarfile.DIRTYPE
            archive.addfile(folder)
    songs, [problem] = read_source(path)
    assert (songs, problem.name) == ({}, f"folders.tar, byte {100 * 512:,}")


@pytest.mark.parametrize("ending", [".tar.gz", ".tar.xz", ".tar.bz2"])
def test_damage_of_a_packed_archive_that_shows_at_its_end_leaves_all_before_in_doubt(tmp_path, ending):
    path = write_tar(tmp_path / f"songs{ending}")
    data = bytearray(path.read_bytes())
    data[{".tar.gz": -6, ".tar.xz": -40, ".tar.bz2": -12}[ending]] ^= 0xFF
    path.write_bytes(data)
    songs, problems = read_source(path)
    assert len(songs) in (0, len(SONGS))
    assert any("damaged here or before; what was read before may be wrong" in song.problem for song in problems) or (
        not songs and "damaged" in problems[0].problem
    )
