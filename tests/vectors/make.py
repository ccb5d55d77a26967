"""Write palette.json, the test vectors that the Python and the JavaScript of a palette share.

``python -m tests.vectors.make`` computes them from first principles, in exact arithmetic, without any code of the
package; what is short enough was worked out by hand. tests/widgets/test_vectors.py and tests/js/vectors.test.mjs hold
both languages to them.
"""

from __future__ import annotations

import itertools
import json
import math
import struct
from fractions import Fraction
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "palette.json"

# The positions are powers of two, so that floating point is exact.
WEIGHTS = [
    {"point": [0, 0], "weights": [1, 0, 0, 0]},
    {"point": [1, 0], "weights": [0, 1, 0, 0]},
    {"point": [0, 1], "weights": [0, 0, 1, 0]},
    {"point": [1, 1], "weights": [0, 0, 0, 1]},
    {"point": [0.5, 0.5], "weights": [0.25, 0.25, 0.25, 0.25]},
    {"point": [0.25, 0.5], "weights": [0.375, 0.125, 0.375, 0.125]},
    {"point": [0.75, 0.125], "weights": [0.21875, 0.65625, 0.03125, 0.09375]},
]

# Size 3: the borders between cells lie at 0.25 and 0.75, and belong to the cell to the right and below.
CELLS_BY_HAND = [
    {"size": 3, "points": [[0.25, 0.75]], "cells": [[2, 1]]},
    {"size": 3, "points": [[0, 0], [1, 0]], "cells": [[0, 0], [0, 1], [0, 2]]},
    {"size": 3, "points": [[0, 0], [1, 1]], "cells": [[0, 0], [1, 1], [2, 2]]},
    {"size": 3, "points": [[1, 1], [1, 0], [1, 1]], "cells": [[2, 2], [1, 2], [0, 2], [1, 2], [2, 2]]},
    {"size": 5, "points": [[0, 0.5], [0, 0.5], [0.125, 0.5]], "cells": [[2, 0], [2, 1]]},
    {"size": 5, "points": [], "cells": []},
]
STROKES = [
    ["0 0", "1 1"],
    ["0.1 0.93", "0.35 0.5", "0.36 0.49", "0.9 0.12"],
    ["0.5 0.5", "0.5 0.06", "0.06 0.06", "0.06 0.5", "0.5 0.5"],
    ["0.3 0.7"],
    ["0.02 0.98", "0.31 0.17", "0.77 0.83", "0.98 0.04"],
]
STROKE_SIZES = (3, 4, 11, 21)
SAMPLES_PER_CELL = 8

PATH_ORDERS = [
    {"cells": 0, "mode": "loop", "order": []},
    {"cells": 1, "mode": "ping-pong", "order": [0]},
    {"cells": 2, "mode": "ping-pong", "order": [0, 1]},
    {"cells": 3, "mode": "once", "order": [0, 1, 2]},
    {"cells": 3, "mode": "loop", "order": [0, 1, 2]},
    {"cells": 5, "mode": "ping-pong", "order": [0, 1, 2, 3, 4, 3, 2, 1]},
]

LABEL_SIZES = (3, 4, 5, 13, 21)

# Velocity [drum][step in the bar], as documented in latentpalette/music/accents.py.
ACCENTS = [
    [120, 84, 98, 88, 112, 84, 98, 88, 116, 84, 98, 88, 112, 84, 98, 88],
    [108, 52, 82, 58, 116, 52, 82, 58, 108, 52, 82, 58, 116, 52, 82, 58],
    [104, 58, 80, 62, 96, 58, 80, 62, 100, 58, 80, 62, 96, 58, 80, 62],
    [106, 78, 92, 80, 98, 78, 92, 80, 102, 78, 92, 80, 98, 78, 92, 80],
    *[[112, 86, 96, 90, 104, 86, 96, 90, 108, 86, 96, 90, 104, 86, 96, 90]] * 3,
    [120, 96, 104, 98, 112, 96, 104, 98, 116, 96, 104, 98, 112, 96, 104, 98],
    [106, 64, 84, 68, 98, 64, 84, 68, 102, 64, 84, 68, 98, 64, 84, 68],
]
PITCHES = [36, 38, 42, 46, 45, 48, 50, 49, 51]

