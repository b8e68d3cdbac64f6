"""The manual of the expression language, made from its own tables."""

from __future__ import annotations

from ivr.flow.expressions.facts import FACTS, QUEUE_FACTS
from ivr.flow.expressions.functions import FUNCTIONS

OPERATORS = (
    ("`and` `or` `not`", "Conditions joined, or turned round.",
     'not caller.known or line = "main"'),
    ("`=` `!=`", "The same, or not. Capitals and surrounding blanks do not count.",
     'language != "fi"'),
    ("`<` `<=` `>` `>=`", "Numbers, dates and times compared.", "now.hour < 16"),
    ("`+` `-` `*` `/`", "Numbers reckoned, texts joined, days added to a date.",
     'date("2026-12-24") - today < 7 * 2'),
    ("`in` `not in`", "A value in a list, or a text in a text.", 'language in ["fi", "sv"]'),
    ("`(` `)`", "What belongs together.", '(now.hour < 8 or now.hour > 16) and line = "main"'),
)  # fmt: skip

_HEAD = """\
A condition of a `branch` and the value of a `set` are written in a small language of their own. It
can ask about the call, the clock and the queues, and nothing else.

**Values** are texts (`"text"` or `'text'`), numbers (`12`, `12.5`), `true` and `false`, dates
(`date("2026-12-24")`), times of day (`time("14:30")`) and `nothing`. A variable of the call is
written by its name: `invoice_number`. Digits that a caller gave are a text; `number(...)` makes a
number of them. `invoice_number = nothing` holds while the variable has not been set.

**When there is no answer** (a variable that was not set, a text that is no number, a division by
0, a queue that nothing is known of) the call goes the way that the node has for it.
"""


def reference() -> str:
    """Operators, facts and functions, as Markdown."""
    operators = [(written, explained, _code(example)) for written, explained, example in OPERATORS]
    facts = [(_code(fact.name), fact.explained, _code(fact.example)) for fact in FACTS.values()]
    facts.append(
        ('`open("customer_service")`', "Whether a schedule of `config.yaml` is open now.",
         '`not open("customer_service")`')
    )  # fmt: skip
    facts += [
        (_code(f'queue("support").{fact.name}'), fact.explained, _code(fact.example))
        for fact in QUEUE_FACTS.values()
    ]
    functions = [
        (_code(function.written), function.explained,
         f"`{function.example}` gives `{function.outcome}`")
        for function in FUNCTIONS.values()
    ]  # fmt: skip
    return "\n".join(
        (
            _HEAD,
            _table("operator", operators),
            _table("fact", facts),
            _table("function", functions),
        )
    )


def examples() -> tuple[str, ...]:
    """Every condition that the manual shows."""
    return (
        *(example for _, _, example in OPERATORS),
        *(fact.example for fact in FACTS.values()),
        *(fact.example for fact in QUEUE_FACTS.values()),
    )


def _code(text: str) -> str:
    return f"`{text}`"


def _table(of: str, rows: list[tuple[str, str, str]]) -> str:
    lines = [f"| {of} | | example |", "| --- | --- | --- |"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"
