"""TwiML: the one place where actions become what Twilio carries out.

Every document is well-formed whatever a text holds, uses only what Twilio knows, and keeps within
its limits: 64 kB a document, 3,000 characters a text, 500 hints of 100 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import quote

from ivr.flow.actions import (
    Action,
    Connect,
    Enqueue,
    GoOn,
    HangUp,
    LeaveQueue,
    Listen,
    Meet,
    Pause,
    Play,
    Prompt,
    Say,
    TakeMessage,
)
from ivr.flow.language import Language

LARGEST_DOCUMENT = 64_000
"""Bytes. Twilio refuses 64 kB (error 11750)."""
LONGEST_TEXT = 2_999
"""Characters of one Say; Polly's voices refuse 3,000 (error 13521)."""
LONGEST_ENCODED = 4_500
"""The same text percent-encoded (error 13521)."""
MOST_HINTS, LONGEST_HINT = 500, 100
SLOW_RATE = "85%"
ANY_KEY = "0123456789*#"
SHORTEST_RING, LONGEST_RING = 5, 600

_HEAD = '<?xml version="1.0" encoding="UTF-8"?><Response>'
_TAIL = "</Response>"
# All that XML 1.0 cannot hold in any form, half surrogate pairs included.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]+")
_SPECIAL = re.compile('[&<>"\x00-\x1f\ud800-\udfff\ufffe\uffff]')
_HINT_NOISE = re.compile(r"[,\s]+")
_SENTENCE_END = re.compile(r"[.!?…。]+[\"'”’»)]*\s+")


class DocumentTooLargeError(ValueError):
    """So many actions that Twilio would refuse their document."""


def document(
    actions: Sequence[Action],
    *,
    turn_url: str,
    audio_url: str,
    recording_status_url: str,
    languages: Mapping[str, Language],
    left_url: str = "",
) -> str:
    """The TwiML for these actions.

    What the caller does next is sent to `turn_url`, what becomes of a recording to
    `recording_status_url`, and how they got out of a queue to `left_url`; recordings to play that
    are not addresses are files below `audio_url`.
    Texts too long for one document are cut short. Raises DocumentTooLargeError when the actions
    are too many by themselves, KeyError for a language that is not in `languages`.
    """
    writer = _Writer(turn_url, audio_url, recording_status_url, left_url, languages)
    text = writer.write(actions)
    # No character takes more than 4 bytes: most documents need not be encoded to be measured.
    while len(text) > LARGEST_DOCUMENT // 4 and len(text.encode()) > LARGEST_DOCUMENT:
        if writer.room < 10:
            raise DocumentTooLargeError(
                f"{len(actions)} actions make a TwiML document of more than 64 kB."
            )
        writer.room //= 2
        text = writer.write(actions)
    return text


def _clean(text: str) -> str:
    """`text` as XML holds it, between tags or between double quotes."""
    if not _SPECIAL.search(text):
        return text
    text = _IMPOSSIBLE.sub("", text).replace("&", "&amp;").replace("<", "&lt;")
    text = text.replace(">", "&gt;").replace('"', "&quot;")
    # A parser reads a bare line end in an attribute as a blank.
    return text.replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#9;")


