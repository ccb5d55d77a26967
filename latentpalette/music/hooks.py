"""Functions that `latentpalette.music.sequence` calls although their modules import it.

The package's root connects them when it is imported. So `latentpalette.music.sequence` imports none of those modules,
and the imports of the package have no circle.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Hooks(NamedTuple):
    """The functions that `NoteSequence` and its neighbors need of other modules.

    Parameters
    ----------
    read_midi, write_midi : function
        `latentpalette.music.midi.read` and `write`.
    find_preset : function
        `latentpalette.music.presets.names.find_preset`.
    from_pretty_midi, to_pretty_midi : function
        Those of `latentpalette.music.midi`.
    render : function
        `latentpalette.audio.synth.render`.
    plot : function
        `latentpalette.plots.pianoroll_interactive.pianoroll`.
    mimebundle : function
        `latentpalette.widgets.pianorolls.mimebundle`.
    """

    read_midi: Callable[..., Any]
    write_midi: Callable[..., Any]
    find_preset: Callable[..., Any]
    from_pretty_midi: Callable[..., Any]
    to_pretty_midi: Callable[..., Any]
    render: Callable[..., Any]
    plot: Callable[..., Any]
    mimebundle: Callable[..., Any]


connected: Hooks
"""The functions in use; assigned by ``latentpalette/__init__.py``."""
