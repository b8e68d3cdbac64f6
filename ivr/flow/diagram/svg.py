"""A drawing as SVG: no outside fonts, light or dark as its reader's screen is."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ivr.flow.diagram.drawing import Card, Drawing, Row
from ivr.flow.diagram.layout import Arrow, Layout, Mark, Size, lay_out
from ivr.flow.diagram.letters import shortened, width, wrapped
from ivr.flow.diagram.placing import Item

CARD = 300.0
GUTTER = 84.0
MARGIN = 28.0
INSIDE = 14.0
"""Between a card's edge and what stands in it."""
TITLE, TEXT, SMALL = 14.0, 12.0, 10.5
"""Sizes of letters."""
HEAD = 50.0
LINE = 16.0
ROW = 25.0
MOST_LINES = 2
TOP = 84.0


def svg(drawing: Drawing) -> str:
    """The drawing as a whole SVG file."""
    sizes = {card.name: _size(card) for card in drawing.cards}
    layout = lay_out(drawing, sizes)
    across = MARGIN * 2 + layout.columns * (CARD + GUTTER) - GUTTER
    top = TOP + LINE * len(drawing.notes)
    down = top + layout.height + MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across:.0f} {down:.0f}" '
        f'width="{across:.0f}" height="{down:.0f}" role="img" aria-label="{_safe(drawing.title)}">',
        f"<style>{_STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path class="tip" d="M0 0.5 8 4 0 7.5z"/></marker></defs>',
        f'<rect class="paper" width="{across:.0f}" height="{down:.0f}"/>',
        *_heading(drawing, across),
        *(line for arrow in layout.arrows for line in _arrow(arrow, top)),
        *(line for item in layout.cards for line in _card(item, layout, top)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _size(card: Card) -> Size:
    top = HEAD + LINE * len(_words(card)) + (6 if card.words else 0)
    ports = tuple(top + ROW * number + ROW / 2 for number in range(len(card.rows)))
    return Size(top + ROW * len(card.rows), ports, HEAD / 2)


def _words(card: Card) -> list[str]:
    return wrapped(card.words, TEXT, CARD - 2 * INSIDE, MOST_LINES)


def _left(item: Item) -> float:
    return MARGIN + item.column * (CARD + GUTTER)


def _heading(drawing: Drawing, across: float) -> Iterator[str]:
    yield f'<text class="title" x="{MARGIN}" y="38">{_safe(drawing.title)}</text>'
    for number, line in enumerate((drawing.about, *drawing.notes)):
        shown = shortened(line, TEXT, across - 2 * MARGIN)
        yield (
            f'<text class="about" x="{MARGIN}" y="{60 + LINE * number:.1f}">{_safe(shown)}'
            f"<title>{_safe(line)}</title></text>"
        )


def _card(item: Item, layout: Layout, down: float) -> Iterator[str]:
    card = item.card
    assert card is not None
    x, y = _left(item), down + item.y
    yield (
        f'<g class="card {card.tone}" id="{_safe(card.name)}" '
        f'transform="translate({x:.1f} {y:.1f})">'
    )
    yield f"<title>{_safe(_whole(card))}</title>"
    yield f'<rect class="box" width="{CARD}" height="{item.height:.1f}" rx="7"/>'
    yield f'<path class="edge" d="M7 0h-0a7 7 0 0 0-7 7v{item.height - 14:.1f}a7 7 0 0 0 7 7z"/>'
    yield from _head(card)
    for number, line in enumerate(_words(card)):
        level = HEAD + 10 + LINE * number
        yield f'<text class="words" x="{INSIDE}" y="{level:.1f}">{_safe(line)}</text>'
    top = item.height - ROW * len(card.rows)
    for number, row in enumerate(card.rows):
        mark = layout.marks.get((card.name, number))
        yield from _row(row, top + ROW * number, mark)
    yield "</g>"


def _head(card: Card) -> Iterator[str]:
    right = CARD - INSIDE
    for badge in reversed(card.badges):
        wide = width(badge, SMALL) + 12
        right -= wide
        yield f'<rect class="badge" x="{right:.1f}" y="9" width="{wide:.1f}" height="16" rx="8"/>'
        yield (
            f'<text class="badge-text" x="{right + wide / 2:.1f}" y="20.5">{_safe(badge)}</text>'
        )
        right -= 5
    kind = shortened(card.kind, SMALL, right - INSIDE)
    yield f'<text class="kind" x="{INSIDE}" y="20.5">{_safe(kind)}</text>'
    right = CARD - INSIDE
    if card.seconds is not None:
        spoken = f"{max(card.seconds, 1):.0f} s"
        yield f'<text class="seconds" x="{right}" y="41">{spoken}</text>'
        right -= width(spoken, SMALL) + 8
    name = shortened(card.name, TITLE * 1.06, right - INSIDE)
    yield f'<text class="name" x="{INSIDE}" y="41">{_safe(name)}</text>'


def _row(row: Row, y: float, mark: Mark | None) -> Iterator[str]:
    middle = y + ROW / 2
    yield f'<path class="rule" d="M7 {y:.1f}H{CARD - 1}"/>'
    yield f"<g><title>{_safe(_way(row))}</title>"
    x, right = INSIDE, CARD - INSIDE
    if row.key:
        yield f'<rect class="key" x="{x}" y="{middle - 8:.1f}" width="17" height="16" rx="4"/>'
        yield f'<text class="key-text" x="{x + 8.5}" y="{middle + 4:.1f}">{_safe(row.key)}</text>'
        x += 24
    aim = row.exit if mark is None else f"{'↺' if mark == 'back' else '→'} {row.to}"
    if aim:
        room = (right - x) * (0.62 if row.label else 1)
        shown = shortened(aim, SMALL, room - 14)
        wide = width(shown, SMALL) + 14
        right -= wide
        kind = "exit" if mark is None else "mark"
        inside = (
            f'<rect class="{kind}" x="{right:.1f}" y="{middle - 8.5:.1f}" width="{wide:.1f}" '
            f'height="17" rx="8.5"/><text class="{kind}-text" x="{right + wide / 2:.1f}" '
            f'y="{middle + 3.7:.1f}">{_safe(shown)}</text>'
        )
        yield inside if mark is None else f'<a href="#{_safe(row.to)}">{inside}</a>'
        right -= 6
    label = shortened(row.label, TEXT, right - x)
    if label:
        yield f'<text class="label" x="{x}" y="{middle + 4:.1f}">{_safe(label)}</text>'
    yield "</g>"


def _arrow(arrow: Arrow, down: float) -> Iterator[str]:
    x, y = _left(arrow.source) + CARD, down + arrow.source.y + arrow.port
    path = [f"M{x:.1f} {y:.1f}"]
    for item in (*arrow.lanes, arrow.target):
        into, level = _left(item), down + item.y + item.entrance
        half = (x + into) / 2
        path.append(f"C{half:.1f} {y:.1f} {half:.1f} {level:.1f} {into:.1f} {level:.1f}")
        x, y = into, level
        if item.card is None:
            x += CARD
            path.append(f"H{x:.1f}")
    yield f'<path class="arrow" d="{"".join(path)}" marker-end="url(#tip)"/>'


def _whole(card: Card) -> str:
    return f"{card.name} ({card.kind})" + (f"\n{card.words}" if card.words else "")


def _way(row: Row) -> str:
    name = " ".join(part for part in (row.key, row.whole or row.label) if part)
    return " ".join(part for part in (name, f"→ {row.to}" if row.to else row.exit) if part)


def _safe(text: str) -> str:
    return escape(text)


_STYLE = """
svg{--paper:#f7f8fa;--card:#fff;--line:#d5dae1;--ink:#1c2430;--dim:#5c6878;--arrow:#8b97a8;
--step:#8793a3;--choice:#2f6fd6;--decision:#8250c4;--person:#1f8a4c;--message:#b7750b;
--end:#4a5462;--flow:#2f6fd6;--on:#fff;
font-family:system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,"Liberation Sans",sans-serif}
@media (prefers-color-scheme:dark){svg{--paper:#14181e;--card:#1d232b;--line:#38414d;--ink:#e8ecf1;
--dim:#a3aebb;--arrow:#77859a;--step:#8793a3;--choice:#6aa2ff;--decision:#b88af0;--person:#4fc483;
--message:#e2a63d;--end:#aab4c0;--flow:#6aa2ff;--on:#14181e}}
.step{--tone:var(--step)}.choice{--tone:var(--choice)}.decision{--tone:var(--decision)}
.person{--tone:var(--person)}.message{--tone:var(--message)}.end{--tone:var(--end)}
.flow{--tone:var(--flow)}
.paper{fill:var(--paper)}.box{fill:var(--card);stroke:var(--line)}.edge{fill:var(--tone)}
.title{font-size:20px;font-weight:600;fill:var(--ink)}.about{font-size:12px;fill:var(--dim)}
.kind{font-size:10.5px;fill:var(--tone);font-weight:600}
.name{font-size:14px;font-weight:600;fill:var(--ink)}
.seconds{font-size:10.5px;fill:var(--dim);text-anchor:end}
.words{font-size:12px;fill:var(--dim)}.label{font-size:12px;fill:var(--ink)}
.rule{stroke:var(--line);stroke-width:1}
.key{fill:var(--tone)}.key-text{font-size:10.5px;font-weight:600;fill:var(--on);text-anchor:middle}
.badge{fill:none;stroke:var(--tone)}.badge-text{font-size:10.5px;fill:var(--tone);text-anchor:middle}
.exit{fill:var(--paper);stroke:var(--arrow)}.exit-text{font-size:10.5px;fill:var(--ink);text-anchor:middle}
.mark{fill:none;stroke:var(--arrow);stroke-dasharray:3 2}
.mark-text{font-size:10.5px;fill:var(--dim);text-anchor:middle}
.arrow{fill:none;stroke:var(--arrow);stroke-width:1.4}.tip{fill:var(--arrow)}
"""
