"""`ringback diagram`: a flow, or all of them, as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import click

from ivr.cli.problem import Problem
from ivr.clock import SystemClock
from ivr.config import load
from ivr.engine.company import Company
from ivr.engine.proof.times import times
from ivr.flow.diagram import flow_drawing, mermaid, overview, svg
from ivr.flow.language import load_languages
from ivr.reading.validation import suggestion
from ivr.services.company import load_company, read_files
from ivr.services.recordings import recording_seconds


@click.command()
@click.argument("flow", required=False)
@click.option(
    "--format", "kind", type=click.Choice(["svg", "mermaid"]), default="svg", show_default=True
)
@click.option("--language", help="The language of what is heard.  [default: the flow's first]")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="A file to write it to."
)
@click.pass_obj
def diagram(
    config_path: Path | None, flow: str | None, kind: str, language: str | None, out: Path | None
) -> None:
    """Draw FLOW: its steps, what is heard there and for how long, and every way on.

    Without FLOW, all flows with the ways between them.
    """
    config = load(config_path)
    files, _ = read_files(config.flows_folder)
    loaded = load_company(config, SystemClock().now(), files)
    flows = loaded.flows
    languages = load_languages()
    if flow is not None and flow not in flows.flows:
        broken = [one for one in loaded.errors if Path(one.file).stem == flow]
        raise Problem(
            f"The flow `{flow}` has errors: `ringback check` tells which."
            if broken
            else f"There is no flow `{flow}`. {suggestion(flow, flows.flows)}".strip()
        )
    if not flows.flows:
        raise Problem("There is no flow that could be drawn: `ringback check` tells why.")
    drawn = flows.flows.values() if flow is None else (flows.flows[flow],)
    known = tuple(dict.fromkeys(code for one in drawn for code in one.languages))
    code = language or known[0]
    if code not in known:
        raise Problem(f"`{code}` is not a language here: there are {', '.join(known)}.")
    if flow is not None:
        drawing = flow_drawing(flows, flow, code, languages)
    else:
        lines = {name: line.flow for name, line in config.lines.items()}
        drawing = overview(flows, lines, code, config.company)
    drawing = replace(drawing, notes=tuple(_times(loaded.company, files, flow, code)))
    text = svg(drawing) if kind == "svg" else mermaid(drawing)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Problem(f"{out} cannot be written: {error.strerror or error}.") from None


def _times(
    company: Company, files: Mapping[str, bytes], flow: str | None, language: str
) -> Iterator[str]:
    """How long callers listen, on the lines that begin with `flow`, or on all."""
    lines = {
        name: line for name, line in company.lines.items()
        if line.flow in company.flows.flows and flow in (None, line.flow)
    }  # fmt: skip
    if not lines:
        return
    for row in times(replace(company, lines=lines), recording_seconds(files)):
        if row.language == language:
            told = [
                f"{what} {seconds:.0f} s"
                for what, seconds in (
                    ("the first choice after", row.first_choice),
                    ("a person after", row.person),
                    ("at worst", row.worst),
                )
                if seconds is not None
            ]
            yield f"Line {row.line} ({language}): {', '.join(told)}."
