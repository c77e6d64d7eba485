"""Fairlead and its peers behind real servers, in turns, in one run: `python -m bench.served`, or `make bench-peers`."""
