from collections.abc import Iterator

import pytest

from ivr.simulator import Directory, EmbeddedCarrier, Line, SteppedClock
from tests.simulator.application import LINE, Application, Network


@pytest.fixture
def app() -> Iterator[Application]:
    with Application() as application:
        yield application


@pytest.fixture
def line(app: Application) -> Line:
    """The line as tests configure it; override it to change the number's settings."""
    return Line(LINE, f"{app.base}/voice")


@pytest.fixture
def network(app: Application, line: Line) -> Iterator[Network]:
    directory = Directory(lines={LINE: line})
    with EmbeddedCarrier(directory, clock=SteppedClock()) as carrier, carrier.phone() as phone:
        yield Network(carrier, app, phone)
