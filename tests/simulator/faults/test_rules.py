"""Which requests a fault strikes, how faults are written down, and how they are taken away."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ivr.simulator import Directory, DirectoryError, Phone, read_directory, said
from ivr.simulator.__main__ import main
from ivr.simulator.carrier import Carrier
from ivr.simulator.clock import SteppedClock
from ivr.simulator.faults import Fault, FaultError, Faults, Request, read_fault, read_fault_of
from ivr.simulator.faults.admin import routes
from ivr.simulator.faults.fault import DOES, STRIKES, WHEN
from ivr.simulator.faults.reading import KEYS
from ivr.simulator.journal import Journal
from ivr.simulator.session import APOLOGY
from tests.simulator.application import CALLER, LINE, Application, Network, twiml

VOICE = Request("documents", "voice", "POST", "http://127.0.0.1:8080/voice?x=1", "CA1",
                (("From", CALLER), ("To", LINE)))  # fmt: skip
STATUS = Request("callbacks", "status-callback", "GET", "http://127.0.0.1:8080/status", "CA2")
REST = Request("rest", "rest", "POST", "/2010-04-01/Accounts/AC1/Calls.json")


def faults() -> Faults:
    return Faults(SteppedClock(), Journal(100))


@pytest.mark.parametrize(
    ("rule", "struck"),
    [
        ({"strikes": "webhooks"}, [VOICE, STATUS]),
        ({"strikes": "documents"}, [VOICE]),
        ({"strikes": "callbacks"}, [STATUS]),
        ({"strikes": "rest"}, [REST]),
        ({"strikes": "webhooks", "purpose": "v*"}, [VOICE]),
        ({"strikes": "webhooks", "purpose": "*-callback"}, [STATUS]),
        ({"strikes": "webhooks", "url": "/voice"}, [VOICE]),
        ({"strikes": "webhooks", "url": "/voice?x=1"}, [VOICE, STATUS][:1]),
        ({"strikes": "webhooks", "url": "http://127.0.0.1:8080/*"}, [VOICE, STATUS]),
        ({"strikes": "webhooks", "url": "/other"}, []),
        ({"strikes": "webhooks", "method": "GET"}, [STATUS]),
        ({"strikes": "webhooks", "call": "CA2"}, [STATUS]),
        ({"strikes": "webhooks", "call": CALLER}, [VOICE]),
        ({"strikes": "webhooks", "call": LINE}, [VOICE]),
        ({"strikes": "rest", "url": "*/Calls.json"}, [REST]),
    ],
    ids=str,
)
def test_a_fault_strikes_what_fits_it(rule: dict[str, Any], struck: list[Request]) -> None:
    fault = read_fault(rule | {"does": "cut"})
    assert [request for request in (VOICE, STATUS, REST) if fault.fits(request)] == struck


def outcomes(**more: Any) -> str:
    """Twelve equal requests: x for each that is struck."""
    book = faults()
    book.add({"strikes": "webhooks", "does": "lost", **more})
    return "".join("x" if book.strike(VOICE) else "." for _ in range(12))


def test_the_next_few_every_nth_and_both() -> None:
    assert outcomes() == "xxxxxxxxxxxx"
    assert outcomes(times=2) == "xx.........."
    assert outcomes(every=3) == "..x..x..x..x"
    assert outcomes(every=3, times=2) == "..x..x......"


def test_dice_fall_the_same_way_for_the_same_seed() -> None:
    thrown = outcomes(chance=0.5, seed=7)
    assert thrown == outcomes(chance=0.5, seed=7)
    assert 0 < thrown.count("x") < 12
    assert len({outcomes(chance=0.5, seed=seed) for seed in range(5)}) > 1
    assert outcomes(chance=0) == "............"


def test_the_first_fault_that_strikes_wins_and_the_others_do_not_count_it() -> None:
    book = faults()
    first = book.add(Fault("webhooks", "lost", times=1))
    second = book.add(Fault("webhooks", "cut"))
    assert [book.strike(VOICE), book.strike(VOICE)] == [first.fault, second.fault]
    assert (first.met, second.met) == (1, 1)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ([], "fault: write names and values, not []"),
        ({"does": "lost"},
         "fault: strikes is missing: one of webhooks, documents, callbacks, rest"),
        ({"strikes": "rest", "does": "explode"},
         "fault: does: 'explode' is none of late, lost, cut, refused, repeated, reordered"),
        ({"strikes": "rest", "does": "cut", "when": "later"},
         "fault: when: 'later' is none of before, after"),
        ({"strikes": "rest", "does": "cut", "tims": 1}, "fault: 'tims' is none of strikes, does"),
        ({"strikes": "rest", "does": "cut", "times": 0}, "fault: times: 0 is less than 1"),
        ({"strikes": "rest", "does": "cut", "times": "1"},
         "fault: times: '1' is no whole number"),
        ({"strikes": "rest", "does": "late", "seconds": True}, "fault: seconds: True is no number"),
        ({"strikes": "rest", "does": "late", "seconds": float("nan")},
         "fault: seconds: nan is no number"),
        ({"strikes": "rest", "does": "late", "real": "yes"}, "fault: real: write true or false"),
        ({"strikes": "rest", "does": "cut", "chance": 2},
         "fault: chance: 2 is not between 0 and 1"),
        ({"strikes": "rest", "does": "refused", "status": 200},
         "fault: status: 200 is less than 400"),
        ({"strikes": "rest", "does": "refused", "status": 600},
         "fault: status: 600 is more than 599"),
        ({"strikes": "rest", "does": "cut", "method": "post"}, "fault: method: 'post' is none of"),
        ({"strikes": "rest", "does": "cut", "call": 46846500410},
         "fault: call: 46846500410 is no text (put it in quotes)"),
        ({"strikes": ["rest"], "does": "cut"}, "fault: strikes: ['rest'] is none of"),
        ({"strikes": "rest", "does": "repeated"},
         "fault: the telephone company does not send REST requests, so none can be repeated"),
        ({"strikes": "documents", "does": "reordered"}, "fault: only callbacks can be reordered"),
        ({"strikes": "callbacks", "does": "repeated", "when": "after"},
         "fault: when: there is no after for repeated"),
        ({"strikes": "rest", "does": "refused", "status": 429, "when": "after"},
         "fault: status: a request that is answered 429 has not been processed"),
    ],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_one_sentence(rule: Any, sentence: str) -> None:
    with pytest.raises(FaultError) as raised:
        read_fault(rule)
    assert str(raised.value).startswith(sentence)
    assert "\n" not in str(raised.value)


def test_a_directory_can_bring_faults() -> None:
    directory = read_directory("faults: [{strikes: callbacks, does: lost, every: 3}]")
    assert directory.faults == (Fault("callbacks", "lost", every=3),)
    assert Directory().faults == ()


def test_a_fault_of_a_directory_that_makes_no_sense_is_named() -> None:
    text = "faults:\n  - {strikes: rest, does: cut}\n  - {strikes: mars, does: cut}\n"
    with pytest.raises(DirectoryError) as raised:
        read_directory(text, "d.yaml")
    known = "webhooks, documents, callbacks, rest"
    assert str(raised.value) == f"d.yaml: faults: 2: strikes: 'mars' is none of {known}"


def test_a_fault_can_be_written_in_words() -> None:
    words = "strikes=webhooks does=late seconds=0.5 url=/voice?x=1 call=+46701740605 real=true"
    assert read_fault_of(words) == Fault(
        "webhooks", "late", seconds=0.5, url="/voice?x=1", call=CALLER, real=True
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("strikes=rest does", "'does': write NAME=VALUE, e.g. strikes=rest does=cut when=after"),
        (
            "strikes=rest does=cut times=x",
            "'strikes=rest does=cut times=x': times: 'x' is no whole",
        ),
        ("strikes=rest does=[", "'strikes=rest does=[': does: '[' is none of"),
        ("", "'': strikes is missing: one of webhooks"),
    ],
)
def test_words_that_make_no_sense_are_refused(words: str, sentence: str) -> None:
    with pytest.raises(FaultError) as raised:
        read_fault_of(words)
    assert str(raised.value).startswith(sentence)


def test_the_program_takes_faults_and_refuses_nonsense(app: Application) -> None:
    app.on("/voice", twiml("<Say>Hello</Say>"))
    words = "strikes=documents does=refused status=502"
    done = CliRunner().invoke(main, ["--fault", words + "0"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"Error: --fault: '{words}0': status: 5020 is more than 599.\n"
    arguments = ("--stepped", "--number", f"{LINE}={app.base}/voice", "--fault", words)
    command = [sys.executable, "-m", "ivr.simulator", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        with Phone(url) as phone:
            phone.dial(LINE)
            assert said(phone.until("ended")) == [APOLOGY]
        process.terminate()


def ask(network: Network, method: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    url = f"{network.carrier.url}/_carrier/faults{path}"
    with urllib.request.urlopen(urllib.request.Request(url, data, method=method)) as response:
        return json.load(response)["faults"]


def test_faults_are_put_in_force_counted_and_cleared_by_http(network: Network) -> None:
    network.app.on("/voice", twiml("<Say>Hello</Say>"))
    (added,) = ask(network, "POST", "", {"strikes": "documents", "does": "repeated", "times": 1})
    assert (added["name"], added["met"], added["struck"]) == ("F1", 0, 0)
    ask(network, "POST", "", [{"strikes": "rest", "does": "cut"}] * 2)
    network.call()
    assert network.hear_all() == ["Hello"]
    first, *others = ask(network, "GET", "")
    assert (first["met"], first["struck"], first["does"]) == (1, 1, "repeated")
    assert [fault["name"] for fault in others] == ["F2", "F3"]
    assert [fault["name"] for fault in ask(network, "DELETE", "/F2")] == ["F1", "F3"]
    assert ask(network, "DELETE", "") == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "sentence"),
    [
        ("POST", "", {"strikes": "rest"}, 400, "fault: does is missing: one of late, lost"),
        ("POST", "", [{"strikes": "rest", "does": "cut"}, 5], 400, "faults: 2: write names"),
        ("DELETE", "/F9", None, 404, "there is no fault 'F9'"),
    ],
)
def test_http_answers_nonsense_with_a_sentence_and_changes_nothing(
    network: Network, method: str, path: str, body: Any, status: int, sentence: str
) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        ask(network, method, path, body)
    with raised.value as error:
        assert error.code == status
        assert error.read().decode().startswith(sentence)
    assert ask(network, "GET", "") == []


def test_the_manual_names_every_word_and_its_examples_are_read() -> None:
    manual = (Path(__file__).parents[3] / "docs" / "simulator.md").read_text("utf-8")
    section = manual.partition("\n## Faults\n")[2].partition("\n## ")[0]
    for word in (*STRIKES, *DOES, *WHEN, *KEYS):
        assert f"`{word}`" in section or f"| {word} |" in section or f"`{word}:" in section, word
    for route in routes(Carrier()):
        assert f"{route.method} {route.path}" in manual or f"`{route.method}`" in section
    example = section.partition("```yaml\n")[2].partition("```")[0]
    assert len(read_directory(example).faults) == 4
    assert read_fault_of("strikes=callbacks does=lost every=3").every == 3
