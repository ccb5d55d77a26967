"""Read the checkpoints of magenta-js, in both layouts, whole, in shards, and quantised.

- Today's: ``weights_manifest.json`` lists groups of files (shards) and the tensors that lie in them one after the
  other; ``config.json`` says what the model is.
- That of 2018: ``manifest.json`` names one file for each tensor; ``converter.json`` may say what the model is.

A manifest is a stranger's text: every shape is checked against the bytes that are there before anything is read.

Source: magenta-js at 96bad883, TensorFlow.js' `io` format, and Magenta's `checkpoint_converter.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import CheckpointError
from latentpalette.models.magenta.storage import Files

MANIFESTS = ("weights_manifest.json", "manifest.json")
_SPECS = {"weights_manifest.json": "config.json", "manifest.json": "converter.json"}

_LONGEST_TEXT = 16 << 20  # bytes of a manifest; those that are known have some 10 kB
_MOST_TENSORS = 10_000
_MOST_DIMENSIONS = 8
_LARGEST_TENSOR = 1 << 34  # bytes

_PLAIN = {"float32": "<f4", "int32": "<i4", "uint8": "u1", "bool": "?"}
_QUANTISED = {"uint8": "u1", "uint16": "<u2", "float16": "<f2"}


@dataclass(frozen=True)
class Piece:
    """Where one tensor lies, and how its numbers are written.

    Parameters
    ----------
    shape : tuple of int
    dtype : str
        NumPy's, of what is stored.
    run : tuple of str
        The files that hold it, one after the other as if they were one.
    offset : int
        Where in them it begins [bytes].
    scale, least : float
        What is stored, times `scale`, plus `least`, is meant; 1 and 0 where it is stored as it is.
    """

    shape: tuple[int, ...]
    dtype: str
    run: tuple[str, ...]
    offset: int = 0
    scale: float = 1.0
    least: float = 0.0

    @property
    def size(self) -> int:
        """Bytes."""
        return prod(self.shape) * np.dtype(self.dtype).itemsize


class JsCheckpoint(Mapping[str, NDArray]):
    """The tensors of a magenta-js checkpoint by name; each is read when it is asked for.

    Parameters
    ----------
    files : Files
        The folder.
    name : str
        What to call it in messages.

    Attributes
    ----------
    spec : dict
        What `config.json` or `converter.json` says; empty if there is none.

    Raises
    ------
    CheckpointError
        If it is no checkpoint of magenta-js, or its files do not hold what the manifest says.
    """

    def __init__(self, files: Files, name: str) -> None:
        self.name = name
        self._files = files
        there = files.names()
        manifest = next((each for each in MANIFESTS if each in there), None)
        if manifest is None:
            raise CheckpointError(f"{name}: no checkpoint of magenta-js; there is no {' and no '.join(MANIFESTS)}.")
        listed = self._json(manifest)
        try:
            self.pieces = _sharded(listed) if manifest == "weights_manifest.json" else _one_by_one(listed)
        except _Nonsense as error:
            raise CheckpointError(f"{name}: {manifest} makes no sense: {error}.") from error
        if manifest == "manifest.json":  # a tensor whose file is not there is missing, and will be named as such
            self.pieces = {each: piece for each, piece in self.pieces.items() if piece.run[0] in there}
        # Tensors of one group share one run of files, which may be long: each is looked at once.
        runs = {id(piece.run): piece.run for piece in self.pieces.values()}
        self._sizes = {file: files.size(file) for run in runs.values() for file in run}
        self._compare(runs)
        spec = self._json(_SPECS[manifest]) if _SPECS[manifest] in there else {}
        if not isinstance(spec, dict):
            raise CheckpointError(f"{name}: {_SPECS[manifest]} is no JSON object.")
        self.spec: dict[str, Any] = spec if "dataConverter" in spec or not spec else {"dataConverter": spec}

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each tensor."""
        return {name: piece.shape for name, piece in self.pieces.items()}

    def __iter__(self) -> Iterator[str]:
        return iter(self.pieces)

    def __len__(self) -> int:
        return len(self.pieces)

    def __getitem__(self, name: str) -> NDArray:
        """One tensor; of a quantised one, the numbers that are meant, float32."""
        piece = self.pieces[name]
        values = np.frombuffer(self._bytes(piece), piece.dtype).reshape(piece.shape)
        if (piece.scale, piece.least) != (1.0, 0.0):
            with np.errstate(over="ignore"):  # what is not finite is refused with the tensor's name, later
                return (values * piece.scale + piece.least).astype(np.float32)
        return values.astype(np.float32, copy=False) if values.dtype.kind in "fu" else values

    def _bytes(self, piece: Piece) -> bytes:
        """From the shards that a tensor straddles."""
        parts: list[bytes] = []
        start, end, at = piece.offset, piece.offset + piece.size, 0
        for file in piece.run:
            size = self._sizes[file]
            first, last = max(start - at, 0), min(end - at, size)
            if last > first:
                parts.append(self._files.read(file, first, last - first))
            at += size
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _compare(self, runs: Mapping[int, tuple[str, ...]]) -> None:
        """Whether the files are as long as their tensors; a shard that was cut, or is another's, shows here."""
        ends = dict.fromkeys(runs, 0)
        for piece in self.pieces.values():
            ends[id(piece.run)] = max(ends[id(piece.run)], piece.offset + piece.size)
        for number, run in runs.items():
            there, end = sum(self._sizes[file] for file in run), ends[number]
            if there != end:
                what = run[0] if len(run) == 1 else f"the {len(run)} shards from {run[0]} on"
                raise CheckpointError(
                    f"{self.name}: {what}: {there} bytes, but the tensors in it take {end}. "
                    "It was cut off, or belongs to another checkpoint; download it again."
                )

    def _json(self, file: str) -> Any:
        size = self._files.size(file)
        if size > _LONGEST_TEXT:
            raise CheckpointError(f"{self.name}: {file} has {size} bytes, which none of its kind has.")
        try:
            return json.loads(self._files.read(file, 0, size).decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise CheckpointError(f"{self.name}: {file} is not JSON ({str(error)[:200]}).") from error


class _Nonsense(Exception):  # noqa: N818 # told to nobody as it is: it becomes a CheckpointError with the file's name
    """What a manifest says that cannot be."""


def _sharded(listed: Any) -> dict[str, Piece]:
    """Today's layout: groups of shards, tensors in order."""
    pieces: dict[str, Piece] = {}
    for group in _of(listed, list, "the whole"):
        run = tuple(_of(each, str, "a path") for each in _of(_get(group, "paths"), list, "paths"))
        if not run or len(run) > _MOST_TENSORS or len(set(run)) < len(run):
            raise _Nonsense(f"a group names {len(run)} files, or one of them twice")
        offset = 0
        for weight in _of(_get(group, "weights"), list, "weights"):
            name = _of(_get(weight, "name"), str, "a name")
            dtype, scale, least = _stored(weight, name)
            piece = _checked(name, Piece(_shape(weight, name), dtype, run, offset, scale, least), pieces)
            offset += piece.size
    return pieces


def _one_by_one(listed: Any) -> dict[str, Piece]:
    """The layout of 2018: a file for each tensor."""
    pieces: dict[str, Piece] = {}
    for name, entry in _of(listed, dict, "the whole").items():
        file, dtype, scale, least = _of(_get(entry, "filename"), str, "a filename"), "<f4", 1.0, 0.0
        if (quantised := entry.get("quantization")) is not None:
            width = _get(quantised, "bytes")
            if width not in (1, 2) or isinstance(width, bool):
                raise _Nonsense(f"{name[:80]!r} is quantised to {width!r} bytes; there are 1 and 2")
            least, most = (_number(_get(quantised, key), name) for key in ("min", "max"))
            dtype, scale = ("u1" if width == 1 else "<u2"), (most - least) / (2 ** (8 * width) - 1)
        _checked(name, Piece(_shape(entry, name), dtype, (file,), 0, scale, least), pieces)
    return pieces


def _stored(weight: dict[str, Any], name: str) -> tuple[str, float, float]:
    """How the numbers of a tensor are written in today's layout: type, scale, least."""
    dtype = weight.get("dtype", "float32")
    quantised = weight.get("quantization")
    kinds = _PLAIN if quantised is None else _QUANTISED
    if quantised is not None:
        dtype = _get(quantised, "dtype")
    if not isinstance(dtype, str) or dtype not in kinds:
        raise _Nonsense(f"{name[:80]!r} holds {str(dtype)[:80]!r}; known are {', '.join(kinds)}")
    if quantised is None or dtype == "float16":
        return kinds[dtype], 1.0, 0.0
    return kinds[dtype], _number(_get(quantised, "scale"), name), _number(_get(quantised, "min"), name)


def _checked(name: str, piece: Piece, others: dict[str, Piece]) -> Piece:
    """Add a piece to the others."""
    if name in others:
        raise _Nonsense(f"{name[:80]!r} is in it twice")
    if len(others) >= _MOST_TENSORS:
        raise _Nonsense(f"it lists more than {_MOST_TENSORS} tensors")
    if piece.size > _LARGEST_TENSOR:
        raise _Nonsense(f"{name[:80]!r} would have {piece.size} bytes")
    others[name] = piece
    return piece


def _shape(entry: dict[str, Any], name: str) -> tuple[int, ...]:
    shape = _of(_get(entry, "shape"), list, "a shape")
    whole = all(isinstance(each, int) and not isinstance(each, bool) and 0 <= each < 1 << 31 for each in shape)
    if len(shape) > _MOST_DIMENSIONS or not whole:
        raise _Nonsense(f"{name[:80]!r} has the shape {str(shape)[:80]}")
    return tuple(shape)


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e30 or not isfinite(value):
        raise _Nonsense(f"{name[:80]!r} is quantised with {str(value)[:80]}, which is no number to scale by")
    return float(value)


def _get(where: Any, key: str) -> Any:
    if not isinstance(where, dict) or key not in where:
        raise _Nonsense(f"there is no {key!r} in {str(where)[:80]}")
    return where[key]


def _of(value: Any, kind: type, what: str) -> Any:
    if not isinstance(value, kind):
        raise _Nonsense(f"{what} should be a {kind.__name__}; it is {str(value)[:80]}")
    return value
