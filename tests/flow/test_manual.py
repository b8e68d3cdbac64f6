"""The manual is what the code says, and its examples work."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from textwrap import dedent

import pytest

from ivr.flow.flow import Flow
from ivr.flow.kinds.node import Node
from ivr.flow.manual import explanations, kind_name, kinds, manual
from ivr.reading import read_tree, validate

ROOT = Path(__file__).parents[2]


def test_the_page_in_docs_is_the_one_that_the_code_makes() -> None:
    assert (ROOT / "docs/flows.md").read_text(encoding="utf-8") == manual(), "run `make docs`"


@pytest.mark.parametrize("kind", kinds(), ids=kind_name)
def test_the_example_of_a_kind_is_one(kind: type[Node]) -> None:
    page = inspect.cleandoc(kind.__doc__ or "")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    indented = "".join(f"  {line}\n" for line in dedent(example).splitlines())
    text = f"languages: [en, fi]\nstart: a\nperson: a\nnodes:\n{indented}"
    flow = validate(Flow, read_tree(text.encode(), "example.yaml"))
    (node,) = flow.nodes.values()
    assert type(node) is kind


@pytest.mark.parametrize("kind", kinds(), ids=kind_name)
def test_every_setting_of_a_kind_is_explained(kind: type[Node]) -> None:
    assert kind.model_fields.keys() - explanations(kind).keys() == {"kind"}
