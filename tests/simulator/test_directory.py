"""Directories: who is behind a number, read from YAML, refused with one sentence."""

import pytest

from ivr.simulator import DirectoryError, Line, Person, Step, read_directory, read_line

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
    with pytest.raises(DirectoryError, match="^d.yaml: 'line' is none of apps, .*lines, .*people"):
        read_directory("line: {}", "d.yaml")


def test_a_line_can_be_written_on_the_command_line() -> None:
    assert read_line("+46846500400=http://a.example/v?x=1") == Line(
        "+46846500400", "http://a.example/v?x=1"
    )


@pytest.mark.parametrize("text", ["+46846500400", "12=http://a/", "+46846500400=ftp://a/"])
def test_a_line_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(DirectoryError):
        read_line(text)