UNLOCKED: list[Any] = [None] * 9
UNMUTED = [False] * 9
KICK_AND_SNARE = [3, 0, 0, 0, 2] + [0] * 11 + [1] + [0] * 14 + [256]  # steps 0, 4, 16 and 31

# Hits are [step, drum, velocity].
LOOPS = [
    {
        "tokens": KICK_AND_SNARE,
        "mutes": UNMUTED,
        "locks": UNLOCKED,
        "hits": [[0, 0, 120], [0, 1, 108], [4, 1, 116], [16, 0, 120], [31, 8, 68]],
    },
    {
        "tokens": KICK_AND_SNARE,
        "mutes": [False, True, *[False] * 7],
        "locks": UNLOCKED,
        "hits": [[0, 0, 120], [16, 0, 120], [31, 8, 68]],
    },
    {  # A lane replaces the pattern's own, the other lanes stay.
        "tokens": KICK_AND_SNARE,
        "mutes": UNMUTED,
        "locks": [[0, 1] + [0] * 30, *[None] * 8],
        "hits": [[0, 1, 108], [1, 0, 84], [4, 1, 116], [31, 8, 68]],
    },
    {  # A locked lane that is muted is silent; an empty one is, too.
        "tokens": KICK_AND_SNARE,
        "mutes": [True, *[False] * 8],
        "locks": [[1] * 32, [0] * 32, *[None] * 7],
        "hits": [[31, 8, 68]],
    },
]
FIRST = [1] + [0] * 15 + [2] + [0] * 15  # the kick in the first bar, the snare in the second
SECOND = [4] + [0] * 15 + [8] + [0] * 15  # the closed hat, the open hat
PATHS = [
    {
        "cells": [FIRST, SECOND],
        "bars_per_cell": 1,
        "mutes": UNMUTED,
        "locks": UNLOCKED,
        "steps": 32,
        "hits": [[0, 0, 120], [16, 3, 106]],
    },
    {
        "cells": [FIRST, SECOND],
        "bars_per_cell": 4,
        "mutes": UNMUTED,
        "locks": UNLOCKED,
        "steps": 128,
        "hits": [
            *[[0, 0, 120], [16, 1, 108], [32, 0, 120], [48, 1, 108]],
            *[[64, 2, 104], [80, 3, 106], [96, 2, 104], [112, 3, 106]],
        ],
    },
    {  # A lock keeps its place in the loop, also where a cell plays the second half of it alone.
        "cells": [FIRST, SECOND],
        "bars_per_cell": 1,
        "mutes": [True, *[False] * 8],
        "locks": [*UNLOCKED[:8], [0] * 18 + [1] + [0] * 13],
        "steps": 32,
        "hits": [[16, 3, 106], [18, 8, 84]],
    },
]

# Notes are [stream, velocity]; halves are rounded up, a stream at 0 is left out.
VOLUMES = [
    {"volumes": [1, 1], "notes": [[0, 100], [1, 1]], "scaled": [[0, 100], [1, 1]]},
    {
        "volumes": [0.5, 1],
        "notes": [[0, 100], [0, 101], [0, 103], [1, 77]],
        "scaled": [[0, 50], [0, 51], [0, 52], [1, 77]],
    },
    {
        "volumes": [0.25, 0.01],
        "notes": [[0, 127], [0, 1], [1, 127], [1, 5]],
        "scaled": [[0, 32], [0, 1], [1, 1], [1, 1]],
    },
    {"volumes": [1, 0], "notes": [[0, 64], [1, 64]], "scaled": [[0, 64]]},
]

