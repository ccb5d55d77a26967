from __future__ import annotations

import subprocess
import sys

import numpy as np

from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.plots.pianoroll_png import png
from tests.plots.png import like, pixels

ACCENT = (0x5B, 0x78, 0xEE)
LOUD = NoteSequence([Note(36, step, velocity=127, is_drum=True) for step in (0, 8, 16, 24)], 32)


def boxes(picture, colour=ACCENT):
    """The columns that a row of notes of this colour begins in."""
    columns = like(picture, colour).any(axis=0)
    return np.flatnonzero(np.diff(columns.astype(int), prepend=0) == 1)


def test_each_note_is_a_box_at_its_step():
    starts = boxes(pixels(png([LOUD])))
    assert len(starts) == 4
    gaps = np.diff(starts)
    assert gaps.max() - gaps.min() <= 1


def test_microtiming_moves_a_box():
    late = NoteSequence(
        [Note(36, step, velocity=127, offset=0.4 * (step == 8), is_drum=True) for step in (0, 8, 16)], 32
    )
    first, second, third = boxes(pixels(png([late])))
    assert (second - first) / (third - first) - 0.5 > 0.4 / 16 * 0.9


def test_a_soft_note_is_paler():
    soft = NoteSequence([Note(36, 0, velocity=20, is_drum=True)], 32)
    assert not like(pixels(png([soft])), ACCENT).any()
    assert np.abs(pixels(png([soft])) - pixels(png([NoteSequence(steps=32)]))).max() > 30


def test_several_stand_beside_each_other_on_the_same_rows():
    tune, bass = NoteSequence([Note(72, 0, 8, 127)], 16), NoteSequence([Note(48, 0, 8, 127)], 16)
    picture = like(pixels(png([tune, bass], "tune bass")), ACCENT)
    left, right = np.array_split(picture, 2, axis=1)
    assert np.flatnonzero(left.any(axis=1)).max() < np.flatnonzero(right.any(axis=1)).min()


def test_the_picture_reads_on_white_and_on_black():
    for page in ("#ffffff", "#111318"):
        picture = pixels(png([LOUD]), on=page)
        ground = picture[0, 0]
        assert np.abs(picture - ground).sum(axis=-1).max() > 200
        assert len(boxes(picture)) == 4


def test_labels_are_written_over_the_rolls():
    plain, named = pixels(png([LOUD])), pixels(png([LOUD], "Boom bap"))
    assert named.shape[0] > plain.shape[0]
    assert named.shape[1] == plain.shape[1]


def test_the_same_music_gives_the_same_bytes():
    assert png([LOUD, LOUD], "A B") == png([LOUD, LOUD], "A B")


def test_silence_long_pieces_and_every_kind_of_part_can_be_drawn_small_enough_for_a_notebook():
    long = NoteSequence([Note(30 + step % 60, step, 2, 1 + step % 127, program=step % 3) for step in range(1600)], 1600)
    for sequences in ([NoteSequence(steps=16)], [NoteSequence()], [long], [LOUD] * 9):
        assert 2_000 < len(png(sequences)) < 150_000


def test_pyplot_and_its_state_are_left_alone():
    # In a process of its own: other tests, and what they import, may have opened pyplot here.
    script = (
        "import sys; from latentpalette.music.sequence import NoteSequence; "
        "from latentpalette.plots.pianoroll_png import png; "
        "png([NoteSequence(steps=16)]); print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
