"""The page `Call me back`: what it promises, what it refuses, and that nothing is lost by that."""

from __future__ import annotations

import string
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from msgspec import structs
from redis import Redis

from ivr.callbacks.record import Actor
from ivr.callbacks.states import ENDS, STATES
from ivr.promises.consent import Stopped
from ivr.services.callbacks.form import CallbackForm
from ivr.services.callbacks.form_tokens import LIFETIME, FormTokens, key_trouble
from ivr.services.callbacks.form_wish import LONGEST_ABOUT, LONGEST_NAME, Trouble
from ivr.store import keys
from ivr.store.connection import connect
from ivr.store.consent import ConsentStore
from ivr.store.form import TRIES
from ivr.web import create_app
from ivr.web.form import STATUS
from ivr.web.form_fields import address_of
from ivr.web.form_words import load_form_words
from tests.store.fixtures import redis, store_url
from tests.web.calling import PUBLIC, is_sentence
from tests.web.forms import EMBED, KEY, LANGUAGES, MINE, OTHER, ROOM, THIRD, Visitor, settings

__all__ = ["redis", "store_url"]

SUPERVISOR = Actor("supervisor", "Siri")


@pytest.fixture
def url(redis: Redis, store_url: str) -> str:
    """Of a store in which nothing is known."""
    return store_url


@pytest.fixture
def visitor(url: str) -> Visitor:
    return Visitor(url)


def sentence(trouble: Trouble, language: str = "en") -> str:
    return load_form_words()[language].troubles.root[trouble]


# -- What is promised


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_in_the_line_is_promised_in_the_language_of_the_page(
    url: str, language: str
) -> None:
    visitor = Visitor(url, language=language)
    page = visitor.asks(when="place", name="Maria", about="An invoice", texts="yes")
    stored = visitor.callback
    words = load_form_words()[language].mine
    assert (page.status, page.heading) == (200, words.promised)
    for told in (words.in_line, "+46 70 174 06 05", "+46 8 465 004 00", stored.about.code):
        assert told in page.text
    callback, person = stored.callback, stored.about.person
    assert (callback.number, callback.queue) == ("+46701740605", "billing")
    assert (callback.state, callback.window) == ("waiting", None)
    assert (person.language, person.name) == (language, "Maria")
    assert (stored.about.source, person.said) == ("web", ("An invoice",))
    given = ConsentStore(visitor.redis).read("+46701740605").given
    assert given is not None and (given.how, given.language) == ("web", language)


def test_a_window_is_promised_and_takes_room(visitor: Visitor) -> None:
    page = visitor.asks(when=visitor.choice(1))
    assert visitor.callback.callback.window == visitor.windows[1]
    assert visitor.store.booked("billing") == {visitor.windows[1].begins: 1}
    assert "Today 11:30–12:00" in page.text
    assert ConsentStore(visitor.redis).read("+46701740605").given is None


def test_a_time_is_told_where_the_number_is_as_well(visitor: Visitor) -> None:
    page = visitor.asks(number="+44 20 7946 0123")
    assert "Today 10:00–10:30 in London (today 11:00–11:30 in Stockholm)" in page.text


def test_what_a_stranger_wrote_is_never_said_to_whoever_answers(visitor: Visitor) -> None:
    visitor.asks(about="https://example.com/shout.mp3")
    assert visitor.callback.about.reason == ""


def test_nobody_else_signs_up_a_number_that_stopped_texts(visitor: Visitor) -> None:
    consents = ConsentStore(visitor.redis)
    consents.note("+46701740605", Stopped(visitor.now - 60, "text"))
    visitor.asks(texts="yes")
    assert not consents.read("+46701740605").may_text


def test_where_there_are_several_queues_one_is_chosen_first(visitor: Visitor) -> None:
    page = visitor.get("/callback")
    led = [one.attributes["href"] for one in page.all("a")]
    assert "?l=en&queue=moving" in led and "?l=en&queue=billing" in led
    assert not any("hidden" in one for one in led)
    assert "Moving" in visitor.get("/callback?l=en&queue=moving").text
    alone = Visitor(visitor.url, settings({"queues": ["moving"]}))
    assert alone.get("/callback").filled["queue"] == "moving"
    assert "Something else" not in alone.get("/callback").text


