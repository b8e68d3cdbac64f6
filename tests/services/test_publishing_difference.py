"""How two sets of flows differ, as an author would tell it."""

from __future__ import annotations

from textwrap import dedent

import pytest

from ivr.services.publishing import Difference, difference
from ivr.services.publishing.wording import summary, told, yaml_difference
from tests.services.folders import flow
from tests.support import ENERGY


def lines(old: str, new: str) -> list[str]:
    """What is told of a flow `main` that was changed from one to the other."""
    return list(told(_difference(old, new)))


def short(old: str, new: str) -> str:
    return summary(_difference(old, new))


def _difference(old: str, new: str) -> Difference:
    return difference({"main.yaml": dedent(old).encode()}, {"main.yaml": dedent(new).encode()})


def test_a_text_is_told_with_its_language_as_it_was_and_as_it_is() -> None:
    new = ENERGY.replace("What is it about?", "What can I do?").replace(
        "fi: muuttoasioissa", "fi: muutossa"
    )
    assert lines(ENERGY, new) == [
        "~ flow main",
        "    ~ node topics (menu)",
        "        text [en]",
        "            was: What is it about?",
        "            now: What can I do?",
        "        options 2, label [fi]",
        "            was: muuttoasioissa",
        "            now: muutossa",
    ]
    assert short(ENERGY, new) == "2 texts changed"


def test_a_text_in_another_language_or_no_longer_in_one() -> None:
    new = ENERGY.replace("{en: Goodbye., fi: Kuulemiin.}", "{en: Goodbye., sv: Hej då.}")
    assert lines(ENERGY, new)[-2:] == [
        "        text [sv]: Hej då.",
        "        text [fi]: no longer Kuulemiin.",
    ]


def test_a_text_that_was_recorded() -> None:
    new = ENERGY.replace("en: Goodbye.", "en: {audio: bye.wav, text: Goodbye.}")
    assert "        text [en]" in lines(ENERGY, new)
    assert "            now: audio: bye.wav, text: Goodbye." in lines(ENERGY, new)
    newer = new.replace("bye.wav", "bye2.wav")
    assert "        text [en audio]" in lines(new, newer)


def test_a_way_that_leads_elsewhere_and_a_setting() -> None:
    new = ENERGY.replace("to: due\n", "to: moving\n").replace("schedule: office", "schedule: desk")
    assert lines(ENERGY, new) == [
        "~ flow main",
        "    ~ node topics (menu)",
        "        options 1, to: due -> moving",
        "    ~ node person (hours)",
        "        schedule: office -> desk",
    ]
    assert short(ENERGY, new) == "1 way and 1 setting changed"


def test_options_are_told_apart_by_their_keys() -> None:
    new = flow().replace(
        "      - {key: 1,",
        "      - {key: 2, label: {en: a bill, sv: en räkning}, to: due}\n      - {key: 1,",
    )
    told_lines = lines(flow(), new)
    assert told_lines == [
        "~ flow main",
        "    ~ node welcome (menu)",
        "        options 2, label [en]: a bill",
        "        options 2, label [sv]: en räkning",
        "        options 2, to: due",
    ]


def test_options_in_another_order() -> None:
    first = "- {key: 1, label: {en: a}, to: due}"
    second = "- {key: 2, label: {en: b}, to: due}"
    menu = "nodes:\n  m:\n    kind: menu\n    options:\n      {}\n      {}\n"
    assert lines(menu.format(first, second), menu.format(second, first))[-1].endswith(
        "options, order: 1, 2 -> 2, 1"
    )


def test_nodes_that_came_and_went() -> None:
    new = ENERGY.replace("      goodbye:", "      bye:").replace("goodbye", "bye")
    told_lines = lines(ENERGY, new)
    assert "    + node bye (hang_up)" in told_lines
    assert "        text [fi]: Kuulemiin." in told_lines
    assert "    - node goodbye (hang_up)" in told_lines
    assert short(ENERGY, new) == "1 node added, 1 node removed, 2 ways changed"


def test_flows_and_recordings_that_came_and_went() -> None:
    old = {"main.yaml": b"a: b", "old.yaml": flow().encode(), "audio/a.wav": b"1"}
    new = {"main.yaml": b"a: b", "new.yaml": flow().encode(), "audio/a.wav": b"2",
           "audio/b.wav": b"3", "main.calls.yaml": b"calls"}  # fmt: skip
    found = difference(old, new)
    assert [line for line in told(found) if not line.startswith(" ")] == [
        "+ flow new (5 nodes)", "- flow old", "~ audio/a.wav", "+ audio/b.wav",
    ]  # fmt: skip
    assert summary(found) == "1 flow and 1 recording added, 1 flow removed, 1 recording changed"


def test_prompts_that_several_nodes_say() -> None:
    node = "text: {en: Goodbye., fi: Kuulemiin.}"
    assert node in ENERGY
    main = dedent(ENERGY).replace(node, "text: {prompt: bye}").encode()
    old = {"main.yaml": main, "prompts.yaml": b"bye: {en: Goodbye., fi: Kuulemiin.}\n"}
    new = old | {"prompts.yaml": b"bye: {en: So long., fi: Kuulemiin.}\nhi: {en: Hi., fi: Hei.}\n"}
    found = difference(old, new)
    assert list(told(found)) == [
        "~ prompts prompts",
        "    bye [en]",
        "        was: Goodbye.",
        "        now: So long.",
        "    hi [en]: Hi.",
        "    hi [fi]: Hei.",
    ]
    assert summary(found) == "3 texts changed"
    assert list(told(difference({"main.yaml": dedent(ENERGY).encode()}, old)))[-4:] == [
        "        text [fi]: no longer Kuulemiin.",
        "+ prompts prompts",
        "    bye [en]: Goodbye.",
        "    bye [fi]: Kuulemiin.",
    ]


def test_comments_and_layout_are_no_change_of_what_callers_hear() -> None:
    found = _difference(flow(), "# Why not\n" + flow())
    assert list(told(found)) == ["main: only comments or layout"]
    assert summary(found) == "only comments or layout"
    assert not found


def test_sets_that_do_not_differ_have_nothing_to_tell() -> None:
    assert lines(ENERGY, ENERGY) == []


@pytest.mark.parametrize(
    "content", ["", "[", "text", "- 1\n- 2", "nodes: []", "nodes: {a: b}", "nodes:\n  a: [1]", "\0"]
)
def test_whatever_stands_in_a_file_something_is_told_of_it(content: str) -> None:
    for old, new in ((ENERGY, content), (content, ENERGY), ("a: b", content)):
        assert lines(old, new)
        assert short(old, new)


def test_the_same_as_a_unified_diff() -> None:
    old = {"main.yaml": b"a: 1\nb: 2\n", "audio/a.wav": b"\xff"}
    new = {"main.yaml": b"a: 1\nb: 3\n", "audio/a.wav": b"\xfe", "x.calls.yaml": b"calls"}
    assert list(yaml_difference(old, new, "v1", "folder")) == [
        "Recordings v1/audio/a.wav and folder/audio/a.wav differ",
        "--- v1/main.yaml", "+++ folder/main.yaml", "@@ -1,2 +1,2 @@", " a: 1", "-b: 2", "+b: 3",
    ]  # fmt: skip
