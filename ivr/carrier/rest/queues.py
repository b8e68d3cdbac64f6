"""The carrier's own queues, in which callers wait until they are sent for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ivr.carrier.rest.account import Account, text_of
from ivr.carrier.rest.errors import GoneError, told_apart

PAGE = 1_000
"""Members that one request tells."""


@dataclass(frozen=True, slots=True)
class Member:
    """A call that waits; `since` is in seconds since 1970."""

    call: str
    queue: str
    since: float


class Queues(Account):
    """Queues at the carrier. One is made when the first caller is put into it."""

    def queue_members(self, names: Collection[str] | None = None) -> tuple[Member, ...]:
        """Everybody who waits in the queues of these names, or in any. One request for the queues,
        and one for each thousand who wait in one. Raises CarrierError."""
        members: list[Member] = []
        with told_apart("the queues"):
            queues = self._client.queues.list(page_size=PAGE)
        for queue in queues:
            if not queue.current_size or (names is not None and queue.friendly_name not in names):
                continue
            try:
                with told_apart(f"the queue {queue.friendly_name}"):
                    found = self._client.queues(queue.sid).members.list(page_size=PAGE)
                    members += [
                        Member(
                            text_of(member.call_sid),
                            text_of(queue.friendly_name),
                            member.date_enqueued.timestamp(),
                        )
                        for member in found
                    ]
            except GoneError:
                # It was taken away meanwhile, so nobody waits in it.
                continue
        return tuple(members)
