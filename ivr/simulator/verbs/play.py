"""Play: a file of sound, or tones."""

import wave
from io import BytesIO

from ivr.simulator.errors import ApplicationError
from ivr.simulator.session import Session, Step
from ivr.simulator.tones import tone_seconds
from ivr.simulator.twiml.document import Element
from ivr.simulator.urls import is_http_url
from ivr.simulator.verbs.say import rounds
from ivr.simulator.webhooks import MEDIA_BYTES, Answer

SOUND_TYPES = frozenset(
    {"audio/mpeg", "audio/wav", "audio/wave", "audio/x-wav", "audio/aiff", "audio/x-aifc",
     "audio/x-aiff", "audio/x-gsm", "audio/gsm", "audio/ulaw"}
)  # fmt: skip


async def carry_out(session: Session, element: Element) -> Step:
    """Fetch the sound and let it be heard; what cannot be fetched is skipped with a warning."""
    if "digits" in element.attributes:
        await play_tones(session, element.get("digits"))
        return None
    url = element.text
    if not is_http_url(url):
        session.warn(11100, f"line {element.line}: Play needs an absolute address, not {url!r}")
        return None
    try:
        answer = await session.call.during(_fetch(session, url))
    except ApplicationError as error:
        session.warn(error.code, error.detail)
        return None
    if answer.content_type not in SOUND_TYPES:
        session.warn(13420, f"{url}: {answer.content_type or 'no Content-Type'} is no sound")
        return None
    seconds = _length(answer.body, session.settings.unknown_audio)
    for _ in range(rounds(session, element)):
        session.call.heard += 1
        session.call.tell("played", url=url, seconds=round(seconds, 2))
        await session.call.pass_time(seconds)
    return None


async def play_tones(session: Session, digits: str) -> None:
    """Send keys down the line; ``w`` and ``W`` are pauses."""
    session.call.heard += 1
    session.call.tell("tones", digits=digits)
    await session.call.pass_time(tone_seconds(digits))


async def _fetch(session: Session, url: str) -> Answer:
    details = {"method": "GET", "url": url, "purpose": "play"}
    try:
        answer = await session.carrier.webhooks.request(
            "GET", url, purpose="play", call_sid=session.call.sid, limit=MEDIA_BYTES, signed=False
        )
    except ApplicationError as error:
        session.call.tell("request", **details, status=None, ms=None, error=error.code)
        raise
    session.call.tell(
        "request", **details, status=answer.status, ms=answer.milliseconds, error=None
    )
    return answer


def _length(body: bytes, unknown: float) -> float:
    """Seconds of a WAV file; `unknown` for what is none."""
    try:
        with wave.open(BytesIO(body)) as file:
            seconds: float = file.getnframes() / file.getframerate()
            return seconds
    except (wave.Error, EOFError, ZeroDivisionError):
        return unknown
