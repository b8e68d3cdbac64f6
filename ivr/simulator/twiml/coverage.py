"""Which attributes take effect here, which cannot be heard on this network, which are missing."""

from dataclasses import dataclass

from ivr.simulator.twiml.document import Element
from ivr.simulator.twiml.grammar import Warning, elements


@dataclass(frozen=True)
class Coverage:
    """The attributes of one element, by what becomes of them."""

    carried_out: tuple[str, ...] = ()
    no_effect: tuple[str, ...] = ()
    """Taken without a word: nobody could hear a difference."""
    missing: tuple[str, ...] = ()
    """Warned of by name, since the application may wait for what never comes."""


COVERAGE: dict[str, Coverage] = {
    "Say": Coverage(("voice", "language", "loop")),
    "Play": Coverage(("loop", "digits")),
    "Pause": Coverage(("length",)),
    "Gather": Coverage(
        (
            "action", "method", "input", "timeout", "speechTimeout", "maxSpeechTime", "numDigits",
            "finishOnKey", "hints", "language", "speechModel", "bargeIn", "actionOnEmptyResult",
            "partialResultCallback", "partialResultCallbackMethod",
        ),
        no_effect=("enhanced", "profanityFilter", "debug"),
    ),
    "Redirect": Coverage(("method",)),
    "Hangup": Coverage(),
    "Reject": Coverage(("reason",)),
    "Dial": Coverage(
        (
            "action", "method", "timeout", "timeLimit", "callerId", "hangupOnStar",
            "answerOnBridge", "sequential", "record", "recordingStatusCallback",
            "recordingStatusCallbackMethod", "recordingStatusCallbackEvent",
        ),
        no_effect=("ringTone", "trim", "recordingTrack", "callReason"),
        missing=("events", "passports", "recordingConfigurationId", "referUrl", "referMethod"),
    ),
    "Number": Coverage(
        (
            "url", "method", "sendDigits", "statusCallback", "statusCallbackEvent",
            "statusCallbackMethod",
            "machineDetection", "machineDetectionTimeout", "machineDetectionSpeechThreshold",
            "machineDetectionSpeechEndThreshold", "machineDetectionSilenceTimeout",
            "amdStatusCallback", "amdStatusCallbackMethod",
        ),
        missing=("byoc",),
    ),
    "Client": Coverage(
        ("url", "method", "statusCallback", "statusCallbackEvent", "statusCallbackMethod"),
    ),
    "Identity": Coverage(),
    "Parameter": Coverage(("name", "value")),
    "Sip": Coverage(
        (
            "username", "password", "url", "method", "statusCallback", "statusCallbackEvent",
            "statusCallbackMethod",
            "machineDetection", "machineDetectionTimeout", "machineDetectionSpeechThreshold",
            "machineDetectionSpeechEndThreshold", "machineDetectionSilenceTimeout",
            "amdStatusCallback", "amdStatusCallbackMethod",
        ),
    ),
    "Uri": Coverage(("username", "password"), missing=("priority", "weight")),
    "Headers": Coverage(),
    "Header": Coverage(("name", "value")),
    "Queue": Coverage(("url", "method"), missing=("reservationSid", "postWorkActivitySid")),
    "Conference": Coverage(
        (
            "beep", "coach", "endConferenceOnExit", "eventCallbackUrl", "maxParticipants", "muted",
            "participantLabel", "record", "recordingStatusCallback",
            "recordingStatusCallbackEvent", "recordingStatusCallbackMethod", "region",
            "startConferenceOnEnter", "statusCallback", "statusCallbackEvent",
            "statusCallbackMethod", "waitMethod", "waitUrl",
        ),
        no_effect=("jitterBufferSize", "trim"),
        missing=("recordingConfigurationId",),
    ),
    "Enqueue": Coverage(
        ("action", "method", "waitUrl", "waitUrlMethod"), missing=("workflowSid", "maxQueueSize")
    ),
    "Leave": Coverage(),
    "Record": Coverage(
        (
            "action", "method", "timeout", "finishOnKey", "maxLength", "playBeep", "trim",
            "recordingStatusCallback", "recordingStatusCallbackMethod",
            "recordingStatusCallbackEvent",
        ),
        missing=("transcribe", "transcribeCallback", "recordingConfigurationId"),
    ),
    "Sms": Coverage(("to", "from", "action", "method", "statusCallback")),
    "Message": Coverage(("to", "from", "action", "method", "statusCallback")),
    "Body": Coverage(),
    "Media": Coverage(),
    "break": Coverage(("strength", "time")),
    "prosody": Coverage(("rate",), no_effect=("pitch", "volume")),
    "sub": Coverage(("alias",)),
    "p": Coverage(),
    "s": Coverage(),
    "emphasis": Coverage(no_effect=("level",)),
    "lang": Coverage(no_effect=("xml:lang",)),
    "phoneme": Coverage(no_effect=("alphabet", "ph")),
    "say-as": Coverage(no_effect=("format", "interpret-as")),
    "w": Coverage(no_effect=("role",)),
}  # fmt: skip

SIMULATOR_CODE = 0
"""The code of warnings that Twilio would not give."""


def warn_of_missing(element: Element) -> list[Warning]:
    """A warning for every attribute here and below that this simulator does not carry out."""
    found = []
    coverage = COVERAGE.get(element.tag, Coverage())
    for attribute, value in element.attributes.items():
        if attribute in coverage.missing and value != "false":
            text = f"line {element.line}: this simulator does not carry out {attribute}"
            found.append(Warning(SIMULATOR_CODE, f"{text} of <{element.tag}>"))
    for child in element:
        found += warn_of_missing(child)
    return found


def refused() -> list[str]:
    """The elements that are not carried out: verbs and nouns that are errors of the application,
    and what can stand nowhere but inside those."""
    tags = {element["tag"] for element in elements().values()}
    return sorted(tags - {"Response", *COVERAGE})


def table() -> str:
    """The coverage as a table in Markdown."""
    rows = ["| element | carried out | taken, no effect | warned of by name |",
            "| --- | --- | --- | --- |"]  # fmt: skip
    for tag, coverage in COVERAGE.items():
        columns = (coverage.carried_out, coverage.no_effect, coverage.missing)
        cells = [", ".join(names) or "-" for names in columns]
        rows.append(f"| {tag} | {' | '.join(cells)} |")
    return "\n".join(rows)
