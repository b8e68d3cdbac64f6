"""REST requests under way at once: counted, and limited on demand at ``/_carrier/limits``."""

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ivr.simulator.admin_request import json_object, refused
from ivr.simulator.carrier import Carrier

APIS = ("/2010-04-01/", "/v2/")


def middleware(carrier: Carrier) -> Middleware:
    """Counts each request from its head to its answer; must be around what makes answers late."""

    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(APIS):
            return await handler(request)
        with carrier.concurrency.counted():
            return await handler(request)

    return count


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """Show the limit on REST requests under way at once, and set it: 0 is none."""

    def shown() -> web.Response:
        places = carrier.concurrency
        return web.json_response({"rest_concurrency": places.limit, "under_way": places.under_way})

    async def show(request: web.Request) -> web.Response:
        return shown()

    async def change(request: web.Request) -> web.Response:
        limit = (await json_object(request)).get("rest_concurrency")
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 0:
            raise refused("rest_concurrency: write a whole number; 0 is no limit")
        carrier.concurrency.limit = limit
        return shown()

    return [web.get("/_carrier/limits", show), web.post("/_carrier/limits", change)]
