"""Scan the sources of a corpus: those that can be read, and reasons for the others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from latentpalette.data.members import clean_name
from latentpalette.data.sources import Song, SourceInfo, iter_songs, scan
from latentpalette.errors import TrainingError
from latentpalette.files import expand_path


@dataclass(frozen=True)
class ScannedSources:
    """The readable ones of several sources.

    Parameters
    ----------
    sources : tuple of Path
    infos : tuple of SourceInfo
        One for each.
    problems : tuple of (name, reason)
        Sources, and files in them besides the music, that are not read.
    """

    sources: tuple[Path, ...]
    infos: tuple[SourceInfo, ...]
    problems: tuple[tuple[str, str], ...]

    @property
    def num_songs(self) -> int:
        """The number of songs that `iter_songs` yields."""
        return sum(info.songs for info in self.infos)

    def iter_songs(self) -> Iterator[Song]:
        """Yield the songs of all sources; a source that is lost meanwhile is a song with a problem."""
        for source in self.sources:
            try:
                yield from iter_songs(source)
            except TrainingError as problem:
                yield Song(clean_name(source.name), b"", clean_name(_reason(source, problem)))


def scan_sources(sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> ScannedSources:
    """Scan sources; one that is there but cannot be read is a problem, unless there is no other.

    Raises
    ------
    TrainingError
        If a source does not exist, or none can be read.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in ("a.mid", "cover.jpg"):
    ...     _ = (folder / name).write_bytes(b"MThd")
    >>> scanned = scan_sources([folder / "a.mid", folder / "cover.jpg"])
    >>> scanned.num_songs, scanned.problems[0][0]
    (1, 'cover.jpg')
    """
    if isinstance(sources, (str, os.PathLike)):
        sources = [sources]
    sources = list(sources)
    if not sources:
        raise TrainingError("Name one or more folders, archives or MIDI files to read; got none.")
    readable: list[Path] = []
    infos: list[SourceInfo] = []
    problems: list[tuple[str, str]] = []
    first_problem: TrainingError | None = None
    for source in map(expand_path, sources):
        if not os.path.lexists(source):
            raise TrainingError(f"{source}: no such folder or archive.")
        try:
            info = scan(source)
        except TrainingError as problem:
            first_problem = first_problem or problem
            problems.append((clean_name(source.name), clean_name(_reason(source, problem))))
            continue
        readable.append(source)
        infos.append(info)
        problems += info.problems
    if first_problem and not readable:
        raise first_problem
    return ScannedSources(tuple(readable), tuple(infos), tuple(problems))


def _reason(source: Path, problem: TrainingError) -> str:
    return str(problem).removeprefix(f"{source}: ").rstrip(".")
