"""The engine's random numbers are NumPy's, to the bit."""

from pathlib import Path

import numpy as np

from latentpalette.models.rng import make_rng

SCRIPT = Path(__file__).with_name("random.mjs")

SEEDS = [*range(40), 255, 2**31, 2**32 - 1, 2**32, 2**40 + 3, 2**53 - 1]
PURPOSES = [(purpose, attempt) for purpose in ("z", "frames", "gibbs") for attempt in (0, 1, 15)]
MANY = 1_000_000
TAIL = 3.654152885361009  # beyond it, NumPy's last digit is that of the C library's log1pf


def test_uniform_numbers_of_every_seed_purpose_and_attempt(node):
    seeds = [(seed, *purpose) for seed in SEEDS for purpose in PURPOSES]
    for seed, numbers in zip(seeds, node.call(SCRIPT, "draw", "uniform", 101, seeds), strict=True):
        assert numbers.tolist() == make_rng(*seed).random(101, dtype=np.float32).tolist()


def test_a_million_standard_normal_numbers(node):
    ours = make_rng(7, "gibbs", 3).standard_normal(MANY, dtype=np.float32)
    (theirs,) = node.call(SCRIPT, "draw", "normal", MANY, [(7, "gibbs", 3)])
    is_tail = abs(ours) > TAIL
    assert 200 < is_tail.sum() < 320
    assert (ours[~is_tail] == theirs[~is_tail]).all()
    np.testing.assert_array_max_ulp(ours, theirs, maxulp=1)


def test_the_seeds_of_further_batches(node):
    asked = [(seed, batch) for seed in SEEDS for batch in (1, 2, 15)]
    expected = [int(np.random.SeedSequence(list(pair)).generate_state(1)[0]) for pair in asked]
    assert node.call(SCRIPT, "batchSeeds", [*asked, (5, 0)]) == [*expected, 5]
