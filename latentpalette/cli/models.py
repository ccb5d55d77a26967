"""`latentpalette models`: list the models that `lp.load` takes by name."""

from __future__ import annotations

from rich.table import Table

from latentpalette.cli.console import console, plain

_PURPOSES = {
    "drums": "drum loops",
    "drum-pianoroll": "drum loops, drum by drum",
    "melody": "melodies",
    "trio": "melody, bass and drums",
    "performance": "bars of a band",
    "groove": "drum performances",
}


def models() -> None:
    """List the models that come with the package: what they are for, and how large they are."""
    from latentpalette.models import store
    from latentpalette.models.config import ModelConfig

    table = Table(box=None, pad_edge=False)
    for heading in ("name", "for", "size", "z", "steps"):
        table.add_column(heading, no_wrap=True)
    table.add_column("")
    for model in store.available():
        config = ModelConfig.from_json((model.folder / "config.json").read_text(encoding="utf-8"))
        purpose = _PURPOSES.get(str(config.converter.get("name")), "arrays")
        size = f"{(model.folder / 'model.safetensors').stat().st_size / 1e6:.1f} MB"
        cells = (model.name, purpose, size, str(config.z_size), str(config.steps), model.summary)
        table.add_row(*map(plain, cells))
    console.result_table(table)
