"""Tells what is wrong with a provider: the admin's test and `manage.py doctor`. Knows no page."""
