"""What the paths of the look inside read from a request, and how they refuse nonsense."""

from typing import Any

from aiohttp import web


async def json_body(request: web.Request) -> Any:
    """The JSON of the body; raises HTTPBadRequest."""
    try:
        return await request.json()
    except ValueError:
        raise refused("the body is no JSON") from None


async def json_object(request: web.Request) -> dict[str, Any]:
    """The JSON object of the body; raises HTTPBadRequest."""
    body = await json_body(request)
    if not isinstance(body, dict):
        raise refused("the body is no JSON object")
    return body


def count(request: web.Request, name: str, default: int) -> int:
    """A whole number of the query; raises HTTPBadRequest."""
    value = request.query.get(name, "")
    if not value:
        return default
    if not value.isdecimal():
        raise refused(f"{name}: {value!r} is no whole number")
    return int(value)


def refused(sentence: str) -> web.HTTPBadRequest:
    """What to raise: 400 with one sentence."""
    return web.HTTPBadRequest(text=sentence + "\n")
