"""Every conference of the account, and who may enter one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivr.simulator.conferences.conference import Conference
from ivr.simulator.conferences.wishes import LONGEST_LABEL, MOST_PARTICIPANTS, Wishes
from ivr.simulator.sids import is_sid

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier

FULL = 16020


@dataclass(frozen=True)
class Codes:
    """Twilio's codes for what keeps somebody out, which TwiML and REST have each of their own."""

    bad_label: int
    label_in_use: int
    nobody_to_coach: int
    coached_on_hold: int


IN_TWIML = Codes(16023, 16025, 13240, 13240)
IN_REST = Codes(16024, 16026, 16028, 16027)


class Conferences:
    """The conferences that are under way, and the last that were."""

    def __init__(self, carrier: "Carrier") -> None:
        self._carrier = carrier
        self._conferences: dict[str, Conference] = {}
        self._active: dict[str, Conference] = {}

    def all(self) -> list[Conference]:
        """Every conference that is remembered, oldest first."""
        return list(self._conferences.values())

    def get(self, sid: str) -> Conference | None:
        """The conference of that identifier."""
        return self._conferences.get(sid)

    def active(self, key: str) -> Conference | None:
        """The conference of that name or identifier, unless it is over."""
        found = self._conferences.get(key) if is_sid(key, "CF") else self._active.get(key)
        return found if found is not None and not found.is_over else None

    def open(self, name: str) -> Conference:
        """The conference of that name; a new one when the last has ended."""
        conference = self.active(name)
        if conference is None:
            conference = Conference(self._carrier, name)
            self.add(conference)
        return conference

    def add(self, conference: Conference) -> None:
        """A new conference, the active one of its name from now on."""
        self._conferences[conference.sid] = self._active[conference.name] = conference
        self._forget()

    def _forget(self) -> None:
        most = self._carrier.settings.conferences
        over = [conference for conference in self._conferences.values() if conference.is_over]
        for conference in over[: max(len(over) - most, 0)]:
            del self._conferences[conference.sid]
            if self._active.get(conference.name) is conference:
                del self._active[conference.name]


def why_not(conference: Conference | None, wishes: Wishes, codes: Codes) -> tuple[int, str] | None:
    """The code and the reason for which somebody may not enter, if they may not."""
    label = wishes.label
    if len(label) > LONGEST_LABEL or is_sid(label, "CA") or "/" in label or "%2f" in label.lower():
        return codes.bad_label, f"the label {label[:LONGEST_LABEL]!r} is invalid"
    members = conference.participants if conference is not None else []
    if label and any(member.label == label for member in members):
        return codes.label_in_use, f"the label {label!r} is in use"
    limits = [wishes.most, *(member.wishes.most for member in members)]
    if len(members) >= min(*limits, MOST_PARTICIPANTS):
        return FULL, f"the conference has {len(members)} participants"
    return why_not_coach(conference, wishes.coach, codes) if wishes.coach else None


def why_not_coach(
    conference: Conference | None, coach: str, codes: Codes
) -> tuple[int, str] | None:
    """The code and the reason for which nobody can coach that call, if nobody can."""
    coached = conference.find(coach) if conference is not None else None
    if coached is None or coached.call.sid != coach or coached.place != "in":
        return codes.nobody_to_coach, f"the call {coach} is not in the conference"
    if coached.hold:
        return codes.coached_on_hold, f"the call {coach} is on hold"
    return None
