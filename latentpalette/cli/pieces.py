"""The pieces that a command is given: MIDI files, and those in folders and archives."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentpalette.data.members import clean_name, is_archive_name
from latentpalette.data.sources import SourceInfo, iter_songs, scan
from latentpalette.errors import LatentPaletteError, MidiError
from latentpalette.files import expand_path, path_exists
from latentpalette.music import midi
from latentpalette.music.midi_names import MIDI_SUFFIXES

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE
    from latentpalette.windows.excerpt import Excerpts


@dataclass(frozen=True)
class Piece:
    """A MIDI file that a command reads.

    Parameters
    ----------
    name : str
        For messages, printable.
    source : Path or bytes
    is_given : bool
        Whether the user named the file itself, and not a folder or an archive that has it.
    problem : str
        Why it cannot be read; empty if it can.
    """

    name: str
    source: Path | bytes
    is_given: bool = True
    problem: str = ""

    @property
    def path(self) -> Path:
        """The file, or the path that stands for it."""
        return self.source if isinstance(self.source, Path) else Path(self.name)


def iter_pieces(paths: Iterable[Path]) -> Iterator[Piece]:
    """Yield the MIDI files among some paths, and those in the folders and archives among them.

    A folder or an archive without one is a piece with a problem.
    """
    for path in map(expand_path, paths):
        if not _is_source(path):
            yield Piece(clean_name(path.name), path)
            continue
        song = None
        try:
            for song in iter_songs(path):
                yield Piece(song.name, song.data, is_given=False, problem=song.problem)
        except LatentPaletteError as problem:
            yield Piece(clean_name(path.name), b"", problem=clean_name(str(problem)).removeprefix(f"{path}: "))
        else:
            if song is None:
                yield Piece(clean_name(path.name), b"", problem=f"no MIDI file in it ({', '.join(MIDI_SUFFIXES)})")
            for name, reason in _unopened(scan(path)):
                yield Piece(name, b"", is_given=False, problem=reason)


def count_pieces(paths: Iterable[Path]) -> int:
    """Return the number of pieces that `iter_pieces` yields."""
    count = 0
    for path in map(expand_path, paths):
        try:
            info = scan(path) if _is_source(path) else None
            count += max(info.songs, 1) + len(_unopened(info)) if info else 1
        except LatentPaletteError:
            count += 1
    return count


def preset_or_path(path: Path) -> str | Path:
    """Return an argument as the name of a preset, if it has no suffix and no file is there; else as it is.

    Examples
    --------
    >>> preset_or_path(Path("Bossa")), preset_or_path(Path("song.mid")).name
    ('Bossa', 'song.mid')
    """
    return path if path.suffix or path.name != str(path) or path_exists(path) else str(path)


def read_excerpts(model: MusicVAE, piece: Piece, **choice: Any) -> Excerpts:
    """Return the windows of a piece that a model accepts; `choice` as for `MusicVAE.excerpts`.

    Raises
    ------
    LatentPaletteError
        If it cannot be read, whatever the reason.
    """
    if piece.problem:
        raise MidiError(f"{piece.name}: {piece.problem.rstrip('.')}.")
    try:
        if isinstance(piece.source, Path):
            return model.excerpts(preset_or_path(piece.source), **choice)
        score = midi.read_score(piece.source)
        return model.excerpts(dataclasses.replace(score, name=piece.name), **choice)
    except LatentPaletteError as problem:
        message = str(problem)
        if message.startswith("MIDI data: "):
            raise type(problem)(f"{piece.name}: {message.removeprefix('MIDI data: ')}") from problem
        raise
    except Exception as problem:  # a defect of ours must not end the reading of all other files
        raise MidiError(
            f"{piece.name}: a defect of latentpalette ({type(problem).__name__}: {problem}). Please report it."
        ) from problem


def _unopened(info: SourceInfo) -> list[tuple[str, str]]:
    """Return the archives that lie in a source, each with the reason why it is not opened."""
    return [(name, reason) for name, reason in info.problems if is_archive_name(name)]


def _is_source(path: Path) -> bool:
    """Return whether a path is a folder or an archive."""
    try:
        return path.is_dir() or (is_archive_name(path) and path.is_file())
    except OSError:
        return False
