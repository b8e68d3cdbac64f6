"""Conferences, in which a caller and whoever serves them talk. Each is known by its name."""

from __future__ import annotations

from typing import Any

from ivr.carrier.rest.account import Account, text_of
from ivr.carrier.rest.calls import LEAST_RING_TIME, RING_TIME_ADDED, STATUS_EVENTS
from ivr.carrier.rest.errors import GoneError, told_apart


class Conferences(Account):
    """Conferences at the carrier.

    A participant is named by their label or their call. Every method raises GoneError when there is
    no such conference under way or no such participant in it, and CarrierError.
    """

    def add_participant(
        self,
        conference: str,
        to: str,
        from_: str,
        label: str,
        *,
        muted: bool = False,
        coach: str = "",
        beep: bool = False,
        ends_it: bool = False,
        status_url: str = "",
        timeout: float = 60.0,
    ) -> str:
        """Ring an address for `timeout` seconds, and let whoever answers in; the call's id.

        `coach`: the call whose party alone hears them. `ends_it`: it is over when they leave. The
        conference begins with them if there is none of this name.
        """
        wishes: dict[str, Any] = {}
        if coach:
            wishes |= {"coaching": True, "call_sid_to_coach": coach}
        if status_url:
            wishes |= {
                "status_callback": status_url,
                "status_callback_event": list(STATUS_EVENTS),
            }
        with told_apart(f"a participant of {conference}"):
            participant = self._client.conferences(conference).participants.create(
                to=to,
                from_=from_,
                label=label,
                muted=muted,
                beep="true" if beep else "false",
                end_conference_on_exit=ends_it,
                early_media=False,
                timeout=max(round(timeout) - RING_TIME_ADDED, LEAST_RING_TIME),
                **wishes,
            )
            return text_of(participant.call_sid)

    def participants(self, conference: str) -> dict[str, str]:
        """The label of everybody in it, or an empty one, by the call."""
        sid = self._under_way(conference)
        with told_apart(f"the conference {conference}"):
            found = self._client.conferences(sid).participants.list()
            return {text_of(one.call_sid): str(one.label or "") for one in found}

    def hold(self, conference: str, label: str, on: bool, url: str = "") -> None:
        """Put a participant on hold, who hears the document at `url`, or take them back."""
        wishes = {"hold_url": url, "hold_method": "POST"} if on and url else {}
        self._change(conference, label, hold=on, **wishes)

    def mute(self, conference: str, label: str, on: bool) -> None:
        """Have the others not hear a participant, or hear them again."""
        self._change(conference, label, muted=on)

    def coach(self, conference: str, label: str, whom: str) -> None:
        """Have a participant be heard by this call's party alone, or with `""` by everybody."""
        wishes = {"coaching": True, "call_sid_to_coach": whom} if whom else {"coaching": False}
        self._change(conference, label, **wishes)

    def end_on_exit(self, conference: str, label: str, on: bool) -> None:
        """Have the conference end when this participant leaves, or go on."""
        self._change(conference, label, end_conference_on_exit=on)

    def remove_participant(self, conference: str, label: str) -> None:
        """Put a participant out; their call goes on with what comes after the conference."""
        sid = self._under_way(conference)
        with told_apart(f"{label} in the conference {conference}"):
            self._client.conferences(sid).participants(label).delete()

    def end_conference(self, conference: str) -> None:
        """Put everybody out; their calls go on with what comes after it."""
        sid = self._under_way(conference)
        with told_apart(f"the conference {conference}"):
            self._client.conferences(sid).update(status="completed")

    def conferences_under_way(self) -> tuple[str, ...]:
        """The names of all conferences that have begun and not ended. One request for each
        thousand."""
        with told_apart("the conferences"):
            found = self._client.conferences.list(status="in-progress", page_size=1_000)
            return tuple(text_of(one.friendly_name) for one in found)

    def _change(self, conference: str, label: str, **wishes: Any) -> None:
        sid = self._under_way(conference)
        with told_apart(f"{label} in the conference {conference}"):
            self._client.conferences(sid).participants(label).update(**wishes)

    def _under_way(self, conference: str) -> str:
        """The id of the conference of this name that is under way. Only a new participant can be
        asked for by the name."""
        with told_apart(f"the conference {conference}"):
            found = self._client.conferences.list(friendly_name=conference, limit=5, page_size=5)
        for one in found:
            if one.status in ("init", "in-progress"):
                return text_of(one.sid)
        raise GoneError(f"The conference {conference} is over, or never began.")
