"""Documents that are heard beside what a call is doing: waiting and hold music, announcements."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import aiohttp

from ivr.simulator.call import Call
from ivr.simulator.far_end import FarEnd
from ivr.simulator.inputs import Fetch
from ivr.simulator.session import Session

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier

VERBS = frozenset({"Play", "Say", "Pause", "Redirect"})
INVALID_VERB = 13238
SEEN = frozenset({"request", "warning", "error"})


class Loudspeaker(Call):
    """Stands in for a leg on which a document is carried out that others hear.

    To the application it is the call `like`; without one it is no call at all.
    """

    def __init__(
        self,
        carrier: "Carrier",
        audience: Callable[[], Iterable[Call]],
        *,
        like: Call | None = None,
        sid: str = "",
    ) -> None:
        super().__init__(
            carrier,
            direction=like.direction if like else "",
            caller=like.caller if like else "",
            called=like.called if like else "",
            far_end=FarEnd(),
            parent=like.parent if like else None,
        )
        self._limit.cancel()
        self.sid = like.sid if like else sid
        self.status = "in-progress"
        self._like = like
        self._audience = audience
        paces = [call.far_end.pace for call in audience()]
        self.far_end.pace = max(paces, default=1.0)

    @property
    def cookies(self) -> aiohttp.CookieJar:
        return self._like.cookies if self._like is not None else super().cookies

    def answer(self) -> None:
        """A loudspeaker is always on."""

    def tell(self, kind: str, **details: object) -> None:
        for call in self._audience():
            if kind not in SEEN:
                call.heard += 1
            call.tell(kind, **details)


async def play(speaker: Loudspeaker, source: Fetch) -> bool:
    """Let a document be heard to its end; false when the application failed."""
    session = Session(speaker.carrier, speaker, allowed=VERBS, forbidden=INVALID_VERB)
    return not await session.play_out(source)
