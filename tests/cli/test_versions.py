"""`ringback versions` and `ringback diff`, as somebody at a terminal or a program uses them."""

from __future__ import annotations

import json
import time

import msgspec
import pytest

from ivr.store import keys
from ivr.store.published import Change, Trial
from tests.cli.publishing import Desk
from tests.services.folders import flow


def test_before_anything_is_published_both_say_so(publisher: Desk) -> None:
    assert publisher.does("versions") == "Nothing has been published.\n"
    assert publisher.does("versions", "--json") == "[]\n"
    answer = publisher.asks("diff")
    assert (answer.exit_code, answer.stderr) == (2, "Error: Nothing has been published.\n")


def test_the_history_tells_who_when_why_and_what(publisher: Desk) -> None:
    first = publisher.publishes("A.", "--why", "we open")
    second = publisher.publishes("B.", "--why", "[bold] words", "--who", "Björn")
    publisher.does("rollback", "--why", "wrong")
    lines = publisher.does("versions").splitlines()
    assert len(lines) == 4
    newest, then, oldest = lines[1:]
    assert newest.startswith(f">  {first}") and "gone back to" in newest and "wrong" in newest
    assert second in then and "Björn" in then and "[bold] words" in then
    assert "1 text changed" in then and not then.startswith(">")
    assert "aino" in oldest and "we open" in oldest and "the first version" in oldest
    assert not oldest.startswith(">")
    assert len(publisher.does("versions", "--most", "1").splitlines()) == 2


def test_a_trial_is_marked_and_told(publisher: Desk) -> None:
    publisher.publishes("A.")
    publisher.folder.write("main.yaml", flow("B."))
    publisher.does("publish", "--trial-caller", "+46701740605", "--trial-percent", "5")
    said = publisher.does("versions")
    trial = publisher.store.now()[0].trial
    assert trial is not None
    assert f"?  {trial.version}" in said
    assert f"On trial: {trial.version} for calls from +46•••••••05 and 5 of 100 calls\n" in said
    newest, oldest = json.loads(publisher.does("versions", "--json"))
    assert (newest["version"], newest["done"]) == (trial.version, "began_trial")
    assert (newest["on_trial"], newest["current"]) == (True, False)
    assert (oldest["on_trial"], oldest["current"]) == (False, True)


def test_what_the_folder_would_change_is_told_in_words_and_in_yaml(publisher: Desk) -> None:
    version = publisher.publishes("A.")
    assert publisher.does("diff") == f"{version} and folder do not differ.\n"
    publisher.folder.write("main.yaml", flow("B."))
    assert publisher.does("diff") == (
        "~ flow main\n    ~ node welcome (menu)\n        text [en]\n"
        "            was: A.\n            now: B.\n"
    )
    said = publisher.does("diff", "--yaml")
    assert f"--- {version}/main.yaml\n+++ folder/main.yaml\n" in said
    assert '+    text: {en: "B.", sv: "Välkommen till oss."}\n' in said


def test_any_two_versions_can_be_compared(publisher: Desk) -> None:
    first, second = publisher.publishes("A."), publisher.publishes("B.")
    assert "was: A.\n            now: B.\n" in publisher.does("diff", first[:6], second)
    assert "was: B.\n            now: A.\n" in publisher.does("diff", second, first)
    assert "was: A." in publisher.does("diff", first, "current")
    publisher.folder.write("main.yaml", flow("C."))
    publisher.does("publish", "--trial-percent", "5")
    assert "now: C.\n" in publisher.does("diff", "current", "trial")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ffff",), "There is no version `ffff`; `ringback versions` lists them."),
        (("trial",), "No trial is on."),
        (("current", "abc"), "There is no version `abc`"),
    ],
)
def test_what_is_not_there_is_said(publisher: Desk, words: tuple[str, ...], said: str) -> None:
    publisher.publishes("A.")
    answer = publisher.asks("diff", *words)
    assert answer.exit_code == 2 and said in answer.stderr


def test_a_folder_with_errors_can_be_compared_all_the_same(publisher: Desk) -> None:
    publisher.publishes("A.")
    publisher.folder.write("main.yaml", flow("B.").replace("to: due", "to: nowhere"))
    assert "options 1, to: due -> nowhere\n" in publisher.does("diff")
    publisher.folder.write("main.yaml", "languages: [")
    assert publisher.does("diff").startswith("~ flow main\n")


def test_what_nobody_has_used_for_long_is_forgotten_and_nothing_else(publisher: Desk) -> None:
    a, b, tried, d = (publisher.publishes(f"{name}.") for name in "ABCD")
    day = 24 * 3600.0
    now = time.time()
    publisher.redis.delete(keys.FLOWS_HISTORY)
    trial = Trial(tried, percent=5)
    for age, did, version in (
        (99, "published", a),
        (98, "published", b),
        (97, "rolled_back", a),
        (50, "began_trial", tried),
        (40, "ended_trial", a),
        (5, "published", d),
    ):
        change = Change(now - age * day, "aino", "", did, version, trial)  # type: ignore[arg-type]
        publisher.redis.lpush(keys.FLOWS_HISTORY, msgspec.json.encode(change))
    said = publisher.does("versions", "--forget", "60")
    assert said == f"{b} is forgotten.\n"
    assert publisher.does("versions", "--forget", "30") == f"{tried} is forgotten.\n"
    assert publisher.does("versions", "--forget", "6").startswith("Every version that is kept was")
    assert publisher.does("versions", "--forget", "4") == f"{a} is forgotten.\n"
    assert publisher.store.files(d) is not None
    answer = publisher.asks("rollback", a, "--why", "x")
    assert (answer.exit_code, answer.stderr) == (1, f"The store no longer has version {a}.\n")
    assert publisher.asks("versions", "--forget", "1").exit_code == 2
