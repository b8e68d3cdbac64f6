"""What cannot be proved comes with a call that can be played and shows it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.main import group
from ivr.config import load
from ivr.reading import Finding
from ivr.services.company import load_company, read_company
from ivr.services.rehearsal.failure import Failure
from ivr.services.rehearsal.player import play
from ivr.services.rehearsal.stage import InProcessStage, load_scripts
from tests.engine.proof.companies import changed
from tests.support import WEDNESDAY

CONFIG = """\
company: Test Energi
time_zone: Europe/Stockholm
lines: {main: {number: "+46846500400", flow: main}}
fallback: {number: "+46846500499"}
numbers: {team: "+46846500410"}
schedules: {office: {weekly: {monday-friday: 08:00-16:00}}}
queues: {support: {}}
agents: {anna: {name: Anna, address: "client:anna", language: en, queues: [support]}}
lookups: {hosts: [crm.example.com]}
"""


def write(folder: Path, flow: str, more: str = "") -> Path:
    (folder / "flows").mkdir()
    (folder / "flows/main.yaml").write_text(flow, encoding="utf-8")
    config = folder / "config.yaml"
    config.write_text(CONFIG + more, encoding="utf-8")
    return config


def mazes(config: Path) -> list[Finding]:
    found = [finding for finding in read_company(load(config)).findings if finding.code == "maze"]
    assert found
    return found


def ringback(config: Path, *words: str) -> Result:
    return CliRunner().invoke(group, ["--config", str(config), *words])


def deadly(condition: str) -> dict[str, object]:
    return {"kind": "branch", "ways": [{"when": condition, "to": "goodbye"}], "otherwise": "ring"}


@pytest.mark.parametrize(
    "flow",
    [
        changed(hours={"closed": "goodbye"}),
        changed(hours={"holiday": "goodbye"}),
        changed(due={"not_helped": "goodbye"}),
        changed(number={"without": "goodbye"}),
        changed(find={"failed": "goodbye", "not_found": "ring"}),
        changed(find={"not_found": "goodbye"}),
        changed(rich_or_not={"otherwise": "goodbye"}),
        changed(rich_or_not=deadly("balance > 0")),
        changed(rich_or_not=deadly('queue("support").waiting > 10')),
        changed(rich_or_not=deadly("now.hour < 8")),
        changed(rich_or_not=deadly("not caller.known")),
        changed(ring={"otherwise": "goodbye"}),
    ],
)
def test_the_call_of_a_finding_can_be_pasted_and_played(flow: str, tmp_path: Path) -> None:
    config = write(tmp_path, flow)
    for finding in mazes(config):
        assert finding.call, finding
        scripts = tmp_path / "flows/main.calls.yaml"
        scripts.write_text(f"calls:\n{finding.call}\n", encoding="utf-8")
        assert _played(config) is None


def _played(config: Path) -> Failure | None:
    settings = load(config)
    loaded = load_company(settings, WEDNESDAY, proven=True)
    (script,) = load_scripts(settings)
    telephone = InProcessStage(settings, loaded.company).telephone(script)
    return play(script, telephone, settings.numbers)


def test_check_prints_the_call_after_its_finding(tmp_path: Path) -> None:
    result = ringback(write(tmp_path, changed(hours={"closed": "goodbye"})), "check")
    assert result.exit_code == 1
    assert "\n  - call: " in result.output
    assert "    hours: {office: closed}\n    script:\n" in result.output


def test_the_call_is_played_although_its_flow_has_the_error(tmp_path: Path) -> None:
    config = write(tmp_path, changed(ring={"otherwise": "goodbye"}))
    (finding,) = mazes(config)
    scripts = tmp_path / "flows/main.calls.yaml"
    scripts.write_text(f"calls:\n{finding.call}\n", encoding="utf-8")
    assert ringback(config, "test").exit_code == 0
    text = (tmp_path / "flows/main.yaml").read_text(encoding="utf-8")
    (tmp_path / "flows/main.yaml").write_text(text.replace("to: find", "to: fnd"), encoding="utf-8")
    assert ringback(config, "test").exit_code == 2


def test_a_late_first_choice_is_a_warning_that_can_be_allowed(tmp_path: Path) -> None:
    long = "Welcome to us. " * 12
    flow = changed(hours={"open": "news"}, news={"kind": "say", "text": long, "to": "topics"})
    config = write(tmp_path, flow)
    (finding,) = read_company(load(config)).findings
    assert (finding.code, finding.severity) == ("first-choice-late", "warning")
    assert "in `en`" in finding.message
    assert "Welcome to us." in finding.message
    config.write_text(CONFIG + "limits: {first_choice: 60}\n", encoding="utf-8")
    assert read_company(load(config)).findings == ()


def test_recordings_count_in_the_first_choice(tmp_path: Path) -> None:
    flow = changed(
        hours={"open": "jingle"}, jingle={"kind": "play", "audio": "long.wav", "to": "topics"}
    )
    config = write(tmp_path, flow, "limits: {first_choice: 7}\n")
    audio = tmp_path / "flows/audio"
    audio.mkdir()
    examples = Path(__file__).parents[2] / "flows/audio"
    shutil.copy(examples / "at_home_en.wav", audio / "long.wav")
    codes = [finding.code for finding in read_company(load(config)).findings]
    assert codes == ["first-choice-late"]


def test_the_good_flow_has_no_finding_at_all(tmp_path: Path) -> None:
    assert read_company(load(write(tmp_path, changed()))).findings == ()


def test_times_are_told_line_by_line(tmp_path: Path) -> None:
    result = ringback(write(tmp_path, changed()), "times")
    assert result.exit_code == 0
    assert "first choice" in result.output
    assert "main" in result.output


@pytest.mark.parametrize(
    "flow",
    [
        changed(find={"failed": "sorry"}, sorry={"kind": "say", "text": "Wait.", "to": "find"}),
        changed(
            rich_or_not={"kind": "branch", "otherwise": "round",
                         "ways": [{"when": "balance > 0", "to": "balance"}]},
            round={"kind": "goto", "to": "rich_or_not"},
        ),
    ],
)  # fmt: skip
def test_a_ring_that_never_asks_is_found(flow: str, tmp_path: Path) -> None:
    findings = read_company(load(write(tmp_path, flow))).findings
    assert "ring" in {finding.code for finding in findings}


def test_a_person_that_is_none_is_found(tmp_path: Path) -> None:
    flow = changed(ring={"kind": "hang_up", "text": "No."})
    found = {finding.code for finding in read_company(load(write(tmp_path, flow))).findings}
    assert "person-not-reached" in found
