"""A value made safe to stand in what is spoken: words, and nothing that is more than words."""

from __future__ import annotations

import unicodedata

from ivr.flow.language import Language

LONGEST = 200
"""Characters of one value that are said."""


def cleaned(text: str, language: Language) -> str:
    """`text` on one line, without control characters, without anything that markup is made of.

    The writer of TwiML escapes as well; that nothing is left to escape keeps a value from being
    read out as "less than", whatever is between here and the voice.
    """
    kept = []
    for character in text[: 4 * LONGEST]:
        if character == "&":
            kept.append(f" {language.spoken.conjunction} ")
        elif character in "<>{}" or unicodedata.category(character)[0] in "CZ":
            kept.append(" " if unicodedata.category(character) != "Cf" else "")
        else:
            kept.append(character)
    whole = " ".join("".join(kept).split())
    if len(whole) <= LONGEST:
        return whole
    cut = whole[: LONGEST + 1].rpartition(" ")[0]
    return cut or whole[:LONGEST]
