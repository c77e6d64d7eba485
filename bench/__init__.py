"""Measures Fairlead against its performance targets, all of which stand in bench/targets.py.

`python -m bench` counts and takes ratios in one process; `python -m bench.served` serves Fairlead and its peers side by
side; `python -m bench.growth` fills tables and measures what grows. Nothing here asserts a timing. docs/performance.md
tells how to read the tables.
"""
