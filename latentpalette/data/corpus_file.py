"""The file of a corpus: an ``.npz`` of plain arrays, and JSON.

Files are not trusted: the shapes that they declare are compared with their bytes before memory is used, and nothing is
unpickled.
"""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import TrainingError
from latentpalette.files import replacing

FORMAT = 1

_ALWAYS_ALLOWED = 64 << 20
_MAX_RATIO = 250  # windows without duplicates shrink to a fiftieth at most, zeros to a thousandth
_MAX_DIMENSIONS = 4


class CorpusContent(NamedTuple):
    """The content of a file; `songs`, `converter` and `report` are not checked."""

    windows: NDArray
    song_index: NDArray
    split_index: NDArray
    qpm: NDArray
    about: dict[str, Any]


def read_corpus(path: Path) -> CorpusContent:
    """Read the file of a corpus.

    Raises
    ------
    TrainingError
        If it cannot be read, is damaged, or declares more than it holds.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            allowed = max(_ALWAYS_ALLOWED, _MAX_RATIO * path.stat().st_size)
            names = [name for name in ("rows", "song", "split", "qpm", "about") if f"{name}.npy" in archive.namelist()]
            if sum(archive.getinfo(f"{name}.npy").file_size for name in names) > allowed:
                raise TrainingError(f"{path}: it unpacks to over {_MAX_RATIO} times its size, as no corpus does.")
            arrays = {name: _read_array(archive, name) for name in names}
        about = json.loads(arrays["about"].tobytes(), parse_constant=_refuse_constant)
        if not isinstance(about, dict) or about.get("format") != FORMAT:
            raise TrainingError(f"{path}: not a corpus of format {FORMAT}. Make it again.")
        qpm = arrays.get("qpm", np.zeros(0, np.float32))
        return CorpusContent(arrays["rows"], arrays["song"], arrays["split"], qpm, about)
    except TrainingError:
        raise
    except OSError as problem:
        raise TrainingError(f"{path}: not a corpus (it cannot be read: {problem.strerror or problem}).") from problem
    except MemoryError as problem:
        raise TrainingError(f"{path}: there is not enough memory to read this corpus.") from problem
    except Exception as problem:  # zipfile, zlib, NumPy and json each raise errors of their own
        raise TrainingError(f"{path}: not a corpus, or damaged or cut off. Make it again.") from problem


def write_corpus(
    path: Path,
    columns: Mapping[str, Iterable[NDArray]],
    *,
    count: int,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    songs: Sequence[str],
    converter: Mapping[str, Any],
    report: Mapping[str, Any],
) -> Path:
    """Write a corpus in chunks, as `read_corpus` reads it; the same windows give the same bytes.

    Parameters
    ----------
    path : path
        Replaced when all is written.
    columns : mapping of name to iterable of ndarray
        Chunks of the windows (``rows``), their song and split indices (``song``, ``split``) and tempos (``qpm``).
    count : int
        The number of windows.
    shape, dtype
        Of one window.
    songs, converter, report
        As in `Corpus`.

    Raises
    ------
    FileError
        If the file cannot be written.
    """
    about = {"format": FORMAT, "songs": list(songs), "converter": dict(converter), "report": dict(report)}
    text = np.frombuffer(json.dumps(about).encode(), np.uint8)
    formats: dict[str, tuple[tuple[int, ...], np.dtype[Any]]] = {
        "rows": (shape, dtype),
        "song": ((), np.dtype(np.int32)),
        "split": ((), np.dtype(np.uint8)),
        "qpm": ((), np.dtype(np.float32)),
    }
    with replacing(path) as new, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (item_shape, item_dtype) in formats.items():
            _write_array(archive, name, columns[name], (count, *item_shape), item_dtype)
        _write_array(archive, "about", [text], text.shape, text.dtype)
    return path


def _read_array(archive: zipfile.ZipFile, name: str) -> NDArray:
    """Read one array, if its shape is that of its bytes."""
    info = archive.getinfo(f"{name}.npy")
    with archive.open(info) as file:
        version = np.lib.format.read_magic(file)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, is_fortran, dtype = read_header(file)
        size = math.prod(shape) * dtype.itemsize
        if dtype.kind not in "iuf" or is_fortran or len(shape) > _MAX_DIMENSIONS or min(shape, default=0) < 0:
            raise ValueError(f"{name} is of {dtype} {shape}")
        if file.tell() + size != info.file_size:
            raise ValueError(f"{name} declares {size} bytes of {info.file_size}")
        return _read_exactly(file, np.empty(shape, dtype))


def _read_exactly(file: IO[bytes], array: NDArray) -> NDArray:
    """Fill an array from a file; read on to the end, where the checksum is compared."""
    content = array.reshape(-1).view(np.uint8)
    position = 0
    while position < len(content) and (count := file.readinto(content[position:])):  # type: ignore[attr-defined]
        position += count
    if position < len(content) or file.read(1):
        raise ValueError("its end is missing")
    return array


def _refuse_constant(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _write_array(
    archive: zipfile.ZipFile, name: str, chunks: Iterable[NDArray], shape: tuple[int, ...], dtype: np.dtype[Any]
) -> None:
    """Write one array of an ``.npz``, chunk by chunk."""
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    # Opened by name, an entry has no modification time: equal corpora are equal files.
    with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
        np.lib.format.write_array_header_1_0(file, header)
        for chunk in chunks:
            file.write(np.ascontiguousarray(chunk, dtype).tobytes())
