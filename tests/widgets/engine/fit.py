"""Fit the coefficients of tanh and exp in ``static/engine/kernels.c``.

``python -m tests.widgets.engine.fit`` prints them. Both minimize the largest relative error (Lawson's algorithm: least
squares, in which the points that err most gain weight): tanh(x) = x P(x^2) / Q(x^2) up to where float32 says 1, and exp
on the interval that is left once a power of two is taken out.
"""

from __future__ import annotations

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial
from numpy.polynomial.chebyshev import chebvander
from numpy.typing import NDArray

TANH_LIMIT = 9.02  # from here on the nearest float32 is 1
TANH_DEGREES = (4, 4)
EXP_LIMIT = np.log(2) / 2
EXP_DEGREE = 6
_POINTS = 6000
_ROUNDS = 400

Array = NDArray[np.float64]


def fit_ratio(
    x: Array, values: Array, domain: tuple[float, float], degrees: tuple[int, int]
) -> tuple[Polynomial, Polynomial, float]:
    """P and Q with P / Q near `values` at `x`, Q(0) = 1, and the largest relative error."""
    low, high = domain
    scaled = (2 * x - low - high) / (high - low)
    numerator, denominator = (chebvander(scaled, degree) for degree in degrees)
    weights, previous = np.ones_like(x), np.ones_like(x)
    best = (np.inf, np.zeros(degrees[0] + 1), np.ones(1))
    for _ in range(_ROUNDS):
        scale = np.sqrt(weights) / (values * previous)
        system = np.concatenate([numerator, -values[:, None] * denominator[:, 1:]], 1) * scale[:, None]
        solution = np.linalg.lstsq(system, values * denominator[:, 0] * scale, rcond=None)[0]
        p, q = solution[: degrees[0] + 1], np.r_[1.0, solution[degrees[0] + 1 :]]
        previous = denominator @ q
        errors = np.abs(numerator @ p / (values * previous) - 1)
        if errors.max() < best[0]:
            best = (errors.max(), p, q)
        weights = np.maximum(weights * errors, 1e-12 * weights.max())
        weights /= weights.mean()
    error, p, q = best
    over, under = (Chebyshev(part, domain=domain).convert(kind=Polynomial) for part in (p, q))
    return over / under(0), under / under(0), error


def fit_tanh() -> tuple[Polynomial, Polynomial, float]:
    """Polynomials in x^2; the points lie densest near the limit, as Chebyshev's do."""
    x = TANH_LIMIT * np.cos(np.linspace(0, np.pi / 2, _POINTS + 1))[:-1]
    x = x[x > 1e-3]
    return fit_ratio(x**2, np.tanh(x) / x, (0, TANH_LIMIT**2), TANH_DEGREES)


def fit_exp() -> tuple[Polynomial, Polynomial, float]:
    x = EXP_LIMIT * np.cos(np.linspace(0, np.pi, _POINTS))
    return fit_ratio(x, np.exp(x), (-EXP_LIMIT, EXP_LIMIT), (EXP_DEGREE, 0))


def main() -> None:
    for name, fit in (("tanh", fit_tanh), ("exp", fit_exp)):
        over, under, error = fit()
        print(f"{name}: largest relative error {error:.2g}")
        for part in (over, under):
            print("  ", ", ".join(f"{float(np.float32(each)):.9g}f" for each in part.coef))


if __name__ == "__main__":
    main()
