"""Pictures side by side."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from matplotlib import image

_GAP = 24  # [pixels]


def png_row(pictures: Sequence[bytes]) -> bytes:
    """Join PNG files side by side, their tops in line; return the bytes of a PNG file.

    Examples
    --------
    >>> import matplotlib.image, io
    >>> file = io.BytesIO()
    >>> matplotlib.image.imsave(file, np.zeros((10, 20, 4)), format="png")
    >>> image.imread(io.BytesIO(png_row([file.getvalue()] * 2))).shape
    (10, 64, 4)
    """
    arrays = [image.imread(io.BytesIO(picture), format="png") for picture in pictures]  # [rows, columns, 3 or 4]
    height = max(len(array) for array in arrays)
    columns = []
    for array in arrays:
        column = np.ones((height, array.shape[1] + _GAP, 4), np.float32)
        column[: len(array), : array.shape[1], : array.shape[2]] = array
        columns.append(column)
    file = io.BytesIO()
    image.imsave(file, np.concatenate(columns, axis=1)[:, :-_GAP], format="png")
    return file.getvalue()
