"""`ringback publish`, `rollback` and `trial`, as somebody at a terminal uses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.services.publishing.publisher import Publisher
from ivr.store import keys
from ivr.store.published import Change, Published, Trial
from ivr.store.server import private_server
from tests.cli.publishing import Desk
from tests.services.folders import SCRIPT, flow


def test_the_first_version_is_checked_rehearsed_and_published(publisher: Desk) -> None:
    said = publisher.does("publish", "--why", "we open")
    assert "Checked 2 flows with 10 nodes; 1 of 1 scripted calls went as written.\n" in said
    assert "This is the first version.\n" in said
    assert f"New calls begin with {publisher.current} within 2 seconds;" in said
    files = publisher.store.files(publisher.current)
    assert files == {
        name: (publisher.folder.flows / name).read_bytes() for name in ("main.yaml", "support.yaml")
    }
    [change] = publisher.store.history()
    assert (change.who, change.why, change.did) == ("aino", "we open", "published")


def test_what_changed_is_told_in_words(publisher: Desk) -> None:
    first = publisher.publishes("What is it about?")
    publisher.folder.write(
        "main.yaml",
        flow("How can we help?").replace("helped: goodbye", "helped: welcome"),
    )
    said = publisher.does("publish", "--who", "Björn", "--why", "clearer words")
    assert f"What differs from {first}:\n" in said
    assert "text [en]\n" in said
    assert "was: What is it about?\n" in said
    assert "now: How can we help?\n" in said
    assert "helped: goodbye -> welcome\n" in said
    assert f"ringback rollback {first} --why" in said
    change = publisher.store.history()[0]
    assert (change.who, change.what) == ("Björn", "1 text and 1 way changed")


def test_the_same_content_again_changes_nothing_and_says_so(publisher: Desk) -> None:
    version = publisher.publishes("First.")
    before = publisher.store.now()
    assert f"Nothing changes: {version} is what it was.\n" in publisher.does("publish")
    publisher.folder.write("main.calls.yaml", SCRIPT + "# more\n")
    assert "Nothing changes" in publisher.does("publish")
    # Whoever goes back to it plays the calls as they are now.
    kept = publisher.store.scripts(version)
    assert kept == {"main.calls.yaml": (SCRIPT + "# more\n").encode()}
    assert publisher.store.now() == before
    assert len(publisher.store.history()) == 1


def test_a_dry_run_does_all_but_publish(publisher: Desk) -> None:
    first = publisher.publishes("First.")
    publisher.folder.write("main.yaml", flow("Second."))
    said = publisher.does("publish", "--dry-run")
    assert "now: Second.\n" in said
    assert "Nothing was published (--dry-run)" in said
    assert publisher.current == first
    for kept in (keys.flow_set("*"), keys.flow_scripts("*")):
        assert len(list(publisher.redis.scan_iter(kept))) == 1


class TestABadSetNeverReplacesAGoodOne:
    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("main.yaml", "languages: [en\n", "flows/main.yaml:"),
            ("main.yaml", flow().replace("to: due", "to: duo"), "flows/main.yaml:9:"),
            ("main.yaml", flow().replace(", sv: Hej då.", ""), "flows/main.yaml:"),
            ("main.yaml", flow().replace("number: team", "number: desk"), "`desk`"),
            ("prices.yaml", "nonsense", "flows/prices.yaml:1:1:"),
            ("main.calls.yaml", "calls: [", "flows/main.calls.yaml:"),
            ("main.calls.yaml", SCRIPT.replace("in May", "in June"), "flows/main.calls.yaml:7:"),
            ("main.calls.yaml", SCRIPT + "    line: billing\n", "`billing`"),
        ],
    )
    def test_what_is_bad_is_refused_with_its_findings(
        self, publisher: Desk, name: str, content: str, said: str
    ) -> None:
        version = publisher.publishes("First.")
        publisher.folder.write(name, content)
        answer = publisher.asks("publish")
        assert answer.exit_code == 1
        assert said in answer.stderr
        assert answer.stderr.splitlines()[-1].startswith("Nothing was published: ")
        assert publisher.current == version
        assert len(list(publisher.redis.scan_iter(keys.flow_set("*")))) == 1

    def test_a_line_without_its_flow(self, publisher: Desk) -> None:
        version = publisher.publishes("First.")
        publisher.folder.remove("support.yaml")
        answer = publisher.asks("publish")
        assert answer.exit_code == 1 and "`support`" in answer.stderr
        assert publisher.current == version

    def test_one_that_somebody_else_was_quicker_to_replace(
        self, publisher: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publisher.publishes("First.")
        keep = Publisher.publish

        def overtaken(self: Publisher, *args: object) -> object:
            now, _ = publisher.store.now()
            change = Change(1.0, "Björn", "", "published", "f" * 16)
            publisher.store.keep("f" * 16, {"main.yaml": b""})
            publisher.store.switch(now, Published(0, "f" * 16), change)
            return keep(self, *args)  # type: ignore[arg-type]

        monkeypatch.setattr(Publisher, "publish", overtaken)
        publisher.folder.write("main.yaml", flow("Second."))
        answer = publisher.asks("publish")
        assert (answer.exit_code, publisher.current) == (1, "f" * 16)
        assert "Somebody else has published meanwhile" in answer.stderr


class TestRollback:
    def test_goes_to_the_version_before_and_twice_goes_further(self, publisher: Desk) -> None:
        first, second, third = (publisher.publishes(f"{name}.") for name in ("A", "B", "C"))
        said = publisher.does("rollback", "--why", "wrong price")
        assert f"New calls begin with {second} " in said
        assert f"Back to what was: ringback rollback {third} " in said
        publisher.does("rollback", "--why", "still wrong")
        assert publisher.current == first
        answer = publisher.asks("rollback", "--why", "further")
        assert answer.exit_code == 1
        assert answer.stderr == "There is no version before the present one.\n"

    def test_after_a_new_version_the_one_before_is_what_was_gone_back_to(
        self, publisher: Desk
    ) -> None:
        first = publisher.publishes("A.")
        publisher.publishes("B.")
        publisher.does("rollback", "--why", "wrong")
        publisher.publishes("C.")
        publisher.does("rollback", "--why", "wrong again")
        assert publisher.current == first

    def test_goes_to_a_version_by_its_beginning(self, publisher: Desk) -> None:
        first = publisher.publishes("A.")
        publisher.publishes("B.")
        publisher.publishes("C.")
        publisher.does("rollback", first[:8], "--why", "the old words", "--who", "Björn")
        assert publisher.current == first
        change = publisher.store.history()[0]
        assert (change.did, change.who, change.what) == ("rolled_back", "Björn", "1 text changed")
        assert "Nothing changes" in publisher.does("rollback", first, "--why", "again")

    @pytest.mark.parametrize("version", ["ffff", "a", "../x", "[0-9]"])
    def test_to_what_is_no_version_is_refused(self, publisher: Desk, version: str) -> None:
        publisher.publishes("A.")
        answer = publisher.asks("rollback", version, "--why", "x")
        assert answer.exit_code == 1
        assert answer.stderr.startswith(f"There is no version `{version}`")

    def test_is_refused_where_the_settings_no_longer_go_with_it(self, publisher: Desk) -> None:
        publisher.publishes("A.")
        publisher.folder.edit_config("  team:", "  crew:")
        publisher.folder.write("support.yaml", flow().replace("number: team", "number: crew"))
        publisher.folder.write("main.yaml", flow().replace("number: team", "number: crew"))
        publisher.does("publish")
        now = publisher.current
        answer = publisher.asks("rollback", "--why", "x")
        assert answer.exit_code == 1
        assert "`team`" in answer.stderr
        assert "does not go with config.yaml as it is now.\n" in answer.stderr
        assert publisher.current == now

    def test_plays_the_calls_that_were_kept_with_the_version_before(self, publisher: Desk) -> None:
        first = publisher.publishes("A.")
        publisher.folder.write("main.calls.yaml", SCRIPT + SCRIPT.removeprefix("calls:\n"))
        publisher.publishes("B.")
        publisher.folder.remove("main.calls.yaml")
        said = publisher.does("rollback", "--why", "x")
        assert "1 of 1 scripted calls went as written.\n" in said
        assert publisher.current == first

    def test_is_refused_where_those_calls_do_not_go_as_written(self, publisher: Desk) -> None:
        support = SCRIPT.replace("    script:", "    line: support\n    script:")
        publisher.folder.write(
            "main.calls.yaml", support.replace("- presses", "- hears: broken\n      - presses")
        )
        first = publisher.publishes("A.")
        publisher.folder.remove("main.calls.yaml")
        publisher.folder.edit_config("flow: support}", "flow: main}")
        publisher.folder.remove("support.yaml")
        second = publisher.publishes("B.")
        answer = publisher.asks("rollback", "--why", "x")
        assert answer.exit_code == 1
        assert answer.stderr.startswith("flows/main.calls.yaml:7: an invoice: This was not heard.")
        assert answer.stderr.splitlines()[-1] == (
            f"Version {first} does not go as it did: 1 of 1 scripted calls did not go as written. "
            "Where callers are better off with it all the same, add --unrehearsed."
        )
        assert publisher.current == second
        said = publisher.does("rollback", "--why", "x", "--unrehearsed")
        assert "It was not rehearsed, as was asked.\n" in said
        assert publisher.current == first

    def test_says_so_where_no_calls_are_kept(self, publisher: Desk) -> None:
        first = publisher.publishes("A.")
        publisher.publishes("B.")
        publisher.redis.delete(keys.flow_scripts(first))
        said = publisher.does("rollback", "--why", "x")
        assert "It was not rehearsed: no scripts of calls are kept with it.\n" in said
        assert publisher.current == first

    def test_wants_a_reason(self, publisher: Desk) -> None:
        assert publisher.asks("rollback").exit_code == 2
        assert publisher.asks("rollback", "--why", "  ").exit_code == 2

    def test_before_anything_is_published_says_so(self, publisher: Desk) -> None:
        answer = publisher.asks("rollback", "--why", "x")
        assert (answer.exit_code, answer.stderr) == (
            1, "Nothing has been published, so there is nothing to go back to.\n",
        )  # fmt: skip


class TestTrials:
    def test_begins_is_changed_and_promoted(self, publisher: Desk) -> None:
        usual = publisher.publishes("A.")
        publisher.folder.write("main.yaml", flow("B."))
        said = publisher.does(
            "publish", "--trial-line", "support", "--trial-caller", "+46 70 174 06 05"
        )
        trial = publisher.store.now()[0].trial
        assert trial is not None
        assert (trial.lines, trial.callers) == (("support",), ("+46701740605",))
        assert "for calls to support and calls from +46•••••••05. All others: " + usual in said
        assert publisher.current == usual
        kept = publisher.redis.lrange(keys.FLOWS_HISTORY, 0, -1)
        assert not any(b"46701740605" in entry for entry in kept)
        assert "Nothing changes" in publisher.does(
            "publish", "--trial-line", "support", "--trial-caller", "+46701740605"
        )
        publisher.does("publish", "--trial-percent", "5")
        assert publisher.store.now()[0].trial == Trial(trial.version, percent=5)
        said = publisher.does("trial", "promote", "--why", "it went well")
        assert "1 of 1 scripted calls went as written.\n" in said
        published, _ = publisher.store.now()
        assert (published.version, published.trial) == (trial.version, None)
        done = [change.did for change in publisher.store.history()]
        assert done == ["promoted", "began_trial", "began_trial", "published"]
        publisher.does("rollback", "--why", "it did not")
        assert publisher.current == usual

    def test_ends_and_all_begin_with_the_usual_version(self, publisher: Desk) -> None:
        usual = publisher.publishes("A.")
        publisher.folder.write("main.yaml", flow("B."))
        publisher.does("publish", "--trial-percent", "5")
        said = publisher.does("trial", "end", "--why", "complaints")
        assert f"New calls begin with {usual} " in said and "The trial of " in said
        published, _ = publisher.store.now()
        assert (published.version, published.trial) == (usual, None)

    def test_to_publish_for_all_ends_it(self, publisher: Desk) -> None:
        publisher.publishes("A.")
        publisher.folder.write("main.yaml", flow("B."))
        publisher.does("publish", "--trial-percent", "5")
        tried = publisher.store.now()[0].trial
        assert tried is not None
        publisher.folder.write("main.yaml", flow("C."))
        assert f"The trial of {tried.version} is over.\n" in publisher.does("publish")
        assert publisher.store.now()[0].trial is None

    def test_rollback_without_a_version_is_not_guessed(self, publisher: Desk) -> None:
        usual = publisher.publishes("A.")
        publisher.folder.write("main.yaml", flow("B."))
        publisher.does("publish", "--trial-percent", "5")
        answer = publisher.asks("rollback", "--why", "x")
        assert answer.exit_code == 1 and "ringback trial end" in answer.stderr
        publisher.does("rollback", usual, "--why", "x")
        assert publisher.store.now()[0].trial is None

    @pytest.mark.parametrize("command", ["end", "promote"])
    def test_without_one_there_is_nothing_to_end(self, publisher: Desk, command: str) -> None:
        publisher.publishes("A.")
        answer = publisher.asks("trial", command)
        assert (answer.exit_code, answer.stderr) == (1, "No trial is on.\n")

    def test_what_cannot_be_tried_is_said(self, publisher: Desk) -> None:
        answer = publisher.asks("publish", "--trial-percent", "5")
        assert answer.exit_code == 1 and "Nothing has been published yet" in answer.stderr
        publisher.publishes("A.")
        answer = publisher.asks("publish", "--trial-percent", "5")
        assert answer.exit_code == 1 and "a trial needs a change" in answer.stderr
        publisher.folder.write("main.yaml", flow("B."))
        answer = publisher.asks("publish", "--trial-line", "billing")
        assert answer.exit_code == 1 and "There is no line `billing`" in answer.stderr
        for words in (("--trial-percent", "100"), ("--trial-caller", "12"), ("--why", "x" * 501)):
            assert publisher.asks("publish", *words).exit_code == 2
        assert publisher.store.now()[0].trial is None


def test_the_store_of_a_run_on_this_machine_is_found(publisher: Desk) -> None:
    with private_server(publisher.folder.root / "var" / "store", appendfsync="no"):
        answer = publisher.asks("publish", REDIS_URL=None)
        assert answer.exit_code == 0, answer.output
        assert "(A run in development, without --no-carrier, uses the folder" in answer.output
    answer = publisher.asks("versions", REDIS_URL=None)
    assert answer.exit_code == 2
    assert answer.stderr.startswith("Error: Ringback is not running here")
    # Nothing of it came to the other store.
    assert publisher.current == ""


def test_of_many_calls_that_fail_a_few_are_shown(publisher: Desk) -> None:
    call = SCRIPT.replace("in May", "in June").removeprefix("calls:\n")
    publisher.folder.write("main.calls.yaml", "calls:\n" + call * 8)
    answer = publisher.asks("publish")
    assert answer.stderr.count("This was not heard.") == 5
    assert answer.stderr.splitlines()[-2:] == [
        "... and 3 more, which `ringback test` shows.",
        "Nothing was published: 8 of 8 scripted calls did not go as written.",
    ]


@pytest.mark.parametrize(
    "words",
    [("publish",), ("versions",), ("diff",), ("rollback", "--why", "x"), ("trial", "end"),
     ("notice", "list"), ("notice", "off", "x")],
)  # fmt: skip
def test_with_the_store_away_there_is_a_sentence(
    publisher: Desk, words: tuple[str, ...], tmp_path: Path
) -> None:
    answer = publisher.asks(*words, REDIS_URL="redis://127.0.0.1:1/0")
    assert answer.exit_code == 2
    assert "The store at 127.0.0.1:1 cannot be reached (" in answer.stderr
