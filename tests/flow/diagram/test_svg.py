"""The picture itself: well-formed, self-contained, nothing wider than its place."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from ivr.flow.diagram import flow_drawing, mermaid, svg
from ivr.flow.diagram.drawing import Card, Drawing, Row
from ivr.flow.diagram.letters import shortened, width, wrapped
from ivr.flow.flow import FlowSet
from ivr.flow.language import load_languages
from ivr.flow.reader import read_flows
from tests.flow.diagram.drawings import drawings, examples
from tests.flows.company import company
from tests.support import ENERGY, company_of

ROOT = Path(__file__).parents[3]
SVG = "{http://www.w3.org/2000/svg}"


def texts(picture: str) -> list[str]:
    root = ElementTree.fromstring(picture)
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def tooltips(picture: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(picture).iter(f"{SVG}title")]


@given(drawings())
@settings(max_examples=40, deadline=None)
def test_whatever_is_written_in_a_flow_the_picture_is_well_formed(drawing: Drawing) -> None:
    assert len(ElementTree.fromstring(svg(drawing)).findall(f".//{SVG}g[@id]")) == len(
        drawing.cards
    )


def test_it_needs_nothing_from_outside() -> None:
    for drawing in examples():
        picture = svg(drawing)
        addresses = re.findall(r"""(?:href|src|url)[=(]["']?([^"')]+)""", picture)
        assert all(address.startswith("#") for address in addresses)
        assert "@import" not in picture
        assert "@font-face" not in picture


def test_a_flow_shows_steps_words_keys_ways_and_exits_in_one_language() -> None:
    flows = company_of(main=ENERGY).flows
    shown = texts(svg(flow_drawing(flows, "main", "fi", load_languages())))
    for part in (
        "main", "topics", "menu", "start", "Mitä asiasi koskee?", "1", "laskuasioissa", "helped",
        "open", "closed", "☎ team", "↺ topics", "voicemail", "nothing", "0",
    ):  # fmt: skip
        assert part in shown, part
    assert not any("invoice" in text for text in shown)
    assert any(re.fullmatch(r"\d+ s", text) for text in shown)


def test_another_flow_is_named_where_a_way_leaves() -> None:
    other = "languages: [en]\nstart: a\nperson: a\nnodes: {a: {kind: hang_up}, b: {kind: hang_up}}"
    here = """
        languages: [en]
        start: x
        person: other/
        nodes:
          x: {kind: say, text: Hello., to: y}
          y: {kind: say, text: Hello again., to: other/b}
          z: {kind: goto, to: other/}
    """
    files = {"other.yaml": other.encode(), "main.yaml": here.encode()}
    read = read_flows(files)
    flows = FlowSet({name: source.flow for name, source in read.sources.items()}, "v")
    picture = svg(flow_drawing(flows, "main", "en", load_languages()))
    assert "→ other/b" in texts(picture)
    assert "→ other" in texts(picture)
    assert "0 and asking for a person lead to other/a." in texts(picture)


def test_a_long_text_is_shortened_and_whole_in_its_tooltip() -> None:
    long = "A sentence that goes on " * 20
    card = Card("step", "say", "step", long, (Row("1", long, exit="→ away"),))
    picture = svg(Drawing("t", long, (card,)))
    assert long not in texts(picture)
    assert any(text.endswith("…") for text in texts(picture))
    assert f"step (say)\n{long}" in tooltips(picture)
    assert f"1 {long} → away" in tooltips(picture)


@given(drawings())
@settings(max_examples=20, deadline=None)
def test_the_same_flow_is_the_same_picture(drawing: Drawing) -> None:
    assert svg(drawing) == svg(drawing)
    assert mermaid(drawing) == mermaid(drawing)


def test_a_shortened_text_is_no_wider_than_it_may_be() -> None:
    for most in (20.0, 55.0, 200.0):
        assert width(shortened("Näppäile asiakasnumerosi WWW", 12, most), 12) <= most
        for line in wrapped("Näppäile asiakasnumerosi sekä WWWWWWWWWWWWWWWWWWWWWWWW", 12, most, 3):
            assert width(line, 12) <= most
    assert wrapped("", 12, 100, 2) == []


def test_the_picture_in_docs_is_the_one_that_the_code_makes() -> None:
    flows = company().flows
    made = svg(flow_drawing(flows, "outages", "en", load_languages()))
    assert (ROOT / "docs/outages.svg").read_text(encoding="utf-8") == made, "run `make docs`"


class TestMermaid:
    def test_steps_ways_and_exits(self) -> None:
        flows = company_of(main=ENERGY).flows
        told = mermaid(flow_drawing(flows, "main", "en", load_languages()))
        assert told.splitlines()[1] == "flowchart LR"
        assert '-->|"1 an invoice"| ' in told
        assert '[/"☎ team"/]' in told
        assert "<b>topics</b><br/><i>menu, " in told

    @pytest.mark.parametrize("sign", ['"', "|", "<b>", "#", "`", "\n"])
    def test_signs_that_mean_something_to_it_are_written_as_entities(self, sign: str) -> None:
        card = Card("a", "say", "step", f"x{sign}y", (Row("", f"x{sign}y", to="a"),))
        told = mermaid(Drawing("t", "", (card,)))
        assert f"x{sign}y" not in told
        assert len(told.splitlines()) == 4
