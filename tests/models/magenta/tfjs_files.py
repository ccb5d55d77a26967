"""Write checkpoints as magenta-js has them: in shards or a file for each tensor, quantized or not."""

import json
from pathlib import Path

import numpy as np


def quantize(values: np.ndarray, width: int) -> tuple[np.ndarray, float, float]:
    """Return integers, scale and minimum, as the converters of Magenta and TensorFlow.js do it."""
    minimum, maximum = float(values.min()), float(values.max())
    scale = (maximum - minimum) / (2 ** (8 * width) - 1) or 1.0
    return np.round((values - minimum) / scale).astype({1: "u1", 2: "<u2"}[width]), scale, minimum


def write_shards(folder: Path, tensors, *, spec=None, shard: int = 20_000, width: int | None = None) -> Path:
    """Write the current layout, with a new file every `shard` bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    weights, content = [], b""
    for name, values in tensors.items():
        weight = {"name": name, "shape": list(values.shape), "dtype": "float32"}
        stored = values.astype("<f4")
        if width:
            stored, scale, minimum = quantize(values, width)
            weight["quantization"] = {"dtype": {1: "uint8", 2: "uint16"}[width], "scale": scale, "min": minimum}
        content += stored.tobytes()
        weights.append(weight)
    count = -(-len(content) // shard)
    paths = [f"group1-shard{k + 1}of{count}" for k in range(count)]
    for k, path in enumerate(paths):
        (folder / path).write_bytes(content[k * shard : (k + 1) * shard])
    (folder / "weights_manifest.json").write_text(json.dumps([{"paths": paths, "weights": weights}]))
    if spec is not None:
        (folder / "config.json").write_text(json.dumps({"type": "MusicVAE", "dataConverter": spec}))
    return folder


def write_files(folder: Path, tensors, *, spec=None, width: int | None = None) -> Path:
    """Write the layout of 2018."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {}
    for name, values in tensors.items():
        entry = {"filename": name.replace("/", "_"), "shape": list(values.shape)}
        stored = values.astype("<f4")
        if width:
            stored, _, minimum = quantize(values, width)
            entry["quantization"] = {"bytes": width, "min": minimum, "max": float(values.max())}
        (folder / entry["filename"]).write_bytes(stored.tobytes())
        manifest[name] = entry
    (folder / "manifest.json").write_text(json.dumps(manifest))
    if spec is not None:
        (folder / "converter.json").write_text(json.dumps(spec))
    return folder
