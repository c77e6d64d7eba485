"""Fixtures of the whole suite."""

pytest_plugins = ["tests.providers.fixtures", "tests.servers", "tests.browser.fixtures"]
