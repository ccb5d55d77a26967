"""Places on a way through latent space at which the music changes by even amounts.

The music of evenly spaced z changes unevenly: a decoder gives the same music over a stretch, and other music after it.
Of many places on a way, a few are chosen so that no change from one to the next is large.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import LatentError
from latentpalette.latent.arrays import check_coordinates
from latentpalette.music.sequence import NoteSequence
from latentpalette.validation import check_integer, short_repr


def note_changes(music: Sequence[NoteSequence]) -> NDArray[np.float64]:
    """Return how many notes (pitch and onset) differ between any two sequences [m, m].

    Raises
    ------
    LatentError
        If the music is no list of NoteSequences.

    Examples
    --------
    >>> loops = [NoteSequence.from_steps({"kick": steps}, steps=16) for steps in ([0], [0, 8], [4])]
    >>> note_changes(loops).astype(int).tolist()
    [[0, 1, 2], [1, 0, 3], [2, 3, 0]]
    """
    if not isinstance(music, (list, tuple)) or not all(isinstance(sequence, NoteSequence) for sequence in music):
        raise LatentError(f"Music to compare is a list of NoteSequences; got {short_repr(music)}.")
    return count_changes([{(note.step, note.pitch, note.is_drum) for note in sequence.notes} for sequence in music])


def count_changes(sets: Sequence[set[Hashable]]) -> NDArray[np.float64]:
    """Return how many elements only one of any two sets has [m, m].

    Examples
    --------
    >>> count_changes([{"a"}, {"a", "b"}, set()]).astype(int).tolist()
    [[0, 1, 1], [1, 0, 2], [1, 2, 0]]
    """
    columns = {element: column for column, element in enumerate(set().union(*sets))}
    has = np.zeros((len(sets), len(columns)), np.float32)  # counts are exact up to 2^24
    for row, elements in zip(has, sets, strict=True):
        row[[columns[element] for element in elements]] = 1
    common = (has @ has.T).astype(float)
    sizes = common.diagonal()
    changes: NDArray[np.float64] = sizes[:, None] + sizes - 2 * common
    return changes


def choose_even_places(changes: ArrayLike, n: int) -> NDArray[np.int64]:
    """Choose n places of m, in order and with both ends, between which the music changes evenly.

    Parameters
    ----------
    changes : array-like [shape=(m, m)]
        How much the music differs between any two places; see `note_changes`.
    n : int [2 to m]

    Returns
    -------
    ndarray of int [shape=(n,)]
        Ascending, from 0 to m - 1: of all choices the one with the least sum of squared changes from each place to the
        next, found by dynamic programming.

    Raises
    ------
    LatentError
        If the changes are no square matrix, or n is out of range.

    Examples
    --------
    >>> position = np.array([0, 0, 0, 1, 2, 2, 4])  # of seven places; the music stays the same, then hurries
    >>> choose_even_places(abs(position - position[:, None]), 4).tolist()
    [0, 3, 4, 6]
    """
    cost = check_coordinates(changes, "Changes", "[m, m]", ndim=2) ** 2
    m = len(cost)
    if cost.shape != (m, m) or m < 2:
        raise LatentError(f"Changes are a square matrix of at least two places; got shape {cost.shape}.")
    n = check_integer(n, "n, the number of places,", 2, m, error=LatentError)
    cost = np.where(np.triu(np.ones((m, m), bool), 1), cost, np.inf)  # from an earlier place to a later one
    best = np.full(m, np.inf)
    best[0] = 0.0
    before = []
    for _ in range(n - 1):
        sums = best[:, None] + cost
        before.append(sums.argmin(0))
        best = sums.min(0)
    places = [m - 1]
    for previous in reversed(before):
        places.append(int(previous[places[-1]]))
    return np.array(places[::-1])
