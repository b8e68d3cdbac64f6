"""A bare Flask view: the same signature, two round trips to the same store, a constant answer.

What is left of a webhook when nothing is decided, remembered or written.
"""

from __future__ import annotations

import os

import redis
from flask import Flask, Response, abort, request

from benchmarks.webhook.answers import Answer, Answers
from ivr.carrier.signature import is_valid

LIFETIME = 25 * 3600


def create_app() -> Flask:
    """The application, of the environment's store, token and answers."""
    app = Flask(__name__)
    store = redis.Redis.from_url(os.environ["REDIS_URL"])
    token = os.environ["TWILIO_AUTH_TOKEN"]
    public_url = os.environ["RINGBACK_PUBLIC_URL"]
    answers = Answers.read()

    def answered(answer: str) -> Response:
        pairs = list(request.form.items(multi=True))
        url = public_url + request.full_path.rstrip("?")
        if not is_valid(token, request.headers.get("X-Twilio-Signature"), url, pairs):
            abort(403)
        key = "bare:" + request.form["CallSid"]
        store.get(key)
        store.set(key, answer, ex=LIFETIME)
        return Response(answer, content_type="text/xml; charset=utf-8")

    first_menu, key_pressed = _constant(answers.first_menu), _constant(answers.key_pressed)
    app.add_url_rule("/voice", "arrived", lambda: answered(first_menu), methods=["POST"])
    app.add_url_rule(
        "/voice/turn/<int:turn>", "turn", lambda turn: answered(key_pressed), methods=["POST"]
    )
    return app


def _constant(answer: Answer) -> str:
    """TwiML with nothing to tell, as long as the answer."""
    head = '<?xml version="1.0" encoding="UTF-8"?><Response><Gather><Say>'
    tail = "</Say></Gather></Response>"
    return head + "x" * (answer.length - len(head) - len(tail)) + tail
