"""The form of a REST request, read once however many want to see it."""

from typing import Any

from aiohttp import web
from multidict import MultiMapping

from ivr.simulator.errors import RestError

UNREADABLE = web.RequestKey("unreadable", RestError)


async def fields_of(request: web.Request) -> MultiMapping[Any]:
    """The form of a POST, the query of everything else; raises RestError, each time the same."""
    if request.method != "POST":
        return request.query
    # A body is gone once it has been read in vain: a second attempt would see another form.
    if UNREADABLE in request:
        raise request[UNREADABLE]
    try:
        fields = await request.post()
    except ValueError:
        error = RestError(400, 20001, "the body is no form that can be read")
    except web.HTTPRequestEntityTooLarge:
        error = RestError(413, 20001, "the body is too large")
    else:
        files = [name for name, value in fields.items() if not isinstance(value, str)]
        if not files:
            return fields
        error = RestError(400, 20001, f"{files[0]} must be text, not a file")
    request[UNREADABLE] = error
    raise error
