"""Texts that have not arrived: what somebody who rings is told of them by voice."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct
from redis import Redis

from ivr.callbacks.states import ENDS
from ivr.flow.callback_talk import KnownCallback, UntoldText
from ivr.store.callbacks import StoredCallback
from ivr.store.outbox import OutboxStore, OutboxText, StoredText

ASKED_FOR = "information"
"""The kind of text that a caller asked for in a flow; all others tell of a callback."""
_NOT_SPOKEN = re.compile(r"https?:|www\.|@|[a-z0-9-]{2,}\.[a-z]{2,}(?:[/?]|\b)", re.IGNORECASE)
"""A link or an address, which nobody can write down as fast as it is read."""


class Untold(Struct, frozen=True):
    """Of one number, in the order in which they were wanted."""

    texts: tuple[StoredText, ...] = ()

    @property
    def to_read(self) -> tuple[UntoldText, ...]:
        """Those that they asked for in a call."""
        return tuple(
            UntoldText(one.id, one.text.language, spoken(one.text))
            for one in self.texts
            if one.text.kind == ASKED_FOR
        )

    @property
    def subjects(self) -> frozenset[str]:
        """The callbacks of which something is to be told."""
        return frozenset(one.text.subject for one in self.texts if one.text.kind != ASKED_FOR)

    def about(
        self, known: KnownCallback | None, callbacks: Iterable[StoredCallback]
    ) -> tuple[str, ...]:
        """Those whose news is told by how the callback that is `known` stands. What concerns one of
        theirs that has ended before is no news any more."""
        if known is None:
            return ()
        of_them = {one.id for one in callbacks if one.callback.state in ENDS} | {known.id}
        return tuple(
            one.id
            for one in self.texts
            if one.text.kind != ASKED_FOR and one.text.subject in of_them
        )


class UntoldTexts:
    """Raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._outbox = OutboxStore(redis)

    def of(self, ids: Iterable[str]) -> Untold:
        """Of these texts those that are known still. One round trip where there are any."""
        wanted = tuple(ids)
        return Untold(tuple(self._outbox.read_all(wanted))) if wanted else Untold()

    def talked(self, number: str, callback: str) -> None:
        """The person of the number talks to us: what texts about their callback were to tell is no
        news any more. Two or three round trips."""
        heard = [
            one.id
            for one in self._outbox.untold(number)
            if one.text.kind != ASKED_FOR and one.text.subject == callback
        ]
        self._outbox.told_by_voice(number, heard)


def spoken(text: OutboxText) -> str:
    """What is read out of it; nothing of a text with a link, or with something private in it, which
    was meant for the eyes of whoever has the telephone of that number."""
    private = text.shown != text.text
    return "" if private or _NOT_SPOKEN.search(text.text) else text.text
