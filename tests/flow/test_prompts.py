"""Texts that stand in a prompt file are said like those in the node itself."""

from __future__ import annotations

from ivr.flow.reader import read_flows
from tests.flow.examples import findings_of, flow_of

FLOW = flow_of("hello: {kind: say, text: {prompt: welcome}, to: goodbye}")


def files(**others: str) -> dict[str, bytes]:
    texts = {"main.yaml": FLOW} | {
        name.replace("__", "/") + ".yaml": t for name, t in others.items()
    }
    return {name: text.encode() for name, text in texts.items()}


def test_a_prompt_is_what_the_caller_hears() -> None:
    from tests.support import company_of, ring

    company = company_of(main=FLOW, prompts="welcome: {en: Welcome to the lights.}\n")
    assert "Welcome to the lights." in str(ring(company).heard)


def test_a_file_of_the_folder_does_as_well() -> None:
    assert findings_of(files(prompts__greetings="welcome: Welcome.\n")) == ()


def test_prompts_belong_to_the_version() -> None:
    one, two = (read_flows(files(prompts=f"welcome: {text}\n")).version for text in ("Hi.", "Ho."))
    assert one != two


def test_an_error_in_a_prompt_keeps_the_flows_that_use_it_out_of_service() -> None:
    (found,) = findings_of(files(prompts='welcome: "Welcome {"\n'))
    assert (found.file, found.line, found.column) == ("flows/prompts.yaml", 1, 19)
    assert found.concerns == ("flows/main.yaml",)


def test_a_file_of_prompts_that_cannot_be_read_is_named_where_one_is_missing() -> None:
    told = [str(found) for found in findings_of(files(prompts="welcome: {"))]
    assert any("Mend flows/prompts.yaml first" in sentence for sentence in told)
