"""One conference: who is in it, when it starts and ends, and what is asked of its participants."""

import asyncio
from typing import TYPE_CHECKING

from ivr.simulator.call import Call
from ivr.simulator.conferences.events import Events
from ivr.simulator.conferences.loudspeaker import Loudspeaker, play
from ivr.simulator.conferences.participant import Participant
from ivr.simulator.conferences.speech import Speech
from ivr.simulator.conferences.taping import Tape
from ivr.simulator.conferences.wishes import Listener, Music, Taping, Wishes
from ivr.simulator.inputs import Fetch, Input
from ivr.simulator.sids import new_sid

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier

ENOUGH_TO_START = 2
VIA_API = "conference-ended-via-api"
REASONS = {
    VIA_API: "Conference ended via API",
    "last-participant-left": "The last participant, {call}, left",
    "last-participant-kicked": "The last participant, {call}, was kicked",
    "participant-with-end-conference-on-exit-left":
        "Participant {call} with endConferenceOnExit=true left",
    "participant-with-end-conference-on-exit-kicked":
        "Participant {call} with endConferenceOnExit=true was kicked",
}  # fmt: skip


class Conference:
    """A room of the account. `status` is "init" until it starts, "in-progress", or "completed"."""

    def __init__(self, carrier: "Carrier", name: str) -> None:
        self.carrier = carrier
        self.sid = new_sid("CF")
        self.name = name
        self.region = ""
        self.status = "init"
        self.created_at = self.updated_at = carrier.clock.now()
        self.reason_ended = ""
        self.ended_by: Participant | None = None
        self.listener: Listener | None = None
        self.events = Events(self)
        self._members: dict[str, Participant] = {}
        self._opened = False
        self._ending = False
        self._taping: Taping | None = None
        self._tape: Tape | None = None
        self._speech = Speech(self)
        self._announcements: set[asyncio.Task[None]] = set()

    @property
    def participants(self) -> list[Participant]:
        """Who is in the conference or being phoned for it, oldest first."""
        return list(self._members.values())

    @property
    def present(self) -> list[Participant]:
        """Who is in the conference."""
        return [participant for participant in self._members.values() if participant.place == "in"]

    @property
    def is_over(self) -> bool:
        return self._ending

    def find(self, key: str) -> Participant | None:
        """The participant of that call identifier or label."""
        found = (p for p in self._members.values() if key and key in (p.call.sid, p.label))
        return next(found, None)

    def expect(self, call: Call, wishes: Wishes) -> Participant:
        """A telephone is to be rung for this conference; see `admit`."""
        participant = Participant(self, call, wishes)
        self._members[call.sid] = participant
        return participant

    def admit(self, participant: Participant) -> None:
        """Somebody comes in; a second time has no effect."""
        if participant.place != "coming" or self._ending:
            return
        participant.place = "in"
        self._take_over_wishes(participant.wishes)
        self._touch(participant)
        self.events.send("participant-join", participant)
        participant.call.tell("joined", conference=self.name, participant=participant.label)
        if self.status == "init" and self._can_start():
            self._start()
        participant.changed()
        if self.status == "in-progress" and participant.wishes.beep in ("true", "onEnter"):
            self._beep(participant)
        if participant.call.status == "ringing":
            for other in self._others(participant):
                other.call.tell("ringing")

    def leave(self, participant: Participant, reason: str, *, kicked: bool = False) -> None:
        """Somebody is out: `reason` is one of Twilio's; a second time has no effect."""
        if participant.place == "out":
            return
        was_in = participant.place == "in"
        del self._members[participant.call.sid]
        participant.gone()
        self._speech.stop(participant)
        self._take_over_wishes(participant.wishes)
        self._touch()
        if was_in:
            participant.call.tell("left", conference=self.name, reason=reason)
        extra = [
            ("ParticipantCallStatus", participant.call.status),
            ("ReasonParticipantLeft", reason),
        ]
        self.events.send("participant-leave", participant, extra)
        if self.status == "in-progress" and participant.beep_on_exit and was_in:
            self._beep(participant)
        if self._ending:
            return
        how = "kicked" if kicked else "left"
        if was_in and participant.end_on_exit:
            self.end(f"participant-with-end-conference-on-exit-{how}", participant)
        elif not self._members:
            self.end(f"last-participant-{how}", participant)

    def kick(self, participant: Participant) -> None:
        """Take somebody out; the call goes on with what comes after its Dial."""
        self._dismiss(participant, "participant_updated_via_api", kicked=True)

    def end(self, reason: str, by: Participant | None = None) -> None:
        """Everybody is out; `reason` is one of Twilio's. A second time has no effect."""
        if self._ending:
            return
        self._ending = True
        left = "conference_ended_via_api" if reason == VIA_API else "moderator_ended_conference"
        for participant in self.participants:
            self._dismiss(participant, left)
        for announcement in self._announcements:
            announcement.cancel()
        if self._tape is not None:
            self._tape.stop()
        self.status, self.reason_ended, self.ended_by = "completed", reason, by
        self._touch()
        call = by.call.sid if by is not None else ""
        extra = [("CallSidEndingConference", call)] if call else []
        if by is not None and by.label:
            extra.append(("ParticipantLabelEndingConference", by.label))
        extra += [("ReasonConferenceEnded", reason), ("Reason", REASONS[reason].format(call=call))]
        self.events.send("conference-end", extra=extra)

    def _dismiss(self, participant: Participant, reason: str, *, kicked: bool = False) -> None:
        participant.forget()
        if not participant.attended:
            participant.release()
        self.leave(participant, reason, kicked=kicked)
        if participant.attended:
            participant.release()

    def mute(self, participant: Participant, on: bool) -> None:
        """Let nobody hear this participant, or let them be heard again."""
        if participant.muted == on:
            return
        participant.muted = on
        self._speech.stop(participant)
        self._touch(participant)
        self.events.send("participant-mute" if on else "participant-unmute", participant)
        participant.call.tell("muted" if on else "unmuted")
        participant.changed()

    def put_on_hold(self, participant: Participant, on: bool, music: Music | None = None) -> None:
        """Take a participant out of the conversation, with music, or back into it."""
        if music is not None:
            participant.hold_music = music
        if participant.hold == on:
            participant.changed()
            return
        participant.hold = on
        self._speech.stop(participant)
        self._touch(participant)
        self.events.send("participant-hold" if on else "participant-unhold", participant)
        participant.call.tell("held" if on else "unheld")
        participant.changed()

    def modified(self, participant: Participant) -> None:
        """A participant's exit, coaching or waiting music are different from now on."""
        self._touch(participant)
        self.events.send("participant-modify", participant)
        participant.changed()

    def hear(self, participant: Participant, item: Input) -> None:
        """A participant does something; those who may hear it do."""
        self._speech.hear(participant, item)

    def announce(self, source: Fetch, to: Participant | None = None) -> None:
        """Let a document be heard by everybody, or by one participant."""
        task = self.carrier.spawn(self._announce(source, to))
        self._announcements.add(task)
        task.add_done_callback(self._announcements.discard)

    async def _announce(self, source: Fetch, to: Participant | None) -> None:
        if to is not None:
            speaker = Loudspeaker(self.carrier, lambda: _calls([to]), like=to.call)
        else:
            speaker = Loudspeaker(
                self.carrier, lambda: _calls(self.present), sid=self.sid,
                fields=self.events.identity(),
            )  # fmt: skip
        if not await play(speaker, source) or self._ending:
            return
        still_here = to if to is not None and to.place == "in" else None
        self.events.send("announcement-end", still_here, [("AnnounceUrl", source.url)])

    def _can_start(self) -> bool:
        present = self.present
        enough = len(present) >= ENOUGH_TO_START
        return enough and any(participant.wishes.start_on_enter for participant in present)

    def _start(self) -> None:
        self.status = "in-progress"
        self._touch()
        self.events.send("conference-start")
        if self._taping is not None:
            self._tape = Tape(self, self._taping)
        for participant in self.present:
            participant.changed()

    def _take_over_wishes(self, wishes: Wishes) -> None:
        """What only the first to come in decides."""
        self.region = self.region or wishes.region
        self._taping = self._taping or wishes.taping
        if not self._opened:
            self._opened, self.listener = True, wishes.listener

    def _others(self, participant: Participant) -> list[Participant]:
        return [other for other in self.present if other is not participant and other.hears]

    def _beep(self, because_of: Participant) -> None:
        for other in self._others(because_of):
            other.call.heard += 1
            other.call.tell("beep")

    def _touch(self, participant: Participant | None = None) -> None:
        self.updated_at = self.carrier.clock.now()
        if participant is not None:
            participant.updated_at = self.updated_at


def _calls(participants: list[Participant]) -> list[Call]:
    return [participant.call for participant in participants if participant.connected]
