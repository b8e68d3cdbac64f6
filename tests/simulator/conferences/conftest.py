from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from ivr.simulator import Directory, EmbeddedCarrier, Line, SteppedClock
from ivr.simulator.settings import Settings
from tests.simulator.application import LINE, Application, Network
from tests.simulator.conferences.room import Room


@pytest.fixture
def network(app: Application, line: Line) -> Iterator[Network]:
    """A network that places calls at once: telephones here keep time from moving."""
    directory, settings = Directory(lines={LINE: line}), Settings(calls_per_second=0)
    with (
        EmbeddedCarrier(directory, settings, SteppedClock()) as carrier,
        carrier.phone() as phone,
    ):
        yield Network(carrier, app, phone)


@pytest.fixture
def room(network: Network) -> Iterator[Room]:
    with ExitStack() as stack:
        yield Room(network, stack)
