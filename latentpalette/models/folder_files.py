"""Files of a model's folder. The folder may come from elsewhere, so only its own regular files are read."""

from __future__ import annotations

import stat
from pathlib import Path

from latentpalette.errors import CheckpointError
from latentpalette.files import read_bytes


def find_file(folder: Path, name: str) -> Path:
    """Return the path of a regular file of a folder, links resolved.

    A link may lead to another file of the folder, and in a cache of Hugging Face's from ``snapshots/...`` to the
    ``blobs`` beside it. One that leads elsewhere is refused: a folder from a stranger could name any file of this
    computer.

    Raises
    ------
    CheckpointError
        If there is no such file, it is a pipe or a device, whose reading could block, or a link out of the folder.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "README.md").write_text("# Tiny drums")
    >>> find_file(folder, "README.md").name
    'README.md'
    """
    path = folder / name
    try:
        home, target = folder.resolve(), path.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError) as error:  # RuntimeError: a circle of links, before Python 3.13
        reason = getattr(error, "strerror", None) or "its link leads nowhere"
        raise CheckpointError(f"{path}: cannot be read ({reason}).") from error
    if not stat.S_ISREG(mode):
        raise CheckpointError(f"{path}: cannot be read (it is no regular file).")
    if path.is_symlink() and not any(target.is_relative_to(allowed) for allowed in (home, *_blobs(home))):
        raise CheckpointError(f"{path}: a link to {target}, outside its folder. Put the file itself there.")
    return target


def read_text(path: Path, max_bytes: int) -> str:
    """Return the text of a file; bytes that are not UTF-8 are replaced.

    Raises
    ------
    CheckpointError
        If it is longer than `max_bytes`, or cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "README.md")
    >>> _ = path.write_text("# Tiny drums")
    >>> read_text(path, 100)
    '# Tiny drums'
    """
    return read_bytes(path, max_bytes, error=CheckpointError).decode("utf-8", "replace")


def _blobs(folder: Path) -> list[Path]:
    """Return where a snapshot in a cache of Hugging Face's may link to: repository/snapshots/revision."""
    return [folder.parent.parent / "blobs"] if folder.parent.name == "snapshots" else []
