"""What new calls begin with is changed here, and nowhere else: each change whole, with who and why.

A set that has an error or fails its rehearsal never replaces one that is in use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from ivr.config import Config
from ivr.masking import mask
from ivr.services.company import load_company
from ivr.services.publishing.candidate import Candidate
from ivr.services.publishing.difference import difference
from ivr.services.publishing.rehearsed import rehearse
from ivr.services.publishing.wording import summary
from ivr.store.published import (
    Change,
    ChangedMeanwhile,
    NoSuchVersion,
    Published,
    PublishedStore,
    Trial,
)

SHORTEST = 4
"""Characters of a version that will do, where they fit one only."""


class Refused(Exception):
    """It is not done; says why in one sentence, and `details` line by line what is wrong."""

    def __init__(self, sentence: str, details: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.details = tuple(details)


@dataclass(frozen=True)
class Plan:
    """What new calls begin with, and what they are to begin with."""

    before: Published
    after: Published


@dataclass(frozen=True)
class Switched:
    """What was so before, what is so now, and the entry of the history."""

    before: Published
    after: Published
    change: Change
    rehearsed: int | None = None
    """How many scripted calls went as written; None where none were played."""


class Publisher:
    """Every method raises StoreDown, and Refused with the reason."""

    def __init__(self, store: PublishedStore, config: Config, now: datetime, who: str) -> None:
        self._store = store
        self._config = config
        self._now = now
        self._who = who

    def plan(self, candidate: Candidate, trial: Trial | None = None) -> Plan | None:
        """What publishing it would change: let all new calls begin with the candidate, or those
        of `trial` (whose version is the candidate's). None when they do so already.
        """
        _refuse_bad(candidate)
        before, _ = self._store.now()
        if trial is None:
            # Whoever publishes for all means all: a trial is over.
            after = Published(0, candidate.version)
            return None if before.version == candidate.version else Plan(before, after)
        trial = Trial(candidate.version, trial.lines, trial.callers, trial.percent)
        self._check_trial(before, trial)
        after = Published(0, before.version, trial)
        return None if before.trial == trial else Plan(before, after)

    def publish(self, candidate: Candidate, plan: Plan, why: str) -> Switched:
        """Keep the candidate, and do what was planned for it."""
        self._store.keep(candidate.version, candidate.files)
        self.keep_scripts(candidate)
        trial = plan.after.trial
        change = Change(
            self._at, self._who, why, "published" if trial is None else "began_trial",
            candidate.version, trial, self._what(plan.before.version, candidate.files),
        )  # fmt: skip
        return self._switch(plan.before, plan.after, change, candidate.rehearsal.calls)

    def keep_scripts(self, candidate: Candidate) -> None:
        """Keep the candidate's scripts of calls with its version: whoever goes back to it
        rehearses it with them."""
        _refuse_bad(candidate)
        self._store.keep_scripts(candidate.version, candidate.scripts)

    def roll_back(self, why: str, to: str = "", *, unrehearsed: bool = False) -> Switched | None:
        """Go back to the version that begins with `to`, or to the one before the present one,
        after rehearsing it, unless it may be `unrehearsed`.

        None when new calls begin with that one already.
        """
        before, _ = self._store.now()
        history = self._store.history()
        if not before.version:
            raise Refused("Nothing has been published, so there is nothing to go back to.")
        if not to and before.trial is not None:
            raise Refused(
                f"A trial of {before.trial.version} is on: end it (`ringback trial end`), or name "
                "the version to go back to."
            )
        version = find_version(to, history) if to else _the_one_before(history)
        if version == before.version and before.trial is None:
            return None
        files, calls = self._fit(version, unrehearsed)
        what = self._what(before.version, files)
        return self._switch(
            before, Published(0, version),
            Change(self._at, self._who, why, "rolled_back", version, None, what), calls,
        )  # fmt: skip

    def end_trial(self, why: str) -> Switched:
        """Let every new call begin with the usual version again."""
        before = self._with_trial()
        change = Change(self._at, self._who, why, "ended_trial", before.version, before.trial)
        return self._switch(before, Published(0, before.version), change)

    def promote_trial(self, why: str, *, unrehearsed: bool = False) -> Switched:
        """Let every new call begin with the version that was on trial, after rehearsing it,
        unless it may be `unrehearsed`."""
        before = self._with_trial()
        assert before.trial is not None
        version = before.trial.version
        files, calls = self._fit(version, unrehearsed)
        what = self._what(before.version, files)
        change = Change(self._at, self._who, why, "promoted", version, before.trial, what)
        return self._switch(before, Published(0, version), change, calls)

    @property
    def _at(self) -> float:
        return self._now.timestamp()

    def _with_trial(self) -> Published:
        before, _ = self._store.now()
        if before.trial is None:
            raise Refused("No trial is on.")
        return before

    def _check_trial(self, before: Published, trial: Trial) -> None:
        if not before.version:
            raise Refused(
                "Nothing has been published yet that the other calls could begin with: publish "
                "without a trial first."
            )
        if before.version == trial.version:
            raise Refused(
                f"Every call begins with {trial.version} already; a trial needs a change."
            )
        unknown = [line for line in trial.lines if line not in self._config.lines]
        if unknown:
            raise Refused(
                f"There is no line `{unknown[0]}`; the lines are {', '.join(self._config.lines)}."
            )

    def _fit(self, version: str, unrehearsed: bool) -> tuple[Mapping[str, bytes], int | None]:
        """A set that was published once, and how many of its calls were played, None for none;
        refused when it does not go with the settings of today, or the calls not as written."""
        files = self._store.files(version)
        if files is None:
            raise Refused(f"The store no longer has version {version}.")
        loaded = load_company(self._config, self._now, files, proven=True)
        if loaded.errors:
            raise Refused(
                f"Version {version} does not go with {self._config.file.name} as it is now.",
                [str(finding) for finding in loaded.errors],
            )
        scripts = {} if unrehearsed else self._store.scripts(version)
        if not scripts:
            return files, None
        rehearsal = rehearse(self._config, loaded.company, scripts)
        if not rehearsal.is_good:
            raise Refused(
                f"Version {version} does not go as it did: {rehearsal.told}. Where callers are "
                "better off with it all the same, add --unrehearsed.",
                rehearsal.details(),
            )
        return files, rehearsal.calls

    def _what(self, version: str, files: Mapping[str, bytes]) -> str:
        before = self._store.files(version) if version else None
        return "the first version" if before is None else summary(difference(before, files))

    def _switch(
        self, before: Published, after: Published, change: Change, rehearsed: int | None = None
    ) -> Switched:
        if change.trial is not None:
            # Whose numbers they were is nobody's business once the trial is over.
            callers = tuple(map(mask, change.trial.callers))
            change = structs.replace(change, trial=structs.replace(change.trial, callers=callers))
        try:
            self._store.switch(before, after, change)
        except (ChangedMeanwhile, NoSuchVersion) as error:
            raise Refused(str(error)) from None
        return Switched(before, after, change, rehearsed)


def find_version(beginning: str, history: Sequence[Change]) -> str:
    """The only version that begins so. Raises Refused."""
    versions = {change.version for change in history}
    versions |= {change.trial.version for change in history if change.trial is not None}
    found = {version for version in versions if version.startswith(beginning.lower())}
    if len(beginning) < SHORTEST or not found:
        raise Refused(f"There is no version `{beginning}`; `ringback versions` lists them.")
    if len(found) > 1:
        raise Refused(f"{len(found)} versions begin with `{beginning}`; write more of it.")
    return found.pop()


def _the_one_before(history: Sequence[Change]) -> str:
    """The version that was in use before the present one; going back twice goes back further."""
    in_use: list[str] = []
    for change in reversed(history):
        if change.did in ("published", "promoted"):
            in_use.append(change.version)
        elif change.did == "rolled_back":
            while in_use and in_use[-1] != change.version:
                in_use.pop()
            in_use = in_use or [change.version]
    if len(in_use) < 2:
        raise Refused("There is no version before the present one.")
    return in_use[-2]


def _refuse_bad(candidate: Candidate) -> None:
    if candidate.errors:
        raise Refused(
            "Nothing was published: the flows have errors.",
            [str(finding) for finding in candidate.errors],
        )
    if not candidate.rehearsal.is_good:
        raise Refused(
            f"Nothing was published: {candidate.rehearsal.told}.",
            candidate.rehearsal.details("`ringback test`"),
        )