def test_what_cannot_be_promised_is_not_offered(visitor: Visitor) -> None:
    visitor.rooms(0, 0, 0)
    assert visitor.get().times == ["place"]
    visitor.clock.pass_by(10.5 * 3600)
    page = visitor.get()
    assert page.times == [] and load_form_words()["en"].page.nothing_now in page.text


@pytest.mark.parametrize(
    ("wanted", "query", "language"),
    [
        ("sv-SE,en;q=0.8", "", "sv"),
        ("nn-NO,en;q=0.8", "", "nb"),
        ("no", "", "nb"),
        ("de,fi;q=0.5", "", "fi"),
        ("de", "", "en"),
        ("sv", "&l=fi", "fi"),
        ("sv", "&l=xx", "sv"),
        ("", "", "en"),
    ],
)
def test_the_language_is_the_one_asked_for_or_the_browsers(
    visitor: Visitor, wanted: str, query: str, language: str
) -> None:
    visitor.language = wanted
    assert visitor.get(f"/callback?queue=billing{query}").all("html", lang=language)


def test_only_the_languages_of_the_settings_are_there(url: str) -> None:
    visitor = Visitor(url, settings({"languages": ["fi", "sv"]}), language="en")
    page = visitor.get()
    assert page.all("html", lang="fi")
    assert [one.attributes["value"] for one in page.all("button", name="switch")] == ["fi", "sv"]


# -- What is refused


@pytest.mark.parametrize(
    ("fields", "at", "trouble"),
    [
        ({"number": " "}, "number", "number_missing"),
        ({"number": "call me"}, "number", "number_wrong"),
        ({"number": "070 17"}, "number", "number_wrong"),
        ({"number": "sip:me@example.com"}, "number", "number_wrong"),
        ({"number": "112"}, "number", "number_kind"),
        ({"number": "0900 123 45 67"}, "number", "number_kind"),
        ({"number": "+1 202 555 0123"}, "number", "number_country"),
        ({"number": "08-465 004 00"}, "number", "number_ours"),
        ({"when": ""}, "when", "when_missing"),
        ({"when": "1-2"}, "when", "when_gone"),
        ({"name": "x" * (LONGEST_NAME + 1)}, "name", "name_long"),
        ({"about": "x" * (LONGEST_ABOUT + 1)}, "about", "about_long"),
        ({"email": "maria@example"}, "email", "email_wrong"),
        ({"email": "a@example.com, b@example.com"}, "email", "email_wrong"),
    ],
)
def test_a_field_that_is_wrong_is_told_beside_it_and_nothing_is_lost(
    visitor: Visitor, fields: dict[str, str], at: str, trouble: Trouble
) -> None:
    filled = {"number": MINE, "name": "Maria", "about": "An invoice", "texts": "yes"} | fields
    for language in ("sv", "fi"):
        visitor.language = language
        page = visitor.post(**(visitor.get().filled | filled))
        assert (page.status, page.wrong) == (422, {at: sentence(trouble, language)})
        assert sentence(trouble, language) in page.alert
        assert page.all("html", lang=language)
    for name, value in filled.items():
        assert name == "when" or page.filled[name] == value.strip()
    assert visitor.callbacks() == []
    # As it stands it can be mended and sent.
    right = {"number": MINE, "when": "place", "name": "", "about": "", "email": ""}
    assert visitor.post(**(page.filled | right)).status == 200
    assert visitor.callback.callback.number == "+46701740605"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_too_old_forged_or_sent_by_a_program_is_shown_again_filled_in(
    url: str, language: str
) -> None:
    visitor = Visitor(url, language=language)
    fresh, foreign = visitor.get(), FormTokens("another key").issue(language, visitor.now)
    visitor.clock.pass_by(LIFETIME + 1)
    tried: tuple[tuple[Trouble, dict[str, str]], ...] = (
        ("token_old", {}),
        ("token_forged", {"token": foreign}),
        ("token_forged", {"token": fresh.filled["token"][:-2]}),
        ("token_forged", {"token": "å\x00"}),
        ("token_forged", {"token": visitor.form.tokens.link("CA1-cb2")}),
        ("program", {"website": "https://example.com"}),
    )
    for trouble, fields in tried:
        page = visitor.asks(fresh, name="Maria", **fields)
        assert sentence(trouble, language) in page.alert
        assert (page.filled["number"], page.filled["name"]) == (MINE, "Maria")
    assert visitor.callbacks() == []
    assert (
        visitor.asks(page, website="", when="place").heading
        == load_form_words()[language].mine.promised
    )