# Keys of a drum pad, and the pitch of the drum that each plays; null plays none.
DRUM_KEYS = [
    [36, 36], [35, 36], [37, 38], [40, 38], [39, 38], [44, 42], [22, 42], [26, 46], [46, 46], [41, 45], [47, 48],
    [83, 50], [57, 49], [55, 49], [53, 51], [82, 51], [59, 51], [88, None], [21, None],
]  # fmt: skip

# Loops of one stream one after the other, each for a bar; notes are [step, pitch, length].
JOINED = [
    {  # A note ends with its turn; one that would have begun before begins with it.
        "loops": [[[0, 60, 4], [12, 62, 10]], [[8, 64, 12]]],
        "notes": [[0, 60, 4], [12, 62, 4], [16, 64, 4]],
    },
    {  # A pitch that is held in both goes on, until the end of the second, be it sooner or later.
        "loops": [[[12, 60, 20], [14, 67, 4]], [[10, 60, 8], [15, 67, 17]]],
        "notes": [[12, 60, 6], [14, 67, 18]],
    },
    {  # A note that begins with the turn begins again; three turns carry one note.
        "loops": [[[12, 60, 8]], [[16, 60, 16]], [[0, 60, 2]], [[12, 72, 8]]],
        "notes": [[12, 60, 4], [16, 60, 16], [32, 60, 2], [48, 72, 4]],
    },
    {"loops": [[[8, 60, 24]], [[0, 60, 32]], [[4, 62, 4]]], "notes": [[8, 60, 24], [36, 62, 4]]},
]

# What MIDI files are made of. The names are those that the browser writes; Python writes none.
SONGS = [
    {
        "name": "x",
        "hits": [[1, 0, 100]],
        "steps": 16,
        "qpm": 120,
        "markers": [[0, "r1 c1 · A 1.00 B .00 C .00 D .00"]],
    },
    {
        "name": "latentpalette path",
        "hits": [[0, 0, 120], [0, 1, 108], [1, 0, 84], [2, 8, 84], [31, 8, 68], [32, 7, 127]],
        "steps": 64,
        "qpm": 173,
        "markers": [[0, "r1 c1 · A 1.00 B .00 C .00 D .00"], [32, "r1 c2 · A .50 B .50 C .00 D .00"]],
    },
    {"name": "", "hits": [[0, 2, 1]], "steps": 16, "qpm": 46, "markers": [[15, "end"]]},
    {"name": "B · 2", "hits": [[0, 2, 1]], "steps": 32, "qpm": 97, "markers": []},
    {"name": "", "hits": [], "steps": 32, "qpm": 122.5, "markers": []},
]
# Texts as files hold them: in ASCII, as far as they can be spelled so.
TEXTS = [
    {"text": "r1 c1 · A 1.00", "spelled": "r1 c1 - A 1.00"},
    {"text": "B♭ → F♯m7/C° ×2 … “Flöte”", "spelled": 'Bb -> F#m7/Co x2 ... "Flote"'},
    {"text": "Cafe\u0301, smørrebrød, Straße, Œuvre, Łódź", "spelled": "Cafe, smorrebrod, Strasse, OEuvre, Lodz"},
    {"text": "½ ﬁne\u00a0№ ²", "spelled": "1/2 fine No 2"},
    {"text": "太鼓 がらがら · 🥁", "spelled": "太鼓 がらがら - 🥁"},
    {"text": "か\u3099 \u0301", "spelled": "が "},
    {"text": "a\tb\r\nc\x00\x1b[31m\u200b\ufeff", "spelled": "a b  c[31m"},
    {"text": "", "spelled": ""},
]
TICKS_PER_STEP = 120  # 480 to a quarter note

# Lightness, chroma and hue [degrees] of the corners; the dark theme is darker by DARK_SHIFT.
CORNER_COLORS = ((0.80, 0.12, 265), (0.80, 0.12, 340), (0.82, 0.13, 165), (0.85, 0.13, 95))
DARK_SHIFT = 0.29
COLOR_SIZE = 6


