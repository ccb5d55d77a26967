"""Sources of training music: archives and folders with damage, and what archives hold that no song is."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import struct
import tarfile
import warnings
import zipfile
from functools import cache
from pathlib import Path

import latentpalette as lp
from latentpalette.data.sources import Song, SourceInfo, iter_songs, scan
from latentpalette.music import midi
from tests.fuzz.harness import Folders, Outcome, attempt
from tests.fuzz.midi import random_file
from tests.fuzz.mutations import Random, chance, damage, pick

_MARKS = (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"ustar", b".mid", b"path=", b"\xfd7zXZ", b"\x1f\x8b")
_TABLES = (
    b"drummer,midi_filename,split\nd,a.mid,train\nd,b.mid,test\n",
    b"midi_filename,split\n\xff\xfe,\nx\n,,,,\n",
    b'midi_filename,split\n"a.mid\n',
    b"midi_filename,split\n" + b"x" * 200_000 + b",train\n",
    b"\0\0\0",
    b"",
)


def fuzz_zip(rng: Random, folders: Folders) -> Outcome:
    """A .zip with damage: in a member, in its directory, in its flags."""
    names, file = _names(rng), io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", pick(rng, (0, 8, 8, 12, 14))) as archive:
        warnings.simplefilter("ignore")  # of names that are there twice
        for name in names:
            archive.writestr(zipfile.ZipInfo(name.encode("utf-8", "replace").decode()), _content(rng, name))
    data = file.getvalue()
    if chance(rng, 0.2):
        data = _with_flag(rng, data)
    return _read(rng, folders, pick(rng, ("songs.zip", "SONGS.ZIP")), data)


def fuzz_tar(rng: Random, folders: Folders) -> Outcome:
    """A .tar, compressed or not, with damage, links and devices."""
    ending, pack = pick(
        rng, (("tar", bytes), ("tar.gz", gzip.compress), ("tgz", gzip.compress), ("tar.xz", lzma.compress))
    )
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=pick(rng, (0, 1, 2)), errors="surrogateescape") as archive:
        for name in _names(rng):
            member, content = tarfile.TarInfo(name), _content(rng, name)
            member.size = len(content)
            if chance(rng, 0.1):
                member.type = pick(rng, (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, b"S"))
                member.linkname, member.size = pick(rng, (str(folders.outside / "secret.txt"), name, "/")), 0
            archive.addfile(member, io.BytesIO(content))
    data = file.getvalue()
    if chance(rng, 0.3):  # damage that the compression does not see
        data = damage(rng, data, marks=_MARKS)
    return _read(rng, folders, f"songs.{ending}", pack(data))


def fuzz_songs_folder(rng: Random, folders: Folders) -> Outcome:
    """A folder with what is no song: pipes, links, folders that are called like songs, names in no encoding."""
    root = folders.inside / "songs"
    root.mkdir()
    (root / "a.mid").write_bytes(_song())
    for number in range(int(rng.integers(1, 6))):
        path = root / pick(rng, (f"{number}.mid", f"b/{number}.mid", f"c/d/{number}.kar", "info.csv", "LICENSE"))
        path.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(path):
            continue
        action = int(rng.integers(8))
        if action == 0:
            os.mkfifo(path)
        elif action == 1:
            path.symlink_to(pick(rng, (path, root, root / "a.mid", "/dev/zero", "nothing")))
        elif action == 2:
            path.mkdir()
        elif action == 3:
            Path(os.fsdecode(os.fsencode(root) + b"/\xff\xfe.mid")).write_bytes(_song())
        elif action == 4:
            deep = root / "/".join("x" * 10 for _ in range(int(rng.integers(20, 60))))
            deep.mkdir(parents=True, exist_ok=True)
            (deep / "deep.mid").write_bytes(_song())
        else:
            path.write_bytes(_content(rng, path.name))
    songs = list(iter_songs(root))
    _check_songs(songs, scan(root))
    assert Song("songs/a.mid", _song()) in songs
    return "read in part" if any(song.problem for song in songs) else "read"


def _read(rng: Random, folders: Folders, name: str, data: bytes) -> Outcome:
    """Read an archive, whole or damaged; what is in a whole one is found."""
    path = folders.inside / name
    if chance(rng, 0.8):
        data = damage(rng, data, marks=_MARKS, donor=data)
    path.write_bytes(data)
    info = attempt(lambda: scan(path))
    songs = attempt(lambda: list(iter_songs(path)))
    if info is None or songs is None:
        assert info is songs, "counted and not read, or the reverse"
        return "refused"
    _check_songs(songs, info)
    return "read in part" if any(song.problem for song in songs) else "read"


def _check_songs(songs: list[Song], info: SourceInfo) -> None:
    """Check what holds of the songs of any source."""
    assert len(songs) == info.songs
    for song in songs:
        assert bool(song.data) != bool(song.problem) or not song.data, song
        assert song.name.isprintable(), repr(song.name)
        assert song.name, song
        assert ".." not in song.name.split("/"), song.name
        assert not song.problem or 5 < len(song.problem) < 500, song.problem
    assert all(reason for _, reason in info.problems)


def fuzz_one_flip(rng: Random, folders: Folders) -> Outcome:
    """An archive in which one byte is wrong: at most one song is lost, and none in silence."""
    contents = [random_file(rng).data for _ in range(int(rng.integers(2, 12)))]
    file = io.BytesIO()
    is_zip = chance(rng, 0.5)
    if is_zip:
        with zipfile.ZipFile(file, "w", pick(rng, (0, 8))) as archive:
            for number, content in enumerate(contents):
                archive.writestr(zipfile.ZipInfo(f"songs/{number}.mid"), content)
        data = bytearray(file.getvalue())
        end = data.find(b"PK\x01\x02")
    else:
        with tarfile.open(fileobj=file, mode="w", format=pick(rng, (0, 1, 2))) as archive:
            for number, content in enumerate(contents):
                member = tarfile.TarInfo(f"songs/{number}.mid")
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        data = bytearray(file.getvalue())
        end = sum(512 + -(-len(content) // 512) * 512 for content in contents)
    data[int(rng.integers(end))] ^= 1 << int(rng.integers(8))
    path = folders.inside / ("songs.zip" if is_zip else "songs.tar")
    path.write_bytes(data)
    songs = list(iter_songs(path))
    whole = {song.data for song in songs} & set(contents)
    assert len(whole) >= len(set(contents)) - 1, f"{len(whole)} of {len(set(contents))} songs are whole"
    assert len(songs) >= len(contents), f"{len(songs)} of {len(contents)} songs are read or named"
    _check_songs(songs, scan(path))
    return "read in part" if any(song.problem for song in songs) else "read"


def _names(rng: Random) -> list[str]:
    names = [f"songs/{number:02}.mid" for number in range(int(rng.integers(1, 9)))]
    odd = ("../out.mid", "/abs.mid", "songs/00.mid", "é.mid", "a\udcff.mid", "x/" * 40 + "d.mid", "info.csv", "LICENSE",
           "._a.mid", "con.kar", "songs/\n.mid", "songs/\x1b[2J.mid", "C:\\a.mid", "README", "empty/")  # fmt: skip
    return names + [pick(rng, odd) for _ in range(int(rng.integers(0, 5)))]


def _content(rng: Random, name: str) -> bytes:
    if name.endswith(".csv"):
        return pick(rng, _TABLES)
    if chance(rng, 0.6):
        return _song()
    return random_file(rng).data if chance(rng, 0.7) else rng.bytes(int(rng.integers(0, 300)))


@cache
def _song() -> bytes:
    return midi.to_bytes(lp.presets()["Boom bap"])


def _with_flag(rng: Random, data: bytes) -> bytes:
    """Set the flags, method or sizes of a member where the archive has them twice: encrypted, of no known method."""
    local, central = data.find(b"PK\x03\x04"), data.find(b"PK\x01\x02")
    offset, values = pick(
        rng, ((6, (1, 0x41, 8, 0x2000)), (8, (1, 6, 9, 93, 99)), (18, (0, 0xFFFF)), (22, (0, 0xFFFF)))
    )
    changed, value = bytearray(data), struct.pack("<H", pick(rng, values))
    changed[local + offset : local + offset + 2] = value
    changed[central + offset + 2 : central + offset + 4] = value
    return bytes(changed)
