"""`hours`: go one way while the company is open, another while it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ivr.flow.kinds.node import Node, Path
from ivr.flow.moves import Go, Move, ToPerson
from ivr.flow.names import Name, Target
from ivr.flow.scene import Scene


class Hours(Node):
    """Go one way while the company is open, another while it is closed.

    The hours themselves, with their time zone and holidays, are in `config.yaml`.

    ```yaml
    are_we_open:
      kind: hours
      schedule: customer_service
      open: ring_the_team
      closed: leave_a_message
      holiday: leave_a_message
    ```
    """

    kind: Literal["hours"]
    schedule: Name
    """A schedule of `config.yaml`."""
    open: Target
    """Where the call goes while the schedule is open."""
    closed: Target
    """Where it goes while it is closed."""
    holiday: Target | None = None
    """Where it goes on a holiday; like `closed` when left out."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("open",), self.open
        yield ("closed",), self.closed
        if self.holiday is not None:
            yield ("holiday",), self.holiday

    def enter(self, scene: Scene) -> Move:
        if self.schedule not in scene.around.schedules:
            return ToPerson("lost")
        state = scene.hours(self.schedule)
        if state == "open":
            return Go(self.open, because=state)
        if state == "holiday" and self.holiday is not None:
            return Go(self.holiday, because=state)
        return Go(self.closed, because=state)
