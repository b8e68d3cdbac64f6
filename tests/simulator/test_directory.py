"""Directories: who is behind a number, read from YAML, refused with one sentence."""

import pytest

from ivr.simulator import DirectoryError, Line, Person, Step, read_directory, read_line
from ivr.simulator.people import Machine, Redial

WHOLE = """
lines:
  "+46846500400": http://127.0.0.1:8080/voice
  "+46846500401":
    voice_url: https://a.example/voice#rc=2
    voice_method: get
    fallback_url: https://a.example/fallback
    status_callback: https://a.example/status
people:
  "+46 8 465 004 10":
    answers_after: 4
    then:
      - waits: 2
      - presses: 1
      - says: yes, hello
      - talks: 10
      - hangs_up: true
  "+46846500411": busy
nobody: failed
verified: ["+46846500499"]
"""


def test_a_whole_directory() -> None:
    directory = read_directory(WHOLE)
    assert directory.lines["+46846500400"] == Line("+46846500400", "http://127.0.0.1:8080/voice")
    other = directory.lines["+46846500401"]
    assert (other.voice_method, other.fallback_url) == ("GET", "https://a.example/fallback")
    assert directory.people["+46846500410"] == Person(
        "answers",
        4,
        (
            Step("waits", 2), Step("presses", "1"), Step("says", "yes, hello"),
            Step("talks", 10), Step("hangs_up", True),
        ),
    )  # fmt: skip
    assert directory.people["+46846500411"].does == "busy"
    assert directory.nobody.does == "failed"
    assert directory.owns("+46846500499")
    assert directory.owns("+46846500400")
    assert not directory.owns("+46846500410")


