"""Say: words, spoken for as long as they take."""

from ivr.simulator.session import Session, Step
from ivr.simulator.twiml.document import Element
from ivr.simulator.twiml.speech import flatten, why_unsayable


async def carry_out(session: Session, element: Element) -> Step:
    """Speak the text; a voice, language or length that Twilio lacks makes the verb fail."""
    speech = flatten(element, session.settings.speech_rate)
    problem = why_unsayable(element, speech)
    if problem is not None:
        session.warn(problem[0], f"line {element.line}: {problem[1]}")
        return None
    for _ in range(rounds(session, element)):
        session.call.heard += 1
        session.call.tell(
            "said", text=speech.text, language=speech.language, voice=speech.voice,
            slow=speech.slow, seconds=round(speech.seconds, 2),
        )  # fmt: skip
        if session.overheard_by is not None:
            session.overheard_by.tell(
                "whispered", number=session.call.called, text=speech.text, language=speech.language
            )
        await session.call.pass_time(speech.seconds)
    return None


def rounds(session: Session, element: Element) -> int:
    """How often ``loop`` makes a prompt be heard."""
    loop = int(element.number("loop", 1))
    return loop or session.settings.loop_rounds
