"""Documents that are heard beside what a call is doing: waiting and hold music, announcements."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import aiohttp

from ivr.simulator.call import Call
from ivr.simulator.far_end import FarEnd
from ivr.simulator.fields import standard_fields
from ivr.simulator.happenings import Told
from ivr.simulator.inputs import Fetch
from ivr.simulator.session import Session
from ivr.simulator.urls import Fields

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier

VERBS = frozenset({"Play", "Say", "Pause", "Redirect"})
INVALID_VERB = 13238
SEEN = frozenset({"request", "warning", "error"})
"""What a telephone shows and nobody hears."""


class Loudspeaker(Call):
    """Stands in for a leg on which a document is carried out that the audience hears.

    To the application its requests come from the call `like`; without one they bear `fields`.
    """

    def __init__(
        self,
        carrier: "Carrier",
        audience: Callable[[], Iterable[Call]],
        *,
        like: Call | None = None,
        sid: str = "",
        fields: Fields = (),
    ) -> None:
        super().__init__(carrier, direction="", caller="", called="", far_end=FarEnd())
        self._limit.cancel()
        self.sid = like.sid if like is not None else sid
        self.status = "in-progress"
        self._like = like
        self._fields = fields
        self._audience = audience
        self.far_end.pace = max((call.far_end.pace for call in audience()), default=1.0)

    @property
    def cookies(self) -> aiohttp.CookieJar:
        return self._like.cookies if self._like is not None else super().cookies

    @property
    def fields(self) -> Fields:
        """What every request for its documents bears."""
        return standard_fields(self._like) if self._like is not None else self._fields

    def answer(self) -> None:
        """A loudspeaker is always on."""

    def tell(self, kind: Told, **details: object) -> None:
        for call in self._audience():
            if kind not in SEEN:
                call.heard += 1
            call.tell(kind, **details)


class Playing(Session):
    """The run of documents on a loudspeaker."""

    def __init__(self, speaker: Loudspeaker) -> None:
        super().__init__(speaker.carrier, speaker, allowed=VERBS, forbidden=INVALID_VERB)
        self._speaker = speaker

    def fields(self, source: Fetch) -> list[tuple[str, str]]:
        return [*self._speaker.fields, *source.fields]


async def play(speaker: Loudspeaker, source: Fetch) -> bool:
    """Let a document be heard to its end; false when the application failed."""
    playing = Playing(speaker)
    await playing.play_out(source)
    return not playing.failed