def test_without_anything_everybody_else_rings_out() -> None:
    assert read_directory("").nobody.does == "no_answer"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("lines: [1", "d.yaml:1:10: not YAML: expected ',' or ']', but got '<stream end>'"),
        ("lines: {46846500400: http://a/}",
         "d.yaml: lines: 46846500400 is no number like +46846500400 (put it in quotes)"),
        ("lines: {'+46846500400': a/b}",
         "d.yaml: lines: +46846500400: voice_url: 'a/b' is no http:// or https:// address"),
        ("lines: {'+46846500400': {}}", "d.yaml: lines: +46846500400: voice_url is missing"),
        ("people: {'+46846500410': asleep}",
         "d.yaml: people: +46846500410: 'asleep' is none of answers, busy, no_answer, declined, "
         "failed, invalid, unreachable, forbidden, blocked"),
        ("people: {'+46846500410': {answers_after: soon}}",
         "d.yaml: people: +46846500410: answers_after: 'soon' is no number of seconds"),
        ("people: {'+46846500410': {then: [{sings: 1}]}}",
         "d.yaml: people: +46846500410: then: a step is one of waits, presses, says, talks, "
         "hears, hangs_up"),
        ("people: {'+46846500410': {then: [{presses: a}]}}",
         "d.yaml: people: +46846500410: then: presses: 'a' has other keys than 0-9 * #"),
        ("[1]", "d.yaml: write names and values, not [1]"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_what_and_where(text: str, sentence: str) -> None:
    with pytest.raises(DirectoryError) as raised:
        read_directory(text, "d.yaml")
    assert str(raised.value) == sentence


def test_a_part_that_a_directory_does_not_have_is_refused_with_those_it_has() -> None:
    with pytest.raises(DirectoryError, match=r"^d.yaml: 'line' is none of apps, .*lines, .*people"):
        read_directory("line: {}", "d.yaml")


PEOPLE = """
people:
  client:anna: {accepts: {key: 1, hears: press 1, thinks: 2, talks: 90}}
  client:bo: {refuses: 2}
  client:cy: {accepts: false}
  sip:desk@office.example: {credentials: {username: ann, password: "1"}, hangs_up_after: 60}
  "+46846500410": {machine: {greeting: 4, beep: false, records: 30}, detected_as: human}
  "+46846500411": {fax: true}
  "+46846500412": {calls: [busy, {answers_after: 2}], redials: {after: 9, times: 3}}
  "+46846500413": {gives_up_after: 5, greets: 0, caller_name: ANN, stir_verstat: C}
apps:
  AP00000000000000000000000000000001: {voice_url: "http://a.example/app", voice_method: get}
"""


def test_people_of_every_kind() -> None:
    directory = read_directory(PEOPLE)
    people = directory.people
    agent = (Step("hears", "press 1"), Step("waits", 2.0), Step("presses", "1"),
             Step("talks", 90.0), Step("hangs_up", True))  # fmt: skip
    assert people["client:anna"].steps == agent
    assert people["client:bo"].steps == (Step("presses", "2"),)
    assert people["client:cy"].steps == (Step("hangs_up", True),)
    desk = people["sip:desk@office.example"]
    assert (desk.username, desk.password, desk.hangs_up_after) == ("ann", "1", 60)
    assert people["+46846500410"].machine == Machine(4, beep=False, records=30)
    assert people["+46846500410"].detected_as == "human"
    assert people["+46846500411"].machine == Machine(3, fax=True)
    assert people["+46846500412"].calls == (Person("busy"), Person(after=2))
    assert people["+46846500412"].redials == Redial(9, 3)
    quiet = people["+46846500413"]
    assert (quiet.gives_up_after, quiet.greets, quiet.caller_name) == (5, 0, "ANN")
    (app,) = directory.apps.values()
    assert (app.number, app.voice_method) == ("AP" + "0" * 31 + "1", "GET")


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ("{machine: {greets: 1}}", "machine: 'greets' is none of beep, greeting, records"),
        ("{machine: {beep: loud}}", "machine: beep: 'loud' is neither true nor false"),
        ("{calls: []}", "calls: write a list of what they do, call by call"),
        ("{calls: [busy, gone]}", "calls 2: 'gone' is none of answers, busy, no_answer, declined, "
         "failed, invalid, unreachable, forbidden, blocked"),
        ("{redials: {times: -1}}", "redials: times: -1 is no whole number"),
        ("{accepts: x}", "accepts: key: 'x' has other keys than 0-9 * #"),
        ("{accepts: 1, then: [{waits: 1}]}", "write either accepts or then"),
        ("{detected_as: cat}", "detected_as: 'cat' is none of machine, human, machine_start, "
         "machine_end_beep, machine_end_silence, machine_end_other, fax, unknown"),
        ("{gives_up_after: later}", "gives_up_after: 'later' is no number of seconds"),
        ("{credentials: {user: a}}", "credentials: 'user' is none of password, username"),
        ("{caller_name: [a]}", "caller_name: ['a'] are no words"),
    ],
)  # fmt: skip
def test_people_who_make_no_sense_are_refused_with_what_and_where(
    person: str, sentence: str
) -> None:
    with pytest.raises(DirectoryError) as raised:
        read_directory(f"people: {{'+46846500410': {person}}}", "d.yaml")
    words = str(raised.value)
    assert words.startswith("d.yaml: people: +46846500410")
    assert words.endswith(sentence)


@pytest.mark.parametrize("key", ["anna", "client:", "client:anna lee", "sip:desk", "0846500400"])
def test_who_has_no_address_cannot_be_in_a_directory(key: str) -> None:
    with pytest.raises(DirectoryError, match="is no number like"):
        read_directory(f"people: {{'{key}': busy}}")


def test_an_app_needs_its_identifier() -> None:
    with pytest.raises(DirectoryError, match="'AP1' is not AP and 32 hexadecimal digits"):
        read_directory("apps: {AP1: http://a.example/}")


def test_a_line_can_be_written_on_the_command_line() -> None:
    assert read_line("+46846500400=http://a.example/v?x=1") == Line(
        "+46846500400", "http://a.example/v?x=1"
    )


@pytest.mark.parametrize("text", ["+46846500400", "12=http://a/", "+46846500400=ftp://a/"])
def test_a_line_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(DirectoryError):
        read_line(text)
