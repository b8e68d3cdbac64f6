"""A supervisor in a talk: heard by nobody, or by the agent alone."""

from __future__ import annotations

import secrets

from pydantic import TypeAdapter, ValidationError

from ivr.carrier.rest import Carrier, GoneError
from ivr.services.agents.service import AgentService
from ivr.staff import Address

_ADDRESS: TypeAdapter[str] = TypeAdapter(Address)


class CannotListen(Exception):
    """There is nothing to listen to, or nobody to ring; says why."""


class Listening:
    """Rings supervisors, whom the carrier puts into the talk when they answer."""

    def __init__(self, service: AgentService, carrier: Carrier, shown: str) -> None:
        """`shown`: our number (E.164) that they see."""
        self._service = service
        self._carrier = carrier
        self._shown = shown

    def listen(self, name: str, to: str, *, coaches: bool = False) -> str:
        """Ring `to`, who then hears the talk of that agent; whoever `coaches` is heard by the agent
        alone. The id of the call. Raises CannotListen, UnknownAgent, CarrierError, StoreDown."""
        self._service.staff.agent(name)
        try:
            address = _ADDRESS.validate_python(to)
        except ValidationError as error:
            why = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
            raise CannotListen(why) from None
        agent = self._service.agents.read(name)
        reservation = agent.reservation if agent is not None else ""
        found = self._service.agents.reservation(reservation) if reservation else None
        if found is None or found.state != "accepted":
            raise CannotListen(f"The agent {name} talks to nobody just now.")
        try:
            there = self._carrier.participants(found.conference)
        except GoneError:
            there = {}
        if found.leg not in there:
            # Adding somebody would begin a conference of their own.
            raise CannotListen(f"The agent {name} is not in the conversation just now.")
        return self._carrier.add_participant(
            found.conference,
            address,
            self._shown,
            f"supervisor-{secrets.token_hex(4)}",
            muted=not coaches,
            coach=found.leg if coaches else "",
        )
