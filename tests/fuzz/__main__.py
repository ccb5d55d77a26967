"""Run the fuzzer: ``python -m tests.fuzz [KIND ...] [--seed N] [--seconds S]``.

With a seed, that one case is run again, with its whole traceback. Without, cases with new seeds are run for some time,
kind after kind in turn, and a summary is printed; it exits with 1 if any failed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import warnings
from collections import Counter

from tests.fuzz.harness import Failure, Summary, run_case, run_cases
from tests.fuzz.kinds import KINDS

_BATCH = 20  # cases of a kind before the next one's turn


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.partition("\n\n")[2])
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"one of {', '.join(KINDS)}; all by default")
    parser.add_argument("--seed", type=int, help="run this case of one kind again")
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("FUZZ_SECONDS", "60")))
    parser.add_argument("--first", type=int, help="the first of the seeds; by default one that depends on the time")
    options = parser.parse_args()
    if unknown := set(options.kinds) - set(KINDS):
        parser.error(f"no kind is called {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
    names = options.kinds or list(KINDS)
    warnings.simplefilter("error")
    if options.seed is not None:
        return _run_again(names, options.seed)
    return _run_for(names, options.seconds, int(time.time()) * 1000 if options.first is None else options.first)


def _run_again(names: list[str], seed: int) -> int:
    outcomes = [run_case(name, KINDS[name], seed) for name in names]
    for name, outcome in zip(names, outcomes, strict=True):
        if isinstance(outcome, Failure):
            print(f"{name} --seed {seed} fails:")
            sys.excepthook(type(outcome.error), outcome.error, outcome.error.__traceback__)
        else:
            print(f"{name} --seed {seed}: {outcome}")
    return int(any(isinstance(outcome, Failure) for outcome in outcomes))


def _run_for(names: list[str], seconds: float, first: int) -> int:
    end = time.monotonic() + seconds
    summaries = {name: Summary() for name in names}
    while time.monotonic() < end:
        for name in names:
            done = run_cases(name, KINDS[name], range(first, first + _BATCH), until=end)
            for failure in done.failures:
                print(failure, flush=True)
            summaries[name].outcomes += done.outcomes
            summaries[name].failures += done.failures
            summaries[name].seconds += done.seconds
        first += _BATCH
    print()
    for name, summary in summaries.items():
        print(f"{name}: {summary}")
    signatures = Counter(failure.signature for summary in summaries.values() for failure in summary.failures)
    for signature, count in signatures.most_common():
        print(f"{count:>6} x {signature}")
    return int(bool(signatures))


if __name__ == "__main__":
    sys.exit(main())
