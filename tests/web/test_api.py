"""The HTTP API, held to its description."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from redis import Redis
from werkzeug.test import TestResponse

from ivr.store.connection import connect
from ivr.web import create_app
from tests.store.fixtures import redis, store_url
from tests.web.agents import Desk, call

__all__ = ["redis", "store_url"]

TOKEN = "the token of programs"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
DESCRIPTION: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "docs" / "api.yaml").read_text(encoding="utf-8")
)
LEG = call(50)


@pytest.fixture
def desk(redis: Redis) -> Desk:
    return Desk(redis, api_token=TOKEN)


@pytest.fixture
def web(desk: Desk) -> FlaskClient:
    return desk.web


def described(method: str, path: str, response: TestResponse) -> Any:
    """The JSON that came back, which is what the description has for it."""
    operation = DESCRIPTION["paths"][path][method]
    told = operation["responses"][str(response.status_code)]
    if "$ref" in told:
        told = DESCRIPTION["components"]["responses"][told["$ref"].rpartition("/")[2]]
    schema = told["content"]["application/json"]["schema"]
    assert response.content_type == "application/json"
    Draft202012Validator({**schema, "components": DESCRIPTION["components"]}).validate(
        response.json
    )
    return response.json


def test_every_address_is_described_and_every_description_is_there(web: FlaskClient) -> None:
    there = {
        (method.lower(), rule.rule.replace("<", "{").replace(">", "}"))
        for rule in web.application.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described_ones = {
        (method, path)
        for path, operations in DESCRIPTION["paths"].items()
        for method in operations
        if method != "parameters"
    }
    assert there == described_ones


def test_agents_are_told_with_whom_they_are(desk: Desk, web: FlaskClient) -> None:
    desk.service.come("anna", desk.clock.now())
    desk.somebody_waits(ago=60)
    desk.post("/agent/decision/R1?l=sv", LEG, Digits="1")
    told = described("get", "/api/agents", web.get("/api/agents", headers=BEARER))
    by_name = {agent["name"]: agent for agent in told["agents"]}
    assert by_name["anna"]["presence"] == "busy"
    assert by_name["anna"]["with"] == {
        "reservation": "R1", "queue": "billing", "state": "talking", "name": "Maria Virtanen",
        "since": "2026-11-25T09:00:00+00:00",
    }  # fmt: skip
    assert (by_name["bo"]["presence"], by_name["bo"]["since"]) == ("away", None)
    assert "+467" not in web.get("/api/agents", headers=BEARER).text


def test_presence_is_changed(desk: Desk, web: FlaskClient) -> None:
    path = "/api/agents/{name}/presence"
    for presence in ("available", "available", "away"):
        reply = web.put("/api/agents/bo/presence", json={"presence": presence}, headers=BEARER)
        assert described("put", path, reply)["presence"] == presence
        assert desk.presence("bo") == presence


def test_a_wrap_up_is_ended_and_only_a_wrap_up(desk: Desk, web: FlaskClient) -> None:
    path = "/api/agents/{name}/ready"
    desk.service.come("anna", desk.clock.now())
    desk.somebody_waits()
    desk.post("/agent/decision/R1?l=sv", LEG, Digits="2")
    desk.lines.leave(call(1), "hung_up", desk.now)
    for _ in range(2):
        reply = web.post("/api/agents/anna/ready", headers=BEARER)
        assert described("post", path, reply)["presence"] == "available"
    refused = web.post("/api/agents/bo/ready", headers=BEARER)
    assert described("post", path, refused) == {"error": "The agent bo is away, not in wrap-up."}


def test_queues_are_told_with_who_waits_and_who_serves(desk: Desk, web: FlaskClient) -> None:
    desk.somebody_waits(1, ago=90)
    desk.somebody_waits(2, ago=30)
    desk.service.come("bo", desk.clock.now())
    told = described("get", "/api/queues", web.get("/api/queues", headers=BEARER))
    assert told["queues"] == [
        {"name": "billing", "waiting": 2, "longest_wait": 90.0, "agents": {"away": 2}},
        {"name": "moving", "waiting": 0, "longest_wait": None,
         "agents": {"away": 1, "available": 1}},
    ]  # fmt: skip


OPERATIONS = [
    ("get", "/api/agents"), ("get", "/api/agents/{name}"), ("get", "/api/queues"),
    ("put", "/api/agents/{name}/presence"), ("post", "/api/agents/{name}/ready"),
    ("post", "/api/agents/{name}/listen"),
    ("get", "/api/callbacks/figures"), ("post", "/api/callbacks/{callback}/cancel"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
class TestRefusals:
    @pytest.mark.parametrize(
        "given", [None, "Bearer", f"Basic {TOKEN}", "Bearer nearly", "Bearer ä"]
    )
    def test_without_the_token_nothing_is_told_or_done(
        self, web: FlaskClient, method: str, path: str, given: str | None
    ) -> None:
        headers = {} if given is None else {"Authorization": given}
        reply = web.open(path.replace("{name}", "anna"), method=method.upper(), headers=headers)
        assert reply.status_code == 401
        assert "Bearer" in described(method, path, reply)["error"]

    def test_without_a_token_of_its_own_the_api_is_off(
        self, redis: Redis, method: str, path: str
    ) -> None:
        web = Desk(redis).web
        for headers in ({}, {"Authorization": "Bearer "}):
            reply = web.open(path.replace("{name}", "anna"), method=method.upper(), headers=headers)
            assert reply.status_code == 503
            assert "RINGBACK_API_TOKEN" in described(method, path, reply)["error"]

    def test_an_agent_whom_nobody_knows_is_told(
        self, web: FlaskClient, method: str, path: str
    ) -> None:
        if "{name}" not in path:
            return
        reply = web.open(
            path.replace("{name}", "nobody"), method=method.upper(), headers=BEARER,
            json={"presence": "away", "to": "+46701740660"},
        )  # fmt: skip
        assert reply.status_code == 404
        assert described(method, path, reply)["error"].startswith("There is no agent `nobody`")

    def test_a_store_that_is_away_is_told(self, method: str, path: str) -> None:
        web = Desk(connect("unix:///nowhere/at/all"), api_token=TOKEN).web
        reply = web.open(
            path.replace("{name}", "anna"), method=method.upper(), headers=BEARER,
            json={"presence": "away", "to": "+46701740660"},
        )  # fmt: skip
        assert reply.status_code == 503
        described(method, path, reply)


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 411), (b"{", 400), (b"[]", 400), (b'{"presence": 1}', 400), (b"\xff", 400),
     (b'{"presence": "busy"}', 422), (b'{"presence": "' + b"x" * 5000 + b'"}', 413)],
)  # fmt: skip
def test_a_body_that_makes_no_sense_is_refused(web: FlaskClient, body: bytes, status: int) -> None:
    reply = web.put("/api/agents/bo/presence", data=body, headers=BEARER)
    assert reply.status_code == status
    described("put", "/api/agents/{name}/presence", reply)


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/api/nothing", 404), ("DELETE", "/api/agents", 405)]
)
def test_what_is_not_there_is_refused_in_json(
    web: FlaskClient, method: str, path: str, status: int
) -> None:
    reply = web.open(path, method=method, headers=BEARER)
    assert (reply.status_code, list(reply.json or {})) == (status, ["error"])


def test_nobody_listens_to_an_agent_who_talks_to_nobody(desk: Desk) -> None:
    reply = create_app(desk.parts).test_client().post(
        "/api/agents/anna/listen", json={"to": "+46701740660"}, headers=BEARER
    )  # fmt: skip
    assert described("post", "/api/agents/{name}/listen", reply)["error"].startswith("No carrier")
