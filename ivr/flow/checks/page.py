"""The page about findings, made from their table (`make docs`)."""

from __future__ import annotations

from ivr.flow.checks.codes import Code, codes

_HEAD = """\
# Findings

What `ringback check` can find, by code. This page is made from the code (`make docs`).

An **error** keeps a flow out of service: whoever would meet it is put through. A **warning** and a
**note** keep nothing out of service.

**Silencing.** Where a finding below says so, it can be silenced in place, with a reason, in a
comment on its line or the line above:

```yaml
options:  # ringback: allow long-menu (four teams share this line)
```

A comment without a reason, of a code that there is not, or that silences nothing is a finding
itself. What would break calls cannot be silenced.

**For programs.** `ringback check --format json`, `github` (annotations of a workflow) and `sarif`
(SARIF 2.1.0). The exit status is 0 without an error, 1 with one, and 2 when config.yaml cannot be
read.

A workflow that shows findings at the lines of a change:

```yaml
- run: ringback check --format github
```
"""


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join([_HEAD, *(_section(name, code) for name, code in codes().items())])


def _section(name: str, code: Code) -> str:
    can = " Can be silenced." if code.may_be_allowed else ""
    return (
        f"## {name}\n\n"
        f"{code.title} ({code.severity}). {code.why}{can}\n\n"
        f"To mend it: {code.mend[:1].lower()}{code.mend[1:]}\n\n"
        f"{_example('Wrong', code, code.wrong)}\n{_example('Right', code, code.right)}"
    )


def _example(title: str, code: Code, example: str) -> str:
    if code.of == "words":
        return f"{title}: {example}\n"
    return f"{title}:\n\n```yaml\n{example.rstrip()}\n```\n"
