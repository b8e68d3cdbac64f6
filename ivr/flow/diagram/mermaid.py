"""A drawing as Mermaid, for pages that draw it themselves."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.flow.diagram.drawing import Card, Drawing, Row

LONGEST = 60
"""Characters of a text in a box."""

_SHAPES = {
    "choice": ('{{"', '"}}'),
    "decision": ('{"', '"}'),
    "person": ('(["', '"])'),
    "message": ('(["', '"])'),
    "end": ('(["', '"])'),
}


def mermaid(drawing: Drawing) -> str:
    """The drawing as the text of a Mermaid flowchart."""
    numbers = {card.name: f"n{number}" for number, card in enumerate(drawing.cards)}
    about = (f"{drawing.title}: {drawing.about}", *drawing.notes)
    lines = [*("%% " + " ".join(line.split()) for line in about), "flowchart LR"]
    for card in drawing.cards:
        opening, closing = _SHAPES.get(card.tone, ('["', '"]'))
        lines.append(f"  {numbers[card.name]}{opening}{_text(card)}{closing}")
    exits: dict[str, str] = {}
    for card in drawing.cards:
        lines.extend(_ways(card, numbers, exits))
    return "\n".join(lines) + "\n"


def _ways(card: Card, numbers: dict[str, str], exits: dict[str, str]) -> Iterator[str]:
    for row in card.rows:
        if row.to in numbers:
            target = numbers[row.to]
        else:
            known = exits.get(row.exit)
            target = known or f"x{len(exits)}"
            if known is None:
                exits[row.exit] = target
                yield f'  {target}[/"{_safe(row.exit)}"/]'
        label = _label(row)
        named = f'|"{label}"|' if label else ""
        yield f"  {numbers[card.name]} -->{named} {target}"


def _text(card: Card) -> str:
    seconds = "" if card.seconds is None else f", {max(card.seconds, 1):.0f} s"
    lines = [f"<b>{_safe(card.name)}</b>", f"<i>{_safe(card.kind)}{seconds}</i>"]
    if card.words:
        lines.append(_safe(_cut(card.words)))
    return "<br/>".join(lines)


def _label(row: Row) -> str:
    return _safe(_cut(" ".join(part for part in (row.key, row.label) if part)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _safe(text: str) -> str:
    """As entities: in Mermaid's texts these are `#quot;`, not `&quot;`."""
    for letter, name in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"),
                         ("|", "#124;"), ("`", "#96;")):  # fmt: skip
        text = text.replace(letter, name)
    return " ".join(text.split())
