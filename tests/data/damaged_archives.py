"""Archives of small songs, for tests that damage them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

from latentpalette.data.sources import Song, iter_songs
from latentpalette.errors import TrainingError
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence

NAMES = [f"song{number:02}.mid" for number in range(20)]
PLAIN_TAR, ALL_TARS = ".tar", (".tar", ".tar.gz", ".tar.bz2", ".tar.xz")


def song_of(number: int) -> bytes:
    """Return a song that is different for each number."""
    hits = {pitch: [step for step in range(32) if number >> step % 5 & 1 or step == 0] for pitch in (36, 38, 42)}
    return midi.to_bytes(NoteSequence.from_steps(hits, steps=32, qpm=80 + number))


SONGS = {name: song_of(number) for number, name in enumerate(NAMES)}


def write_tar(path: Path, files: dict[str, bytes] = SONGS, *, form: int = tarfile.USTAR_FORMAT) -> Path:
    """Write a tar archive, compressed as its name says."""
    compression = path.suffix[1:] if path.suffix != ".tar" else ""
    with tarfile.open(path, f"w:{compression}", format=form) as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def write_zip(path: Path, files: dict[str, bytes] = SONGS, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write a zip archive."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return path


def read_source(path: Path) -> tuple[dict[str, bytes], list[Song]]:
    """Return the songs that are read, by their file names, and those with a problem; an unreadable source is one."""
    try:
        songs = list(iter_songs(path))
    except TrainingError as problem:
        return {}, [Song(path.name, b"", str(problem))]
    assert all(song.name.isprintable() and song.problem.isprintable() for song in songs)
    whole = {song.name.rpartition("/")[2]: song.data for song in songs if not song.problem}
    return whole, [song for song in songs if song.problem]
