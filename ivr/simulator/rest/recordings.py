"""Recordings: fetch, list, delete, and the sound itself; of the account, a call, a conference."""

from collections.abc import Callable

from aiohttp import web

from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import RestError
from ivr.simulator.fields import API_VERSION
from ivr.simulator.recordings import Recording, mp3, wav
from ivr.simulator.rest.filters import in_time
from ivr.simulator.rest.resource import (
    Json,
    Parameters,
    account_path,
    missing,
    page,
    rfc2822,
    route,
)

BY_DAY = "DateCreated DateCreated< DateCreated>"
LIST = Parameters(f"{BY_DAY} CallSid ConferenceSid IncludeSoftDeleted")
LIST_OF_ONE = Parameters(BY_DAY)
FETCH = Parameters("IncludeSoftDeleted")
Shown = Callable[[Carrier, Recording], Json]
SUBRESOURCES = {"add_on_results": "AddOnResults", "transcriptions": "Transcriptions"}


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The paths of this resource; sound needs no password, as is Twilio's default."""
    media = f"/{API_VERSION}/Accounts/{{account}}/Recordings/{{sid:RE[0-9a-f]+}}"
    sound = Sound(carrier)
    found = [
        route("GET", "/Recordings.json", carrier, list_all, LIST),
        route("GET", "/Recordings/{sid}.json", carrier, fetch, FETCH),
        route("DELETE", "/Recordings/{sid}.json", carrier, delete),
        web.get(media, sound.as_wav),
        web.get(media + ".wav", sound.as_wav),
        web.get(media + ".mp3", sound.as_mp3),
    ]
    for owner in ("/Calls/{call}", "/Conferences/{conference}"):
        found += [
            route("GET", f"{owner}/Recordings.json", carrier, list_of_one, LIST_OF_ONE),
            route("GET", f"{owner}/Recordings/{{sid}}.json", carrier, fetch_of_one),
            route("DELETE", f"{owner}/Recordings/{{sid}}.json", carrier, delete),
        ]
    return found


class Sound:
    """What was recorded, as a file; nothing as long as it is not complete."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    async def as_wav(self, request: web.Request) -> web.Response:
        """8 kHz, 16 bit."""
        return web.Response(body=wav(self._recording(request)), content_type="audio/x-wav")

    async def as_mp3(self, request: web.Request) -> web.Response:
        """Of the same length, but silent."""
        return web.Response(body=mp3(self._recording(request)), content_type="audio/mpeg")

    def _recording(self, request: web.Request) -> Recording:
        recording = self._carrier.recordings.get(request.match_info["sid"])
        of_account = request.match_info["account"] == self._carrier.settings.account_sid
        if recording is None or not of_account or recording.status != "completed":
            raise web.HTTPNotFound
        return recording


async def list_all(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """The recordings of the account that match, newest first."""
    query = request.query
    found = [
        recording
        for recording in carrier.recordings.all(
            query.get("CallSid", ""), deleted=_is_true(query.get("IncludeSoftDeleted", ""))
        )
        if query.get("ConferenceSid", "") in ("", recording.conference_sid)
    ]
    return 200, _page(carrier, request, found, as_json)


async def list_of_one(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """The recordings of one call or conference, newest first."""
    found = [r for r in carrier.recordings.all() if _belongs(request, r)]
    call = request.match_info.get("call")
    if not found and call and carrier.calls.get(call) is None:
        raise missing(request)
    return 200, _page(carrier, request, found, as_json_of_one)


async def fetch(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """One recording, whosesoever it is."""
    deleted = _is_true(request.query.get("IncludeSoftDeleted", ""))
    return 200, as_json(carrier, _recording(carrier, request, deleted=deleted))


async def fetch_of_one(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """One recording of one call or conference."""
    return 200, as_json_of_one(carrier, _recording(carrier, request))


async def delete(carrier: Carrier, request: web.Request) -> tuple[int, None]:
    """Delete the sound; Twilio goes on knowing that there was one."""
    recording = _recording(carrier, request)
    if recording.status == "in-progress":
        raise RestError(400, 20009)
    carrier.recordings.delete(recording)
    return 204, None


def _recording(carrier: Carrier, request: web.Request, *, deleted: bool = False) -> Recording:
    recording = carrier.recordings.get(request.match_info["sid"], deleted=deleted)
    if recording is None or not _belongs(request, recording):
        raise missing(request)
    return recording


def _belongs(request: web.Request, recording: Recording) -> bool:
    """Whether a recording is of the call or the conference in the path, if one is there."""
    place = request.match_info
    return place.get("call", recording.call_sid) == recording.call_sid and (
        place.get("conference", recording.conference_sid) == recording.conference_sid
    )


def _page(carrier: Carrier, request: web.Request, found: list[Recording], shown: Shown) -> Json:
    matching = [r for r in reversed(found) if in_time(request.query, "DateCreated", r.started_at)]
    return page(request, "recordings", matching, lambda recording: shown(carrier, recording))


def _is_true(value: str) -> bool:
    return value.lower() == "true"


def as_json(carrier: Carrier, recording: Recording) -> Json:
    """A recording as the account's list shows it."""
    path = account_path(carrier, f"/Recordings/{recording.sid}")
    return _common(carrier, recording) | {
        "uri": path + ".json",
        "media_url": carrier.recordings.url(recording),
        "subresource_uris": {name: f"{path}/{of}.json" for name, of in SUBRESOURCES.items()},
    }


def as_json_of_one(carrier: Carrier, recording: Recording) -> Json:
    """A recording as the list of its call or its conference shows it."""
    of_call = not recording.conference_sid
    owner = f"Calls/{recording.call_sid}" if of_call else f"Conferences/{recording.conference_sid}"
    shown = _common(carrier, recording)
    shown["uri"] = account_path(carrier, f"/{owner}/Recordings/{recording.sid}.json")
    return shown | {"track": recording.track} if of_call else shown


def _common(carrier: Carrier, recording: Recording) -> Json:
    done = recording.status in ("completed", "deleted")
    return {
        "sid": recording.sid,
        "account_sid": carrier.settings.account_sid,
        "call_sid": recording.call_sid or None,
        "conference_sid": recording.conference_sid or None,
        "api_version": API_VERSION,
        "date_created": rfc2822(recording.started_at),
        "date_updated": rfc2822(recording.updated_at),
        "start_time": rfc2822(recording.started_at),
        "duration": str(recording.duration) if done else None,
        "price": None,
        "price_unit": "USD",
        "status": recording.status,
        "channels": recording.channels,
        "source": recording.source,
        "error_code": None,
        "encryption_details": None,
    }
