"""Measures Fairlead against its performance targets: `python -m bench`, or `make bench`.

Everything is a ratio, or a count, taken in one run in one process: absolute times tell more about the machine than
about the code. Nothing here asserts a timing. docs/performance.md tells how to read the table.
"""
