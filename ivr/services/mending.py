"""Holding our line against the carrier's, and mending what differs: a callback that was lost must
leave nobody in a line who has hung up, nobody at the carrier whom we do not know, no agent engaged
for nobody.

A few questions tell how all calls stand. They are already old when they are answered: whatever
looks wrong is asked for by itself before anything is changed.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from redis import Redis

from ivr import log
from ivr.carrier.rest import Carrier, CarrierError, GoneError
from ivr.carrier.rest.calls import MANY_CALLS, UnderWay
from ivr.config import Config
from ivr.services.due import Done, Handler, PutOff, failed_attempt
from ivr.store.agents import Agent, AgentStore
from ivr.store.due import DueRecord
from ivr.store.line import LineStore
from ivr.store.mending import MEND_LINE, LineMended, MendStore, What

logger = logging.getLogger(__name__)

# Seconds between two comparisons.
EVERY = 30.0
# Seconds for which something may look wrong: the carrier and we learn of a change in turn.
GRACE = 15.0
# Seconds that whoever leaves the line is left to be brought to an agent, or to where they wanted.
ON_THE_WAY = 60.0
# Calls that are asked for by themselves in one comparison; the others wait for the next.
MOST_ASKED = 50
IN_PROGRESS: UnderWay = "in-progress"


class Mending:
    """Handles mend_line."""

    def __init__(self, config: Config, redis: Redis, carrier: Carrier) -> None:
        self._config = config
        self._carrier = carrier
        self._store = MendStore(redis)
        self._lines = LineStore(redis)
        self._agents = AgentStore(redis)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {MEND_LINE: self.mend}

    def mend(self, record: DueRecord, now: float) -> Done | PutOff:
        """Compare everything once. Raises StoreDown."""
        engaged = self._store.engaged()
        for agent in engaged:
            self._free(agent, now)
        talks = {agent.reservation: agent for agent in engaged if agent.reservation}
        waiting = self._store.waiting(self._config.queues)
        try:
            # The account may have queues that are none of ours.
            found = self._carrier.queue_members(self._config.queues)
            members = {member.call: member.since for member in found}
            if waiting or talks:
                there = self._carrier.calls_under_way(IN_PROGRESS)
                if len(there) < MANY_CALLS:
                    known = frozenset(call.id for call in there)
                    given = self._mend_talks(talks, known, now)
                    self._mend_places((waiting | given) - known, now)
            self._mend_members(members, waiting, now)
        except CarrierError as error:
            later = failed_attempt(record, now)
            logger.warning("The line could not be compared with the carrier's: %s", error)
            return PutOff(min(later.until, now + 4 * EVERY), later.attempts)
        return PutOff(now + EVERY)

    def _free(self, agent: Agent, now: float) -> None:
        wrong = self._store.free(agent.name, now, GRACE)
        if wrong is not None:
            logger.warning("%s was %s for nobody; mended.", agent.name, wrong)
            self._tell(wrong, agent.name, "", now)

    def _mend_places(self, missing: frozenset[str], now: float) -> None:
        """Those who wait and have no call under way, as far as was told."""
        standings = self._store.standings(sorted(missing))
        suspects = [
            place
            for place, standing in standings.items()
            if standing.kind == "live" and standing.joined < now - GRACE
        ]
        for place in suspects[:MOST_ASKED]:
            if not self._is_over(place):
                continue
            with log.about_call(place):
                if self._lines.leave(place, "vanished", now):
                    logger.warning("Nobody told that somebody who waited has hung up; mended.")
                    self._tell("vanished", place, place, now)

    def _mend_talks(
        self, talks: Mapping[str, Agent], known: frozenset[str], now: float
    ) -> frozenset[str]:
        """Talks whose agent has no call under way, as far as was told. Gives the places of those
        for whom agents are being rung."""
        asked = 0
        given = set()
        for reservation_id, agent in talks.items():
            found = self._agents.reservation(reservation_id)
            if found is not None and found.state == "offered":
                given.add(found.place)
            if found is None or found.state != "accepted" or found.leg in known:
                continue
            asked += 1
            if asked > MOST_ASKED or not self._is_over(found.leg):
                continue
            settings = self._config.queues.get(found.queue)
            wrap_up = now + (settings.wrap_up if settings is not None else 0)
            if self._agents.end_talk(found.id, wrap_up, now):
                logger.warning("Nobody told that the talk of %s is over; mended.", agent.name)
                self._tell("talk", found.id, "", now)
        return frozenset(given)

    def _mend_members(
        self, members: Mapping[str, float], waiting: frozenset[str], now: float
    ) -> None:
        """Those who wait at the carrier and in no line of ours: they would wait for ever."""
        unknown = [call for call, since in members.items() if since < now - GRACE]
        standings = self._store.standings(call for call in unknown if call not in waiting)
        for call in unknown:
            if call in waiting:
                continue
            standing = standings.get(call)
            if standing is not None and (
                standing.state in ("waiting", "reserved")
                or (standing.ended is not None and standing.ended > now - ON_THE_WAY)
            ):
                continue
            with log.about_call(call):
                self._rescue(call, now)

    def _rescue(self, call: str, now: float) -> None:
        # The fallback needs no store and no flow: an apology, and somebody who answers.
        url = f"{self._config.web.public_url}/voice/fallback"
        try:
            self._carrier.redirect(call, url)
        except GoneError:
            return
        logger.error(
            "Somebody waited at the carrier and stood in no line; they were led to the fallback "
            "number."
        )
        self._tell("not_in_line", call, call, now)

    def _is_over(self, call: str) -> bool:
        """Raises CarrierError."""
        try:
            return self._carrier.call_status(call).status != IN_PROGRESS
        except GoneError:
            return True

    def _tell(self, what: What, about: str, call: str, now: float) -> None:
        self._store.tell(LineMended(what, about), call, now)