def exact_weights(row: int, col: int, size: int) -> list[Fraction]:
    """Bilinear weights of the corners at the center of a cell."""
    x, y = Fraction(col, size - 1), Fraction(row, size - 1)
    return [(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y]


def label_of(row: int, col: int, size: int) -> str:
    """A cell's label: weights to hundredths, halves rounded up, without the zero before the point."""
    hundredths = [math.floor(100 * weight + Fraction(1, 2)) for weight in exact_weights(row, col, size)]
    texts = ["1.00" if number == 100 else f".{number:02}" for number in hundredths]
    weights = " ".join(f"{letter} {text}" for letter, text in zip("ABCD", texts, strict=True))
    return f"r{row + 1} c{col + 1} · {weights}"


def cells_of_stroke(points: list[tuple[Fraction, Fraction]], size: int) -> list[list[int]]:
    """The cells that are nearest to the samples of a stroke, of which there are eight to the width of a cell."""
    samples = points[:1]
    for (px, py), (x, y) in itertools.pairwise(points):
        count = max(1, math.ceil(max(abs(x - px), abs(y - py)) * (size - 1) * SAMPLES_PER_CELL))
        samples += [(px + (x - px) * k / count, py + (y - py) * k / count) for k in range(1, count + 1)]
    cells: list[list[int]] = []
    for x, y in samples:
        cell = [math.floor(value * (size - 1) + Fraction(1, 2)) for value in (y, x)]
        if cells[-1:] != [cell]:
            cells.append(cell)
    return cells


def strokes() -> list[dict[str, Any]]:
    """The strokes in each size, without those that run through the border of two cells: there the last bit decides."""
    entries = []
    for stroke in STROKES:
        points = [(Fraction(x), Fraction(y)) for x, y in (point.split() for point in stroke)]
        for size in STROKE_SIZES:
            hair = Fraction(1, 10**9)
            cells = cells_of_stroke(points, size)
            if all(
                cells_of_stroke([(x + dx, y + dy) for x, y in points], size) == cells
                for dx in (-hair, hair)
                for dy in (-hair, hair)
            ):
                entries.append({"size": size, "points": [[float(x), float(y)] for x, y in points], "cells": cells})
    return entries


def microseconds_of(qpm: float) -> int:
    """Tempo as a MIDI file has it: whole microseconds to a quarter note."""
    return round(Fraction(60_000_000) / Fraction(qpm))


def spelled(text: str) -> str:
    """A text of the songs in ASCII."""
    return text.replace("·", "-")


def events_of(song: dict[str, Any]) -> list[list[Any]]:
    """The events of a song that every MIDI file of it has: tick, kind and values, sorted."""
    events: list[list[Any]] = [[0, "tempo", microseconds_of(song["qpm"])], [0, "time_signature", 4, 4]]
    events += [[step * TICKS_PER_STEP, "marker", spelled(text)] for step, text in song["markers"]]
    for step, drum, velocity in song["hits"]:
        events.append([step * TICKS_PER_STEP, "note_on", PITCHES[drum], velocity])
        events.append([(step + 1) * TICKS_PER_STEP, "note_off", PITCHES[drum]])
    return sorted([*events, [song["steps"] * TICKS_PER_STEP, "end"]])


def file_of(song: dict[str, Any]) -> bytes:
    """The bytes that the browser writes: a Standard MIDI File of format 1, notes on channel 10."""
    end = song["steps"] * TICKS_PER_STEP
    tempo = microseconds_of(song["qpm"]).to_bytes(3, "big")
    conductor = [
        (0, meta(0x03, spelled(song["name"]).encode())),
        (0, meta(0x51, tempo)),
        (0, meta(0x58, bytes([4, 2, 24, 8]))),
    ]
    conductor += [(step * TICKS_PER_STEP, meta(0x06, spelled(text).encode())) for step, text in song["markers"]]
    notes = []  # (tick, note-offs first, position, bytes)
    for place, (step, drum, velocity) in enumerate(song["hits"]):
        notes.append((step * TICKS_PER_STEP, 1, place, bytes([0x99, PITCHES[drum], velocity])))
        notes.append(((step + 1) * TICKS_PER_STEP, 0, place, bytes([0x89, PITCHES[drum], 0])))
    drums = [(0, meta(0x03, b"Drums")), (0, bytes([0xC9, 0]))]
    drums += [(tick, message) for tick, _, _, message in sorted(notes)]
    return b"MThd" + struct.pack(">IHHH", 6, 1, 2, 480) + track(conductor, end) + track(drums, end)


def meta(kind: int, data: bytes) -> bytes:
    """A meta event."""
    return bytes([0xFF, kind]) + variable_length(len(data)) + data


def track(events: list[tuple[int, bytes]], end: int) -> bytes:
    """A track's chunk: each event after the ticks since the one before it."""
    body, now = b"", 0
    for tick, message in [*events, (end, meta(0x2F, b""))]:
        body += variable_length(tick - now) + message
        now = tick
    return b"MTrk" + struct.pack(">I", len(body)) + body


def variable_length(number: int) -> bytes:
    """A number in groups of seven bits, the highest first; the eighth bit is set in all but the last."""
    groups = [number & 127]
    while number := number >> 7:
        groups.append(number & 127 | 128)
    return bytes(reversed(groups))


def color_of(weights: list[Fraction], lift: float) -> str:
    """The color of blended corners, as #rrggbb. Source: Ottosson (2020), "A perceptual color space"."""
    corners = [
        (lightness, chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue)))
        for lightness, chroma, hue in CORNER_COLORS
    ]
    lightness, a, b = (
        math.fsum(float(weight) * corner[axis] for weight, corner in zip(weights, corners, strict=True))
        for axis in range(3)
    )
    lightness += lift
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    levels = [
        255 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055)
        for value in (min(1.0, max(0.0, value)) for value in linear)
    ]
    assert all(abs(level % 1 - 0.5) > 1e-6 for level in levels), "the last bit would decide how this is rounded"
    return "#" + "".join(f"{round(level):02x}" for level in levels)


