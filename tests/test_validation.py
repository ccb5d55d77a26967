"""Single values are checked for their type and their range."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.errors import LatentPaletteError, MusicError
from latentpalette.validation import check_flag, check_integer, check_number, short_repr


@pytest.mark.parametrize("value", [0, 127, np.int64(5), np.uint8(127)])
def test_whole_numbers_pass_as_int(value):
    assert type(check_integer(value, "pitch", 0, 127)) is int


@pytest.mark.parametrize("value", [1.5, 1.0, True, "1", None, 128, -1, float("nan"), 1j, np.float64(3), [1], 10**400])
def test_anything_else_is_refused_with_its_value(value):
    with pytest.raises(MusicError, match=r"pitch is a whole number from 0 to 127; got "):
        check_integer(value, "pitch", 0, 127, error=MusicError)


@pytest.mark.parametrize("value", [1, 1.5, np.float32(2), np.int8(3)])
def test_numbers_pass_as_float(value):
    assert type(check_number(value, "qpm", 1, 1000)) is float


@pytest.mark.parametrize(
    "value", [True, "1", None, float("nan"), float("inf"), 1j, 0.5, 1001, 10**400, np.array([1.0])]
)
def test_no_number_or_one_out_of_range_is_refused(value):
    with pytest.raises(LatentPaletteError, match="qpm is a number from 1 to 1000; got "):
        check_number(value, "qpm", 1, 1000)


def test_only_true_and_false_are_flags():
    assert check_flag(np.bool_(True), "is_drum") is True
    for value in (1, 0, None, "no", np.int64(1)):
        with pytest.raises(LatentPaletteError, match="is_drum is True or False"):
            check_flag(value, "is_drum")


def test_limits_may_be_open():
    assert check_integer(10**30, "n") == 10**30
    with pytest.raises(LatentPaletteError, match="n is a whole number from 1; got 0"):
        check_integer(0, "n", 1)
    with pytest.raises(LatentPaletteError, match="n is a whole number up to 3; got 4"):
        check_integer(4, "n", high=3)


def test_a_long_or_nameless_value_is_shortened():
    assert len(short_repr([0] * 10**6)) <= 60
    assert short_repr(object()) == "an object of type object"
