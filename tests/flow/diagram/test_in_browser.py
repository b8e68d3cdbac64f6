"""The picture as a browser draws it, with whatever fonts this machine has: no text lies upon
another, and none leaves its card."""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from ivr.flow.diagram import svg
from ivr.flow.diagram.svg import CARD
from tests.flow.diagram.drawings import examples
from tests.simulator.browser.conftest import ARGUMENTS, chromium_path

BOXES = """() => [...document.querySelectorAll('.card')].map(card => {
  const edge = card.querySelector('.box').getBoundingClientRect();
  return {name: card.id, width: edge.width, texts: [...card.querySelectorAll('text')].map(text => {
    const box = text.getBoundingClientRect();
    return [box.left - edge.left, box.top - edge.top, box.right - edge.left, box.bottom - edge.top,
            text.textContent];
  })};
})"""
Box = tuple[float, float, float, float, str]
ROUNDING = 1.5
"""Pixels by which the boxes of letters, which have room around them, may touch."""
EVERY = 3
"""Each third picture is looked at: over all languages that is each flow at least once."""


def upon(one: Box, other: Box) -> bool:
    return (
        one[0] < other[2] - ROUNDING
        and other[0] < one[2] - ROUNDING
        and one[1] < other[3] - ROUNDING
        and other[1] < one[3] - ROUNDING
    )


def test_no_text_lies_upon_another_or_leaves_its_card(tmp_path: Path) -> None:
    chromium = chromium_path()
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=ARGUMENTS, env={**os.environ, "HOME": str(tmp_path)}
        )
        page = browser.new_page()
        for drawing in list(examples())[::EVERY]:
            page.set_content(svg(drawing))
            for card in page.evaluate(BOXES):
                assert card["width"] == pytest.approx(CARD, abs=ROUNDING)
                for text in card["texts"]:
                    assert text[0] >= 0, (drawing.title, text)
                    assert text[2] <= CARD, (drawing.title, text)
                for one, other in combinations(card["texts"], 2):
                    assert not upon(one, other), (drawing.title, one, other)
        browser.close()
