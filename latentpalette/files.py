"""Paths that users type, and files that are replaced as a whole."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from latentpalette.errors import FileError, LatentPaletteError
from latentpalette.validation import short_repr

_NOTHING_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EBADF, errno.EINVAL, errno.ENAMETOOLONG)
_MAX_SHOWN = 400  # characters: a long path is read whole, a line that is no path is not


def expand_path(path: str | os.PathLike[str]) -> Path:
    """Return a path with ``~`` and ``~user`` expanded to the home folder.

    A file that is there under a name like ``~draft.mid``, of no user, is that file. Where file names are ASCII by the
    locale, others are written and read as UTF-8.

    Raises
    ------
    FileError
        If it is no path, has characters that no file name has, or there is no such user.

    Examples
    --------
    >>> expand_path("~/loops").is_absolute()
    True
    """
    if not isinstance(path, (str, os.PathLike)):
        raise FileError(f"A path is text or a pathlib.Path; got {type(path).__name__}.")
    expanded = Path(os.fsdecode(encode_path(path)))
    if "\0" in str(expanded):
        raise FileError(f"A path holds no null character; got {str(path)!r}.")
    try:
        return expanded.expanduser()
    except RuntimeError as error:
        if os.path.lexists(expanded):
            return expanded
        raise FileError(
            f"{short_path(path)}: there is no home folder of that name. Write the folder in full."
        ) from error


def path_exists(path: str | os.PathLike[str]) -> bool:
    """Return True if there is a file, a folder or something else at a path; links are followed.

    A name that is too long for any file is the name of none.

    Raises
    ------
    FileError
        If that cannot be found out: a folder that may not be entered.

    Examples
    --------
    >>> path_exists("x" * 1000)
    False
    """
    return _read_mode(path) is not None


def is_file(path: str | os.PathLike[str]) -> bool:
    """Return True if there is a regular file at a path; see `path_exists`.

    Examples
    --------
    >>> is_file(__file__), is_file("x" * 1000)
    (True, False)
    """
    mode = _read_mode(path)
    return mode is not None and stat.S_ISREG(mode)


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Return True if there is a folder at a path; see `path_exists`.

    Examples
    --------
    >>> is_folder("."), is_folder("x" * 1000)
    (True, False)
    """
    mode = _read_mode(path)
    return mode is not None and stat.S_ISDIR(mode)


def encode_path(path: str | os.PathLike[str]) -> bytes:
    """Return the bytes of a path: as the locale has them, or UTF-8 where its encoding lacks a character.

    Raises
    ------
    FileError
        If it has characters that no file name has.

    Examples
    --------
    >>> encode_path("loops/song.mid")
    b'loops/song.mid'
    """
    text = os.fspath(path)
    try:
        return os.fsencode(text)
    except UnicodeEncodeError:
        try:
            return text.encode(errors="surrogateescape")
        except UnicodeEncodeError as error:
            raise FileError(f"A path is whole characters; got {text!r}. Choose another name.") from error


def readable_name(path: str | os.PathLike[str]) -> str:
    """Return the last part of a path as text, whose bytes that are no UTF-8 are replacement characters.

    Examples
    --------
    >>> readable_name("models/drums")
    'drums'
    """
    return encode_path(Path(path).name).decode(errors="replace")


