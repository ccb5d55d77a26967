"""The names of the instruments of General MIDI."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from latentpalette.errors import MusicError
from latentpalette.music.note import Note
from latentpalette.validation import check_integer, short_repr

INSTRUMENT_NAMES = (
    "Acoustic Grand Piano", "Bright Acoustic Piano", "Electric Grand Piano", "Honky-tonk Piano", "Electric Piano 1",
    "Electric Piano 2", "Harpsichord", "Clavinet", "Celesta", "Glockenspiel", "Music Box", "Vibraphone", "Marimba",
    "Xylophone", "Tubular Bells", "Dulcimer", "Drawbar Organ", "Percussive Organ", "Rock Organ", "Church Organ",
    "Reed Organ", "Accordion", "Harmonica", "Tango Accordion", "Acoustic Guitar (nylon)", "Acoustic Guitar (steel)",
    "Electric Guitar (jazz)", "Electric Guitar (clean)", "Electric Guitar (muted)", "Overdriven Guitar",
    "Distortion Guitar", "Guitar Harmonics", "Acoustic Bass", "Electric Bass (finger)", "Electric Bass (pick)",
    "Fretless Bass", "Slap Bass 1", "Slap Bass 2", "Synth Bass 1", "Synth Bass 2", "Violin", "Viola", "Cello",
    "Contrabass", "Tremolo Strings", "Pizzicato Strings", "Orchestral Harp", "Timpani", "String Ensemble 1",
    "String Ensemble 2", "Synth Strings 1", "Synth Strings 2", "Choir Aahs", "Voice Oohs", "Synth Choir",
    "Orchestra Hit", "Trumpet", "Trombone", "Tuba", "Muted Trumpet", "French Horn", "Brass Section",
    "Synth Brass 1", "Synth Brass 2", "Soprano Sax", "Alto Sax", "Tenor Sax", "Baritone Sax", "Oboe",
    "English Horn", "Bassoon", "Clarinet", "Piccolo", "Flute", "Recorder", "Pan Flute", "Blown bottle",
    "Shakuhachi", "Whistle", "Ocarina", "Lead 1 (square)", "Lead 2 (sawtooth)", "Lead 3 (calliope)", "Lead 4 chiff",
    "Lead 5 (charang)", "Lead 6 (voice)", "Lead 7 (fifths)", "Lead 8 (bass + lead)", "Pad 1 (new age)",
    "Pad 2 (warm)", "Pad 3 (polysynth)", "Pad 4 (choir)", "Pad 5 (bowed)", "Pad 6 (metallic)", "Pad 7 (halo)",
    "Pad 8 (sweep)", "FX 1 (rain)", "FX 2 (soundtrack)", "FX 3 (crystal)", "FX 4 (atmosphere)", "FX 5 (brightness)",
    "FX 6 (goblins)", "FX 7 (echoes)", "FX 8 (sci-fi)", "Sitar", "Banjo", "Shamisen", "Koto", "Kalimba", "Bagpipe",
    "Fiddle", "Shanai", "Tinkle Bell", "Agogo", "Steel Drums", "Woodblock", "Taiko Drum", "Melodic Tom",
    "Synth Drum", "Reverse Cymbal", "Guitar Fret Noise", "Breath Noise", "Seashore", "Bird Tweet", "Telephone Ring",
    "Helicopter", "Applause", "Gunshot",
)  # fmt: skip

# Of eight programs each.
INSTRUMENT_FAMILIES = (
    "Piano", "Chromatic Percussion", "Organ", "Guitar", "Bass", "Strings", "Ensemble", "Brass", "Reed", "Pipe",
    "Synth Lead", "Synth Pad", "Synth Effects", "Ethnic", "Percussive", "Sound Effects",
)  # fmt: skip
# The drum kits, by program: General MIDI's own and those of its level 2.
DRUM_KIT_NAMES = {
    0: "Standard Kit", 8: "Room Kit", 16: "Power Kit", 24: "Electronic Kit", 25: "TR-808 Kit", 32: "Jazz Kit",
    40: "Brush Kit", 48: "Orchestra Kit", 56: "SFX Kit",
}  # fmt: skip

UNPITCHED_PROGRAMS = frozenset({*range(96, 104), *range(112, 128)})  # synth effects, percussive, sound effects
BASS_PROGRAMS = range(32, 40)
BASS_PROGRAM = 33  # of a bass that has no program of its own


def instrument_name(program: int) -> str:
    """Return the General MIDI name of a program, counted from 0.

    Examples
    --------
    >>> instrument_name(0), instrument_name(73)
    ('Acoustic Grand Piano', 'Flute')
    """
    return INSTRUMENT_NAMES[program]


def drum_kit_name(program: int) -> str:
    """Return the name of a drum kit; one that General MIDI does not have is called by its program.

    Examples
    --------
    >>> drum_kit_name(0), drum_kit_name(3)
    ('Standard Kit', 'Kit 3')
    """
    return DRUM_KIT_NAMES.get(program, f"Kit {program}")


def find_program(instrument: str | int, *, is_drum: bool = False) -> int:
    """Return the General MIDI program of an instrument: a name (capitals do not matter), or the program itself.

    Parameters
    ----------
    instrument : str or int [0 to 127]
        ``"Flute"``, or 73.
    is_drum : bool
        Whether it is a drum kit: ``"Jazz Kit"``.

    Raises
    ------
    MusicError
        If no instrument has this name, or the program is none of 0 to 127; the message has similar names.

    Examples
    --------
    >>> find_program("flute"), find_program(73), find_program("Brush Kit", is_drum=True)
    (73, 73, 40)
    """
    if not isinstance(instrument, str):
        return check_integer(instrument, "A General MIDI program", 0, len(INSTRUMENT_NAMES) - 1, error=MusicError)
    names = DRUM_KIT_NAMES if is_drum else dict(enumerate(INSTRUMENT_NAMES))
    for program, name in names.items():
        if name.lower() == instrument.strip().lower():
            return program
    similar = _similar(instrument, list(names.values()))
    hint = f" Did you mean {' or '.join(map(repr, similar))}?" if similar else ""
    kind, examples = ("drum kit", list(names.values())) if is_drum else ("instrument", ["Flute", "Acoustic Bass"])
    raise MusicError(
        f"No {kind} of General MIDI is called {short_repr(instrument)}.{hint} "
        f"Pass a name, as {' or '.join(map(repr, examples))}, or a program from 0 to 127."
    )


def _similar(wanted: str, names: Sequence[str]) -> list[str]:
    """Return up to five names that have the words of another, else up to three that are spelled like it."""
    words = wanted.lower().replace("-", " ").split()
    found = [name for name in names if words and all(word in name.lower() for word in words)]
    by_lower = {name.lower(): name for name in names}
    return found[:5] or [by_lower[name] for name in difflib.get_close_matches(wanted.lower(), by_lower, 3)]


Track = tuple[bool, int]
"""(is_drum, program)"""


def track_of(note: Note) -> Track:
    """Return the track that a note is shown with: that of its program; all drums are one.

    Examples
    --------
    >>> track_of(Note(60, 0, program=73)), track_of(Note(36, 0, is_drum=True, program=8))
    ((False, 73), (True, 0))
    """
    return note.is_drum, 0 if note.is_drum else note.program


def track_name(track: Track) -> str:
    """Return the name of a track's instrument.

    Examples
    --------
    >>> track_name((False, 73)), track_name((True, 0))
    ('Flute', 'drums')
    """
    is_drum, program = track
    return "drums" if is_drum else instrument_name(program)
