"""Conferences: fetch, list, announce something in them, end them."""

from aiohttp import web

from ivr.simulator.carrier import Carrier
from ivr.simulator.conferences.conference import VIA_API, Conference
from ivr.simulator.errors import RestError
from ivr.simulator.fields import API_VERSION
from ivr.simulator.inputs import Fetch
from ivr.simulator.rest.filters import in_time
from ivr.simulator.rest.resource import (
    Json,
    Parameters,
    account_path,
    form,
    missing,
    page,
    rfc2822,
    route,
    sid_in_path,
    text,
)

LIST = Parameters(
    "DateCreated DateCreated< DateCreated> DateUpdated DateUpdated< DateUpdated> FriendlyName"
    " Status"
)
UPDATE = Parameters("Status AnnounceUrl AnnounceMethod")
NOT_STARTED, OVER = 16001, 16022
HOME_REGION = "us1"


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The paths of this resource."""
    return [
        route("GET", "/Conferences.json", carrier, list_conferences, LIST),
        route("GET", "/Conferences/{sid}.json", carrier, fetch),
        route("POST", "/Conferences/{sid}.json", carrier, update, UPDATE),
    ]


async def fetch(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """One conference, also when it is over."""
    return 200, as_json(conference_of(carrier, request))


async def list_conferences(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """The conferences that match, newest first."""
    query = request.query
    name, status = query.get("FriendlyName", ""), query.get("Status", "")
    found = [
        conference
        for conference in reversed(carrier.conferences.all())
        if name in ("", conference.name)
        and status in ("", conference.status)
        and in_time(query, "DateCreated", conference.created_at)
        and in_time(query, "DateUpdated", conference.updated_at)
    ]
    return 200, page(request, "conferences", found, as_json)


async def update(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """Announce something to everybody, or end the conference."""
    conference = conference_of(carrier, request)
    fields = await form(request)
    if conference.is_over:
        raise RestError(400, OVER)
    announcement, status = text(fields, "AnnounceUrl"), text(fields, "Status")
    too_early = conference.status == "init" and not carrier.settings.conference_ends_unstarted
    if (announcement and conference.status == "init") or (status and too_early):
        raise RestError(400, NOT_STARTED)
    if announcement:
        method = text(fields, "AnnounceMethod", "POST")
        conference.announce(Fetch(announcement, method, purpose="announce"))
    if status:
        conference.end(VIA_API)
    return 200, as_json(conference)


def conference_of(carrier: Carrier, request: web.Request) -> Conference:
    """The conference that the path names by its identifier."""
    conference = carrier.conferences.get(sid_in_path(request, "CF"))
    if conference is None:
        raise missing(request)
    return conference


def as_json(conference: Conference) -> Json:
    """A conference as Twilio shows it."""
    carrier = conference.carrier
    base = account_path(carrier, f"/Conferences/{conference.sid}")
    ended_by = conference.ended_by
    return {
        "sid": conference.sid,
        "account_sid": carrier.settings.account_sid,
        "friendly_name": conference.name,
        "status": conference.status,
        "region": conference.region or HOME_REGION,
        "api_version": API_VERSION,
        "date_created": rfc2822(conference.created_at),
        "date_updated": rfc2822(conference.updated_at),
        "reason_conference_ended": conference.reason_ended or None,
        "call_sid_ending_conference": ended_by.call.sid if ended_by is not None else None,
        "uri": base + ".json",
        "subresource_uris": {
            "participants": base + "/Participants.json",
            "recordings": base + "/Recordings.json",
        },
    }
