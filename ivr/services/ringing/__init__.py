"""What must happen for a reservation, each a handler of one kind of due record.

Every handler can be repeated, and can die at any moment: it reads how things stand, and what it
asks of the carrier is written before, or looked up before it is asked again.
"""

from __future__ import annotations

from collections.abc import Mapping

from redis import Redis

from ivr.carrier.rest import Carrier
from ivr.config import Config
from ivr.services.due import Handler
from ivr.services.ringing.agent import RingAgent
from ivr.services.ringing.desk import Desk
from ivr.services.ringing.ending import EndReservation
from ivr.services.ringing.meeting import CutOff, Meeting


def ringing_handlers(
    config: Config,
    redis: Redis,
    carrier: Carrier,
    bring_callback: Handler | None = None,
    cut_off: CutOff | None = None,
) -> Mapping[str, Handler]:
    """The handlers by the kind of record. `bring_callback` brings those who are to be rung back;
    `cut_off` is told of one whose agent had gone."""
    desk = Desk(config, redis, carrier)
    parts = (RingAgent(desk), EndReservation(desk), Meeting(desk, bring_callback, cut_off))
    return {kind: handler for part in parts for kind, handler in part.handlers.items()}


__all__ = ["ringing_handlers"]
