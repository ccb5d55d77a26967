"""Bass lines of two bars, as `melodies` has melodies.

They lie an octave above the lowest string of a bass, where a melody model still knows its notes: lower ones are rare in
melodies.
"""

from __future__ import annotations

from types import MappingProxyType

BASSES = MappingProxyType(
    {
        "Eighths": "C3:2 C3:2 C3:2 C3:2 C3:2 C3:2 C3:2 C3:2 | A2:2 A2:2 A2:2 A2:2 G2:2 G2:2 G2:2 G2:2",
        "Walking": "C3:4 E3:4 G3:4 A3:4 | Bb3:4 A3:4 G3:4 E3:4",
        "Octaves": "C3:2 C4:2 C3:2 C4:2 C3:2 C4:2 C3:2 C4:2 | C3:2 C4:2 C3:2 C4:2 A2:2 A3:2 G2:2 G3:2",
        "Dub": "A2:4 r:2 A2:2 C3:2 r:2 D3:4 | E3:6 D3:2 C3:4 r:4",
        "Funk": "D3:3 D3:1 r:4 F3:2 G3:2 r:4 | D3:3 D3:1 r:4 A3:2 G3:2 F3:4",
        "Root and fifth": "C3:6 G3:2 G3:6 C3:2 | A2:6 E3:2 E3:6 A2:2",
        "Long notes": "A2:16 | F2:8 G2:8",
        "Motown": "C3:4 C3:2 E3:2 G3:2 A3:2 G3:2 E3:2 | F3:4 F3:2 A3:2 G3:2 F3:2 E3:2 D3:2",
        "Tresillo": "A2:3 A2:3 A2:2 A2:3 A2:3 A2:2 | F2:3 F2:3 F2:2 G2:3 G2:3 G2:2",
        "Two feel": "C3:8 G2:8 | A2:8 E3:8",
        "Riff": "E3:4 G3:2 E3:2 A3:4 G3:4 | E3:4 G3:2 E3:2 D3:4 B2:4",
        "Lament": "A3:2 A3:2 A3:2 A3:2 G3:2 G3:2 G3:2 G3:2 | F3:2 F3:2 F3:2 F3:2 E3:2 E3:2 E3:2 E3:2",
        "Push": "A2:3 A2:3 C3:2 D3:4 E3:4 | A2:3 A2:3 G2:2 E3:4 G2:4",
        "Sub": "C3:10 r:2 C3:4 | Eb3:6 F3:6 G2:4",
    }
)
