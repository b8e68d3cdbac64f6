"""Texts in the look inside: everything that was written, and a person who writes."""

from typing import Any

from aiohttp import web

from ivr.simulator.admin_request import json_object, refused
from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import SimulatorError
from ivr.simulator.messaging.message import Message
from ivr.simulator.numbers import is_e164, tidy
from ivr.simulator.urls import is_http_url


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The paths below ``/_carrier`` that concern texts."""

    async def messages(request: web.Request) -> web.Response:
        """Every text that is remembered, oldest first; with ``?number=`` those of one number."""
        number = tidy(request.query.get("number", ""))
        found = [m for m in carrier.messages.all() if not number or number in (m.sender, m.to)]
        return web.json_response({"messages": [as_json(m) for m in found]})

    async def write(request: web.Request) -> web.Response:
        """A person texts a line: ``{from, to, body}``, and ``media`` with addresses."""
        body = await json_object(request)
        sender, words = tidy(str(body.get("from", ""))), body.get("body", "")
        media = body.get("media", [])
        if not is_e164(sender):
            raise refused(f"from: {sender!r} is no number like +46701740605")
        if not isinstance(words, str) or not isinstance(media, list) or not (words or media):
            raise refused("body: write the words of the text")
        for url in media:
            if not is_http_url(str(url)):
                raise refused(f"media: {url!r} is no http:// or https:// address")
        try:
            message = carrier.messages.person_texts(
                sender, tidy(str(body.get("to", ""))), words, [str(url) for url in media]
            )
        except SimulatorError as error:
            raise refused(str(error)) from None
        return web.json_response(as_json(message), status=201)

    return [web.get("/_carrier/messages", messages), web.post("/_carrier/messages", write)]


def as_json(message: Message) -> dict[str, Any]:
    """A text as the look inside shows it."""
    return {
        "sid": message.sid,
        "direction": message.direction,
        "from": message.sender,
        "to": message.to,
        "body": message.body,
        "media": list(message.media),
        "status": message.status,
        "error": message.error,
        "segments": message.segments,
        "service": message.service_sid,
        "history": [
            {"at": moment.isoformat(), "status": status} for moment, status in message.history
        ],
    }
