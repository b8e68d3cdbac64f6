"""`ringback notice`: one command, and callers are told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from ivr.flow.notice import Notice
from tests.cli.publishing import Desk
from tests.services.folders import flow

TEXTS = ("--text", "en=A power cut in Kalix.", "--text", "sv=Strömavbrott i Kalix.")


def notices(desk: Desk) -> tuple[Notice, ...]:
    return desk.store.now()[1]


def test_is_on_for_a_line_until_its_end_and_off_again(publisher: Desk) -> None:
    publisher.publishes("A.")
    before = datetime.now(UTC).timestamp()
    said = publisher.does(
        "notice", "on", "outage", "--line", "main", "--until", "3 hours", *TEXTS, "--closed"
    )
    assert re.fullmatch(
        r"The notice outage is on until \d{4}-\d\d-\d\d \d\d:\d\d, for the line main, and we "
        r"count as closed; calls hear it within 2 seconds\.\n",
        said,
    )
    [notice] = notices(publisher)
    assert notice.texts == {"en": "A power cut in Kalix.", "sv": "Strömavbrott i Kalix."}
    assert (notice.id, notice.lines, notice.closes) == ("outage", ("main",), True)
    assert before <= notice.starts and notice.ends >= before + 3 * 3600
    listed = publisher.does("notice", "list")
    assert "The notice outage is on until" in listed and "    sv  Strömavbrott i Kalix.\n" in listed
    assert publisher.does("notice", "off", "outage").startswith("The notice outage is off")
    assert notices(publisher) == ()
    assert publisher.does("notice", "list") == "There are no notices.\n"


def test_the_same_name_changes_it(publisher: Desk) -> None:
    publisher.publishes("A.")
    publisher.does("notice", "on", "outage", "--until", "1 hour", *TEXTS)
    publisher.does("notice", "on", "outage", "--until", "2 hours", *TEXTS, "--line", "support")
    [notice] = notices(publisher)
    assert notice.lines == ("support",)


def test_one_that_begins_later(publisher: Desk) -> None:
    publisher.publishes("A.")
    said = publisher.does("notice", "on", "works", "--from", "1 hour", "--until", "2 hours", *TEXTS)
    assert "The notice works begins " in said
    [notice] = notices(publisher)
    assert 3500 < notice.ends - notice.starts < 3700


def test_one_that_has_ended_is_listed_as_such(publisher: Desk) -> None:
    publisher.store.put_notice(Notice("old", {"sv": "Då."}, 0.0, 3600.0))
    assert "The notice old ended 1970-01-01 02:00, for every line.\n" in publisher.does(
        "notice", "list"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--until", "1 hour", "--text", "en=Hello"),
         "The line main speaks en, sv, and there is no text in sv: add --text sv=..."),
        (("--until", "1 hour", *TEXTS, "--line", "billing"),
         "There is no line `billing`; the lines are main, support."),
        (("--until", "1 hour", *TEXTS, "--text", "xx=Hi"), "There is no language `xx`;"),
        (("--until", "1 hour", "--text", "en=", "--text", "sv=Hej"), "The text in en is empty."),
        (("--until", "1 hour", "--text", "en={name}", "--text", "sv=Hej"), "no values to fill in"),
        (("--until", "1 hour", "--text", "en=" + "x" * 501, "--text", "sv=Hej"), "501 characters"),
        (("--until", "2020-01-01T10:00", *TEXTS), "It would have ended already, on 2020-01-01 at"),
        (("--until", "1 hour", "--from", "2 hours", *TEXTS), "It would end before it begins"),
        (("--until", "2099-01-01T10:00", *TEXTS), "what is so for long belongs in the flows"),
        (("--until", "soon", *TEXTS), "`soon` is not a time: write 18:00,"),
        (TEXTS, "Missing option '--until'"),
        (("--until", "1 hour"), "Missing option '--text'"),
        (("--until", "1 hour", "--text", "hello"), "`hello` should look like"),
        (("--until", "1 hour", *TEXTS, "--text", "en=More"), "There are two texts in en."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(
    publisher: Desk, words: tuple[str, ...], said: str
) -> None:
    publisher.publishes("A.")
    answer = publisher.asks("notice", "on", "outage", *words)
    assert answer.exit_code == 2
    assert said in " ".join(answer.stderr.split())
    assert notices(publisher) == ()


@pytest.mark.parametrize("name", ["", "Outage", "a b", "x" * 41, "-x"])
def test_a_name_that_is_none(publisher: Desk, name: str) -> None:
    answer = publisher.asks("notice", "on", "--until", "1 hour", *TEXTS, "--", name)
    assert answer.exit_code == 2 and f"`{name}` is not a name" in answer.stderr


def test_the_languages_are_those_of_every_version_in_use(publisher: Desk) -> None:
    publisher.publishes("A.")
    finnish = flow("B.").replace("[en, sv]", "[en, sv, fi]")
    finnish = re.sub(r"(sv: [^,}]+)([,}])", r"\1, fi: Suomeksi.\2", finnish)
    publisher.folder.write("main.yaml", finnish)
    publisher.does("notice", "on", "outage", "--until", "1 hour", *TEXTS)
    publisher.does("publish", "--trial-percent", "5")
    answer = publisher.asks("notice", "on", "outage", "--until", "1 hour", *TEXTS)
    assert answer.exit_code == 2 and "there is no text in fi" in answer.stderr
    # A line that does not speak it is not held to it.
    publisher.does("notice", "on", "outage", "--until", "1 hour", *TEXTS, "--line", "support")


def test_before_anything_is_published_the_folder_tells_the_languages(publisher: Desk) -> None:
    answer = publisher.asks("notice", "on", "outage", "--until", "1 hour", "--text", "en=Hello")
    assert answer.exit_code == 2 and "no text in sv" in answer.stderr
    publisher.does("notice", "on", "outage", "--until", "1 hour", *TEXTS)


def test_to_switch_off_what_is_not_there_names_what_is(publisher: Desk) -> None:
    ends = (datetime.now(UTC) + timedelta(hours=1)).timestamp()
    publisher.store.put_notice(Notice("outage", {"sv": "Nu."}, 0.0, ends))
    answer = publisher.asks("notice", "off", "outrage")
    assert answer.exit_code == 2
    assert "There is no notice `outrage`; there are outage." in answer.stderr