def short_path(path: str | os.PathLike[str]) -> str:
    """Return a path for a message, cut where it is too long to be read.

    Examples
    --------
    >>> short_path("loops/song.mid"), len(short_path("x" * 1000))
    ('loops/song.mid', 400)
    """
    text = os.fspath(path)
    return text if len(text) <= _MAX_SHOWN and text.isprintable() else short_repr(text, _MAX_SHOWN)


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield the path of a new file beside `path`; when the block ends, it takes the place of `path` in one step.

    If the block fails, the new file is removed and the old one stays as it is. Missing folders are made. A link is
    followed; what is no regular file, such as ``/dev/stdout``, is written directly.

    Parameters
    ----------
    path : path
        ``~`` is expanded.

    Raises
    ------
    FileError
        If the file cannot be written: no space, no permission, a folder of that name.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with replacing(folder / "loops" / "a.txt") as new:
    ...     _ = new.write_text("kick")
    >>> [file.name for file in (folder / "loops").iterdir()]
    ['a.txt']
    """
    path = expand_path(path)
    new: Path | None = None
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            if target.is_dir():
                raise FileError(f"{path}: a folder of that name is in the way. Choose another name.")
            yield target
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        new = _create_beside(target)
        mode = stat.S_IMODE((target if target.exists() else new).stat().st_mode)
        yield new
        new.chmod(mode)  # a library may have made the file anew, for its owner alone
        new.replace(target)
        new = None
    except OSError as error:
        raise FileError(
            f"{short_path(path)}: cannot be written ({_reason(error)}). A file that was there before is unchanged."
        ) from error
    finally:
        if new is not None:
            with suppress(OSError):
                new.unlink()


def read_bytes(path: str | os.PathLike[str], max_bytes: int, *, error: type[LatentPaletteError] = FileError) -> bytes:
    """Return the contents of a file that may come from anywhere: no more of it is read than such a file is long.

    Parameters
    ----------
    path : str or path
    max_bytes : int
    error : type
        What is raised if it cannot be read, or is longer.

    Examples
    --------
    >>> import tempfile
    >>> read_bytes(write_text(Path(tempfile.mkdtemp(), "README.md"), "# Tiny drums"), 100)
    b'# Tiny drums'
    """
    try:
        with expand_path(path).open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as problem:
        raise error(f"{short_path(path)}: cannot be read ({_reason(problem)}).") from problem
    if len(data) > max_bytes:
        raise error(f"{short_path(path)}: longer than {max_bytes:,} bytes, which no such file is.")
    return data


def write_bytes(path: str | os.PathLike[str], data: bytes) -> Path:
    """Write a whole file, see `replacing`, and return its path.

    Examples
    --------
    >>> import tempfile
    >>> write_bytes(Path(tempfile.mkdtemp()) / "a.mid", b"MThd").read_bytes()
    b'MThd'
    """
    with replacing(path) as new:
        new.write_bytes(data)
    return expand_path(path)


def write_text(path: str | os.PathLike[str], text: str) -> Path:
    """Write a whole file of UTF-8 text, see `replacing`, and return its path.

    Examples
    --------
    >>> import tempfile
    >>> write_text(Path(tempfile.mkdtemp()) / "notes.txt", "B♭").read_text(encoding="utf-8")
    'B♭'
    """
    return write_bytes(path, text.encode())


def make_folder(path: str | os.PathLike[str]) -> Path:
    """Make a folder and those it lies in, where they are missing, and return its path.

    Raises
    ------
    FileError
        If it cannot be made: a file of that name, no permission.

    Examples
    --------
    >>> import tempfile
    >>> make_folder(Path(tempfile.mkdtemp(), "loops", "new")).is_dir()
    True
    """
    path = expand_path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            f"{short_path(path)}: the folder cannot be made ({_reason(error)}). Choose another name."
        ) from error
    return path


def _read_mode(path: str | os.PathLike[str]) -> int | None:
    """Return the kind and the permissions of what is at a path; None if there is nothing."""
    try:
        return Path(path).stat().st_mode
    except ValueError:  # a null character
        return None
    except OSError as error:
        if error.errno in _NOTHING_THERE:
            return None
        raise FileError(
            f"{short_path(path)}: cannot be opened ({_reason(error)}). Check that you may enter its folder."
        ) from error


def _create_beside(path: Path) -> Path:
    """Create an empty file with a new name in the folder of another, with the permissions that new files have."""
    beginning = path.name.encode(errors="ignore")[:100].decode(errors="ignore")  # a name has up to 255 bytes
    new = path.with_name(f".{beginning}.{secrets.token_hex(4)}.part")
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    return new


def _reason(error: OSError) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "a file is in the way, where a folder should be"
    return error.strerror or str(error) or type(error).__name__