def test_a_language_is_switched_with_everything_filled_in(visitor: Visitor) -> None:
    page = visitor.post(**(visitor.get().filled | {"number": "070", "switch": "fi"}))
    assert (page.status, page.alert, page.filled["number"]) == (200, "", "070")
    assert page.all("html", lang="fi")
    visitor.asks(page)
    assert visitor.callback.about.person.language == "fi"


def test_the_first_button_of_the_form_is_no_language(visitor: Visitor) -> None:
    first = visitor.get().all("button", form="ask")[0]
    assert "name" not in first.attributes, "Enter would press it"


def test_a_window_that_was_taken_meanwhile_is_not_promised(visitor: Visitor) -> None:
    page = visitor.get()
    visitor.rooms(0, ROOM, ROOM)
    again = visitor.asks(page)
    assert again.wrong == {"when": sentence("when_gone")}
    assert visitor.choice(0) not in again.times
    assert "when" not in again.filled, "nobody else chooses for them"


def test_a_second_callback_for_the_same_number_is_refused(visitor: Visitor) -> None:
    visitor.asks()
    assert visitor.asks().wrong == {"number": sentence("number_open")}
    assert len(visitor.callbacks()) == 1


def test_a_number_that_asked_not_to_be_called_is_refused(visitor: Visitor) -> None:
    ConsentStore(visitor.redis).note_calls_wish(
        "+46701740605", SUPERVISOR, visitor.now, refused=True
    )
    assert visitor.asks().wrong == {"number": sentence("number_stopped")}


def test_a_queue_that_is_not_on_the_page_is_refused(visitor: Visitor) -> None:
    page = visitor.asks(queue="hidden")
    assert page.status == 200 and len(page.all("a")) > 2, "they choose again what it is about"
    assert visitor.callbacks() == []


def test_what_is_written_is_shown_as_it_was_and_runs_nowhere(visitor: Visitor) -> None:
    hostile = '"><script>alert(1)</script>'
    page = visitor.asks(number="", name=hostile, about="</textarea>" + hostile)
    assert page.all("script") == []
    assert page.filled["name"] == hostile
    visitor.asks(page, number=MINE, about="one\r\ntwo\u202e\x00three")
    assert visitor.callback.about.person.said == ("one two three",)


def test_whoever_wants_another_time_sees_every_window_with_room(visitor: Visitor) -> None:
    visitor.rooms(*[ROOM] * 30, 0, ROOM)
    page = visitor.get()
    assert page.times == ["place", *map(visitor.choice, range(3))]
    page = visitor.post(**(page.filled | {"number": "070", "name": "Maria", "show": "every"}))
    assert (page.status, page.alert) == (200, "")
    assert page.times == ["place", *map(visitor.choice, range(30)), visitor.choice(31)]
    assert [one.attributes["label"] for one in page.all("optgroup")] == ["Today", "Tomorrow"]
    wrong = visitor.asks(page, number="070", when=visitor.choice(20))
    assert list(wrong.wrong) == ["number"] and wrong.filled["when"] == visitor.choice(20)
    visitor.post(**(wrong.filled | {"number": MINE}))
    assert visitor.callback.callback.window == visitor.windows[20]
    link = visitor.link()
    assert len(visitor.get(link).times) == 4
    assert len(visitor.get(f"{link}?every=yes").times) == 31
    visitor.post(link, do="move", when=visitor.choice(31))
    assert visitor.callback.callback.window == visitor.windows[31]


