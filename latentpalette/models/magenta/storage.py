"""Storage of a checkpoint's files: a folder, or an archive (`latentpalette.models.magenta.archive`).

Readers of checkpoints read ranges of files by name, and only after checking sizes, so neither a folder nor an archive
is loaded into memory whole.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from latentpalette.errors import CheckpointError
from latentpalette.models.folder_files import find_file


class Files(Protocol):
    """Files that are read by name."""

    def names(self) -> Sequence[str]:
        """Return the names of the files, in order."""

    def size(self, name: str) -> int:
        """Return the size of a file [bytes]; `CheckpointError` if there is none of that name."""

    def read(self, name: str, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset` on; `CheckpointError` if there are fewer."""


class Folder:
    """Files of a folder, without its subfolders.

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
        """Return the names of its files, sorted."""
        return sorted(path.name for path in self.path.iterdir() if path.is_file()) if self.path.is_dir() else []

    def size(self, name: str) -> int:
        """Return the size of a file [bytes]."""
        return self._path(name).stat().st_size

    def read(self, name: str, offset: int, size: int) -> bytes:
        """Return `size` bytes of a file from `offset` on."""
        path = self._path(name)
        actual = path.stat().st_size
        if offset + size > actual:
            raise CheckpointError(truncated_message(name, offset + size, actual))
        try:
            with path.open("rb") as file:
                file.seek(offset)
                content = file.read(size)
        except OSError as error:
            raise CheckpointError(f"{path}: cannot be read ({error.strerror}).") from error
        if len(content) < size:
            raise CheckpointError(truncated_message(name, offset + size, offset + len(content)))
        return content

    def _path(self, name: str) -> Path:
        if name in ("", ".", "..") or os.path.basename(name) != name or "\\" in name or "\0" in name:  # noqa: PTH119 # a name, no path
            raise CheckpointError(f"{self.path}: {name[:80]!r} is not the name of a file in this folder.")
        return find_file(self.path, name)


def truncated_message(name: str, expected: int, actual: int) -> str:
    """Return the error message for a file that ends too early."""
    return f"{name}: truncated. {expected} bytes wanted; the file has {actual}. Download or copy it again."
