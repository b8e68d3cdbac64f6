"""Gather: listen for keys and words, over and after nested prompts."""

from dataclasses import dataclass

from ivr.simulator.call import Call
from ivr.simulator.errors import ApplicationError
from ivr.simulator.fields import standard_fields
from ivr.simulator.inputs import BargedIn, Key, Silence, Sound, Words
from ivr.simulator.session import Session, Step
from ivr.simulator.twiml.document import Element
from ivr.simulator.twiml.speech import gather_languages
from ivr.simulator.verbs import pause, play, say

PROMPTS = {"Say": say.carry_out, "Play": play.carry_out, "Pause": pause.carry_out}
LONGEST_SPEECH = 60.0
HINTS, HINT_LENGTH = 500, 100
PARTIAL_RESULTS = 3


@dataclass(frozen=True)
class Wanted:
    """What a Gather listens for. Times are seconds; no number of digits means any."""

    keys: bool
    speech: bool
    timeout: float
    end_of_speech: float
    longest_speech: float
    number: int | None
    finish: str
    hints: tuple[str, ...]
    language: str


@dataclass
class Taken:
    """What has been taken in so far."""

    digits: str = ""
    finished_on: str = ""
    speech: Words | None = None
    over: bool = False


async def carry_out(session: Session, element: Element) -> Step:
    """Prompt, listen, and request the action with what was taken in; go on after silence."""
    refusal = _why_it_fails(element)
    if refusal is not None:
        session.warn(refusal[0], f"line {element.line}: {refusal[1]}")
        return None
    wanted = read(session, element)
    taken = Taken()
    call = session.call
    try:
        call.listen(element.flag("bargeIn", True))
        await _prompt(session, element)
        call.listening = True
        call.tell(
            "listening", input=_kinds(wanted), num_digits=wanted.number,
            finish_on_key=wanted.finish, hints=list(wanted.hints), timeout=wanted.timeout,
            language=wanted.language,
            reports_silence=element.flag("actionOnEmptyResult", False),
        )  # fmt: skip
        await _take_in(session, element, wanted, taken)
    finally:
        call.listen(False)
    return _next(session, element, taken)


def read(session: Session, element: Element) -> Wanted:
    """The attributes as they take effect."""
    kinds = set(element.get("input", "dtmf").split()) & {"dtmf", "speech"} or {"dtmf"}
    timeout = element.number("timeout", 5)
    speech_timeout = element.get("speechTimeout")
    if speech_timeout == "auto":
        end_of_speech = session.settings.end_of_speech
    else:
        end_of_speech = element.number("speechTimeout", timeout)
    number = int(element.number("numDigits", 0, minimum=1))
    finish = element.get("finishOnKey", "#")
    return Wanted(
        keys="dtmf" in kinds,
        speech="speech" in kinds,
        timeout=timeout,
        end_of_speech=end_of_speech,
        longest_speech=element.number("maxSpeechTime", LONGEST_SPEECH, minimum=1),
        number=number or None,
        finish=finish if finish == "" or finish in "0123456789*#" else "#",
        hints=tuple(hint.strip() for hint in element.get("hints").split(",") if hint.strip()),
        language=element.get("language", "en-US"),
    )


def _why_it_fails(element: Element) -> tuple[int, str] | None:
    """The code and the reason for which Twilio would not listen, if it would not."""
    language = element.get("language", "en-US")
    if language not in gather_languages():
        return 13331, f"there is no language {language!r} to recognise"
    if "speech" not in element.get("input").split():
        return None
    if element.get("speechModel") and element.get("speechTimeout") == "auto":
        return 13335, "speechTimeout must be a number when speechModel is set"
    hints = element.get("hints").split(",")
    if len(hints) > HINTS or any(len(hint.strip()) > HINT_LENGTH for hint in hints):
        return 13330, f"at most {HINTS} hints of at most {HINT_LENGTH} characters"
    return None


def _kinds(wanted: Wanted) -> list[str]:
    return [kind for kind, on in (("dtmf", wanted.keys), ("speech", wanted.speech)) if on]


