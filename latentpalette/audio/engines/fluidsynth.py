"""FluidSynth, through pyfluidsynth.

pyfluidsynth looks for the C library while it is imported, in few places, prints what it found where ``$CI`` is set, and
raises ImportError where it found nothing. `load_library` gives it the path, and keeps it quiet.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib
import os
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from latentpalette.audio.events import SAMPLE_RATE, NoteEvent
from latentpalette.audio.soundfont.file import SoundFont
from latentpalette.audio.soundfont.zones import MAX_ZONES, Generator, find_zones
from latentpalette.errors import SoundError
from latentpalette.files import is_file
from latentpalette.validation import short_repr

ENV_VAR = "LATENTPALETTE_FLUIDSYNTH"
BLOCK = 64  # [frames] FluidSynth computes sound in blocks of this many and starts notes between them
GAIN = 0.5  # 24 keys at full velocity peak at 0.59

_NAMES = ("fluidsynth", "fluidsynth-3", "libfluidsynth", "libfluidsynth-3", "libfluidsynth-2", "libfluidsynth-1")
_MAX_BLOCKS = 64  # computed in one call
_MAX_CHANNELS = 256
_MAX_RATE = 192_000  # [frames per second] of a sample; with more and a tiny loop, 3 s of music take 13 s
_LOG_LEVELS = range(5)  # panic, error, warning, information, debug
_import_lock = threading.Lock()
_render_lock = threading.Lock()  # synthesizers share samples: to delete one while another plays may crash the process


def library_path() -> str | None:
    """Return the FluidSynth library that will be used: a path or a name for the loader; None where there is none.

    In this order: ``$LATENTPALETTE_FLUIDSYNTH``, this Python's own environment (conda), Homebrew's two places,
    Chocolatey's, and what the system's loader finds.
    """
    named = os.environ.get(ENV_VAR)
    if named:
        if not is_file(named):
            raise SoundError(f"${ENV_VAR} names {short_repr(named)}, but there is no such file.")
        return named
    for directory in _candidate_dirs():
        for pattern in ("libfluidsynth.so*", "libfluidsynth*.dylib", "libfluidsynth*.dll", "fluidsynth*.dll"):
            for path in sorted(directory.glob(pattern)):
                return str(path)
    return _system_library()


@lru_cache(maxsize=1)
def _system_library() -> str | None:
    """Return what the system's loader finds; cached, because on Linux each search starts a compiler or ldconfig."""
    return next((path for name in _NAMES if (path := ctypes.util.find_library(name))), None)


def _candidate_dirs() -> Iterator[Path]:
    prefix = Path(sys.prefix)
    yield from (prefix / "lib", prefix / "Library" / "bin")
    if sys.platform == "darwin":
        homes = (os.environ.get("HOMEBREW_PREFIX"), "/opt/homebrew", "/usr/local")
        for home in filter(None, homes):
            yield from (Path(home) / "lib", Path(home) / "opt" / "fluid-synth" / "lib")
    if sys.platform == "win32":
        yield Path("C:/tools/fluidsynth/bin")


def load_library() -> ModuleType:
    """Import pyfluidsynth, with the C library loaded.

    Raises
    ------
    SoundError
        If the C library or pyfluidsynth is missing or cannot be loaded, or another package of the same name is in
        their place. The text says which, and what to do.
    """
    with _import_lock:
        module = sys.modules.get("fluidsynth") or _import()
    if not hasattr(module, "Synth") or not hasattr(module, "cfunc"):
        raise SoundError(
            "The installed package fluidsynth is not pyfluidsynth, though it goes by the same name. "
            "Run: pip uninstall fluidsynth && pip install --force-reinstall pyfluidsynth"
        )
    return module


def _import() -> ModuleType:
    path = library_path()
    if path is None:
        raise SoundError("The FluidSynth library is not installed; `latentpalette doctor` says how to install it.")
    if sys.platform == "win32" and Path(path).is_absolute():
        os.add_dll_directory(str(Path(path).parent))
    find_library, ci = ctypes.util.find_library, os.environ.pop("CI", None)
    ctypes.util.find_library = lambda name: path  # noqa: ARG005 (the name of the parameter is part of its type)
    try:
        return importlib.import_module("fluidsynth")
    except ModuleNotFoundError as error:
        raise SoundError("The package pyfluidsynth is not installed. Run: pip install pyfluidsynth") from error
    except (ImportError, OSError, AttributeError) as error:
        sys.modules.pop("fluidsynth", None)
        raise SoundError(f"The FluidSynth library {path} cannot be loaded: {error}.") from error
    finally:
        ctypes.util.find_library = find_library
        if ci is not None:
            os.environ["CI"] = ci


def unavailable_reason() -> str | None:
    """Return why this engine cannot be used here; None where it can."""
    try:
        load_library()
    except SoundError as error:
        return str(error)
    return None


