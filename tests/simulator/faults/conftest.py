"""Faults in a network of one line, one application and one telephone."""

from collections.abc import Callable
from typing import Any

import pytest

from ivr.simulator.faults import Standing
from tests.simulator.application import Network

Put = Callable[..., Standing]


@pytest.fixture
def put(network: Network) -> Put:
    """Put a fault in force, in the words of a directory file."""

    def add(strikes: str, does: str, **more: Any) -> Standing:
        return network.carrier.carrier.faults.add({"strikes": strikes, "does": does, **more})

    return add
