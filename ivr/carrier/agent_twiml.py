"""TwiML for those who answer: what they hear, which key does what, and the room they meet in.

Unlike a caller's turn, a document here leads to several addresses. Twilio's own classes write it;
what they do not do is kept here: no character that XML cannot hold, no text that a voice refuses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from ivr.flow.actions import Pause, Play, Prompt, Say
from ivr.flow.language import Language

LONGEST_TEXT = 1_000
"""Characters of one Say: an agent's time is short, and Twilio's voices refuse 3,000."""
LONGEST_LABEL = 128

_IMPOSSIBLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")


class AgentDocument:
    """Built verb by verb, in the order in which Twilio carries them out."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._languages = languages
        self._response = VoiceResponse()

    def say(self, prompts: Sequence[Prompt]) -> AgentDocument:
        """Speak and play."""
        _speak(self._response, prompts, self._languages)
        return self

    def ask(
        self,
        prompts: Sequence[Prompt],
        url: str,
        *,
        timeout: int,
        keys: int = 1,
        finish: str = "",
        hears: str = "",
    ) -> AgentDocument:
        """Speak while listening for `keys` keys (fewer when `finish` ends them), which are sent to
        `url`. After `timeout` seconds of silence the next verb is carried out.

        `hears`: the language in which words count as well.
        """
        options: dict[str, Any] = {"input": "dtmf"}
        if hears:
            options = {
                "input": "dtmf speech",
                "language": self._languages[hears].locale,
                "speech_timeout": "auto",
            }
        gather = Gather(
            action=url, method="POST", timeout=max(timeout, 1), num_digits=max(keys, 1),
            finish_on_key=finish, **options,
        )  # fmt: skip
        _speak(gather, prompts, self._languages)
        self._response.append(gather)
        return self

    def meet(
        self,
        conference: str,
        label: str,
        ended_url: str,
        *,
        leaves_by_star: bool = True,
        ends_it: bool = False,
    ) -> AgentDocument:
        """Be in the conference until it is over, or until they press `*`; then `ended_url`.

        `ends_it`: it is over when they leave.
        """
        dial = Dial(action=ended_url, method="POST", hangup_on_star=leaves_by_star)
        dial.conference(
            _clean(conference),
            participant_label=_clean(label)[:LONGEST_LABEL],
            beep="false",
            start_conference_on_enter=True,
            end_conference_on_exit=ends_it,
            # Silence: whoever comes first waits a second at most, and needs no music for it.
            wait_url="",
        )
        self._response.append(dial)
        return self

    def go(self, url: str) -> AgentDocument:
        """Ask for the next document at `url`."""
        self._response.redirect(url, method="POST")
        return self

    def hang_up(self) -> AgentDocument:
        self._response.hangup()
        return self

    def xml(self) -> str:
        return str(self._response)


def _speak(verbs: Any, prompts: Sequence[Prompt], languages: Mapping[str, Language]) -> None:
    for prompt in prompts:
        match prompt:
            case Say(text, language):
                pack = languages[language]
                if said := _clean(text)[:LONGEST_TEXT]:
                    verbs.say(said, voice=pack.voice, language=pack.locale)
            case Play(url):
                verbs.play(_clean(url))
            case Pause(seconds):
                verbs.pause(length=max(seconds, 1))


def _clean(text: str) -> str:
    return _IMPOSSIBLE.sub(" ", text).strip()