# -- Once, and not too often


def test_a_form_sent_twice_is_one_callback(visitor: Visitor) -> None:
    page = visitor.get()
    first, second = (visitor.asks(page, number=number) for number in (MINE, "+46701740605"))
    assert first.text == second.text
    assert len(visitor.callbacks()) == 1
    visitor.asks(page, number=MINE)
    other = visitor.asks(page, number=OTHER)
    assert (other.status, other.filled["number"]) == (409, OTHER)
    assert sentence("token_used") in other.alert
    visitor.asks(other, number=OTHER)
    assert len(visitor.callbacks()) == 2


def test_a_form_sent_many_times_at_once_is_one_callback(visitor: Visitor) -> None:
    visitor.rooms(1, 0, 0)
    page = visitor.get()
    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(lambda _: visitor.asks(page).heading, range(4)))
    assert told == ["Thank you. We will call you."] * 4
    assert len(visitor.callbacks()) == 1


def test_one_address_is_accepted_so_often_an_hour(url: str) -> None:
    config = settings({"address_an_hour": 2}, others_a_day=9)
    visitor = Visitor(url, config)
    numbers = (MINE, OTHER, THIRD)
    for number in numbers[:2]:
        assert visitor.asks(number=number).status == 200
    refused = visitor.asks(number=THIRD, when=visitor.choice(1), name="Maria")
    assert (refused.status, refused.filled["name"]) == (429, "Maria")
    assert sentence("too_often") in refused.alert
    elsewhere = Visitor(url, config, address="192.0.2.2")
    assert elsewhere.asks(number=THIRD, when=visitor.choice(1)).status == 200


def test_what_was_refused_does_not_count_but_looking_for_numbers_ends(url: str) -> None:
    visitor = Visitor(url, settings({"address_an_hour": 1}))
    Visitor(url, address="192.0.2.9").asks(number=OTHER)
    for _ in range(TRIES - 1):
        assert visitor.asks(number=OTHER).wrong == {"number": sentence("number_open")}
    assert visitor.asks().status == 200
    assert visitor.asks(number=OTHER, when=visitor.choice(1)).status == 429


def test_all_together_are_accepted_so_often_an_hour(url: str) -> None:
    config = settings({"an_hour": 1})
    Visitor(url, config).asks()
    other = Visitor(url, config, address="192.0.2.2")
    refused = other.asks(number=OTHER)
    assert refused.status == 429 and sentence("too_many") in refused.alert
    other.redis.delete(keys.FORMS)
    assert other.asks(number=OTHER).status == 200


def test_one_address_has_so_many_strangers_rung_a_day(url: str) -> None:
    visitor = Visitor(url, settings(others_a_day=1))
    visitor.asks()
    refused = visitor.asks(number=OTHER)
    assert refused.status == 429 and sentence("too_often") in refused.alert
    assert "192.0.2" not in repr(visitor.redis.keys("*"))


@pytest.mark.parametrize(
    ("named", "proxies", "address"),
    [
        ("", 0, "192.0.2.1"),
        ("198.51.100.7", 0, "192.0.2.1"),
        ("198.51.100.7", 1, "198.51.100.7"),
        ("203.0.113.1, 198.51.100.7", 1, "198.51.100.7"),
        ("203.0.113.1, 198.51.100.7 ,192.0.2.4", 2, "198.51.100.7"),
        ("198.51.100.7", 2, "192.0.2.1"),
        ("", 1, "192.0.2.1"),
        (",", 1, "192.0.2.1"),
    ],
)
def test_only_servers_of_ours_are_believed_whom_they_serve(
    named: str, proxies: int, address: str
) -> None:
    told = {"HTTP_X_FORWARDED_FOR": named, "REMOTE_ADDR": "192.0.2.1"}
    assert address_of(told, proxies) == address


