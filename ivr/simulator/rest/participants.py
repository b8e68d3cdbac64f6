"""Participants of a conference: phone one, fetch, list, mute, hold, coach, kick."""

from aiohttp import web
from multidict import MultiMapping

from ivr.simulator.carrier import Carrier
from ivr.simulator.conferences.conference import Conference
from ivr.simulator.conferences.participant import HOLD_METHOD, Participant
from ivr.simulator.conferences.rooms import IN_REST, why_not, why_not_coach
from ivr.simulator.conferences.wishes import LONGEST_NAME, Music
from ivr.simulator.errors import RestError
from ivr.simulator.inputs import Fetch
from ivr.simulator.pacing import CallQueueFullError
from ivr.simulator.rest import participant_request as asked
from ivr.simulator.rest.conferences import OVER, conference_of
from ivr.simulator.rest.resource import (
    Json,
    Parameters,
    account_path,
    form,
    missing,
    page,
    rfc2822,
    route,
    text,
)
from ivr.simulator.sids import is_sid

FILTERS = {"Muted": "muted", "Hold": "hold", "Coaching": "coaching"}
LIST = Parameters(" ".join(FILTERS))
UPDATE = Parameters(
    carried_out="Muted Hold HoldUrl HoldMethod AnnounceUrl AnnounceMethod WaitUrl WaitMethod"
    " BeepOnExit EndConferenceOnExit Coaching CallSidToCoach",
    judged_here="Muted",
)
NOT_CONNECTED = 21220
UNKNOWN_NAME = 16003


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The paths of this resource."""
    participants = "/Conferences/{sid}/Participants"
    return [
        route("POST", f"{participants}.json", carrier, create, asked.CREATE),
        route("GET", f"{participants}.json", carrier, list_participants, LIST),
        route("GET", participants + "/{call}.json", carrier, fetch),
        route("POST", participants + "/{call}.json", carrier, update, UPDATE),
        route("DELETE", participants + "/{call}.json", carrier, delete),
    ]


async def create(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """Phone somebody for a conference, which is opened if there is none of that name."""
    fields = await form(request)
    conference, new = _conference_to_enter(carrier, request.match_info["sid"])
    wishes = asked.wishes(fields)
    objection = why_not(conference, wishes, IN_REST)
    if objection is not None:
        raise RestError(400, *objection)
    try:
        call = carrier.phone_out(asked.order(carrier, fields, conference.sid))
    except CallQueueFullError as full:
        raise RestError(429, 22005, str(full)) from None
    if new:
        carrier.conferences.add(conference)
    participant = conference.expect(call, wishes)
    return 201, as_json(participant) | {"queue_time": str(call.queue_time)}


def _conference_to_enter(carrier: Carrier, key: str) -> tuple[Conference, bool]:
    """The active conference of that name or identifier, or a new one, and whether it is new."""
    conference = carrier.conferences.active(key)
    if conference is not None:
        return conference, False
    if is_sid(key, "CF"):
        raise RestError(400, OVER)
    if len(key) > LONGEST_NAME:
        raise RestError(400, UNKNOWN_NAME)
    return Conference(carrier, key), True


async def fetch(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """One participant, by the identifier of the call or by label."""
    return 200, as_json(_participant(carrier, request))


async def list_participants(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """Who is in the conference or being phoned for it, newest first; nobody when it is over."""
    found = [
        participant
        for participant in reversed(conference_of(carrier, request).participants)
        if all(
            request.query.get(name, "").lower() in ("", str(getattr(participant, fact)).lower())
            for name, fact in FILTERS.items()
        )
    ]
    return 200, page(request, "participants", found, as_json, lambda p: p.call.sid)


async def update(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """Mute, hold, announce, coach, and what happens when the participant leaves."""
    participant = _participant(carrier, request)
    fields = await form(request)
    conference, call = participant.conference, participant.call
    if participant.place != "in":
        raise RestError(400, NOT_CONNECTED, f"Participant is not connected {call.sid}")
    coach = _coach(participant, fields)
    if "Muted" in fields:
        conference.mute(participant, text(fields, "Muted").lower() == "true")
    if text(fields, "Hold"):
        music = _music(fields, "HoldUrl", "HoldMethod", HOLD_METHOD)
        conference.put_on_hold(participant, asked.flag(fields, "Hold"), music)
    if text(fields, "AnnounceUrl"):
        url, method = text(fields, "AnnounceUrl"), text(fields, "AnnounceMethod", "POST")
        conference.announce(Fetch(url, method, purpose="announce"), participant)
    _modify(participant, fields, coach)
    shown = as_json(participant)
    if text(fields, "EndConferenceOnExit"):
        shown["end_conference_on_exit"] = asked.flag(fields, "EndConferenceOnExit")
    return 200, shown


def _coach(participant: Participant, fields: MultiMapping[str]) -> str:
    """The call that this participant is to coach from now on; "" for none."""
    coach = text(fields, "CallSidToCoach")
    if text(fields, "Coaching") and not asked.flag(fields, "Coaching"):
        return ""
    if not coach:
        if asked.flag(fields, "Coaching") and not participant.coach:
            raise RestError(400, 20001, "CallSidToCoach is required when Coaching is true")
        return participant.coach
    objection = why_not_coach(participant.conference, coach, IN_REST)
    if objection is not None or coach == participant.call.sid:
        raise RestError(400, *(objection or (IN_REST.nobody_to_coach, "nobody coaches themselves")))
    return coach


def _modify(participant: Participant, fields: MultiMapping[str], coach: str) -> None:
    """The attributes whose change is the event ``participant-modify``."""
    music = _music(fields, "WaitUrl", "WaitMethod", "POST") or participant.wait_music
    beep, end = participant.beep_on_exit, participant.end_on_exit
    if text(fields, "BeepOnExit"):
        beep = asked.flag(fields, "BeepOnExit")
    if text(fields, "EndConferenceOnExit") and not participant.hold:
        end = asked.flag(fields, "EndConferenceOnExit")
    before = (
        participant.wait_music, participant.beep_on_exit, participant.end_on_exit,
        participant.coach,
    )  # fmt: skip
    if before == (music, beep, end, coach):
        return
    participant.wait_music, participant.beep_on_exit = music, beep
    participant.end_on_exit, participant.coach = end, coach
    participant.conference.modified(participant)


def _music(fields: MultiMapping[str], url: str, method: str, default: str) -> Music | None:
    if url not in fields:
        return None
    return Music(text(fields, url), text(fields, method, default))


async def delete(carrier: Carrier, request: web.Request) -> tuple[int, None]:
    """Kick a participant."""
    participant = _participant(carrier, request)
    participant.conference.kick(participant)
    return 204, None


def _participant(carrier: Carrier, request: web.Request) -> Participant:
    participant = conference_of(carrier, request).find(request.match_info["call"])
    if participant is None:
        raise missing(request)
    return participant


def as_json(participant: Participant) -> Json:
    """A participant as Twilio shows it."""
    carrier, conference = participant.call.carrier, participant.conference
    path = f"/Conferences/{conference.sid}/Participants/{participant.call.sid}.json"
    return {
        "account_sid": carrier.settings.account_sid,
        "call_sid": participant.call.sid,
        "label": participant.label or None,
        "conference_sid": conference.sid,
        "date_created": rfc2822(participant.created_at),
        "date_updated": rfc2822(participant.updated_at),
        "muted": participant.muted,
        "hold": participant.hold,
        "coaching": participant.coaching,
        "call_sid_to_coach": participant.coach or None,
        "start_conference_on_enter": participant.wishes.start_on_enter,
        "end_conference_on_exit": participant.end_on_exit,
        "status": participant.status,
        "queue_time": None,
        "uri": account_path(carrier, path),
    }
