"""The musician's palette for latent spaces, in Jupyter.

Names are imported when they are first used, so ``import latentpalette as lp`` is instant and loads neither torch nor a
widget library. docs/api.md lists all public names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from latentpalette import lazy as _lazy
from latentpalette.music import hooks as _hooks

if TYPE_CHECKING:
    from latentpalette import data as data
    from latentpalette import errors as errors
    from latentpalette import evaluation as evaluation
    from latentpalette import latent as latent
    from latentpalette import plots as plots
    from latentpalette import training as training
    from latentpalette.audio.danceability import danceability as danceability
    from latentpalette.data.corpus import Corpus as Corpus
    from latentpalette.errors import LatentPaletteError as LatentPaletteError
    from latentpalette.evaluation.report import evaluate as evaluate
    from latentpalette.models.composing import compose as compose
    from latentpalette.models.composing import continue_ as continue_
    from latentpalette.models.composing import fill as fill
    from latentpalette.models.config import ModelConfig as ModelConfig
    from latentpalette.models.groove import add_hihat as add_hihat
    from latentpalette.models.groove import humanize as humanize
    from latentpalette.models.groove import tap_to_drums as tap_to_drums
    from latentpalette.models.groove import transfer_groove as transfer_groove
    from latentpalette.models.magenta_configs import magenta_config as magenta_config
    from latentpalette.models.musicvae import MusicVAE as MusicVAE
    from latentpalette.models.personal import PersonalModel as PersonalModel
    from latentpalette.models.store import available as available
    from latentpalette.models.store import load as load
    from latentpalette.models.store import save as save
    from latentpalette.music.arranging import change_instrument as change_instrument
    from latentpalette.music.arranging import overlay as overlay
    from latentpalette.music.arranging import split_instruments as split_instruments
    from latentpalette.music.arranging import transpose as transpose
    from latentpalette.music.chord_symbols import read_chord as read_chord
    from latentpalette.music.crossfade import crossfade as crossfade
    from latentpalette.music.midi_rewrite import replace_drums as replace_drums
    from latentpalette.music.note import Note as Note
    from latentpalette.music.presets.catalog import presets as presets
    from latentpalette.music.sequence import NoteSequence as NoteSequence
    from latentpalette.music.sequence import concatenate as concatenate
    from latentpalette.music.styles import style_loop as style_loop
    from latentpalette.music.styles import style_loops as style_loops
    from latentpalette.training.personalize import personalize as personalize
    from latentpalette.training.trainer import train as train
    from latentpalette.widgets.groove_panel import GroovePanel as GroovePanel
    from latentpalette.widgets.interpolation_slider import InterpolationSlider as InterpolationSlider
    from latentpalette.widgets.latent_loops import LatentLoops as LatentLoops
    from latentpalette.widgets.latent_sliders import LatentSliders as LatentSliders
    from latentpalette.widgets.melody_mixer import MelodyMixer as MelodyMixer
    from latentpalette.widgets.palette import Palette as Palette
    from latentpalette.widgets.pianorolls import show as show
    from latentpalette.widgets.sampler import Sampler as Sampler
    from latentpalette.widgets.session import Session as Session
else:
    __getattr__, __dir__, __all__ = _lazy.attach(
        __name__,
        {
            "audio.danceability": ["danceability"],
            "data.corpus": ["Corpus"],
            "errors": ["LatentPaletteError"],
            "evaluation.report": ["evaluate"],
            "models.composing": ["compose", "continue_", "fill"],
            "models.config": ["ModelConfig"],
            "models.groove": ["add_hihat", "humanize", "tap_to_drums", "transfer_groove"],
            "models.magenta_configs": ["magenta_config"],
            "models.musicvae": ["MusicVAE"],
            "models.personal": ["PersonalModel"],
            "models.store": ["available", "load", "save"],
            "music.arranging": ["change_instrument", "overlay", "split_instruments", "transpose"],
            "music.chord_symbols": ["read_chord"],
            "music.crossfade": ["crossfade"],
            "music.presets.catalog": ["presets"],
            "music.midi_rewrite": ["replace_drums"],
            "music.note": ["Note"],
            "music.sequence": ["NoteSequence", "concatenate"],
            "music.styles": ["style_loop", "style_loops"],
            "training.personalize": ["personalize"],
            "training.trainer": ["train"],
            "widgets.groove_panel": ["GroovePanel"],
            "widgets.latent_loops": ["LatentLoops"],
            "widgets.interpolation_slider": ["InterpolationSlider"],
            "widgets.latent_sliders": ["LatentSliders"],
            "widgets.melody_mixer": ["MelodyMixer"],
            "widgets.palette": ["Palette"],
            "widgets.pianorolls": ["show"],
            "widgets.sampler": ["Sampler"],
            "widgets.session": ["Session"],
        },
        modules=["data", "errors", "evaluation", "latent", "plots", "training"],
        defined=["__version__"],
    )

__version__ = "0.1.0"

_hooks.connected = _hooks.Hooks(
    read_midi=_lazy.import_on_first_call("latentpalette.music.midi", "read"),
    write_midi=_lazy.import_on_first_call("latentpalette.music.midi", "write"),
    find_preset=_lazy.import_on_first_call("latentpalette.music.presets.names", "find_preset"),
    from_pretty_midi=_lazy.import_on_first_call("latentpalette.music.midi", "from_pretty_midi"),
    to_pretty_midi=_lazy.import_on_first_call("latentpalette.music.midi", "to_pretty_midi"),
    render=_lazy.import_on_first_call("latentpalette.audio.synth", "render"),
    plot=_lazy.import_on_first_call("latentpalette.plots.pianoroll_interactive", "pianoroll"),
    mimebundle=_lazy.import_on_first_call("latentpalette.widgets.pianorolls", "mimebundle"),
)
