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
language may leave the language out: `text: Hello`. What was recorded is written with its words:
`text: {en: {audio: hello-en.wav, text: Hello}}`.

**Prompts.** A text that stands in several places can be written once, in `flows/prompts.yaml` or in
a file of `flows/prompts/`, as `welcome: {en: Welcome, fi: Tervetuloa}`; a node says it with
`text: {prompt: welcome}`.

**What is wrong** `ringback check` tells with a code, which [findings.md](findings.md) explains; a
finding that must stay is silenced in place, with a reason: `# ringback: allow long-menu (why)`.

**Editors** complete and explain settings when a flow begins with
`# yaml-language-server: $schema=../docs/flow.schema.json` (`ringback schema` prints it).

**What the engine does by itself.** 0 and the words for a person lead to the flow's `person` from
every step, and so does a complaint. After silence or a wrong key the question is put in other
words, then slowly in its first words, then a person takes over. Another key than 0 that is pressed
while nothing is asked, as during a lookup's "One moment", is not kept for the question that comes
next: which one that will be, nobody knows yet. The same answer is given once in a call. A caller
who comes to the same node a third time without getting anywhere is led to a person. When nobody can
be reached, the fallback number of `config.yaml` is rung. Who waits in a line waits for a person
already: 0 tells them where they stand. A menu's sentences ("For an invoice,
press 1") are made from its options.
"""

_CALLBACKS = """\
## Talking about a callback

`queue`, `offer_callback` and `recognise_callback` hold the same talk with a caller; a flow says
only where it leads. What can be offered, and when, is `callbacks` of the queue in `config.yaml`
([callbacks.md](callbacks.md)).

1. **What there is.** "We can call you back today between 10:35 and 10:50, and you keep your place.
   For that, press 1. To choose a time for us to call, press 2. Or just stay on the line." Whoever
   says nothing stays on the line.
2. **When**, where a time is wanted: up to three, and one key for none of them.
3. **On which number.** Their own is read back; whoever has another keys it in, with an extension
   after a star. A number that is withheld, or that we do not ring, is told in one sentence. Three
   numbers can be given, two of them wrong; then it is let be.
4. **Texts**, where the person has not agreed to any yet: 1 or 2, and silence is no.
5. **The promise**, spoken only once it is on disk: when we call, the digits that we say then, and
   whether a text comes. Where the time was taken meanwhile, those that are left are told.
6. **What it is about**, once, after a tone, where nothing is known of it yet; any key or silence
   skips it.

In a `queue`, and in an `offer_callback` while the queue can be waited for, the caller stands in the
line all the while and is put through when the turn comes. Whoever declines waits on at the same
place. 0 and the words for a person lead on at once: in a `queue` back into the line, elsewhere to
the flow's `person`. Once they wait, key 2 begins the talk again; they are told of it once more when
the wait gets long, so often at most as `config.yaml` says.
"""

_CALLS = """\
## Scripts of calls

Beside a flow, `NAME.calls.yaml` holds calls as they should go: what the caller does and hears.
`ringback test` plays them in milliseconds, `ringback test --http` through the telephone company on
loopback, the web server and Redis: the same scripts, with the same results.

```yaml
calls:
  - call: An invoice, in Finnish     # a title
    at: 2026-11-25 10:15             # the company's local time
    from: "+46701740605"             # or: withheld
    script:
      - presses: 1
      - hears: Mitä asiasi koskee ... lasku     # in this order; `...` stands for anything
        language: fi                 # optional: the language in which it is said
        slowly: true                 # optional: how it is said
      - says: laskuni
      - hears_not: valitettavasti
      - silent: true                 # lets the time run out
      - presses: "12345678#"         # a whole entry; a pause ends what is shorter, too
      - text_sent: example.com/moving           # a text was promised that has this in it
        to: caller                   # optional; or a number
      - presses: 0
      - put_through: customer_service
        outcome: busy                # answers, busy, no_answer or failed
      - waits: 90                    # seconds in the line of a queue
        ahead: 2                     # optional: from now on two are ahead,
        agents: 3                    # so many are there,
        wait_minutes: 5-8            # and this is the estimate
      - agent: accepts               # and they talk; or is_gone: before they meet
      - leaves_message: 12           # seconds; `key: "#"` ends it, or silence
      - call_ends: true              # or: hangs_up: true
```

A call begins `at` any moment: a Sunday, Christmas Eve, the night when clocks change. In autumn that
night has each moment from two to three twice: `2026-10-25 02:30` is the first one,
`2026-10-25 02:30 again` the second. What else is around a call can be given with it:

```yaml
  - call: Support is busy, and the customer is found at the second try
    at: 2026-12-24 16:00
    hours: {customer_service: open}  # or closed, or holiday: whatever the clock says
    queues: {support: {waiting: 12, agents: 3, wait_minutes: 14}}
    notices:
      - There is a power cut in Kalix.          # or: {text: {en: ..., fi: ...}, closes: true}
    lookups:                         # what the company's own systems answer, node by node
      - node: find_customer          # or invoices/find_customer
        fails: not_found             # not_found, slow, down or nonsense
      - node: find_customer          # the second time, and ever after
        answers: {account: {balance: 12.5, number: "0042"}}   # JSON; in quotes it is a text
    script:
      ...
```

Callbacks are offered, promised and changed as the script says; without that nobody is offered one.
Which numbers may be rung, and how times are said, is as `config.yaml` has it:

```yaml
  - call: Support rings back at a time that suits, in spite of somebody who was quicker
    at: 2026-11-25 10:15
    from: "+46701740605"
    callbacks:
      support:
        offers: [place, window]      # in this order
        windows: ["14:00", "15:30"]  # when they begin; or "2026-11-26 09:00"
        turn_in_minutes: 20-35       # of a place; left out, no time is told
        texts: ask                   # or given, or no
        asks_reason: true
        code: "471"
        refuses: no_room             # the first promise: also too_many, number, not_now, turn_came
    has_callback: {queue: support, at: "14:00"}   # or ahead: 3, or status: not_reached, on_the_way
    script:
      - presses: 2
      ...
      - leaves_message: 8            # what it is about
```

A queue that a script does not give has one agent and nobody waits. With `wait_minutes` the estimate
is sound and is told, without it the number ahead is; with `agents: 0` nobody is there, and with
`next_agent: true` somebody comes within the hour. Who joins has all those ahead who are `waiting`.

A script must say what every system that its call asks answers. Nothing outside is ever asked.

- `ringback test --update` writes what was heard into the `hears` of scripts that go their way in
  other words. It shows every change and asks first; everything else in the file stays as it is.
- `ringback test --coverage` lists the ways that no script takes, with file and line: settings that
  name a place, choices, misses, outcomes, languages. `--fail-under 100` makes that an error.
- `ringback phone --record NAME` phones, and adds the call to `NAME.calls.yaml` as a script; `-`
  shows it on the screen. Where the call asked a system, add what that answered under `lookups`.
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
    parts += [_CALLBACKS, _CALLS]
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