def test_an_address_is_a_network_where_whoever_has_it_can_choose() -> None:
    who = FormTokens(KEY).who
    assert who("2001:db8:1:2::1") == who("2001:db8:1:2:ffff::9") != who("2001:db8:1:3::1")
    assert who("::ffff:192.0.2.1") == who("192.0.2.1") != who("192.0.2.2")
    assert who("192.0.2.1") != FormTokens("another").who("192.0.2.1")
    assert who("") != who("unix:"), "what is no address is one all the same"


# -- The page of a callback


def test_a_callback_is_moved_to_another_window_and_back_into_the_line(visitor: Visitor) -> None:
    visitor.asks()
    link = visitor.link()
    page = visitor.get(link)
    assert page.times == ["place", visitor.choice(1), visitor.choice(2)]
    moved = visitor.post(link, do="move", when=visitor.choice(2), language="en")
    assert (moved.status, moved.heading) == (200, "The time has been changed.")
    assert visitor.callback.callback.window == visitor.windows[2]
    rang_at = visitor.callback.callback.rang_at
    visitor.post(link, do="move", when="place", language="en")
    callback = visitor.callback.callback
    assert (callback.window, callback.state, callback.rang_at) == (None, "waiting", rang_at)
    told = repr(visitor.redis.xrange(keys.EVENTS))
    assert told.count('"why":"the person, on the web"') == 2


def test_it_is_not_moved_to_a_window_without_room_nor_to_none(visitor: Visitor) -> None:
    visitor.asks()
    link = visitor.link()
    visitor.rooms(ROOM, 0, ROOM)
    tried: tuple[tuple[str, Trouble], ...] = (
        (visitor.choice(1), "when_gone"), ("", "when_missing"), ("nonsense", "when_gone"),
    )  # fmt: skip
    for when, trouble in tried:
        page = visitor.post(link, do="move", when=when)
        assert (page.status, page.alert) == (422, sentence(trouble))
    assert visitor.callback.callback.window == visitor.windows[0]


def test_it_is_cancelled_once_and_its_place_is_free_again(visitor: Visitor) -> None:
    visitor.asks()
    stored = visitor.callback
    link = visitor.link(stored)
    for _ in range(2):
        page = visitor.post(link, do="cancel", language="en")
        assert load_form_words()["en"].mine.cancelled in page.text
    assert visitor.callbacks() == [] and visitor.store.booked("billing") == {}
    assert page.all("button") == [] and "+46 70" not in page.text
    assert visitor.post(link, do="move", when=visitor.choice(1)).status in (422, 503)
    assert visitor.callbacks() == []
    assert visitor.asks().status == 200, "one more can be asked for"


def test_a_link_that_was_not_given_out_leads_nowhere(visitor: Visitor) -> None:
    visitor.asks()
    good = visitor.link()
    for link in (
        good[:-1], good + "x", "/callback/mine/x", "/callback/mine/" + visitor.callback.id,
        "/callback/mine/" + visitor.form.tokens.issue("en", visitor.now),
        "/callback/mine/" + FormTokens("another").link(visitor.callback.id),
        "/callback/mine/" + visitor.form.tokens.link("web-unknown"),
    ):  # fmt: skip
        for page in (visitor.get(link), visitor.post(link, do="cancel")):
            assert page.status == 404 and "There is no call here any more" in page.text
    assert visitor.callback.callback.state == "booked"
    assert visitor.post(good, do="nonsense").status == 200


