"""What `ringback check` says of flows: what is wrong, where, and what to do."""

from __future__ import annotations

import pytest

from ivr.flow.checks import check_flows
from ivr.flow.reader import read_flows
from tests.support import ENERGY, findings_in, surroundings

GOOD = """\
languages: [en]
start: topics
person: person
nodes:
  topics:
    kind: menu
    text: What is it about?
    options:
      - {key: 1, label: an invoice, to: due}
  due: {kind: answer, text: Fourteen days., helped: bye}
  person: {kind: transfer, number: team, otherwise: bye}
  bye: {kind: hang_up, text: Goodbye.}
"""


def test_a_good_flow_has_no_findings() -> None:
    assert findings_in(main=GOOD) == ()
    assert findings_in(main=ENERGY) == ()


@pytest.mark.parametrize(
    ("instead_of", "written", "told"),
    [
        ("to: due}", "to: duu}",
         "9:41: There is no node `duu` in this flow. Did you mean `due`? [unknown-target]"),
        ("to: due}", "to: bills/}",
         "9:41: `bills/`: there is no flow `bills`. There is `main`. [unknown-target]"),
        ("to: due}", "to: 'Due!'}", "9:41: `Due!` is not a place to go. Write a node of this flow "
         "(`menu`), another flow (`invoices/`) or a node in it (`invoices/paid`). [value]"),
        ("start: topics", "start: topic",
         "2:8: There is no node `topic` in this flow. Did you mean `topics`? [unknown-target]"),
        ("number: team", "number: teem",
         "11:36: There is no number called `teem` in config.yaml. Did you mean `team`? "
         "[unknown-number]"),
        ("number: team", "number: '+46'", "11:36: `+46` is not a telephone number. "
         'Write it with its country code and in quotes, like "+46 8 465 004 00". [number]'),
        ("kind: menu", "kind: menü", "6:11: There is no kind of node called `menü`. "
         "Did you mean `menu`? [unknown-kind]"),
        ("    kind: menu\n", "", "6:5: `kind` is missing. Say what this node does: `kind: say`. "
         "[missing]"),
        ("key: 1", "key: 0", "9:15: Key 0 always leads to a person. Use one of 1 to 9. [value]"),
        ("key: 1", "key: 12", "9:15: `12` is not one key. Use one of 1 to 9. [value]"),
        ("helped: bye", "helped: bye, helpd: x",
         "10:58: `helpd` is not a setting here. Did you mean `helped`? [unknown-setting]"),
        ("text: Goodbye.", "text: {no: Ha det.}",
         "12:31: `no` is not a language of this flow. Did you mean `nb` (norsk)? "
         "[unknown-language]"),
        ("languages: [en]", "languages: [en, sv]",
         "7:11: This text is in one language only. Write it in each of `en` and `sv`, like "
         "`en: ...`. [missing-language]"),
        ("languages: [en]", "languages: [eng]",
         "1:13: There is no language `eng`. Did you mean `en` (English)? [unknown-language]"),
        ("person: person", "person: topics",
         "3:9: `topics` leads to `main/topics`, which is no person but a `menu`. Let it lead to a "
         "`transfer` or a `voicemail` without asking anything. [person-not-reached]"),
        ("person: person", "person: bye",
         "3:9: `bye` leads to `main/bye`, which is no person but a `hang_up`. Let it lead to a "
         "`transfer` or a `voicemail` without asking anything. [person-not-reached]"),
        ("text: Fourteen days.", "audio: due.wav",
         "10:30: There is no recording `due.wav` in flows/audio/. Put it there. "
         "[unknown-recording]"),
        ("text: Fourteen days.", "text: ''",
         "10:29: `text` must not be empty. Write something. [value]"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_its_mending(
    instead_of: str, written: str, told: str
) -> None:
    assert GOOD.count(instead_of) >= 1
    findings = findings_in(main=GOOD.replace(instead_of, written))
    assert f"flows/main.yaml:{told}" in [str(found) for found in findings]


def test_all_mistakes_come_at_once() -> None:
    broken = GOOD.replace("to: due}", "to: duu}").replace("number: team", "number: teem")
    assert {found.code for found in findings_in(main=broken)} == {
        "unknown-target",
        "unknown-number",
    }


def test_a_node_that_nothing_leads_to_is_told() -> None:
    lonely = GOOD + "  lonely: {kind: hang_up, text: Hm.}\n"
    (found,) = findings_in(main=lonely)
    assert str(found) == (
        "flows/main.yaml:13:3: warning: Nothing leads to the node `lonely`. "
        "Let another node lead to it, or delete it. [unreached]"
    )


def test_two_options_with_one_key_are_told() -> None:
    twice = GOOD.replace(
        "      - {key: 1, label: an invoice, to: due}\n",
        "      - {key: 1, label: an invoice, to: due}\n      - {key: 1, label: x, to: bye}\n",
    )
    assert "Key 1 is used by two options of this menu." in str(findings_in(main=twice)[0])


def test_nodes_in_a_ring_that_never_ask_are_told() -> None:
    ring = GOOD.replace("to: due}", "to: a}") + (
        "  a: {kind: say, text: A., to: b}\n  b: {kind: goto, to: a}\n"
    )
    rings = [found for found in findings_in(main=ring) if found.code == "ring"]
    assert [found.line for found in rings] == [13, 14]


def test_one_bad_flow_never_stops_the_good_ones() -> None:
    read = read_flows({"main.yaml": GOOD.encode(), "bad.yaml": b"languages: [en\n"})
    assert set(read.flows.flows) == {"main"}
    findings = check_flows(read, surroundings())
    assert {found.file for found in findings} == {"flows/bad.yaml"}


def test_a_file_whose_name_is_no_name_is_told() -> None:
    read = read_flows({"Main Line.yaml": GOOD.encode()})
    assert read.findings[0].code == "flow-name"


def test_a_flow_that_nothing_leads_to_is_told() -> None:
    findings = findings_in(main=GOOD, other=GOOD)
    assert [str(found) for found in findings] == [
        "flows/other.yaml:2:8: warning: No line and no other flow leads to `other/`. "
        "Lead to it, or delete the file. [unreached]"
    ]


def test_a_flow_may_name_a_person_in_another_flow() -> None:
    other = "languages: [en]\nstart: team\nperson: team\nnodes:\n" + (
        "  team: {kind: transfer, number: team, otherwise: sorry}\n"
        "  sorry: {kind: hang_up, text: Sorry.}\n"
    )
    main = GOOD.replace("person: person\n", "person: people/\n").replace(
        "  person: {kind: transfer, number: team, otherwise: bye}\n", ""
    )
    assert findings_in(main=main, people=other) == ()


def test_the_version_of_a_set_changes_with_its_content_only() -> None:
    one = read_flows({"main.yaml": GOOD.encode()})
    same = read_flows({"main.yaml": GOOD.encode()})
    other = read_flows({"main.yaml": GOOD.replace("Goodbye", "Bye").encode()})
    assert one.version == same.version != other.version
