"""Old names that are still read for one release: fields of JSON files and keyword arguments.

Everything that knows an old name is in this file, so that the next release can delete it.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


def _drop_probability(keep: Any) -> Any:
    """Return 1 - keep; what is not a number is left for the class to refuse."""
    return round(1 - keep, 12) if isinstance(keep, (int, float)) else keep


FIELDS: dict[str, dict[str, str | tuple[str, Callable[[Any], Any]]]] = {
    "ModelConfig": {
        "converter": (
            "converter",
            lambda spec: rename_fields("Converter", spec) if isinstance(spec, Mapping) else spec,
        ),
        "touch": "expression_weight",
        "keep": ("dropout", _drop_probability),
        "parts": "output_depths",
        "split": "separate_decoders",
        "rehearsals": "gibbs_steps",
        "takes": "max_attempts",
    },
    "Converter": {
        "map": "drum_map",
        "name": ("name", lambda name: "drum-pianoroll" if name == "drum-roll" else name),
    },
    "TrainConfig": {
        "steps": "max_steps",
        "batch": "batch_size",
        "schedule": "lr_schedule",
        "end_rate": "min_lr",
        "warmup": "warmup_steps",
        "decay": "lr_decay",
        "fall": "decay_fraction",
        "optimiser": "optimizer",
        "muon_rate": "muon_lr_scale",
        "recombination": "augmentation",
        "prior_match": "dip_weight",
        "clip_limit": "grad_clip",
        "average": "ema_decay",
        "validate_every": "val_every",
        "judged": "max_val_windows",
        "first_mu": "mu_init_std",
        "first_sigma": "sigma_init",
    },
    "Augmentation": {
        "untouched": "p_keep",
        "lanes": "p_mix_drums",
        "lane": "p_each_drum",
        "beats": "p_mix_beats",
        "beat": "p_each_beat",
        "bars": "p_splice_bars",
        "rotate": "p_rotate",
        "thin": "p_thin",
        "hits": "note_dropout",
        "transpose": "p_transpose",
        "semitones": "max_semitones",
        "pitches": "p_swap_pitches",
        "invert": "p_invert",
        "mute": "p_drop_drums",
        "near": "p_same_song",
    },
    "Recipe": {"settings": "train_config", "start": "init_from"},
    "Checkpoint callbacks": {"KeepBest": "SaveBest"},
    "MusicVAEModule": {"average": "ema"},
    "CombinedOptimizer": {"parts": "optimizers"},
    "Palette": {
        "originals": "use_original_corners",
        "quantise": "launch_quantization",
        "live": "has_kernel",
    },
}
"""For each class that is written to JSON, its old field names and the new ones, or a new name and a conversion."""


def rename_fields(owner: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping with the old field names of a class replaced by the new ones.

    Parameters
    ----------
    owner : str
        Name of a class in `FIELDS`.
    values : mapping
        What was read from JSON. A new name wins where both are there.

    Examples
    --------
    >>> rename_fields("no class", {"steps": 32})
    {'steps': 32}
    >>> rename_fields("ModelConfig", {"keep": 0.25, "takes": 4})
    {'dropout': 0.75, 'max_attempts': 4}
    """
    table = FIELDS.get(owner, {})
    renamed: dict[str, Any] = {}
    for name, value in values.items():
        entry = table.get(name)
        if isinstance(entry, str):
            renamed[entry] = value
        elif entry is not None:
            new, convert = entry
            renamed[new] = convert(value)
    return renamed | {name: value for name, value in values.items() if name not in table}


def accept_old_arguments(**names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function take keyword arguments by their old names, too, with a `DeprecationWarning`.

    Parameters
    ----------
    names : str
        ``old="new"`` for each.

    Examples
    --------
    >>> import pytest
    >>> @accept_old_arguments(steps="n")
    ... def interpolate(n):
    ...     return n
    >>> with pytest.warns(DeprecationWarning, match="n="):
    ...     interpolate(steps=7)
    7
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            for old, new in names.items():
                if old in kwargs:
                    warnings.warn(f"{old}= is now called {new}=.", DeprecationWarning, stacklevel=2)
                    kwargs.setdefault(new, kwargs.pop(old))
            return function(*args, **kwargs)

        return call

    return decorate


VALUES: dict[str, dict[str, str]] = {
    "engine": {"sampler": "soundfont-player"},
    "model": {"drums-2bar-hikl": "drums-2bar", "melody-2bar-lokl": "melody-2bar"},
    "recipe": {"drums-2bar-hikl": "drums-2bar"},
}
"""For each argument that is one of several names, the old names and the new ones."""


def rename_value(argument: str, value: Any) -> Any:
    """Return the new name for an old value of an argument, with a `DeprecationWarning`; any other value unchanged.

    Examples
    --------
    >>> rename_value("engine", "fluidsynth")
    'fluidsynth'
    """
    table = VALUES[argument]
    if not isinstance(value, str) or value not in table:
        return value
    warnings.warn(f"{argument}={value!r} is now called {table[value]!r}.", DeprecationWarning, stacklevel=4)
    return table[value]


METHODS: dict[str, dict[str, str]] = {
    "MusicVAE": {"draw": "sample_z", "rehearse": "refine", "likelihood": "log_likelihood"},
    "NoteSequence": {"play": "sound"},
    "Palette": {"code": "to_python", "snapshot": "to_png"},
    "PianoRolls": {"snapshot": "to_png"},
}
"""For each class, its old method names and the new ones."""


def accept_old_methods(cls: type[T]) -> type[T]:
    """Let the methods of a class be called by their old names in `METHODS`, too, with a `DeprecationWarning`.

    Examples
    --------
    >>> import latentpalette as lp, pytest
    >>> with pytest.warns(DeprecationWarning, match="draw is now called sample_z"):
    ...     z = lp.load("drums-2bar").draw(2)
    """
    for old, new in METHODS[cls.__name__].items():
        setattr(cls, old, _renamed_method(old, new))
    return cls


def _renamed_method(old: str, new: str) -> Callable[..., Any]:
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        warnings.warn(f"{old} is now called {new}.", DeprecationWarning, stacklevel=2)
        return getattr(self, new)(*args, **kwargs)

    return call


def accept_old_attributes(cls: type[T]) -> type[T]:
    """Let the attributes of a class be read and set by their old names in `FIELDS`, too, with a `DeprecationWarning`.

    Examples
    --------
    >>> import latentpalette as lp, pytest
    >>> palette = lp.Palette(lp.load("drums-2bar"), size=3)
    >>> with pytest.warns(DeprecationWarning, match="quantise is now called launch_quantization"):
    ...     palette.quantise = "bar"
    >>> palette.launch_quantization
    'bar'
    """
    for old, new in FIELDS[cls.__name__].items():
        setattr(cls, old, _renamed_attribute(old, str(new)))
    return cls


def _renamed_attribute(old: str, new: str) -> property:
    def warn() -> None:
        warnings.warn(f"{old} is now called {new}.", DeprecationWarning, stacklevel=3)

    def get(self: Any) -> Any:
        warn()
        return getattr(self, new)

    def set_(self: Any, value: Any) -> None:
        warn()
        setattr(self, new, value)

    return property(get, set_)