def test_the_page_tells_how_every_callback_stands(visitor: Visitor) -> None:
    visitor.asks()
    stored = visitor.callback
    words = load_form_words()["nb"].mine.model_dump().values()
    known = [text.replace("{line}", "+46 8 465 004 00") for text in words]
    for state in STATES:
        changed = structs.replace(stored.callback, state=state)
        record = msgspec.json.encode(changed)
        visitor.redis.hset(keys.callback(stored.id), "record", record)
        page = visitor.get(f"{visitor.link(stored)}?l=nb")
        assert page.status == 200 and page.all("p", role="status")[0].text in known
        over = state in ENDS
        assert ("+46 70 174 06 05" in page.text) is not over
        assert bool(page.all("form")) is not over or state in (
            "at_machine",
            "talking",
            "called_off",
        )


# -- Programs of the company's own


def test_a_program_asks_in_json_and_gets_the_same(visitor: Visitor) -> None:
    first = visitor.json("GET", "/callback/token?l=sv").get_json()
    billing = first["queues"][0]
    assert (first["language"], billing["queue"], billing["name"]) == ("sv", "billing", "Faktura")
    assert billing["kinds"] == ["place", "window"]
    asked = {
        "token": first["token"], "language": "sv", "queue": "billing", "number": MINE,
        "when": billing["windows"][0]["when"], "name": "Maria", "texts": True,
    }  # fmt: skip
    answers = [visitor.json("POST", "/callback", asked) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    told = answers[0].get_json()
    assert told == answers[1].get_json()
    stored = visitor.callback
    assert (told["callback"], told["number"]) == (stored.id, "+46701740605")
    assert (told["begins"], told["ends"]) == (visitor.windows[0].begins, visitor.windows[0].ends)
    assert told["when"] == billing["windows"][0]["said"] == "I dag 11:00–11:30"
    assert told["page"] == PUBLIC + visitor.link(stored)
    assert told["code"] == stored.about.code and told["from"] == "+46 8 465 004 00"
    assert stored.about.person.language == "sv"


def test_a_program_is_told_what_is_wrong_and_gets_another_token(visitor: Visitor) -> None:
    reply = visitor.json("POST", "/callback", {"number": "112", "language": "sv"})
    told = reply.get_json()
    assert (reply.status_code, told["why"]) == (422, "token_forged")
    asked = {"token": told["token"], "language": "sv", "queue": "nowhere", "number": "112"}
    reply = visitor.json("POST", "/callback", asked)
    told = reply.get_json()
    assert reply.status_code == 422
    assert told["fields"] == {
        "number": sentence("number_kind", "sv"), "queue": sentence("queue_unknown", "sv"),
    }  # fmt: skip
    right = {"queue": "billing", "number": MINE, "when": "place", "token": told["token"]}
    assert visitor.json("POST", "/callback", asked | right).status_code == 201
    as_form = visitor.post(**(right | {"token": told["token"]}))
    assert as_form.status == 200, "a form does as well"


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"number": 5}', b"\xff", b'{"token": "\\ud800"}'])
def test_what_is_no_json_is_refused_in_one_sentence(visitor: Visitor, body: bytes) -> None:
    reply = visitor.web.post("/callback", data=body, content_type="application/json")
    assert reply.status_code in (400, 422) and "Traceback" not in reply.text


def test_pages_of_the_companys_other_sites_may_ask(visitor: Visitor) -> None:
    reply = visitor.json("GET", "/callback/token", Origin=EMBED)
    assert reply.headers["Access-Control-Allow-Origin"] == EMBED
    before = visitor.json("OPTIONS", "/callback", Origin=EMBED)
    assert before.status_code == 204
    assert before.headers["Access-Control-Allow-Headers"] == "Content-Type"
    foreign = visitor.json("GET", "/callback/token", Origin="https://elsewhere.example")
    assert "Access-Control-Allow-Origin" not in foreign.headers


# -- The page itself


def test_nothing_runs_on_it_and_only_the_companys_sites_may_embed_it(visitor: Visitor) -> None:
    visitor.asks()
    alone = Visitor(visitor.url, settings({"embed": []}))
    for page in (visitor.get(), visitor.get(visitor.link()), visitor.get("/callback/mine/x")):
        policy = page.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';") and "script" not in policy
        assert policy.endswith(f"frame-ancestors {EMBED}")
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in page.headers
        linked = [one.attributes["href"] for one in page.all("link")]
        assert all(not one.startswith(("http", "//")) for one in linked)
    policy = alone.get().headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'none'")
    style = visitor.web.get("/callback/form.css")
    assert style.content_type.startswith("text/css") and "http" not in style.text


