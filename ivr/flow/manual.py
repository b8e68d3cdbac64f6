"""The manual of the flow language, made from what stands in the code.

A kind's docstring is its page, and its fields' docstrings are its settings: they cannot drift
apart. `docs/flows.md` is this text (`make docs`).
"""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise
from textwrap import dedent
from typing import get_args

from pydantic import BaseModel

from ivr.flow.expressions import reference as expressions_reference
from ivr.flow.flow import Flow
from ivr.flow.kinds import AnyNode
from ivr.flow.kinds.menu import Option
from ivr.flow.kinds.node import Node
from ivr.flow.language import load_languages
from ivr.flow.spoken import reference as spoken_reference

_HEAD = """\
# Flows

What callers hear is written in `flows/`: one YAML file a flow. This page is made from the code
(`make docs`). After a change: `ringback check` tells what is wrong, `ringback test` plays the
scripts of calls, `ringback phone` lets you hear it.

A flow:

```yaml
languages: [en, fi]        # every text is in each of them; a call begins in the first
start: topics              # where a call begins
person: person/            # where 0 and the words for a person lead, from everywhere
nodes:
  topics:
    kind: menu
    ...
```

**Places.** `topics` is a node of the same flow, `invoices/` the start of another flow,
`invoices/paid` a node in it.

**Texts** are written once for each language: `text: {en: Hello, fi: Hei}`. A flow with one
language may leave the language out: `text: Hello`.

**What the engine does by itself.** 0 and the words for a person lead to the flow's `person` from
every step, and so does a complaint. After silence or a wrong key the question is put in other
words, then slowly, then a person takes over. The same answer is given once in a call. A caller who
comes to the same node a third time without getting anywhere is led to a person. When nobody can be
reached, the fallback number of `config.yaml` is rung. A menu's sentences ("For an invoice,
press 1") are made from its options.
"""

_CALLS = """\
## Scripts of calls

Beside a flow, `NAME.calls.yaml` holds calls as they should go: what the caller does and hears.
`ringback test` plays them in milliseconds, `ringback test --http` through the telephone company on
loopback, the web server and Redis. `ringback phone --script` prints a call that you made as one.

```yaml
calls:
  - call: An invoice, in Finnish     # a title
    at: 2026-11-25 10:15             # the company's local time
    from: "+46701740605"             # or: withheld
    script:
      - presses: 1
      - hears: Mitä asiasi koskee ... lasku     # in this order; `...` stands for anything
      - says: laskuni
      - hears_not: valitettavasti
      - silent: true                 # lets the time run out
      - presses: 0
      - put_through: customer_service
        outcome: busy                # answers, busy, no_answer or failed
      - leaves_message: 12           # seconds; `key: "#"` ends it, or silence
      - call_ends: true              # or: hangs_up: true
```
"""


def kinds() -> tuple[type[Node], ...]:
    """Every kind of node, by name."""
    return tuple(sorted(get_args(AnyNode), key=kind_name))


def kind_name(kind: type[Node]) -> str:
    """How flows write it: `menu`."""
    return str(get_args(kind.model_fields["kind"].annotation)[0])


def manual() -> str:
    """The whole page, as Markdown."""
    parts = [_HEAD, "## The file\n", _settings(Flow)]
    parts.append("## The kinds of node\n")
    for kind in kinds():
        parts += [f"### `{kind_name(kind)}`\n", inspect.cleandoc(kind.__doc__ or "") + "\n"]
        parts.append(_settings(kind))
        if kind_name(kind) == "menu":
            parts += ["An option:\n", _settings(Option)]
    parts += ["## Values in texts\n", spoken_reference(load_languages())]
    parts += ["## Conditions and values\n", expressions_reference()]
    parts.append(_CALLS)
    return "\n".join(parts)


def explanations(model: type[BaseModel]) -> dict[str, str]:
    """What stands below each field of the model in its source.

    pydantic could read them too, but would do so at each start of every process.
    """
    (body,) = ast.parse(dedent(inspect.getsource(model))).body
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, below in pairwise(body.body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            match below:
                case ast.Expr(ast.Constant(str(text))):
                    found[field.target.id] = " ".join(text.split())
    return found


def _settings(model: type[BaseModel]) -> str:
    explained = explanations(model)
    rows = ["| setting | | |", "| --- | --- | --- |"]
    for name, field in model.model_fields.items():
        if name == "kind":
            continue
        if field.is_required():
            needed = "required"
        elif field.default in (None, {}, ""):
            needed = "optional"
        else:
            needed = f"`{field.default}` when left out"
        rows.append(f"| `{name}` | {needed} | {explained.get(name, '')} |")
    return "\n".join(rows) + "\n"
