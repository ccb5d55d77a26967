"""Melodies of two bars: a line for each, its bars separated by a bar line; `notation` says how they are written."""

from __future__ import annotations

from types import MappingProxyType

MELODIES = MappingProxyType(
    {
        "Lullaby": "G4:4 E5:6 D5:2 C5:4 | A4:4 C5:6 B4:2 G4:4",
        "Reel": "G4:2 B4:2 D5:2 B4:2 E5:2 B4:2 D5:2 B4:2 | A4:2 B4:2 C5:2 A4:2 B4:2 G4:2 G4:4",
        "Blues riff": "A3:2 C4:2 D4:2 Eb4:2 D4:2 C4:2 A3:4 | r:2 C4:2 A3:2 G3:2 A3:6 r:2",
        "Fanfare": "C4:3 C4:1 E4:4 G4:4 C5:4 | E5:6 D5:2 C5:4 G4:4",
        "Evening": "E5:6 D5:2 C5:4 B4:4 | A4:6 B4:2 C5:4 B4:4",
        "Offbeats": "r:2 E5:2 r:2 E5:2 r:2 D5:2 r:2 D5:2 | r:2 C5:2 r:2 B4:2 r:2 C5:2 D5:2 E5:2",
        "Dorian": "D4:2 F4:2 A4:2 C5:2 B4:4 A4:2 G4:2 | A4:3 G4:1 F4:2 E4:2 D4:6 r:2",
        "Hymn": "F4:4 A4:4 C5:4 Bb4:4 | A4:4 G4:4 F4:8",
        "Tango": "A4:3 B4:1 C5:4 E5:3 D5:1 C5:4 | B4:3 C5:1 D5:2 B4:2 A4:8",
        "Pentatonic": "E5:3 G5:3 A5:2 G5:3 E5:3 D5:2 | C5:3 D5:3 E5:2 D5:6 r:2",
        "Echo": "G5:2 E5:2 C5:4 r:8 | G4:2 E4:2 C4:4 r:8",
        "Skylark": "C5:1 D5:1 C5:1 D5:1 E5:4 C5:1 D5:1 C5:1 D5:1 E5:4 | G5:2 F5:2 E5:2 D5:2 C5:8",
        "Synth hook": "A4:2 A4:2 E5:2 A4:2 D5:2 A4:2 C5:2 A4:2 | G4:2 G4:2 E5:2 G4:2 D5:2 G4:2 B4:2 G4:2",
        "Minor pulse": "C5:2 C5:2 C5:2 Eb5:2 D5:2 D5:2 D5:2 F5:2 | Eb5:2 Eb5:2 G5:2 F5:2 Eb5:2 D5:2 C5:4",
        "Horn call": "G4:2 C5:6 G4:2 E5:6 | D5:2 G5:6 E5:4 C5:4",
        "Chromatic": "E5:2 Eb5:2 D5:2 C#5:2 C5:4 G4:4 | A4:2 Bb4:2 B4:2 C5:2 D5:4 G4:4",
    }
)
