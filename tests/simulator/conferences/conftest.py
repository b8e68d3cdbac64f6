from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.simulator.application import Network
from tests.simulator.conferences.room import Room


@pytest.fixture
def room(network: Network) -> Iterator[Room]:
    with ExitStack() as stack:
        yield Room(network, stack)
