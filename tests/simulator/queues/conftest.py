from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from ivr.simulator import Directory, EmbeddedCarrier, Line, Settings, SteppedClock
from tests.simulator.application import LINE, Application
from tests.simulator.queues.switchboard import AGENT_LINE, Switchboard

Open = Callable[..., Switchboard]


@pytest.fixture
def open_switchboard(app: Application) -> Iterator[Open]:
    """Opens a switchboard with settings of the test's own."""
    with ExitStack() as stack:

        def opened(**settings: object) -> Switchboard:
            directory = Directory(
                lines={
                    LINE: Line(LINE, f"{app.base}/voice"),
                    AGENT_LINE: Line(AGENT_LINE, f"{app.base}/agent"),
                }
            )
            chosen = Settings(**settings)  # type: ignore[arg-type]
            embedded = EmbeddedCarrier(directory, chosen, SteppedClock(auto=False))
            return Switchboard(stack.enter_context(embedded), app)

        yield opened


@pytest.fixture
def board(open_switchboard: Open) -> Switchboard:
    """A telephone company whose time moves only when the test lets it."""
    return open_switchboard()
