from __future__ import annotations

import subprocess
import sys

import numpy as np

from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.plots.pianoroll_png import pianoroll_png
from tests.plots.png import has_color, pixels

ACCENT = (0x5B, 0x78, 0xEE)
LOUD = NoteSequence([Note(36, step, velocity=127, is_drum=True) for step in (0, 8, 16, 24)], 32)


def box_starts(picture, color=ACCENT):
    """Return the columns at which boxes of this color start."""
    columns = has_color(picture, color).any(axis=0)
    return np.flatnonzero(np.diff(columns.astype(int), prepend=0) == 1)


def test_each_note_is_a_box_at_its_step():
    starts = box_starts(pixels(pianoroll_png([LOUD])))
    assert len(starts) == 4
    gaps = np.diff(starts)
    assert gaps.max() - gaps.min() <= 1


def test_microtiming_moves_a_box():
    late = NoteSequence(
        [Note(36, step, velocity=127, offset=0.4 * (step == 8), is_drum=True) for step in (0, 8, 16)], 32
    )
    first, second, third = box_starts(pixels(pianoroll_png([late])))
    assert (second - first) / (third - first) - 0.5 > 0.4 / 16 * 0.9


def test_a_soft_note_is_paler():
    soft = NoteSequence([Note(36, 0, velocity=20, is_drum=True)], 32)
    assert not has_color(pixels(pianoroll_png([soft])), ACCENT).any()
    assert np.abs(pixels(pianoroll_png([soft])) - pixels(pianoroll_png([NoteSequence(steps=32)]))).max() > 30


def test_several_rolls_are_drawn_side_by_side_with_the_same_rows():
    tune, bass = NoteSequence([Note(72, 0, 8, 127)], 16), NoteSequence([Note(48, 0, 8, 127)], 16)
    picture = has_color(pixels(pianoroll_png([tune, bass], "tune bass")), ACCENT)
    left, right = np.array_split(picture, 2, axis=1)
    assert np.flatnonzero(left.any(axis=1)).max() < np.flatnonzero(right.any(axis=1)).min()


def test_the_picture_reads_on_white_and_on_black():
    for page in ("#ffffff", "#111318"):
        picture = pixels(pianoroll_png([LOUD]), page=page)
        background = picture[0, 0]
        assert np.abs(picture - background).sum(axis=-1).max() > 200
        assert len(box_starts(picture)) == 4


def test_labels_are_written_above_the_rolls():
    unlabeled, labeled = pixels(pianoroll_png([LOUD])), pixels(pianoroll_png([LOUD], "Boom bap"))
    assert labeled.shape[0] > unlabeled.shape[0]
    assert labeled.shape[1] == unlabeled.shape[1]


def test_the_same_music_gives_the_same_bytes():
    assert pianoroll_png([LOUD, LOUD], "A B") == pianoroll_png([LOUD, LOUD], "A B")


def test_silent_long_and_many_track_sequences_make_files_small_enough_for_a_notebook():
    long = NoteSequence([Note(30 + step % 60, step, 2, 1 + step % 127, program=step % 3) for step in range(1600)], 1600)
    for sequences in ([NoteSequence(steps=16)], [NoteSequence()], [long], [LOUD] * 9):
        assert 2_000 < len(pianoroll_png(sequences)) < 150_000


def test_pyplot_is_not_imported():
    # In a process of its own: other tests, and what they import, may have opened pyplot here.
    script = (
        "import sys; from latentpalette.music.sequence import NoteSequence; "
        "from latentpalette.plots.pianoroll_png import pianoroll_png; "
        "pianoroll_png([NoteSequence(steps=16)]); print('matplotlib.pyplot' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