def by_cell(size: int, value: Any) -> list[list[Any]]:
    """A value for each cell, row by row."""
    return [[value(row, col) for col in range(size)] for row in range(size)]


def make() -> dict[str, Any]:
    """Return all vectors."""

    def colors(lift: float) -> list[list[str]]:
        return by_cell(COLOR_SIZE, lambda row, col: color_of(exact_weights(row, col, COLOR_SIZE), lift))

    return {
        "weights": WEIGHTS,
        "cells": CELLS_BY_HAND + strokes(),
        "path_orders": PATH_ORDERS,
        "cell_labels": [
            {"size": size, "labels": by_cell(size, lambda row, col, size=size: label_of(row, col, size))}
            for size in LABEL_SIZES
        ],
        "accents": ACCENTS,
        "pitches": PITCHES,
        "loops": LOOPS,
        "paths": PATHS,
        "volumes": VOLUMES,
        "drum_keys": DRUM_KEYS,
        "joined": JOINED,
        "songs": [{**song, "events": events_of(song), "hex": file_of(song).hex()} for song in SONGS],
        "texts": TEXTS,
        "colors": {"light": colors(0), "dark": colors(-DARK_SHIFT)},
    }


def to_text(vectors: dict[str, Any]) -> str:
    """Return the vectors as JSON, an entry a line."""
    sections = []
    for name, section in vectors.items():
        entries = section.items() if isinstance(section, dict) else [(None, entry) for entry in section]
        lines = [
            ("" if key is None else f"{json.dumps(key)}: ") + json.dumps(entry, ensure_ascii=False)
            for key, entry in entries
        ]
        opening, closing = "{}" if isinstance(section, dict) else "[]"
        sections.append(f"{json.dumps(name)}: {opening}\n  " + ",\n  ".join(lines) + f"\n{closing}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(to_text(make()), encoding="utf-8")
    print(f"{FILE.name}: {FILE.stat().st_size / 1000:.0f} kB")
