"""What holds for every test."""

import os

import pytest
from hypothesis import settings

# A busy machine is no reason to fail: no test is judged by how long it took.
# Where a test does not say how many examples it needs, `make slow` tries more.
settings.register_profile("ringback", deadline=None, max_examples=50)
settings.register_profile("slow", deadline=None, max_examples=200)
settings.load_profile("slow" if "RINGBACK_SLOW" in os.environ else "ringback")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked as slow is left to `make slow`."""
    if "RINGBACK_SLOW" in os.environ:
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]
