"""Measures how long texts take to be said, and fits the speech rates of the language packs.

    python tools/measure_speech.py

Renders the company's texts and the packs' own phrases with espeak-ng (`apt-get install espeak-ng`),
fits each language's rate to every other text, and prints it with its error on the rest. The table
of durations is written to `tests/flow/speech_durations.json`; the rates are to be put into
`ivr/flow/languages/*.yaml` under `speech`, and a test tells whether they fit the table.
"""

from __future__ import annotations

import array
import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from ivr.flow.language import Language, load_languages
from ivr.flow.names import Recorded
from ivr.flow.reader import read_flows
from ivr.flow.speech import SpeechRate, counts

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "tests/flow/speech_durations.json"
VOICES = {"en": "en-gb", "fi": "fi", "nb": "nb", "sv": "sv"}
HERTZ = 22_050
SILENT = 60
"""Samples below this, of 32,768, are silence."""
FILLED = {"{key}": "3", "{value}": "4 7 1 1", "{label}": ""}


def main() -> None:
    """Measure, fit, print, and write the table."""
    table: dict[str, list[tuple[str, float]]] = {}
    for code, pack in load_languages().items():
        texts = sorted({text for text in (*of_flows(code), *of_pack(pack)) if text})
        table[code] = [(text, round(measured(text, VOICES[code]), 2)) for text in texts]
        rate = fitted(table[code][::2])
        errors = [abs(rate.seconds(text) / taken - 1) for text, taken in table[code][1::2]]
        click.echo(
            f"{code}: {len(texts)} texts, off by {sum(errors) / len(errors):.1%} on the rest"
        )
        click.echo("speech: " + ", ".join(f"{name}: {value}" for name, value in rate))
    lines = [
        json.dumps(code) + ": [\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        + "\n]" for code, rows in table.items()
    ]  # fmt: skip
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def of_flows(code: str) -> Iterator[str]:
    """The company's texts in one language that have no values in them."""
    files = {path.name: path.read_bytes() for path in (ROOT / "flows").glob("*.yaml")}
    files |= {
        f"prompts/{path.name}": path.read_bytes()
        for path in (ROOT / "flows/prompts").glob("*.yaml")
    }
    for source in read_flows(files).sources.values():
        for node in source.flow.nodes.values():
            for _, texts in node.texts():
                told = texts.get(code, "")
                text = told.text if isinstance(told, Recorded) else told
                if "{" not in text:
                    yield text


def of_pack(pack: Language) -> Iterator[str]:
    """The engine's own phrases in one language."""
    for phrase in pack.phrases.model_dump().values():
        for slot, value in FILLED.items():
            phrase = phrase.replace(slot, value or pack.name)
        yield phrase[:1].upper() + phrase[1:]


def measured(text: str, voice: str) -> float:
    """The seconds that the text takes, without the silence after it."""
    rendered = subprocess.run(
        ["espeak-ng", "-v", voice, "--stdout", text], capture_output=True, check=True
    ).stdout
    begins = rendered.index(b"data") + 8
    samples = array.array("h", rendered[begins : begins + (len(rendered) - begins) // 2 * 2])
    last = next((at for at in range(len(samples), 0, -1) if abs(samples[at - 1]) >= SILENT), 0)
    return last / HERTZ


def fitted(rows: Sequence[tuple[str, float]]) -> SpeechRate:
    """The rate with the least squared error, a text's weight being one over its length."""
    size = len(SpeechRate.model_fields)
    sums = [[0.0] * (size + 1) for _ in range(size)]
    for text, taken in rows:
        row = [*map(float, counts(text)), 1.0, taken]
        for i in range(size):
            for j in range(size + 1):
                sums[i][j] += row[i] * row[j] / taken
    values = [round(value, 4) for value in solved(sums)]
    return SpeechRate(**dict(zip(SpeechRate.model_fields, values, strict=True)))


def solved(rows: list[list[float]]) -> list[float]:
    """The solution of linear equations, each row with its right side last."""
    size = len(rows)
    for at in range(size):
        best = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        for other in range(size):
            if other != at:
                factor = rows[other][at] / rows[at][at]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[at], strict=True)]
    return [rows[at][size] / rows[at][at] for at in range(size)]


if __name__ == "__main__":
    main()
