from collections.abc import Iterator

import pytest

from ivr.simulator import Directory, EmbeddedCarrier, Line, Settings, SteppedClock
from ivr.simulator.messaging.services import read_services
from tests.simulator.application import LINE, Application
from tests.simulator.messaging.office import SECOND_LINE, Office


@pytest.fixture
def settings() -> Settings:
    """How the network behaves; override it to change that."""
    return Settings()


@pytest.fixture
def services() -> dict[str, object]:
    """The Messaging Services of the directory, as in its file."""
    return {}


@pytest.fixture
def office(app: Application, settings: Settings, services: dict[str, object]) -> Iterator[Office]:
    """A network with two lines whose time moves on only when a test says so."""
    directory = Directory(
        lines={
            LINE: Line(LINE, f"{app.base}/voice", sms_url=f"{app.base}/text"),
            SECOND_LINE: Line(SECOND_LINE, f"{app.base}/voice"),
        },
        services=read_services(services, "services"),
    )
    with EmbeddedCarrier(directory, settings, SteppedClock(auto=False)) as carrier:
        yield Office(carrier, app)
