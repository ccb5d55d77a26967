"""Benchmarks, and a record of the optimizations that were tried."""