async def _prompt(session: Session, element: Element) -> None:
    """Let the nested prompts be heard until they end or the caller does something."""
    try:
        for child in element:
            prompt = PROMPTS.get(child.tag)
            if prompt is None:
                continue
            if child.tag == "Play" and "digits" in child.attributes:
                session.warn(13320, f"line {child.line}: Play digits is not allowed in Gather")
                continue
            await prompt(session, child)
    except BargedIn:
        session.call.tell("interrupted")


async def _take_in(session: Session, element: Element, wanted: Wanted, taken: Taken) -> None:
    call, clock = session.call, session.carrier.clock
    deadline = clock.seconds() + wanted.timeout
    while not taken.over:
        item = await call.next_input(
            max(deadline - clock.seconds(), 0), "input", so_far=taken.digits,
            input=_kinds(wanted), num_digits=wanted.number, finish_on_key=wanted.finish,
        )  # fmt: skip
        if item is None or isinstance(item, Silence):
            return
        if isinstance(item, Key):
            if _take_key(call, wanted, taken, item.key):
                deadline = clock.seconds() + wanted.timeout
        elif isinstance(item, Words):
            await _take_words(session, element, wanted, taken, item)
        elif isinstance(item, Sound):
            call.tell("lost", seconds=item.seconds)


def _take_key(call: Call, wanted: Wanted, taken: Taken, key: str) -> bool:
    """Whether the key counts; a finishing key without any digit before it is no input."""
    if not wanted.keys:
        call.tell("lost", keys=key)
        return False
    if key == wanted.finish:
        taken.finished_on = key if taken.digits else ""
        taken.over = True
        return True
    taken.digits += key
    taken.over = len(taken.digits) == wanted.number
    return True


async def _take_words(
    session: Session, element: Element, wanted: Wanted, taken: Taken, words: Words
) -> None:
    """Speech, unless keys came first: it lasts as long as it takes to say, and then a silence."""
    call = session.call
    if not wanted.speech or taken.digits or not words.text.strip():
        call.tell("lost", text=words.text)
        return
    seconds = len(words.text) / session.settings.speech_rate
    text = words.text
    if seconds > wanted.longest_speech:
        text = text[: int(wanted.longest_speech * session.settings.speech_rate)]
        seconds = wanted.longest_speech
    call.listening = False
    _send_partial_results(session, element, text)
    await call.pass_time(seconds + wanted.end_of_speech)
    confidence = session.settings.confidence if words.confidence is None else words.confidence
    taken.speech = Words(text.strip(), confidence)
    taken.over = True


def _send_partial_results(session: Session, element: Element, text: str) -> None:
    address = element.get("partialResultCallback")
    if not address:
        return
    try:
        url = session.resolve(address)
    except ApplicationError as error:
        session.warn(error.code, error.detail)
        return
    words = text.split()
    for number in range(min(PARTIAL_RESULTS, len(words))):
        upto = len(words) * (number + 1) // min(PARTIAL_RESULTS, len(words))
        fields = [
            *standard_fields(session.call),
            ("UnstableSpeechResult", " ".join(words[:upto])),
            ("Stability", "0.9"),
            ("SequenceNumber", str(number)),
        ]
        method = element.method("partialResultCallbackMethod")
        session.carrier.callbacks.send(session.call, url, method, fields, "partial-result")


def _next(session: Session, element: Element, taken: Taken) -> Step:
    if taken.speech is not None:
        confidence = f"{taken.speech.confidence:g}"
        fields = [("SpeechResult", taken.speech.text), ("Confidence", confidence)]
        return session.action(element, fields)
    if taken.digits:
        fields = [("Digits", taken.digits), ("FinishedOnKey", taken.finished_on)]
        return session.action(element, fields)
    if element.flag("actionOnEmptyResult", False):
        empty = [("Digits", "")] if session.settings.empty_gather_sends_digits else []
        return session.action(element, [*empty, ("FinishedOnKey", "")])
    return None