def is_unbounded(events: Sequence[NoteEvent], soundfont: SoundFont) -> bool:
    """Return True if FluidSynth might play a broken SoundFont for ever: it trusts rates and the number of layers."""
    headers = soundfont.tables["shdr"][:-1]
    if np.any(headers["rate"] > _MAX_RATE):
        return True
    notes = {(event.instrument, event.pitch, event.velocity) for event in events}
    return any(
        len(find_zones(soundfont, *soundfont.preset(program, is_drum=is_drum), pitch, velocity)) == MAX_ZONES
        for (is_drum, program), pitch, velocity in notes
    )


def is_library_missing() -> bool:
    """Return True if there is no FluidSynth library at all, so that installing one would help."""
    try:
        return library_path() is None
    except SoundError:
        return False


def version() -> str:
    """Return the version of the C library, e.g. ``"2.3.1"``."""
    numbers = [ctypes.c_int() for _ in range(3)]
    load_library()._fl.fluid_version(*(ctypes.byref(number) for number in numbers))
    return ".".join(str(number.value) for number in numbers)


def render(events: Sequence[NoteEvent], frames: int, soundfont: SoundFont) -> np.ndarray:
    """Render note events with a new FluidSynth synthesizer; see `latentpalette.audio.engines.base.Engine.render`.

    Notes
    -----
    A synthesizer that has played before still has its last tail in it. With a new one the samples are a function of the
    arguments, equal to the bit.

    FluidSynth starts notes only between its blocks of 64 frames. So each instrument has 16 channels, each with its own
    output, and these are mixed with delays of 0, 4, 8 ... 60 frames. A note is played on the channel whose delay puts
    it within 2 frames of its place. With a single output a note would be up to 32 frames (0.7 ms) off, by another
    amount in every repetition of a loop: one repetition and the continuous rendering would correlate at 0.75, not above
    0.99, and overlapping tails would be comb-filtered.
    """
    fluid = load_library()
    instruments = sorted({event.instrument for event in events})
    num_outputs = next((number for number in (16, 8, 4, 2) if number * len(instruments) <= _MAX_CHANNELS), 1)
    if all(event.start % BLOCK == 0 for event in events):
        num_outputs = 1  # all would be played without a delay
    num_channels = num_outputs * len(instruments)
    with (
        _render_lock,
        _silenced_log(fluid),
        _synthesizer(fluid, num_outputs=num_outputs, num_channels=num_channels) as synth,
    ):
        soundfont_id = fluid.fluid_synth_sfload(synth, os.fsencode(soundfont.path), 0)
        if soundfont_id < 0:
            raise SoundError(f"FluidSynth cannot load {soundfont.path.name}.")
        for channel in range(num_channels):
            is_drum, program = instruments[channel // num_outputs]
            bank, preset = soundfont.preset(program, is_drum=is_drum)
            if fluid.fluid_synth_program_select(synth, channel, soundfont_id, bank, preset) < 0:
                raise SoundError(f"FluidSynth cannot play program {preset} of bank {bank} in {soundfont.path.name}.")
        messages = _messages(events, instruments, num_outputs, soundfont)
        return _play(fluid, synth, messages, frames, num_outputs)


class _Message(NamedTuple):
    """A note-on before a block of samples, or with velocity 0 a note-off; in the order in which they are sent."""

    block: int
    velocity: int
    channel: int
    pitch: int


def _messages(
    events: Sequence[NoteEvent], instruments: list[tuple[bool, int]], num_outputs: int, soundfont: SoundFont
) -> list[_Message]:
    messages: list[_Message] = []
    delay = BLOCK // num_outputs
    # The channels of an instrument on which an exclusive class sounds.
    sounding: dict[tuple[int, int], set[int]] = defaultdict(set)
    exclusive_classes = _exclusive_classes(soundfont)
    for event in events:
        instrument = instruments.index(event.instrument)
        block, output = divmod(round(event.start / delay), num_outputs)
        channel = instrument * num_outputs + output
        stop = max(round((event.stop - output * delay) / BLOCK), block + 1)
        messages.append(_Message(block, event.velocity, channel, event.pitch))
        messages.append(_Message(stop, 0, channel, event.pitch))
        for exclusive_class in exclusive_classes(event):
            # A hat chokes the others on its own channel only. On the others an inaudible note of velocity 1 does.
            others = sounding[instrument, exclusive_class] - {channel}
            messages += [_Message(block, 1, other, event.pitch) for other in others]
            sounding[instrument, exclusive_class] = {channel}
    return sorted(messages)


def _exclusive_classes(soundfont: SoundFont) -> Callable[[NoteEvent], set[int]]:
    """Return a function from an event to its exclusive classes: in most SoundFonts the hats share one."""

    @cache
    def classes(instrument: tuple[bool, int], pitch: int, velocity: int) -> set[int]:
        bank, program = soundfont.preset(instrument[1], is_drum=instrument[0])
        return {zone[Generator.EXCLUSIVE] for zone in find_zones(soundfont, bank, program, pitch, velocity)} - {0}

    return lambda event: classes(event.instrument, event.pitch, event.velocity)


def _play(fluid: Any, synth: int, messages: list[_Message], frames: int, num_outputs: int) -> np.ndarray:
    num_blocks = -(-frames // BLOCK)
    out = np.zeros((2, (num_blocks + 1) * BLOCK), np.float32)  # a block more, for the delayed outputs
    position = 0  # [blocks]
    for message in [*messages, _Message(num_blocks, 0, 0, 0)]:
        while position < min(message.block, num_blocks):
            blocks = min(message.block - position, num_blocks - position, _MAX_BLOCKS)
            _compute_and_mix(fluid, synth, out[:, position * BLOCK :], blocks * BLOCK, num_outputs)
            position += blocks
        if position >= num_blocks:
            break
        if message.velocity:
            status = fluid.fluid_synth_noteon(synth, message.channel, message.pitch, message.velocity)
            if status != fluid.FLUID_OK:
                raise SoundError(f"FluidSynth could not play pitch {message.pitch}.")
        else:  # it returns "failed" for a note that has already decayed
            fluid.fluid_synth_noteoff(synth, message.channel, message.pitch)
    return out[:, :frames]


def _compute_and_mix(fluid: Any, synth: int, out: np.ndarray, frames: int, num_outputs: int) -> None:
    """Compute the next `frames` of every output and add each with its delay."""
    channels = np.zeros((2 * num_outputs, frames), np.float32)  # FluidSynth adds to what is there
    pointers = (ctypes.c_void_p * len(channels))(*(channel.ctypes.data for channel in channels))
    if _process_function(fluid)(synth, frames, 0, None, len(channels), pointers) != fluid.FLUID_OK:
        raise SoundError("FluidSynth could not compute its samples.")
    for output in range(num_outputs):
        delay = output * (BLOCK // num_outputs)
        stereo = channels[2 * output : 2 * output + 2]
        if stereo.any():
            out[:, delay : delay + frames] += stereo


def _process_function(fluid: Any) -> Callable[..., int]:
    """Return the C function for float32 samples of every output; pyfluidsynth wraps only the dithered 16-bit one."""
    return fluid.cfunc(
        "fluid_synth_process",
        ctypes.c_int,
        ("synth", ctypes.c_void_p, 1),
        ("len", ctypes.c_int, 1),
        ("nfx", ctypes.c_int, 1),
        ("fx", ctypes.c_void_p, 1),
        ("nout", ctypes.c_int, 1),
        ("out", ctypes.c_void_p, 1),
    )


@contextmanager
def _synthesizer(fluid: Any, *, num_outputs: int, num_channels: int) -> Iterator[int]:
    settings = fluid.new_fluid_settings()
    synth = None
    try:
        for name, number in (
            ("synth.midi-channels", max(16, -(-num_channels // 16) * 16)),
            ("synth.audio-channels", num_outputs),
            ("synth.audio-groups", num_outputs),  # channel c plays to output c mod this
            ("synth.polyphony", 1024),
            ("synth.reverb.active", 0),
            ("synth.chorus.active", 0),
        ):
            _require(name, fluid.fluid_settings_setint(settings, name.encode(), number) == fluid.FLUID_OK)
        for name, value in (("synth.gain", GAIN), ("synth.sample-rate", float(SAMPLE_RATE))):
            _require(name, fluid.fluid_settings_setnum(settings, name.encode(), value) == fluid.FLUID_OK)
        # Load only what is played: a third of the time. Older libraries lack the setting and may refuse it.
        fluid.fluid_settings_setint(settings, b"synth.dynamic-sample-loading", 1)
        synth = fluid.new_fluid_synth(settings)
        _require("a new synthesizer", bool(synth))
        yield synth
    finally:
        if synth:
            fluid.delete_fluid_synth(synth)
        fluid.delete_fluid_settings(settings)


def _require(name: str, is_ok: bool) -> None:
    if not is_ok:
        raise SoundError(f"FluidSynth refused {name}.")


@contextmanager
def _silenced_log(fluid: Any) -> Iterator[None]:
    """Switch off FluidSynth's log, which a notebook would show; errors are in the return values."""
    set_log_function = fluid.cfunc(
        "fluid_set_log_function",
        ctypes.c_void_p,
        ("level", ctypes.c_int, 1),
        ("fun", ctypes.c_void_p, 1),
        ("data", ctypes.c_void_p, 1),
    )
    handlers = [set_log_function(level, None, None) for level in _LOG_LEVELS]
    try:
        yield
    finally:
        for level, handler in zip(_LOG_LEVELS, handlers, strict=True):
            set_log_function(level, handler, None)
