"""Whom Fairlead is served beside: for each package a small Django project, as its documentation sets it up.

Each has `settings.py`, `urls.py` and `calls.py`, whose `make(issuer=...)` makes the rows that its calls need and
returns the calls. Where a choice is not the package's own, it is the faster one: one renderer, kept connections.
"""
