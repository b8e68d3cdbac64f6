"""Findings that somebody has silenced in place: `# ringback: allow long-menu (four teams)`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ivr.flow.checks.codes import Code, FoundBy, codes
from ivr.reading import Finding
from ivr.reading.source import Comment, comments
from ivr.reading.tree import Document
from ivr.reading.validation import suggestion

MARK = "ringback:"
_ALLOW = re.compile(
    r"ringback:\s*allow\s+(?P<codes>[a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)\s*(?P<reason>\(.*\))?\s*\Z"
)


@dataclass
class _Allowance:
    document: Document
    comment: Comment
    code: str
    lines: frozenset[int]
    used: bool = field(default=False)

    def finding(self, code: str, message: str, advice: str, *, error: bool = True) -> Finding:
        return Finding(
            self.document.file, self.comment.line, self.comment.column, code, message, advice,
            "error" if error else "warning",
        )  # fmt: skip


def without_allowed(
    findings: Iterable[Finding], documents: Iterable[Document], *, looked_for: Collection[FoundBy]
) -> tuple[Finding, ...]:
    """The findings that nobody has silenced, and those about the silencing itself.

    A comment holds for its own line, or, when nothing else stands there, for the next line that
    is more than a comment. `looked_for` are the findings of which all were found, so that it can
    be told what silences nothing; those of a history come and go with what callers do.
    """
    told: list[Finding] = []
    allowances: list[_Allowance] = []
    for document in documents:
        if MARK in document.text:
            allowances += _allowances(document, told)
    by_line: Mapping[tuple[str, int, str], _Allowance] = {
        (allowance.document.file, line, allowance.code): allowance
        for allowance in allowances
        for line in allowance.lines
    }
    for finding in findings:
        allowance = by_line.get((finding.file, finding.line, finding.code))
        if allowance is None:
            told.append(finding)
        else:
            allowance.used = True
    told += [
        allowance.finding(
            "allow-unused", f"Nothing here has the code `{allowance.code}`.",
            "Delete the comment.", error=False,
        )
        for allowance in allowances
        if not allowance.used and codes()[allowance.code].found_by in looked_for
    ]  # fmt: skip
    return tuple(told)


def _allowances(document: Document, told: list[Finding]) -> Iterator[_Allowance]:
    """The allowances of one file that can be granted; the others are `told`."""
    all_comments = comments(document.text)
    alone = {comment.line for comment in all_comments if comment.alone}
    for comment in all_comments:
        if not comment.text.startswith(MARK):
            continue
        match = _ALLOW.match(comment.text)
        if match is None:
            told.append(
                Finding(
                    document.file, comment.line, comment.column, "allow-unread",
                    "This comment to Ringback cannot be read.",
                    "Write `# ringback: allow CODE (why)`.",
                )
            )  # fmt: skip
            continue
        held = comment.line
        while held in alone:
            held += 1
        reason = (match["reason"] or "").strip("() ")
        for code in re.split(r"\s*,\s*", match["codes"]):
            allowance = _Allowance(document, comment, code, frozenset({comment.line, held}))
            refused = _refused(allowance, codes().get(code), reason)
            if refused is None:
                yield allowance
            else:
                told.append(refused)


def _refused(allowance: _Allowance, known: Code | None, reason: str) -> Finding | None:
    code = allowance.code
    if known is None:
        return allowance.finding(
            "allow-unknown", f"There is no finding with the code `{code}`.",
            suggestion(code, codes()) or "Copy the code from the brackets at the finding's end.",
        )  # fmt: skip
    if not known.may_be_allowed:
        return allowance.finding(
            "allow-error", f"`{code}` cannot be silenced: callers would meet what is wrong.",
            "Mend it, and delete the comment.",
        )  # fmt: skip
    if not reason:
        return allowance.finding(
            "allow-no-reason", f"It is not said why `{code}` is allowed.",
            f"Write why in brackets: `# ringback: allow {code} (why)`.",
        )  # fmt: skip
    return None
