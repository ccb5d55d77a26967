"""Inputs of a model: music (sequences, files, lists of both) as windows, and windows as arrays."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.converters import make_window_finder
from latentpalette.converters.base import Converter, Example, Frames, music_steps
from latentpalette.errors import ConverterError, MidiError, ModelError
from latentpalette.models.checks import check_z
from latentpalette.models.model_presets import presets_of
from latentpalette.music.chord_symbols import describe_simplified
from latentpalette.music.midi import MidiSource
from latentpalette.music.presets.names import find_preset
from latentpalette.music.score import Score
from latentpalette.music.sequence import MUSIC_IN_WORDS, NoteSequence, is_midi_source
from latentpalette.music.track_choice import NO_CHOICE, TrackChoice
from latentpalette.validation import check_numbers, short_repr
from latentpalette.windows.excerpt import Excerpt, Excerpts
from latentpalette.windows.sections import load_sections, open_piece
from latentpalette.windows.track_selection import choose_tracks
from latentpalette.windows.trio import is_missing_stream

if TYPE_CHECKING:
    from latentpalette.models.encoding import MusicEncoder

Controls = ArrayLike | Sequence[str]  # numbers, or the names of chords


def preset_or_source(source: Any, converter: Converter, name: str = "") -> Any:
    """Return the preset of a converter that a text names; anything else as it is.

    Parameters
    ----------
    source : object
    converter : Converter
    name : str
        The model's, for messages.

    Raises
    ------
    MusicError
        If a text is neither a preset nor a file; see `latentpalette.music.presets.names.find_preset`.

    Examples
    --------
    >>> from latentpalette.converters import make_converter
    >>> preset_or_source("Bossa", make_converter("drums")).steps, preset_or_source("song.mid", make_converter("drums"))
    (32, 'song.mid')
    """
    preset = find_preset(source, presets_of(converter), reader=name) if isinstance(source, str) else None
    return source if preset is None else preset


def find_excerpts(
    source: MidiSource | NoteSequence | Score, converter: Converter, choice: TrackChoice = NO_CHOICE, *, name: str = ""
) -> Excerpts:
    """Find the windows of a piece that a converter can encode; the whole piece if it is exactly one.

    A text may be the name of a preset. Where no track is chosen, a melody, or the melody of a trio, is the best track
    that has windows; see `latentpalette.music.track_roles`.

    Raises
    ------
    MidiError
        If it is a file that cannot be read, or has no such track.

    Examples
    --------
    >>> from latentpalette.converters import make_converter
    >>> loop = NoteSequence.from_steps({"kick": [16, 24]}, steps=32)  # the first bar is silent
    >>> [excerpt.bar_range for excerpt in find_excerpts(loop, make_converter("drums", steps=32))]
    ['bars 1 and 2']
    """
    piece = open_piece(preset_or_source(source, converter, name))
    finder = make_window_finder(converter)
    harmony = choose_tracks(piece, TrackChoice(drums=choice.drums))
    first: Excerpts | None = None
    for candidate in finder.candidates(piece, choice):
        candidate_finder = finder.for_choice(choice)
        excerpts = candidate_finder.find(candidate.piece, harmony=harmony)
        left_out = excerpts.left_out
        if not excerpts:
            programs = getattr(candidate_finder, "programs", None)
            excerpts = whole_piece_window(candidate.piece, converter, programs=programs) or excerpts
            if excerpts:  # of the reasons those that are about notes and not about bars
                lacking = (reason for reason in left_out if reason.first_bar is None or is_missing_stream(reason))
                left_out = tuple(dict.fromkeys((*excerpts.left_out, *lacking)))
        excerpts = Excerpts(excerpts, (*candidate.left_out, *left_out), excerpts.source, candidate.melody)
        if excerpts:
            return excerpts
        first = excerpts if first is None else first  # one without windows is false
    assert first is not None  # there is a candidate, whatever the piece
    return first


def whole_piece_window(
    piece: NoteSequence | Score, converter: Converter, *, programs: tuple[int, int] | None = None
) -> Excerpts | None:
    """Return a piece as its only window, if it is as long as one and not silent; else None.

    So a loop with a silent first or last bar is a window, which the search in a longer piece would leave out. With
    `programs`, the first and the last one, only the notes of those and the drums count.
    """
    loaded = load_sections(piece)
    music = loaded.sections[0].sequence if len(loaded.sections) == 1 and not loaded.left_out else None
    if music is None or music.steps != music_steps(converter):
        return None
    low, high = programs or (0, 127)
    music = music.replace(notes=[note for note in music.notes if note.is_drum or low <= note.program <= high])
    try:
        encoded = converter.decode(converter.encode(music).targets)
    except ConverterError:
        return None
    if not encoded.notes:
        return None
    return Excerpts([Excerpt(music, bar=loaded.sections[0].bar, source=loaded.name)], loaded.warnings, loaded.name)


def as_windows(
    music: NoteSequence | MidiSource | Iterable[NoteSequence | MidiSource],
    converter: Converter,
    name: str,
    choice: TrackChoice = NO_CHOICE,
) -> list[NoteSequence]:
    """Return sequences and presets as they are, or their chosen tracks, and the windows of files.

    Parameters
    ----------
    music : NoteSequence, name of a preset, MIDI file, or list of them
    converter : Converter
    name : str
        The model's, for messages.
    choice : TrackChoice
        The tracks that are read.

    Raises
    ------
    ConverterError
        If there is nothing, or something that is no music.
    MidiError
        If a file has no window; the message has the reasons.
    """
    is_single = isinstance(music, NoteSequence) or is_midi_source(music)
    if not is_single and not isinstance(music, Iterable):
        raise ConverterError(_no_music_message(music))
    windows: list[NoteSequence] = []
    for given in [music] if is_single else music:  # type: ignore[union-attr]
        item = preset_or_source(given, converter, name)
        if isinstance(item, NoteSequence):
            windows.append(choose_tracks(item, choice))
            continue
        if not is_midi_source(item):
            raise ConverterError(_no_music_message(item))
        excerpts = find_excerpts(item, converter, choice)
        if not excerpts:
            raise MidiError(no_windows_message(excerpts, name))
        windows += excerpts
    if not windows:
        raise ConverterError("There is no music to encode: the list is empty.")
    return windows


def resolve_z(
    model: MusicEncoder,
    music: NoteSequence | MidiSource | ArrayLike,
    name: str = "The music",
    choice: TrackChoice = NO_CHOICE,
) -> tuple[NDArray[np.float32], float | None]:
    """Return the latent vector [z] of one window of music, or the given one, and the tempo.

    A vector has no tempo, nor has a preset that is named: it is None.

    Parameters
    ----------
    model : MusicEncoder
    music : NoteSequence, name of a preset, MIDI file of one window, or z [shape=(z,) or (1, z)]
    name : str
        What it is, for messages.
    choice : TrackChoice
        The tracks that are read.

    Raises
    ------
    MidiError
        If a file has no window for the model, or several.
    ModelError
        If it is neither music nor a latent vector.

    Examples
    --------
    >>> import latentpalette as lp
    >>> z, qpm = resolve_z(lp.load("drums-2bar"), NoteSequence(steps=32, qpm=90))
    >>> z.shape, qpm
    ((128,), 90.0)
    """
    given = preset_or_source(music, model.converter, model.name)
    if given is not music:
        return model.encode(given)[0], None
    if is_midi_source(music):
        excerpts = find_excerpts(music, model.converter, choice)
        if not excerpts:
            raise MidiError(no_windows_message(excerpts, model.name))
        if len(excerpts) > 1:
            raise MidiError(
                f"{excerpts.source}: {len(excerpts)} windows that {model.name} can read, where one is needed. "
                "Choose one: model.excerpts(file)[0]"
            )
        music = excerpts[0]
    elif isinstance(music, NoteSequence):
        music = choose_tracks(music, choice)
    if isinstance(music, NoteSequence):
        return model.encode(music)[0], music.qpm
    try:
        numbers = check_numbers(music, name, error=ModelError)
        if not numbers.ndim:
            raise ModelError("A number is no latent vector.")
    except ModelError as error:
        raise ModelError(f"{name} is {MUSIC_IN_WORDS}, or a latent vector z; got {_in_words(music)}.") from error
    return check_z(numbers if numbers.ndim == 2 and len(numbers) == 1 else numbers[None], model.config.z_size)[0], None


def _no_music_message(value: object) -> str:
    hint = " Latent vectors are decoded: model.decode(z)." if isinstance(value, np.ndarray) else ""
    return f"Music is {MUSIC_IN_WORDS}, or a list of them; got {_in_words(value)}.{hint}"


def _in_words(value: object) -> str:
    """Return the type of something that holds others, else the value."""
    return f"a {type(value).__name__}" if isinstance(value, Iterable) else short_repr(value)


def stack_inputs(examples: Sequence[Example]) -> tuple[Frames, NDArray[np.int64] | None]:
    """Return the encoder's input of some examples [n, t, depth], and the number of frames in use where not all are.

    Examples
    --------
    >>> frames, lengths = stack_inputs([Example(np.zeros((32, 10)), np.zeros((32, 512)), np.zeros((32, 0)))])
    >>> frames.shape, lengths
    ((1, 32, 10), None)
    """
    lengths = [example.lengths for example in examples if example.lengths is not None]
    return np.stack([example.inputs for example in examples]), np.stack(lengths) if lengths else None


def loss_inputs(music: Iterable[NoteSequence], converter: Converter) -> dict[str, Any]:
    """Return music as the arguments of `latentpalette.models.network.Network.losses_arrays`.

    Examples
    --------
    >>> from latentpalette.converters import make_converter
    >>> arrays = loss_inputs([NoteSequence(steps=32)], make_converter("drums"))
    >>> arrays["x_input"].shape, arrays["x_target"].shape, arrays["lengths"], arrays["controls"]
    ((1, 32, 10), (1, 32, 512), None, None)
    """
    examples = [converter.encode(window) for window in music]
    frames, lengths = stack_inputs(examples)
    controls = np.stack([example.controls for example in examples])
    return {
        "x_input": frames,
        "x_target": np.stack([example.targets for example in examples]),
        "lengths": lengths,
        "controls": controls if controls.shape[-1] else None,
    }


def resolve_controls(controls: Controls | None, converter: Converter, depth: int, name: str) -> ArrayLike | None:
    """Return controls as numbers: the names of chords are looked up.

    Parameters
    ----------
    controls : array-like, or list of str, optional
        See `latentpalette.models.musicvae.MusicVAE.decode`. Chords that say more than the triads that they are read as
        are a warning, which Python shows once.
    converter : Converter
    depth : int
        Width of the conditioning of the model called `name`; 0 for one without.

    Raises
    ------
    ModelError
        If there are none where there should be chords, or chords where there should be none.
    """
    chord_controls = getattr(converter, "chord_controls", None)
    if controls is None and depth and chord_controls is not None:
        raise ModelError(
            f"{name} plays over chords. Name one, or several evenly spaced: "
            'controls=["C", "Am", "F", "G"], on the command line --chords "C Am F G"; N.C. is no chord.'
        )
    if isinstance(controls, str):
        raise ModelError(f"Chords are a list: controls={controls.split() or ['C']}; got {controls!r}.")
    if not isinstance(controls, (list, tuple)) or not any(isinstance(control, str) for control in controls):
        return controls
    if not depth or chord_controls is None:
        raise ModelError(f"{name} takes no chords; got {list(controls)!r}.")
    symbols = [str(symbol) for symbol in controls]
    numbers: ArrayLike = chord_controls(symbols)
    if simplified := describe_simplified(symbols):
        warnings.warn(f"{simplified}.", UserWarning, stacklevel=1)
    return numbers


def no_windows_message(excerpts: Excerpts, name: str) -> str:
    """Return the reason why a piece has no window that the model called `name` can read.

    Examples
    --------
    >>> no_windows_message(Excerpts([], [], "song.mid"), "drums-2bar")
    'song.mid: nothing that drums-2bar can read: it is empty.'
    """
    reasons = "; ".join(map(str, excerpts.left_out)) or "it is empty"
    return f"{excerpts.source}: nothing that {name} can read: {reasons}."
