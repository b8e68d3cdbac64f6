"""The scripted calls of the example company, over real HTTP.

In process each of them is played (tests/services); here every sixth, and with `make slow` all.
"""

from __future__ import annotations

import os
from itertools import groupby

import pytest

from ivr.cli.http_stage import HttpStage
from ivr.config import Config, load
from ivr.services.rehearsal import Script, play
from ivr.services.rehearsal.stage import load_scripts

ONE_OF = int(os.environ.get("ONE_CALL_OF", "6"))
BY_FILE = {
    file: list(scripts)[::ONE_OF]
    for file, scripts in groupby(load_scripts(load(environment={})), lambda script: script.file)
}


@pytest.mark.timeout(60 + 480 // ONE_OF)
@pytest.mark.parametrize("file", BY_FILE)
def test_calls_go_as_written_over_http(stage: HttpStage, config: Config, file: str) -> None:
    scripts: list[Script] = BY_FILE[file]
    failures = [
        failure
        for script in scripts
        if (failure := play(script, stage.telephone(script), config.numbers)) is not None
    ]
    assert not failures, "\n".join(map(str, failures))
