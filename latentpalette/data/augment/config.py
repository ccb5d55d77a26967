"""Augmentation settings, one dataclass for all representations."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from latentpalette.effects import check_effects, needs_one_of
from latentpalette.errors import TrainingError
from latentpalette.validation import check_integer, check_number, short_repr

NEEDS = {
    "p_each_drum": needs_one_of("p_mix_drums", "p_drop_drums"),
    "p_each_beat": needs_one_of("p_mix_beats"),
    "note_dropout": needs_one_of("p_thin"),
    "max_semitones": needs_one_of("p_transpose"),
}
_MIXING = ("p_keep", "p_splice_bars", "p_rotate", "p_thin", "note_dropout")
_PERFORMANCE = ("p_keep", "p_transpose", "max_semitones", "p_drop_track", "p_swap_program")
# The fields that have an effect, by the name of the converter.
_USED = {
    "drums": (*_MIXING, "p_mix_drums", "p_each_drum", "p_mix_beats", "p_each_beat"),
    "melody": (*_MIXING, "p_transpose", "max_semitones", "p_swap_pitches", "p_invert", "p_same_song"),
    "melody over chords": (*_MIXING, "p_transpose", "max_semitones", "p_same_song"),
    "groove": (*_MIXING, "p_mix_drums", "p_each_drum", "p_drop_drums", "p_same_song"),
    "trio": (*_MIXING, "p_mix_drums", "p_transpose", "max_semitones", "p_invert", "p_same_song"),
    "performance": _PERFORMANCE,
    "performance over chords": (*_PERFORMANCE, "p_no_chord"),
}


@dataclass(frozen=True)
class Augmentation:
    """Probabilities of the changes that windows undergo when a batch is sampled.

    Fields that begin with ``p_`` are probabilities, independent of one another; 0 disables that step.

    Each representation uses the fields that make sense for it. Drums: `p_mix_drums`, `p_mix_beats`, `p_splice_bars`,
    `p_rotate`, `p_thin`. Melodies: `p_splice_bars`, `p_rotate`, `p_thin`, `p_transpose`, `p_swap_pitches`, `p_invert`.
    Grooves: `p_mix_drums`, `p_splice_bars`, `p_rotate`, `p_thin`, `p_drop_drums`. Trios: `p_mix_drums`,
    `p_splice_bars`, `p_rotate`, `p_thin`, `p_transpose`, `p_invert`. Melodies over chords keep their pitches over the
    chords: they use neither `p_swap_pitches` nor `p_invert`, and their chords go with them to other bars and keys.
    Performances: `p_transpose`, `p_drop_track`, `p_swap_program`, `p_no_chord`.

    Parameters
    ----------
    p_keep : float
        Leave a window as it is, except for the transposition of a melody or a performance.
    p_mix_drums, p_each_drum : float
        Replace drums of a window by those of another one; then each drum is replaced with probability `p_each_drum`.
        In a trio, all drums are replaced.
    p_mix_beats, p_each_beat : float
        Replace beats of a drum loop by those of another one; then each beat with probability `p_each_beat`.
    p_splice_bars : float
        Continue with another window: after the first bar of drums, after a random bar of melodies and trios. A melody
        is continued in the same key.
    p_rotate : float
        Rotate a window by a random number of beats (drum loops) or bars (all others).
    p_thin, note_dropout : float
        Drop notes; then each note is dropped with a probability between 0 and twice `note_dropout`.
    p_transpose : float
        Transpose a melody by at most `max_semitones`, within the pitch range of the corpus.
    max_semitones : int [semitones]
    p_swap_pitches : float
        Keep the rhythm of a melody and replace its pitches by those of another one.
    p_invert : float
        Invert a melody on its own pitches.
    p_drop_drums : float
        Drop whole drums of a groove; then each drum with probability `p_each_drum`.
    p_drop_track : float
        Drop one track of a performance of three or more.
    p_swap_program : float
        Let a track of a performance play another program of its family (each track for itself).
    p_no_chord : float
        Leave out the chords of a performance, so that a model over chords learns to do without.
    p_same_song : float
        Mix melodies, grooves and trios with a window from the same song instead of any song.

    Raises
    ------
    TrainingError
        If a probability is outside 0 to 1, `max_semitones` is negative, or a field has no effect because the step
        that it belongs to is disabled.

    Examples
    --------
    >>> Augmentation.none().p_mix_drums
    0.0
    """

    p_keep: float = 0.1
    p_mix_drums: float = 0.5
    p_each_drum: float = 0.4
    p_mix_beats: float = 0.0
    p_each_beat: float = 0.4
    p_splice_bars: float = 0.35
    p_rotate: float = 0.5
    p_thin: float = 0.5
    note_dropout: float = 0.15
    p_transpose: float = 0.9
    max_semitones: int = 5
    p_swap_pitches: float = 0.15
    p_invert: float = 0.15
    p_drop_drums: float = 0.1
    p_drop_track: float = 0.3
    p_swap_program: float = 0.1
    p_no_chord: float = 0.0
    p_same_song: float = 0.5

    def __post_init__(self) -> None:
        semitones = check_integer(self.max_semitones, "augmentation.max_semitones", 0, 127, error=TrainingError)
        object.__setattr__(self, "max_semitones", semitones)
        for field in dataclasses.fields(self):
            if field.name != "max_semitones":
                name = f"augmentation.{field.name}"
                value = check_number(getattr(self, field.name), name, 0, 1, error=TrainingError)
                object.__setattr__(self, field.name, value)
        check_effects(self, NEEDS, prefix="augmentation.", error=TrainingError)

    def check_used_by(self, converter: str) -> None:
        """Raise if a field was set that has no effect on the windows of a converter.

        Raises
        ------
        TrainingError
            The message lists the fields that have one.

        Examples
        --------
        >>> Augmentation(p_invert=0.5).check_used_by("drums")
        Traceback (most recent call last):
        latentpalette.errors.TrainingError: augmentation.p_invert=0.5 has no effect on drums; these have: p_keep, \
        p_splice_bars, p_rotate, p_thin, note_dropout, p_mix_drums, p_each_drum, p_mix_beats, p_each_beat.
        """
        used = _USED.get(converter)
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if used is not None and field.name not in used and value not in (field.default, 0):
                raise TrainingError(
                    f"augmentation.{field.name}={short_repr(value)} has no effect on {converter}; these have: "
                    f"{', '.join(used)}."
                )

    @classmethod
    def none(cls) -> Augmentation:
        """Return settings that leave every window as it is."""
        probabilities = {field.name for field in dataclasses.fields(cls)} - {"p_keep", "max_semitones"}
        return cls(1.0, **dict.fromkeys(probabilities, 0.0), max_semitones=0)
