"""The page of texts and answers is as the words are."""

from pathlib import Path

from ivr.promises.manual import manual

ROOT = Path(__file__).parents[2]


def test_the_page_is_made_from_the_words_as_they_are() -> None:
    assert (ROOT / "docs/answers.md").read_text(encoding="utf-8") == manual(), "run `make docs`"
