"""The distributions made from this tree: `fairlead`, and `fairlead-accounts`, which holds `accounts` alone.

The packages inside a distribution are named in its pyproject.toml: the one at the root, and accounts/ beside this file.
Each is built from a copy that holds the files git knows and nothing else, so that neither a `build/` of an earlier day
nor a file somebody left in a package gets into a wheel.
"""
