"""Loads the shared fixtures (tests/fixtures.py), except where Django is not installed: the engine's own
tests.
"""

from importlib.util import find_spec

pytest_plugins = ["tests.fixtures"] if find_spec("django") else []
