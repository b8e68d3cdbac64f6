"""The form fields with which somebody is phoned for a conference."""

from multidict import MultiMapping

from ivr.simulator import taping
from ivr.simulator.call import Progress
from ivr.simulator.carrier import Carrier
from ivr.simulator.conferences.wishes import MOST_PARTICIPANTS, Listener, Music, Taping, Wishes
from ivr.simulator.errors import RestError
from ivr.simulator.inputs import Inline
from ivr.simulator.outgoing import Order
from ivr.simulator.rest import call_parties as parties
from ivr.simulator.rest.call_listening import DETECTION, RECORDING, detection, taped, told
from ivr.simulator.rest.call_request import address
from ivr.simulator.rest.parameters import Parameters
from ivr.simulator.rest.resource import text

CREATE = Parameters(
    carried_out=f"From To {DETECTION} {RECORDING} StatusCallback StatusCallbackMethod"
    " StatusCallbackEvent Label Timeout Muted Beep StartConferenceOnEnter EndConferenceOnExit"
    " WaitUrl WaitMethod EarlyMedia MaxParticipants ConferenceRecord ConferenceStatusCallback"
    " ConferenceStatusCallbackMethod ConferenceStatusCallbackEvent"
    " ConferenceRecordingStatusCallback ConferenceRecordingStatusCallbackMethod"
    " ConferenceRecordingStatusCallbackEvent Region Coaching CallSidToCoach CallerId CallToken"
    " TimeLimit AmdStatusCallback AmdStatusCallbackMethod SipAuthUsername SipAuthPassword",
    no_effect="ConferenceTrim JitterBufferSize CallReason RecordingTrack Trim CallerDisplayName",
    refused="Byoc ClientNotificationUrl",
    judged_here=f"From To Label CallerId {DETECTION} {RECORDING} AmdStatusCallback"
    " AmdStatusCallbackMethod SipAuthUsername SipAuthPassword",
)
RING_TIME = 60
ON = ("true", "record-from-start")


def order(carrier: Carrier, fields: MultiMapping[str], conference_sid: str) -> Order:
    """The call to be placed: once answered, its document leads into the conference."""
    called, parameters = parties.called(carrier, fields)
    limit = text(fields, "TimeLimit")
    dial = f"<Dial><Conference>{conference_sid}</Conference></Dial>"
    return Order(
        caller=parties.caller(carrier, fields, called),
        called=called,
        source=Inline(f"<Response>{dial}</Response>", "participant"),
        timeout=int(text(fields, "Timeout") or RING_TIME),
        progress=_progress(fields),
        time_limit=int(limit) if limit else None,
        detection=detection(fields),
        waits_for_detection=False,
        detection_told=told(fields, "AmdStatusCallback"),
        taped=taped(fields),
        parameters=parameters,
        credentials=parties.credentials(fields),
    )


def wishes(fields: MultiMapping[str]) -> Wishes:
    """How the one who is phoned takes part."""
    coach = text(fields, "CallSidToCoach")
    coaching = flag(fields, "Coaching", bool(coach))
    if coaching and not coach:
        raise RestError(400, 20001, "CallSidToCoach is required when Coaching is true")
    return Wishes(
        label=text(fields, "Label"),
        muted=flag(fields, "Muted"),
        beep=text(fields, "Beep", "true") or "true",
        start_on_enter=flag(fields, "StartConferenceOnEnter", True),
        end_on_exit=flag(fields, "EndConferenceOnExit"),
        early_media=flag(fields, "EarlyMedia", True),
        most=int(text(fields, "MaxParticipants") or MOST_PARTICIPANTS),
        coach=coach if coaching else "",
        region=text(fields, "Region"),
        music=_music(fields),
        listener=_listener(fields),
        taping=_taping(fields),
    )


def flag(fields: MultiMapping[str], name: str, default: bool = False) -> bool:
    """A parameter as true or false."""
    return {"true": True, "false": False}.get(text(fields, name).lower(), default)


def _music(fields: MultiMapping[str]) -> Music:
    if "WaitUrl" not in fields:
        return Music()
    return Music(text(fields, "WaitUrl"), text(fields, "WaitMethod", "POST"))


def _progress(fields: MultiMapping[str]) -> Progress | None:
    url = address(fields, "StatusCallback", 21609)
    events = _words(fields, "StatusCallbackEvent") or ["completed"]
    method = text(fields, "StatusCallbackMethod", "POST")
    return Progress(url, method, frozenset(events)) if url else None


def _listener(fields: MultiMapping[str]) -> Listener | None:
    url = text(fields, "ConferenceStatusCallback")
    events = _words(fields, "ConferenceStatusCallbackEvent") or ["start", "end"]
    method = text(fields, "ConferenceStatusCallbackMethod", "POST")
    return Listener(url, method, frozenset(events)) if url else None


def _taping(fields: MultiMapping[str]) -> Taping | None:
    if text(fields, "ConferenceRecord") not in ON:
        return None
    url = text(fields, "ConferenceRecordingStatusCallback")
    method = text(fields, "ConferenceRecordingStatusCallbackMethod", "POST")
    events = taping.events_of(_words(fields, "ConferenceRecordingStatusCallbackEvent"))
    return Taping(taping.Listener(url, method, events) if url else None)


def _words(fields: MultiMapping[str], name: str) -> list[str]:
    """A list that may be repeated, or given with blanks between its words."""
    return [word for value in fields.getall(name, []) for word in value.split()]
