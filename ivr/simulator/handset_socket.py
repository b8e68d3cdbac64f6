"""The WebSocket on which a client is a handset."""

import asyncio
import json
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from ivr.simulator.carrier import Carrier
from ivr.simulator.handset import Handset

MESSAGE_BYTES = 64 * 1024


def set_up(app: web.Application, carrier: Carrier) -> None:
    """Where handsets connect; they are disconnected when the server stops."""
    sockets: set[web.WebSocketResponse] = set()

    async def connect(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=MESSAGE_BYTES, heartbeat=30)
        await socket.prepare(request)
        sockets.add(socket)
        try:
            return await _serve(carrier, socket)
        finally:
            sockets.discard(socket)

    async def disconnect(app: web.Application) -> None:
        for socket in set(sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    app.add_routes([web.get("/_carrier/handset", connect)])
    app.on_shutdown.append(disconnect)


async def _serve(carrier: Carrier, socket: web.WebSocketResponse) -> web.WebSocketResponse:
    """Be one handset for as long as the connection lasts."""
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