@pytest.mark.parametrize("wrong", [False, True])
def test_every_field_has_a_name_that_is_read_out(visitor: Visitor, wrong: bool) -> None:
    page = visitor.get()
    if wrong:
        page = visitor.asks(number="", when="", email="x", name="x" * 99, about="x" * 999)
        assert len(page.wrong) == 5
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    labelled = {one.attributes["for"] for one in page.all("label")}
    for one in (*page.all("input"), *page.all("textarea")):
        hidden = one.attributes.get("type") == "hidden"
        assert hidden or one.attributes["id"] in labelled
    for one in page.elements:
        assert set(one.attributes.get("aria-describedby", "").split()) <= set(ids)
    for one in page.all("a"):
        address = one.attributes["href"]
        assert not address.startswith("#") or address[1:] in ids
    assert len(page.all("h1")) == 1 and page.all("html")[0].attributes["lang"] == "en"


def test_without_key_or_queues_there_is_no_page(url: str) -> None:
    visitor = Visitor(url)
    web = create_app(replace(visitor.office.parts, form=None)).test_client()
    for path in ("/callback", "/callback/token", "/callback/mine/x", "/callback/form.css"):
        reply = web.get(path)
        assert reply.status_code == 404 and is_sentence(reply.text)


def test_what_the_carrier_asks_for_is_still_the_carriers(visitor: Visitor) -> None:
    for path in ("/callback/status/C1/1", "/callback/mine/C1/1", "/callback/token/C1/1"):
        assert visitor.web.post(path).status_code == 404, "no carrier is part of this web"


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_the_store_away_they_are_told_to_ring(url: str, language: str) -> None:
    visitor = Visitor(url, language=language)
    page, link = visitor.get(), visitor.form.tokens.link("web-1")
    with connect("redis://127.0.0.1:1/0") as away:
        form = CallbackForm(settings(), away, KEY)
        visitor.web = create_app(replace(visitor.office.parts, form=form)).test_client()
        for shown in (visitor.get(), visitor.asks(page), visitor.get(f"/callback/mine/{link}")):
            assert shown.status == 503 and "+46 8 465 004 00" in shown.text
            assert load_form_words()[language].page.away in shown.text
        assert visitor.json("GET", "/callback/token").status_code == 503


def test_a_form_that_is_too_large_is_refused_in_one_sentence(visitor: Visitor) -> None:
    reply = visitor.web.post("/callback", data={"about": "x" * 9000})
    assert reply.status_code == 413 and is_sentence(reply.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_a_language_holds_the_same_values(language: str) -> None:
    def values(code: str) -> dict[str, list[str]]:
        words = load_form_words()[code]
        flat = words.page.model_dump() | words.mine.model_dump() | words.troubles.root
        return {
            name: sorted(field for _, field, _, _ in string.Formatter().parse(text) if field)
            for name, text in flat.items()
        }

    assert values(language) == values("en")


def test_a_key_that_is_missing_or_short_is_told_in_one_sentence() -> None:
    for key in ("", "short"):
        told = key_trouble(("billing",), key)
        assert told.count("\n") == 0 and "RINGBACK_FORM_KEY" in told and "token_urlsafe" in told
    assert key_trouble(("billing",), KEY) == key_trouble((), "") == ""


def test_the_documentation_names_every_refusal_with_its_status() -> None:
    text = (Path(__file__).parents[2] / "docs" / "form.md").read_text(encoding="utf-8")
    told = {row.split("|")[1].strip(): row for row in text.splitlines() if row.startswith("| ")}
    for trouble in get_args(Trouble):
        assert f"`{trouble}`" in told[str(STATUS.get(trouble, 422))], trouble
