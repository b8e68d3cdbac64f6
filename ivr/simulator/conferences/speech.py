"""Who hears whom in a conference, and when somebody is said to be speaking."""

from typing import TYPE_CHECKING

from ivr.simulator.clock import Timer
from ivr.simulator.dialling.conversation import pass_on
from ivr.simulator.inputs import Input, Key, Sound, Words

if TYPE_CHECKING:
    from ivr.simulator.conferences.conference import Conference
    from ivr.simulator.conferences.participant import Participant


class Speech:
    """The conversation of one conference."""

    def __init__(self, conference: "Conference") -> None:
        self._conference = conference
        self._speaking: dict[str, Timer] = {}
        """By call, when the present speech will be over."""

    def hear(self, speaker: "Participant", item: Input) -> None:
        """Pass on what somebody does to those who may hear it."""
        if not isinstance(item, Key | Words | Sound):
            return
        if not speaker.speaks:
            lose(speaker, item)
            return
        if not isinstance(item, Key):
            self._begin(speaker, item)
        for hearer in hearers(self._conference, speaker):
            pass_on(item, hearer.call)

    def stop(self, speaker: "Participant") -> None:
        """Somebody speaks no longer."""
        timer = self._speaking.pop(speaker.call.sid, None)
        if timer is not None:
            timer.cancel()
            if speaker.place == "in":
                self._conference.events.send("participant-speech-stop", speaker)

    def _begin(self, speaker: "Participant", item: Words | Sound) -> None:
        carrier = speaker.call.carrier
        if isinstance(item, Sound):
            seconds = item.seconds
        else:
            seconds = len(item.text) / carrier.settings.speech_rate
        before = self._speaking.pop(speaker.call.sid, None)
        if before is not None:
            before.cancel()
        else:
            self._conference.events.send("participant-speech-start", speaker)
        over = carrier.clock.call_later(
            seconds * speaker.call.far_end.pace, lambda: self.stop(speaker)
        )
        self._speaking[speaker.call.sid] = over


def hearers(conference: "Conference", speaker: "Participant") -> list["Participant"]:
    """Who hears this participant: all others, or only the one who is coached."""
    return [
        hearer
        for hearer in conference.participants
        if hearer is not speaker
        and hearer.hears
        and (not speaker.coaching or hearer.call.sid == speaker.coach)
    ]


def lose(speaker: "Participant", item: Key | Words | Sound) -> None:
    """Nobody hears what somebody does who is muted, waits or is on hold."""
    if isinstance(item, Key):
        speaker.call.tell("lost", keys=item.key)
    elif isinstance(item, Words):
        speaker.call.tell("lost", text=item.text)
    else:
        speaker.call.tell("lost", seconds=item.seconds)
