"""Reader of magenta-js checkpoints, in both layouts: whole, in shards, and quantized.

- The current one: ``weights_manifest.json`` lists groups of files (shards) and the tensors stored in them one after the
  other; ``config.json`` describes the model.
- That of 2018: ``manifest.json`` names one file for each tensor; ``converter.json`` may describe the model.

A manifest is untrusted: every shape is checked against the size of the files before anything is read.

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

_MAX_JSON_BYTES = 16 << 20  # known manifests have some 10 kB
_MAX_TENSORS = 10_000
_MAX_DIMENSIONS = 8
_MAX_TENSOR_BYTES = 1 << 34

_PLAIN_DTYPES = {"float32": "<f4", "int32": "<i4", "uint8": "u1", "bool": "?"}
_QUANTIZED_DTYPES = {"uint8": "u1", "uint16": "<u2", "float16": "<f2"}


@dataclass(frozen=True)
class StoredTensor:
    """Location and number format of one tensor.

    Parameters
    ----------
    shape : tuple of int
    dtype : str
        NumPy's, of the stored numbers.
    shards : tuple of str
        The files whose concatenation holds it.
    offset : int [bytes]
        Where in the concatenation it starts.
    scale, minimum : float
        The tensor is the stored numbers times `scale`, plus `minimum`; 1 and 0 if it is not quantized.
    """

    shape: tuple[int, ...]
    dtype: str
    shards: tuple[str, ...]
    offset: int = 0
    scale: float = 1.0
    minimum: float = 0.0

    @property
    def size(self) -> int:
        """Stored size [bytes]."""
        return prod(self.shape) * np.dtype(self.dtype).itemsize


class TfjsCheckpoint(Mapping[str, NDArray]):
    """The tensors of a magenta-js checkpoint by name; each is read when it is accessed.

    Parameters
    ----------
    files : Files
        The folder.
    name : str
        Name of the checkpoint in error messages.

    Attributes
    ----------
    spec : dict
        Content of `config.json` or `converter.json`; empty if there is none.

    Raises
    ------
    CheckpointError
        If it is not a magenta-js checkpoint, or its files do not match the manifest.
    """

    def __init__(self, files: Files, name: str) -> None:
        self.name = name
        self._files = files
        present = files.names()
        manifest = next((name for name in MANIFESTS if name in present), None)
        if manifest is None:
            raise CheckpointError(f"{name}: not a magenta-js checkpoint; there is no {' and no '.join(MANIFESTS)}.")
        parse = _parse_manifest if manifest == "weights_manifest.json" else _parse_legacy_manifest
        content = self._json(manifest)
        try:
            self.tensors = parse(content)
        except _InvalidManifest as error:
            raise CheckpointError(f"{name}: {manifest} is invalid: {error}.") from error
        if manifest == "manifest.json":  # a tensor without its file is reported as missing, later
            self.tensors = {key: tensor for key, tensor in self.tensors.items() if tensor.shards[0] in present}
        # Tensors of a group share one tuple of shards, which may be long: the size of each is taken once.
        groups = {id(tensor.shards): tensor.shards for tensor in self.tensors.values()}
        self._sizes = {file: files.size(file) for shards in groups.values() for file in shards}
        self._check_sizes(groups)
        spec = self._json(_SPECS[manifest]) if _SPECS[manifest] in present else {}
        if not isinstance(spec, dict):
            raise CheckpointError(f"{name}: {_SPECS[manifest]} is not a JSON object.")
        self.spec: dict[str, Any] = spec if "dataConverter" in spec or not spec else {"dataConverter": spec}

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each tensor."""
        return {name: tensor.shape for name, tensor in self.tensors.items()}

    def __iter__(self) -> Iterator[str]:
        return iter(self.tensors)

    def __len__(self) -> int:
        return len(self.tensors)

    def __getitem__(self, name: str) -> NDArray:
        """Return one tensor, dequantized, float32 if it is any float."""
        tensor = self.tensors[name]
        values = np.frombuffer(self._bytes(tensor), tensor.dtype).reshape(tensor.shape)
        if (tensor.scale, tensor.minimum) != (1.0, 0.0):
            with np.errstate(over="ignore"):  # numbers that are not finite are reported with the tensor's name, later
                return (values * tensor.scale + tensor.minimum).astype(np.float32)
        return values.astype(np.float32, copy=False) if values.dtype.kind in "fu" else values

    def _bytes(self, tensor: StoredTensor) -> bytes:
        """Read a tensor from the shards that it spans."""
        parts: list[bytes] = []
        start, end, position = tensor.offset, tensor.offset + tensor.size, 0
        for file in tensor.shards:
            size = self._sizes[file]
            first, last = max(start - position, 0), min(end - position, size)
            if last > first:
                parts.append(self._files.read(file, first, last - first))
            position += size
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _check_sizes(self, groups: Mapping[int, tuple[str, ...]]) -> None:
        """Raise unless the files of each group are as long as its tensors: a truncated or foreign shard."""
        ends = dict.fromkeys(groups, 0)
        for tensor in self.tensors.values():
            ends[id(tensor.shards)] = max(ends[id(tensor.shards)], tensor.offset + tensor.size)
        for group, shards in groups.items():
            actual, expected = sum(self._sizes[file] for file in shards), ends[group]
            if actual != expected:
                what = shards[0] if len(shards) == 1 else f"the {len(shards)} shards from {shards[0]} on"
                raise CheckpointError(
                    f"{self.name}: {what}: {actual} bytes, but the tensors in it take {expected}. "
                    "It was cut off, or belongs to another checkpoint; download it again."
                )

    def _json(self, file: str) -> Any:
        size = self._files.size(file)
        if size > _MAX_JSON_BYTES:
            raise CheckpointError(f"{self.name}: {file} has {size} bytes, more than any known one.")
        try:
            return json.loads(self._files.read(file, 0, size).decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise CheckpointError(f"{self.name}: {file} is not JSON ({str(error)[:200]}).") from error


class _InvalidManifest(Exception):  # noqa: N818 # internal: it becomes a CheckpointError with the file's name
    """Invalid content of a manifest."""


def _parse_manifest(content: Any) -> dict[str, StoredTensor]:
    """Parse the current layout: groups of shards, tensors in order."""
    tensors: dict[str, StoredTensor] = {}
    for group in _require(content, list, "the whole"):
        shards = tuple(_require(path, str, "a path") for path in _require(_get(group, "paths"), list, "paths"))
        if not shards or len(shards) > _MAX_TENSORS or len(set(shards)) < len(shards):
            raise _InvalidManifest(f"a group names {len(shards)} files, or one of them twice")
        offset = 0
        for weight in _require(_get(group, "weights"), list, "weights"):
            name = _require(_get(weight, "name"), str, "a name")
            dtype, scale, minimum = _number_format(weight, name)
            tensor = StoredTensor(_shape(weight, name), dtype, shards, offset, scale, minimum)
            _add(name, tensor, tensors)
            offset += tensor.size
    return tensors


def _parse_legacy_manifest(content: Any) -> dict[str, StoredTensor]:
    """Parse the layout of 2018: a file for each tensor."""
    tensors: dict[str, StoredTensor] = {}
    for name, entry in _require(content, dict, "the whole").items():
        file, dtype, scale, minimum = _require(_get(entry, "filename"), str, "a filename"), "<f4", 1.0, 0.0
        if (quantization := entry.get("quantization")) is not None:
            width = _get(quantization, "bytes")
            if width not in (1, 2) or isinstance(width, bool):
                raise _InvalidManifest(f"{name[:80]!r} is quantized to {width!r} bytes; there are 1 and 2")
            minimum, maximum = (_number(_get(quantization, key), name) for key in ("min", "max"))
            dtype, scale = ("u1" if width == 1 else "<u2"), (maximum - minimum) / (2 ** (8 * width) - 1)
        _add(name, StoredTensor(_shape(entry, name), dtype, (file,), 0, scale, minimum), tensors)
    return tensors


def _number_format(weight: dict[str, Any], name: str) -> tuple[str, float, float]:
    """Return dtype, scale and minimum of a tensor in the current layout."""
    dtype = weight.get("dtype", "float32")
    quantization = weight.get("quantization")
    dtypes = _PLAIN_DTYPES if quantization is None else _QUANTIZED_DTYPES
    if quantization is not None:
        dtype = _get(quantization, "dtype")
    if not isinstance(dtype, str) or dtype not in dtypes:
        raise _InvalidManifest(f"{name[:80]!r} holds {str(dtype)[:80]!r}; known are {', '.join(dtypes)}")
    if quantization is None or dtype == "float16":
        return dtypes[dtype], 1.0, 0.0
    return dtypes[dtype], _number(_get(quantization, "scale"), name), _number(_get(quantization, "min"), name)


def _add(name: str, tensor: StoredTensor, tensors: dict[str, StoredTensor]) -> None:
    """Add a tensor to the others, or raise if there are too many or it is too large."""
    if name in tensors:
        raise _InvalidManifest(f"it lists {name[:80]!r} twice")
    if len(tensors) >= _MAX_TENSORS:
        raise _InvalidManifest(f"it lists more than {_MAX_TENSORS} tensors")
    if tensor.size > _MAX_TENSOR_BYTES:
        raise _InvalidManifest(f"{name[:80]!r} would have {tensor.size} bytes")
    tensors[name] = tensor


def _shape(entry: dict[str, Any], name: str) -> tuple[int, ...]:
    shape = _require(_get(entry, "shape"), list, "a shape")
    is_valid = all(isinstance(dim, int) and not isinstance(dim, bool) and 0 <= dim < 1 << 31 for dim in shape)
    if len(shape) > _MAX_DIMENSIONS or not is_valid:
        raise _InvalidManifest(f"{name[:80]!r} has the shape {str(shape)[:80]}")
    return tuple(shape)


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e30 or not isfinite(value):
        raise _InvalidManifest(f"{name[:80]!r} is quantized with {str(value)[:80]}, which is no number to scale by")
    return float(value)


def _get(mapping: Any, key: str) -> Any:
    if not isinstance(mapping, dict) or key not in mapping:
        raise _InvalidManifest(f"there is no {key!r} in {str(mapping)[:80]}")
    return mapping[key]


def _require(value: Any, kind: type, what: str) -> Any:
    if not isinstance(value, kind):
        raise _InvalidManifest(f"{what} should be a {kind.__name__}; it is {str(value)[:80]}")
    return value
