"""What a YAML parser complains of, in words for people who are no programmers."""

from __future__ import annotations

import re

import yaml

from ivr.reading.findings import Finding

_KNOWN_TROUBLES: tuple[tuple[str, str, str, str], ...] = (
    (r"'\\t'|found a tab|tab character", "yaml-tab", "A tab stands here.",
     "Use spaces to indent."),
    (r"found undefined alias|undefined alias", "yaml-aliases", "This alias is not defined above.",
     "Put quotes around a text that begins with `*`."),
    (r"mapping values are not allowed", "yaml-colon", "A second colon on one line confuses YAML.",
     "Put quotes around the text."),
    (r"(control|special) characters are not allowed|unacceptable character",
     "yaml-character", "An invisible control character stands here.", "Delete it."),
    (r"found character that cannot start any token", "yaml-character",
     "This character cannot begin a text.", "Put quotes around the text."),
    (r"did not find expected key|expected <block end>", "yaml-indent",
     "This line is not indented like its neighbours.", "Line it up with the lines of its group."),
    (r"unexpected end of stream|found unexpected end", "yaml-quote",
     "A quotation mark is opened and never closed.", "Close it."),
    (r"could not find expected ':'", "yaml-colon", "A colon is missing.",
     "Write `name: value`."),
)  # fmt: skip


def in_words(error: yaml.YAMLError, file: str, text: str) -> Finding:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    said = " ".join(str(error).split())
    lines = text.splitlines()
    written = lines[line - 1] if 0 < line <= len(lines) else ""
    if "\t" in written[: max(column, 1)] and not written[: column - 1].strip():
        return Finding(
            file, line, written.index("\t") + 1, "yaml-tab", "A tab stands here.",
            "Use spaces to indent.",
        )  # fmt: skip
    for pattern, code, message, advice in _KNOWN_TROUBLES:
        if re.search(pattern, said):
            opened = getattr(error, "context_mark", None)
            if code == "yaml-quote" and opened is not None:
                # Where it is opened, not the end of the file.
                line, column = opened.line + 1, opened.column + 1
            return Finding(file, line, column, code, message, advice)
    problem = getattr(error, "problem", None) or "this cannot be read"
    return Finding(file, line, column, "yaml-syntax", f"This is not YAML: {problem}.")
