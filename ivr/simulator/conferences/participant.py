"""One participant: a call that is on its way into a conference, or in it."""

import asyncio
from typing import TYPE_CHECKING

from ivr.simulator.call import Call
from ivr.simulator.callbacks import NEVER_PLACED
from ivr.simulator.conferences.loudspeaker import Loudspeaker, play
from ivr.simulator.conferences.wishes import LENGTH_OF_ITS_OWN, TWILIOS_OWN, Music, Wishes
from ivr.simulator.inputs import Fetch, Interrupt, PeerChanged

if TYPE_CHECKING:
    from ivr.simulator.conferences.conference import Conference

STATUSES = {
    "queued": "queued", "initiated": "connecting", "ringing": "ringing",
    "in-progress": "connected", "completed": "complete",
}  # fmt: skip
HOLD_METHOD = "GET"


class Released(Interrupt):
    """The participant is in the conference no longer; `status` is what the Dial came to."""

    def __init__(self, status: str = "answered") -> None:
        self.status = status


class Participant:
    """`place` is "coming" while the telephone is rung, "in", or "out"."""

    def __init__(self, conference: "Conference", call: Call, wishes: Wishes) -> None:
        self.conference = conference
        self.call = call
        self.label = wishes.label
        self.wishes = wishes
        self.place = "coming"
        self.muted = wishes.muted
        self.hold = False
        self.coach = wishes.coach
        self.end_on_exit = wishes.end_on_exit
        self.beep_on_exit = wishes.beep in ("true", "onExit")
        self.wait_music = wishes.music
        self.hold_music = Music(None, HOLD_METHOD)
        self.created_at = self.updated_at = call.carrier.clock.now()
        self.attended = False
        """Whether the call is at its Dial, which then takes note of what happens here."""
        self.star_leaves = False
        """Whether the key ``*`` takes this participant out."""
        self.talked = False
        """Whether this participant was connected with others."""
        self._told: tuple[bool, bool] | None = None
        """Whether the Dial knows that the participant may speak, and hears the others."""
        self._heard: tuple[str, Music] | None = None
        self._music: asyncio.Task[None] | None = None
        call.watchers.append(self._call_changed)

    @property
    def coaching(self) -> bool:
        return bool(self.coach)

    @property
    def status(self) -> str:
        """How Twilio calls the state of this participant's call."""
        return STATUSES.get(self.call.status, "failed")

    @property
    def connected(self) -> bool:
        """Whether this participant's voice and ear are on the line."""
        return self.place == "in" and self.call.status == "in-progress"

    @property
    def hears(self) -> bool:
        """Whether this participant hears what is said in the room."""
        return self.connected and not self.hold and self.conference.status == "in-progress"

    @property
    def speaks(self) -> bool:
        """Whether anybody could hear this participant."""
        return self.hears and not self.muted

    def changed(self) -> None:
        """Let what is heard follow from the state of this participant and of the conference."""
        if self.hears and not self.talked:
            self.talked = True
            self.call.tell("connected", number=self.conference.name)
        self._tune()
        if self.attended and self.place == "in":
            self.call.listening = self.speaks or self.star_leaves
            if self._told != (self.speaks, self.hears):
                self._told = (self.speaks, self.hears)
                self.call.nudge(PeerChanged())

    def gone(self) -> None:
        """This participant is out, and hears nothing of the conference any more."""
        self.place = "out"
        self._stop_music()
        self.forget()

    def forget(self) -> None:
        """Take no note any more of how the call goes."""
        if self._call_changed in self.call.watchers:
            self.call.watchers.remove(self._call_changed)

    def release(self, status: str = "answered") -> None:
        """Let the call go on with what comes after its Dial; without a Dial, the call ends."""
        call = self.call
        if self.attended:
            if call.interrupt is None:
                call.cut_short(Released(status))
        elif call.answered_at is not None:
            call.end("completed", "taken out of the conference")
        elif call.status == "queued":
            call.end("canceled", NEVER_PLACED)
        else:
            call.end("canceled", "no longer wanted in the conference")

    def _call_changed(self, event: str) -> None:
        if event == "ringing" and self.wishes.early_media:
            self.conference.admit(self)
        elif event == "completed":
            answered = self.call.answered_at is not None
            reason = "participant_hung_up" if answered else "participant_add_failed"
            self.conference.leave(self, reason)
        elif event == "answered" and self.place == "in":
            self.changed()

    def _tune(self) -> None:
        """Begin or stop what is played to this participant alone."""
        wanted = self._wanted_music()
        if wanted == self._heard:
            return
        self._stop_music()
        self._heard = wanted
        if wanted is None:
            return
        kind, music = wanted
        if music.url is None:
            self.call.heard += 1
            self.call.tell("played", url=TWILIOS_OWN, seconds=LENGTH_OF_ITS_OWN)
        elif music.url:
            source = Fetch(music.url, music.method, purpose=kind)
            self._music = self.call.carrier.spawn(self._play(kind, source))

    def _wanted_music(self) -> tuple[str, Music] | None:
        if not self.connected:
            return None
        if self.hold:
            return "hold", self.hold_music
        return ("wait", self.wait_music) if self.conference.status == "init" else None

    async def _play(self, kind: str, source: Fetch) -> None:
        speaker = Loudspeaker(self.call.carrier, lambda: [self.call], like=self.call)
        if not await play(speaker, source) and kind == "wait":
            self._music = None
            self.conference.leave(self, "participant_add_failed")
            self.release("failed")

    def _stop_music(self) -> None:
        music, self._music, self._heard = self._music, None, None
        if music is not None:
            music.cancel()
