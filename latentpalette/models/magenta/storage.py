"""Where a checkpoint's files lie: in a folder, or inside an archive (`latentpalette.models.magenta.archive`).

A reader of checkpoints asks for parts of files by name and never for more than it has checked, so neither a folder
nor an archive is ever taken into memory whole.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from latentpalette.errors import CheckpointError


class Files(Protocol):
    """Files by name."""

    def names(self) -> Sequence[str]:
        """What there is, in order."""

    def size(self, name: str) -> int:
        """How long a file is [bytes]; `CheckpointError` if there is none of that name."""

    def read(self, name: str, offset: int, size: int) -> bytes:
        """`size` bytes from `offset` on; `CheckpointError` if there are fewer."""


class Folder:
    """The files of a folder, its subfolders aside.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "weights").write_bytes(b"12345")
    >>> Folder(folder).size("weights"), Folder(folder).read("weights", 1, 3)
    (5, b'234')
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> list[str]:
        """Its files, by name."""
        return sorted(each.name for each in self.path.iterdir() if each.is_file()) if self.path.is_dir() else []

    def size(self, name: str) -> int:
        """See `Files.size`."""
        path = self._path(name)
        try:
            found = path.stat()
        except OSError as error:
            raise CheckpointError(f"{path}: cannot be read ({error.strerror}).") from error
        if not stat.S_ISREG(found.st_mode):  # a pipe would wait for ever
            raise CheckpointError(f"{path}: cannot be read (it is no file).")
        return found.st_size

    def read(self, name: str, offset: int, size: int) -> bytes:
        """See `Files.read`."""
        there = self.size(name)
        if offset + size > there:
            raise CheckpointError(truncated(name, offset + size, there))
        try:
            with self._path(name).open("rb") as file:
                file.seek(offset)
                content = file.read(size)
        except OSError as error:
            raise CheckpointError(f"{self._path(name)}: cannot be read ({error.strerror}).") from error
        if len(content) < size:
            raise CheckpointError(truncated(name, offset + size, offset + len(content)))
        return content

    def _path(self, name: str) -> Path:
        if name in ("", ".", "..") or os.path.basename(name) != name or "\\" in name or "\0" in name:  # noqa: PTH119 # a name, no path
            raise CheckpointError(f"{self.path}: {name[:80]!r} is no name of a file in this folder.")
        return self.path / name


def truncated(name: str, end: int, there: int) -> str:
    """What to say of a file that ends too early."""
    return f"{name}: truncated. {end} bytes wanted; the file has {there}. Download or copy it again."
