"""Faults by HTTP, beside the other views of the look inside."""

from typing import Any

from aiohttp import web

from ivr.simulator.admin_request import json_body, refused
from ivr.simulator.carrier import Carrier
from ivr.simulator.faults.fault import FaultError
from ivr.simulator.faults.reading import read_fault, read_faults


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """``/_carrier/faults``: show, add (one or a list), clear (all, or one by its name)."""

    def shown() -> dict[str, Any]:
        return {"faults": [standing.as_json() for standing in carrier.faults.all()]}

    async def show(request: web.Request) -> web.Response:
        return web.json_response(shown())

    async def add(request: web.Request) -> web.Response:
        body = await json_body(request)
        try:
            faults = read_faults(body) if isinstance(body, list) else [read_fault(body)]
        except FaultError as error:
            raise refused(str(error)) from None
        added = [carrier.faults.add(fault).as_json() for fault in faults]
        return web.json_response({"faults": added}, status=201)

    async def clear(request: web.Request) -> web.Response:
        try:
            carrier.faults.clear(request.match_info.get("name", ""))
        except FaultError as error:
            raise web.HTTPNotFound(text=f"{error}\n") from None
        return web.json_response(shown())

    return [
        web.get("/_carrier/faults", show),
        web.post("/_carrier/faults", add),
        web.delete("/_carrier/faults", clear),
        web.delete("/_carrier/faults/{name}", clear),
    ]
