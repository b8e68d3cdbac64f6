"""Keeps pages of other sites, open in the same browser, away from the telephones."""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

INSIDE = "/_carrier"


@web.middleware
async def only_our_own_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a page of another origin asks; programs name no origin and may ask anything."""
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.host
    if foreign and request.path.startswith(INSIDE):
        raise web.HTTPForbidden(text=f"pages of {origin} may not ask this telephone company\n")
    return await handler(request)