class _Writer:
    """Writes the documents of one turn; `room` is how many characters a text may have."""

    def __init__(
        self,
        turn_url: str,
        audio_url: str,
        recording_status_url: str,
        left_url: str,
        languages: Mapping[str, Language],
    ) -> None:
        self.turn_url = _clean(turn_url)
        self.audio_url = audio_url
        self.recording_status_url = _clean(recording_status_url)
        self.left_url = _clean(left_url)
        self.languages = languages
        self.room = LARGEST_DOCUMENT

    def write(self, actions: Sequence[Action]) -> str:
        return _HEAD + "".join([self.verb(action) for action in actions]) + _TAIL

    def verb(self, action: Action) -> str:
        match action:
            case Listen():
                return self.gather(action)
            case Connect(number, timeout):
                ring = min(max(timeout, SHORTEST_RING), LONGEST_RING)
                return (
                    f'<Dial timeout="{ring}" action="{self.turn_url}" method="POST">'
                    f"<Number>{_clean(number)}</Number></Dial>"
                )
            case TakeMessage(longest, silence):
                # An empty recording does not ask for `action`: what follows is carried out.
                return (
                    f'<Record action="{self.turn_url}" method="POST" maxLength="{max(longest, 1)}"'
                    f' timeout="{max(silence, 1)}" finishOnKey="{ANY_KEY}" playBeep="true"'
                    f' recordingStatusCallback="{self.recording_status_url}"'
                    ' recordingStatusCallbackMethod="POST"/>'
                    f'<Redirect method="POST">{self.turn_url}</Redirect>'
                )
            case GoOn():
                return f'<Redirect method="POST">{self.turn_url}</Redirect>'
            case Enqueue(queue):
                return (
                    f'<Enqueue waitUrl="{self.turn_url}" waitUrlMethod="POST"'
                    f' action="{self.left_url}" method="POST">{_clean(queue)}</Enqueue>'
                )
            case LeaveQueue():
                return "<Leave/>"
            case Meet(room):
                # Who rang us ends the conference; an agent who drops out is looked after first.
                return (
                    f'<Dial action="{self.turn_url}" method="POST">'
                    '<Conference participantLabel="person" startConferenceOnEnter="true"'
                    f' endConferenceOnExit="true" beep="false">{_clean(room)}</Conference></Dial>'
                )
            case HangUp():
                return "<Hangup/>"
            case _:
                return self.prompt(action)

    def prompt(self, prompt: Prompt) -> str:
        match prompt:
            case Say(text, language, slow):
                pack = self.languages[language]
                return _say(text[: self.room], pack.voice, pack.locale, slow)
            case Play(url, times):
                loop = f' loop="{times}"' if times > 1 else ""
                return f"<Play{loop}>{_clean(self.recording(url))}</Play>"
            case Pause(seconds):
                return f'<Pause length="{max(seconds, 1)}"/>'

    def recording(self, name: str) -> str:
        if name.startswith(("https://", "http://")):
            return name
        encoded = quote(name.lstrip("/"), errors="replace")
        return f"{self.audio_url.rstrip('/')}/{encoded}"

    def gather(self, listen: Listen) -> str:
        locale = self.languages[listen.language].locale
        parts = [
            f'<Gather action="{self.turn_url}" method="POST" timeout="{max(listen.timeout, 1)}"'
            f' numDigits="{max(listen.keys, 1)}" language="{locale}"'
        ]
        if listen.speech:
            parts.append(' input="dtmf speech" speechTimeout="auto"')
            if hints := _hints(listen.hints, self.room):
                parts.append(f' hints="{hints}"')
        else:
            parts.append(' input="dtmf"')
        # Said also where it is none, or else Twilio would keep `#` to itself.
        parts.append(f' finishOnKey="{listen.finish}"')
        if listen.reports_silence:
            parts.append(' actionOnEmptyResult="true"')
        parts.append(">")
        parts += [self.prompt(prompt) for prompt in listen.prompts]
        parts.append("</Gather>")
        return "".join(parts)


@lru_cache(maxsize=512)
def _hints(hints: tuple[str, ...], room: int) -> str:
    # Words cost bytes too: past a few thousand characters they help no recogniser.
    kept: dict[str, None] = {}
    for hint in hints:
        word = _HINT_NOISE.sub(" ", _IMPOSSIBLE.sub("", hint)).strip()[:LONGEST_HINT].strip()
        room -= len(word) + 1
        if len(kept) == MOST_HINTS or room < 0:
            break
        if word:
            kept[word] = None
    return _clean(",".join(kept))


@lru_cache(maxsize=2048)
def _say(text: str, voice: str, locale: str, slow: bool) -> str:
    head = f'<Say voice="{_clean(voice)}" language="{_clean(locale)}">'
    before, after = (f'<prosody rate="{SLOW_RATE}">', "</prosody>") if slow else ("", "")
    said = (_clean(piece) for piece in _pieces(_IMPOSSIBLE.sub("", text).strip()))
    return "".join([f"{head}{before}{piece}{after}</Say>" for piece in said])


def _pieces(text: str) -> Iterable[str]:
    """`text` in parts that Twilio can speak, cut where a sentence, or else a word, ends."""
    while text:
        if _fits(text):
            yield text
            return
        window = text[:LONGEST_TEXT]
        while not _fits(window):
            window = window[: len(window) * 3 // 4]
        end = max((match.end() for match in _SENTENCE_END.finditer(window)), default=0)
        end = end or window.rfind(" ") + 1 or len(window)
        piece, text = text[:end].strip(), text[end:].strip()
        if piece:
            yield piece


def _fits(text: str) -> bool:
    # The longest encoding of a character is `%F0%9F%98%80`.
    if len(text) * 12 <= LONGEST_ENCODED:
        return True
    return len(text) <= LONGEST_TEXT and len(quote(text)) <= LONGEST_ENCODED
