"""The WebSocket on which a client is a handset."""

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from ivr.simulator.carrier import Carrier
from ivr.simulator.handset import Handset

MESSAGE_BYTES = 64 * 1024


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """Where handsets connect."""

    async def connect(request: web.Request) -> web.WebSocketResponse:
        return await serve(carrier, request)

    return [web.get("/_carrier/handset", connect)]


async def serve(carrier: Carrier, request: web.Request) -> web.WebSocketResponse:
    """Be one handset for as long as the connection lasts."""
    socket = web.WebSocketResponse(max_msg_size=MESSAGE_BYTES, heartbeat=30)
    await socket.prepare(request)
    outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    handset = Handset(carrier, outgoing.put_nowait)
    writer = asyncio.create_task(_write(socket, outgoing))
    try:
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                try:
                    handset.receive(json.loads(message.data))
                except json.JSONDecodeError:
                    outgoing.put_nowait({"type": "refused", "text": "that is no JSON"})
    finally:
        handset.gone()
        writer.cancel()
    return socket


async def _write(socket: web.WebSocketResponse, outgoing: "asyncio.Queue[dict[str, Any]]") -> None:
    while True:
        event = await outgoing.get()
        await socket.send_str(json.dumps(event, ensure_ascii=False))
