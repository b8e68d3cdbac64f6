"""Recordings: fetch, list, and the sound itself."""

from aiohttp import web

from ivr.simulator.carrier import Carrier
from ivr.simulator.fields import API_VERSION
from ivr.simulator.recordings import Recording, wav
from ivr.simulator.rest.resource import (
    Json,
    account_path,
    missing,
    page,
    rfc2822,
    route,
    sid_in_path,
)


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The paths of this resource; sound needs no password, as is Twilio's default."""

    async def sound(request: web.Request) -> web.Response:
        recording = carrier.recordings.get(request.match_info["sid"])
        if recording is None or request.match_info["account"] != carrier.settings.account_sid:
            return web.Response(status=404)
        return web.Response(body=wav(recording), content_type="audio/x-wav")

    media = f"/{API_VERSION}/Accounts/{{account}}/Recordings/{{sid:RE[0-9a-f]+}}"
    return [
        route("GET", "/Recordings.json", carrier, list_all),
        route("GET", "/Calls/{call}/Recordings.json", carrier, list_of_call),
        route("GET", "/Recordings/{sid}.json", carrier, fetch),
        web.get(media, sound),
        web.get(media + ".wav", sound),
    ]


async def fetch(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """One recording."""
    recording = carrier.recordings.get(sid_in_path(request, "RE"))
    if recording is None:
        raise missing(request)
    return 200, _as_json(carrier, recording)


async def list_all(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """Every recording, newest first; of one call with ``CallSid``."""
    return 200, _page(carrier, request, request.query.get("CallSid", ""))


async def list_of_call(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """The recordings of one call, newest first."""
    return 200, _page(carrier, request, request.match_info["call"])


def _page(carrier: Carrier, request: web.Request, call_sid: str) -> Json:
    found = list(reversed(carrier.recordings.all(call_sid)))
    return page(request, "recordings", found, lambda recording: _as_json(carrier, recording))


def _as_json(carrier: Carrier, recording: Recording) -> Json:
    path = account_path(carrier, f"/Recordings/{recording.sid}")
    moment = rfc2822(recording.started_at)
    done = recording.status == "completed"
    return {
        "sid": recording.sid,
        "account_sid": carrier.settings.account_sid,
        "call_sid": recording.call_sid,
        "conference_sid": None,
        "api_version": API_VERSION,
        "date_created": moment,
        "date_updated": moment,
        "start_time": moment,
        "duration": str(recording.duration) if done else None,
        "price": None,
        "price_unit": "USD",
        "status": recording.status,
        "channels": 1,
        "source": recording.source,
        "error_code": None,
        "uri": path + ".json",
        "media_url": carrier.recordings.url(recording),
        "encryption_details": None,
        "subresource_uris": {},
    }
