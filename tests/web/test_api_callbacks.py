"""Callbacks over HTTP, held to their description."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from redis import Redis

from tests.services.callbacks.promised import Promised
from tests.store.fixtures import redis, store_url
from tests.web.agents import Desk
from tests.web.test_api import BEARER, TOKEN, described

__all__ = ["redis", "store_url"]

ONE = "/api/callbacks/{callback}"
WHO = {"by": "Eva", "reason": "she rang"}


class Office(Promised):
    def __init__(self, redis: Redis) -> None:
        desk = Desk(redis, api_token=TOKEN)
        super().__init__(redis, desk.now)
        self.desk = desk
        self.web: FlaskClient = desk.web
        self.windows = self.room("billing", desk.now + 3600, (2, 1, 2))

    def get(self, path: str, callback: str = "", query: str = "") -> Any:
        reply = self.web.get(path.replace("{callback}", callback) + query, headers=BEARER)
        return described("get", path, reply)

    def post(self, callback: str, change: str, status: int = 200, /, **body: Any) -> Any:
        path = f"{ONE}/{change}"
        reply = self.web.post(path.replace("{callback}", callback), json=body, headers=BEARER)
        assert reply.status_code == status, reply.text
        return described("post", path, reply)


@pytest.fixture
def office(redis: Redis) -> Office:
    return Office(redis)


def test_callbacks_are_listed_the_newest_promise_first_with_masked_numbers(office: Office) -> None:
    place, window = office.one(ago=600), office.one(window=office.windows[0], ago=30)
    other = office.tried(office.one("moving", ago=90), outcome="busy", not_before=office.now + 180)
    told = office.get("/api/callbacks")
    assert [one["id"] for one in told["callbacks"]] == [window.id, other.id, place.id]
    assert told["total"] == 3
    assert [one["position"] for one in told["callbacks"]] == [None, None, 1]
    assert "+467017406" not in office.web.get("/api/callbacks", headers=BEARER).text
    assert office.get("/api/callbacks", query="?queue=moving&last=1")["total"] == 1
    assert office.get("/api/callbacks", query="?state=booked")["callbacks"][0]["id"] == window.id
    assert office.get("/api/callbacks", query="?state=ended")["total"] == 0


def test_one_is_told_with_its_moves(office: Office) -> None:
    flagged = office.go(office.one(), "flagged", reason="our account was refused")
    story = office.get(ONE, flagged.id)
    assert story["callback"]["why"] == "our account was refused"
    assert [move["event"] for move in story["moves"]] == ["place_promised", "flagged"]


def test_figures_are_told_by_queue(office: Office) -> None:
    office.one(window=office.windows[0])
    office.one(ago=900)
    told = office.get("/api/callbacks/figures")["queues"]
    assert [one["queue"] for one in told] == ["billing", "moving"]
    assert (told[0]["open"], told[0]["oldest"]["age"]) == (2, 900.0)
    assert [one["booked"] for one in told[0]["windows"]] == [1, 0, 0]


def test_a_supervisor_does_over_http_what_the_command_does(office: Office) -> None:
    one = office.one()
    to = office.get("/api/callbacks/figures")["queues"][0]["windows"][1]["begins"]
    assert office.post(one.id, "move", to=to, **WHO)["window"]["begins"] == to
    assert office.post(one.id, "move", to="place", **WHO)["position"] == 1
    assert office.post(one.id, "call-now", **WHO)["forward"] is True
    assert office.post(one.id, "hand-over", to="Bo", **WHO)["handed_to"] == "Bo"
    assert office.post(one.id, "again", **WHO)["state"] == "waiting"
    assert office.post(one.id, "call-off", **WHO)["state"] == "called_off"
    assert office.post(one.id, "done", **WHO)["state"] == "superseded"
    assert office.post(office.one().id, "cancel", **WHO)["state"] == "cancelled"
    assert [move["actor"]["name"] for move in office.get(ONE, one.id)["moves"][1:]] == ["Eva"] * 7


def test_what_cannot_be_done_is_a_conflict_and_changes_nothing(office: Office) -> None:
    one = office.one()
    assert office.post(one.id, "again", 409, **WHO)["error"].startswith("It cannot be put at its")
    told = office.post(one.id, "move", 409, to="2026-11-25T10:17+00:00", **WHO)
    assert told["error"].startswith("No window begins then. Windows with room: 11:00-11:30,")
    office.desk.clock.pass_by(12 * 3600)
    told = office.post(one.id, "call-now", 409, **WHO)
    assert told["error"].endswith("it can be from Thu 08:00 on.")
    assert office.store.read(one.id) == one


@pytest.mark.parametrize(
    ("status", "change", "body"),
    [
        (404, "cancel", {**WHO, "callback": "nobody"}),
        (400, "cancel", {"by": "Eva"}),
        (400, "cancel", {"by": "Eva", "reason": 7}),
        (422, "cancel", {"by": " ", "reason": "she rang"}),
        (422, "cancel", {"by": "Eva", "reason": "x" * 501}),
        (422, "move", WHO),
        (422, "move", {**WHO, "to": "14:00"}),
        (422, "move", {**WHO, "to": "2026-11-25T10:00:00"}),
        (422, "hand-over", {**WHO, "to": ""}),
        (413, "cancel", {**WHO, "more": "x" * 5000}),
    ],
)
def test_what_makes_no_sense_is_refused(
    office: Office, status: int, change: str, body: dict[str, Any]
) -> None:
    one = office.one()
    told = {name: value for name, value in body.items() if name != "callback"}
    assert office.post(body.get("callback", one.id), change, status, **told)["error"]
    assert office.store.read(one.id) == one


@pytest.mark.parametrize("query", ["?state=nearly", "?last=0", "?last=1001", "?last=many"])
def test_a_list_of_what_there_is_not_is_refused(office: Office, query: str) -> None:
    assert office.get("/api/callbacks", query=query)["error"].startswith("`")
