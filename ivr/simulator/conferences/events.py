"""What an application is told of a conference: callbacks, numbered without a gap."""

from collections.abc import Sequence
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivr.simulator.conferences.conference import Conference
    from ivr.simulator.conferences.participant import Participant

Extra = Sequence[tuple[str, str]]

GROUPS = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
    "participant-modify": "modify",
    "participant-speech-start": "speaker",
    "participant-speech-stop": "speaker",
    "announcement-end": "announcement",
}
"""Each event, and the word of ``statusCallbackEvent`` that asks for it."""


class Events:
    """The callbacks of one conference."""

    def __init__(self, conference: "Conference") -> None:
        self._conference = conference
        self._sequence = 0

    def send(self, event: str, participant: "Participant | None" = None, extra: Extra = ()) -> None:
        """Tell of an event, if it is one that was asked for."""
        conference = self._conference
        listener = conference.listener
        if listener is None or GROUPS[event] not in listener.events:
            return
        fields = self.common_fields()
        fields.append(("StatusCallbackEvent", event))
        if participant is not None:
            fields += _of(participant)
        conference.carrier.callbacks.send(
            None, listener.url, listener.method, [*fields, *extra], "conference-callback",
            key=conference.sid,
        )  # fmt: skip

    def identity(self) -> list[tuple[str, str]]:
        """Which conference of which account it is about."""
        conference = self._conference
        return [
            ("ConferenceSid", conference.sid),
            ("FriendlyName", conference.name),
            ("AccountSid", conference.carrier.settings.account_sid),
        ]

    def common_fields(self) -> list[tuple[str, str]]:
        """What every callback of this conference bears; the number is used up."""
        self._sequence += 1
        return [
            *self.identity(),
            ("SequenceNumber", str(self._sequence)),
            ("Timestamp", format_datetime(self._conference.carrier.clock.now())),
        ]


def _of(participant: "Participant") -> list[tuple[str, str]]:
    fields = [
        ("CallSid", participant.call.sid),
        ("Muted", _word(participant.muted)),
        ("Hold", _word(participant.hold)),
        ("Coaching", _word(participant.coaching)),
        ("EndConferenceOnExit", _word(participant.end_on_exit)),
        ("StartConferenceOnEnter", _word(participant.wishes.start_on_enter)),
    ]
    return fields + ([("ParticipantLabel", participant.label)] if participant.label else [])


def _word(value: bool) -> str:
    return "true" if value else "false"
